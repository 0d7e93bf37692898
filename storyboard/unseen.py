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
    "\xad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # marks without width
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # marks of shorthand and music, tags
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters that are blank
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
)
"""What a terminal could obey and an eye would miss."""
