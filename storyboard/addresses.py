"""Web addresses in a storyboard, parts of which may be ${NAME} from the environment."""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_START = re.compile(r"https?://[^/?#]|\$\{")

_PORTS = {"https": 443, "http": 80}

KEY_NAME = "RUNWARE_API_KEY"
"""The variable that pays: an address with it would hand the account to whoever is called."""
DATABASE_NAME = "STORYBOARD_FARM_DSN"
"""The variable with the password of the farm's database, which no address may hold either."""
_PLAIN_HOST = re.compile(r"[^\s$\\@]+")


def is_key_name(name: str) -> bool:
    """Whether a variable is the one that pays, however its letters are written: on Windows they are all the same."""
    return name.casefold() == KEY_NAME.casefold()


def environment_without_key() -> dict[str, str]:
    """The environment for programs that have nothing to do with the service."""
    return {name: value for name, value in os.environ.items() if not is_key_name(name)}


def address_fault(text: str) -> str | None:
    """Why a text is no http(s) address, in words that say what to write; None for one that is."""
    if "${" in _VARIABLE.sub("x", text):
        return "has a `${` that begins no name: write ${NAME}, letters, digits and _ only"
    if any(is_key_name(name) for name in _NAMED.findall(text)):
        return f"would tell the key of your account to whoever is called: use another variable than {KEY_NAME}"
    if f"${{{DATABASE_NAME}}}" in text.upper():
        return f"would tell the password of the farm's database: use another variable than {DATABASE_NAME}"
    if not _START.match(text):
        return "must be an address that starts with https:// (parts of it may be ${NAME}, read from the environment)"
    if not text.isprintable() or " " in text:
        return "must be an address without spaces or control characters"
    return None


def one_spelling(address: str) -> str:
    """The one way to write an http(s) address of which these are the same: ports, dots and slashes at their ends, case.

    User name, password, query and fragment are left out: a service is known without them. Anything else stays as it is.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return without_credentials(address)
    if parts.scheme not in _PORTS or not host:
        return address
    host = f"[{host}]" if ":" in host else host
    end = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{end}{parts.path.rstrip('/')}"


def without_credentials(address: str) -> str:
    """An address to be kept and shown: without user name and password; what is no address with them stays as it is."""
    begin = address.find("//") + 2
    if begin < 2 or "@" not in address:
        return address
    end = min((place for mark in "/?#\\" if (place := address.find(mark, begin)) >= 0), default=len(address))
    return address[:begin] + address[begin:end].rpartition("@")[2] + address[end:]


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


class Disclosure(NamedTuple):
    """A variable of the environment whose value an address takes, and who gets it."""

    name: str
    host: str
    """Host and port as they are written. Where that does not settle who is called, because a variable or a backslash
    stands in the way, all that is written up to the path; the whole address where its scheme is a variable."""


def disclosures(address: str) -> list[Disclosure]:
    """What an address tells whom once the environment is filled in, in the order in which it stands there."""
    found = dict.fromkeys(match[0][2:-1] for match in _VARIABLE.finditer(address))
    if not found:
        return []
    scheme, slashes, rest = address.partition("//")
    host = address
    if slashes and scheme in ("https:", "http:"):
        host = re.split(r"[/?#]", rest, maxsplit=1)[0]
        after = host.rpartition("@")[2]
        host = after if _PLAIN_HOST.fullmatch(after) and "$" not in host and "\\" not in host else host
    return [Disclosure(name, host) for name in found]
