"""Characters that a terminal could obey or an eye would miss, made visible on the screen."""

from __future__ import annotations

import re

# Control characters, line separators, what turns the writing direction, invisible marks, tags, surrogates.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with everything unseen as a picture, line breaks and tabs kept; as long as the text."""
    return text if text.isprintable() else UNSEEN.sub(lambda match: picture(match[0]), text)


def line_of(text: str) -> str:
    """The same in one line."""
    return visible(" ".join(text.split()) if not text.isprintable() else text)


def picture(character: str) -> str:
    """What stands on the screen for a character that is not seen."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
