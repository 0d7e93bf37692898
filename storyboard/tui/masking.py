"""Characters that a terminal could obey or an eye would miss, made visible on the screen and kept in the text."""

from __future__ import annotations

import re

# Control characters, line separators, what turns the writing direction, invisible marks, tags, surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Supplementary Private Use Area-A: one cell wide, and in nobody's prompt.
_PLANE = 0xF0000
_MASKED = re.compile("[\U000f0000-\U000ffffd]")
_TAGS = 0xE0000
_TO_LINE = {code: _PLANE + code for code in (0x09, 0x0A)}
_FROM_LINE = {masked: code for code, masked in _TO_LINE.items()}


def visible(text: str) -> str:
    """The text with everything unseen as a picture, line breaks and tabs kept; as long as the text."""
    return text if text.isprintable() else _UNSEEN.sub(lambda match: _picture(ord(match[0])), text)


def line_of(text: str) -> str:
    """The same in one line."""
    return visible(" ".join(text.split()) if not text.isprintable() else text)


def mask(text: str) -> str:
    """The text as an editor can hold it: what it would drop or break lines at is kept as private characters."""
    return text if text.isprintable() else _UNSEEN.sub(_mask, text)


def unmask(text: str) -> str:
    """The text that `mask` was given."""
    return _MASKED.sub(_unmask, text)


def mask_line(text: str) -> str:
    """The text as a field of one line can hold it: line breaks and tabs are kept as private characters too."""
    return mask(text).translate(_TO_LINE)


def unmask_line(text: str) -> str:
    """The text that `mask_line` was given."""
    return unmask(text.translate(_FROM_LINE))


def shown(text: str) -> str:
    """A masked text as it is painted."""
    return _MASKED.sub(lambda match: _picture(ord(_unmask(match).translate(_FROM_LINE))), text)


def _mask(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(_PLANE + 0x10000 - 0x100 + code - _TAGS) if code >= _TAGS else chr(_PLANE + code)


def _unmask(match: re.Match[str]) -> str:
    code = ord(match[0]) - _PLANE
    original = chr(code - 0xFF00 + _TAGS) if 0xFF00 <= code < 0xFF80 else chr(code)
    return original if _UNSEEN.match(original) else match[0]


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
