"""Web addresses in a storyboard, parts of which may be ${NAME} from the environment."""

from __future__ import annotations

import re

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_START = re.compile(r"https?://[^/?#]|\$\{")

KEY_NAME = "RUNWARE_API_KEY"
"""The variable that pays: an address with it would hand the account to whoever is called."""


def address_fault(text: str) -> str | None:
    """Why a text is no http(s) address, in words that say what to write; None for one that is."""
    if "${" in _VARIABLE.sub("x", text):
        return "has a `${` that begins no name: write ${NAME}, letters, digits and _ only"
    if f"${{{KEY_NAME}}}" in text:
        return f"would tell the key of your account to whoever is called: use another variable than {KEY_NAME}"
    if not _START.match(text):
        return "must be an address that starts with https:// (parts of it may be ${NAME}, read from the environment)"
    if not text.isprintable() or " " in text:
        return "must be an address without spaces or control characters"
    return None
