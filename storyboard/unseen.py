"""Characters that nobody sees, for all rooms: bodies of character classes for `re`."""

from __future__ import annotations

CONTROL = "\x00-\x1f\x7f-\x9f"
"""What a terminal could obey: tab and line breaks are among them."""

SEPARATORS = "\u2028\u2029"
"""Line and paragraph separators, which some readers break lines at."""

SURROGATES = "\ud800-\udfff"
"""Halves of characters: no text, and not to be written as UTF-8."""

JOINERS = "\u200c\u200d"
"""Zero-width joiners: not among the unseen, because emoji and many scripts are written with them."""

UNSEEN = (
    f"{CONTROL}{SEPARATORS}{SURROGATES}"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the writing direction
    "\xad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"  # marks without width
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # shorthand, music, tags
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters that are blank
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
)
"""What a terminal could obey and an eye would miss."""

PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
"""Arrows, signs and emoji."""

_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MONGOLIAN = "\u1800-\u180a\u180e\u1810-\u18af"
# Signs that emoji were made of; and what has standard variants: Myanmar, Phags-pa, signs, punctuation of the East.
_SIGNS = f"{PICTURES}\xa9\xae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299"
_VARIED = "0\u1000-\u109f\u2200-\u22ff\u2a00-\u2aff\u3001\u3002\ua840-\ua877\uaa60-\uaa7f\uff01-\uff60"
_FITTING = (
    f"(?<=[{_SIGNS}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)|(?<=[{_HAN}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    f"|(?<=[{_MONGOLIAN}])[\u180b-\u180d\u180f]|(?<=[{_VARIED}])[\ufe00-\ufe02]"
)
STRAY = f"(?:(?!{_FITTING})[{_SELECTORS}]|(?<![\u2801-\u28ff])\u2800)"
"""A pattern: what chooses a variant of no character that has one, second ones included, and blanks outside Braille.

They hide in a text that is fine for the eye, as many as somebody likes; one behind an emoji or a Han character belongs
to it.
"""
