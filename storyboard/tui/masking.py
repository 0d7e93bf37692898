"""Characters that a terminal could obey or an eye would miss, made visible on the screen."""

from __future__ import annotations

import re

from storyboard import unseen

UNSEEN = re.compile(f"[{unseen.UNSEEN}](?<![\t\n])")
"""What is shown as a picture; tabs and line breaks are layout."""
_SHOWN = re.compile(f"{UNSEEN.pattern}|{unseen.STRAY}")


def visible(text: str) -> str:
    """The text with everything unseen as a picture, line breaks and tabs kept; as long as the text."""
    return text if text.isascii() and text.isprintable() else _SHOWN.sub(lambda match: picture(match[0]), text)


def line_of(text: str) -> str:
    """The same in one line."""
    return visible(" ".join(text.split()) if not text.isprintable() else text)


def picture(character: str) -> str:
    """What stands on the screen for a character that is not seen."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
