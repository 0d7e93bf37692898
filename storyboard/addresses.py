"""Web addresses in a storyboard, parts of which may be ${NAME} from the environment."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_START = re.compile(r"https?://[^/?#]|\$\{")

_PORTS = {"https": 443, "http": 80}

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


def one_spelling(address: str) -> str:
    """The one way to write an http(s) address of which these are the same: ports, dots and slashes at their ends, case.

    Anything else stays as it is.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return address
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or parts.query or parts.fragment:
        return address
    host = f"[{host}]" if ":" in host else host
    end = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{end}{parts.path.rstrip('/')}"


def masked(address: str) -> str:
    """An address for messages: without user name, password, query, or what stands where a port should."""
    begin = address.find("//") + 2 if "//" in address else 0
    start, rest = address[:begin], address[begin:]
    end = max(rest.rfind("@") + 1, rest.rfind("%40") + 3 if "%40" in rest else 0)
    before = "…@" if end else ""
    rest = re.split(r"[?#]", rest[end:], maxsplit=1)[0]
    authority, slash, path = rest.partition("/")
    host, colon, port = authority.rpartition(":")
    if colon and not authority.endswith("]") and not (port.isascii() and port.isdigit()) and port:
        authority = f"{host.partition(':')[0]}:…"
    return f"{start}{before}{authority}{slash}{path}"[:200]
