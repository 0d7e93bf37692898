"""Which way a request goes: directly, or through a proxy, as the environment's usual variables say."""

from __future__ import annotations

import os
import re
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

from storyboard.addresses import masked
from storyboard.packages import is_missing, load_failure
from storyboard.runware.errors import WrongSetting
from storyboard.runware.reach import is_this_machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv4Network, IPv6Network

_SOCKS_KINDS = ("socks5", "socks5h")
_KINDS = ("http", "https", *_SOCKS_KINDS)
_SOCKS = {"socks": "socks5h", "socks5": "socks5h"}
"""Names that desktops write for SOCKS 5; host names are always looked up by the proxy."""
_HOST = re.compile(r"[A-Za-z0-9._:~-]+\Z")
_RANGE = re.compile(r"(?:\[([^\[\]/]+)\]|([^\[\]/]+))/(\d{1,3})")
"""A range of addresses as 10.0.0.0/8 or [fe80::]/10."""
_NOT_HOSTS = ("none", "null", "nil", "no", "off", "false", "true", "yes", "on", "direct", "disabled")
"""Words that people write to say that there is no proxy, or that there is one."""
_KIND_AS_HOST = re.compile(r"(?:https?|socks[45]?[ah]?):?/+[^/]", re.IGNORECASE)
"""How an address goes on where its `://` was mistyped or written twice."""
_SYSTEM = "the system's settings"
_EXAMPLE = "http://HOST:PORT or socks5h://HOST:PORT"


class Way(NamedTuple):
    """How an address is reached: through `proxy`, which `variable` names, or straight where both are None."""

    proxy: httpx.URL | None = None
    variable: str | None = None

    @property
    def words(self) -> str:
        """The proxy with its variable, for messages; empty for the straight way."""
        return f"{self.address} ({self.variable})" if self.proxy is not None else ""

    @property
    def address(self) -> str:
        """The proxy for messages, without its user name and password; empty for the straight way."""
        return f"the proxy {masked(str(self.proxy)).removesuffix('/')}" if self.proxy is not None else ""

    @property
    def has_login(self) -> bool:
        """Whether the proxy gets a user name and password."""
        return self.proxy is not None and bool(self.proxy.userinfo)

    def without_login(self) -> Way:
        """The same way with neither user name nor password."""
        return self._replace(proxy=self.proxy.copy_with(userinfo=b"") if self.proxy is not None else None)


_STRAIGHT = Way()


class _Entry(NamedTuple):
    """One host of NO_PROXY: a name with all names below it, or a range of addresses; None stands for any."""

    name: str | None
    network: IPv4Network | IPv6Network | None
    scheme: str | None
    port: int | None


class Proxies:
    """The environment's proxies as they are when this is made."""

    def __init__(self) -> None:
        found = {scheme: _variable(f"{scheme}_proxy") for scheme in ("http", "https", "all")}
        self._set = {scheme: one for scheme, one in found.items() if one is not None and one[1].strip()}
        self._of_system = {} if self._set else getproxies()
        exceptions = _variable("no_proxy")
        self.exceptions = exceptions if exceptions is not None and exceptions[1].strip() else None
        """Name and value of NO_PROXY; None where nothing goes round a proxy."""
        self._entries = list(_entries(self.exceptions[1])) if self.exceptions is not None else []

    def way_to(self, url: httpx.URL) -> Way:
        """How this address is reached. Raises WrongSetting where the proxy's variable holds no proxy.

        An address of this machine is reached directly: a proxy that reads would see the key, and mean another machine.
        """
        if is_this_machine(url.raw_host.decode("ascii")):
            return _STRAIGHT
        if self._of_system:
            value = self._of_system.get(url.scheme) or self._of_system.get("all")
            if not value or proxy_bypass(url.raw_host.decode("ascii")):
                return _STRAIGHT
            return Way(_parsed(_SYSTEM, value), _SYSTEM)
        found = self._set.get(url.scheme) or self._set.get("all")
        if found is None or self._is_exception(url):
            return _STRAIGHT
        name, value = found
        return Way(_parsed(name, value), name)

    def _is_exception(self, url: httpx.URL) -> bool:
        host = url.raw_host.decode("ascii").lower().removesuffix(".")
        address = _address(host)
        port = url.port or (443 if url.scheme == "https" else 80)
        for name, network, scheme, only_port in self._entries:
            if scheme not in (None, url.scheme) or only_port not in (None, port):
                continue
            if network is not None:
                if address is not None and address.version == network.version and address in network:
                    return True
            elif name in ("", host) or (address is None and host.endswith(f".{name}")):
                return True
        return False


def _variable(name: str) -> tuple[str, str] | None:
    """A variable by its usual rules: small letters win, and a web server's child does not believe HTTP_PROXY."""
    if name in os.environ:
        return name, os.environ[name]
    if name == "http_proxy" and "REQUEST_METHOD" in os.environ:
        return None  # CGI makes HTTP_PROXY from a header that strangers send
    return next(((one, value) for one, value in os.environ.items() if one.lower() == name), None)


def _parsed(variable: str, value: str) -> httpx.URL:
    """The proxy's address. Raises WrongSetting."""
    text = value.strip()
    if not text.isprintable() or any(map(str.isspace, text)):
        raise WrongSetting(variable, f"holds spaces or characters that no address has: write it as {_EXAMPLE}")
    kind, mark, rest = text.partition("://")
    kind, rest = (kind.lower(), rest) if mark else ("http", text)
    kind = _SOCKS.get(kind, kind)
    shown = masked(text)
    if kind in ("socks4", "socks4a"):
        raise WrongSetting(variable, f"is {shown!r}, and SOCKS 4 is not supported: use SOCKS 5, as socks5h://HOST:PORT")
    if kind not in _KINDS:
        raise WrongSetting(variable, f"is {shown!r}, which is no proxy of a known kind: write {_EXAMPLE}")
    try:
        url = httpx.URL(f"{kind}://{rest}")
        has_host = bool(url.host) and _HOST.match(url.raw_host.decode("ascii")) is not None
    except (httpx.InvalidURL, ValueError):
        has_host = False
    if (
        not has_host
        or _is_no_host(url.raw_host.decode("ascii"), rest)
        or not _can_be_looked_up(url.raw_host.decode("ascii"))
    ):
        encoded = "; in a user name or password, special characters are percent-encoded" if "@" in text else ""
        raise WrongSetting(variable, f"is {shown!r}, which is no proxy's address: write {_EXAMPLE}{encoded}")
    if url.port is not None and not 0 < url.port <= 65_535:
        raise WrongSetting(variable, f"is {shown!r}: a port is a number from 1 to 65535")
    if url.scheme in _SOCKS_KINDS:
        _need_socks(variable)
    return url.copy_with(path="/", query=None, fragment=None)


def _need_socks(variable: str) -> None:
    """Raises WrongSetting where SOCKS cannot be spoken: httpcore would load its library only on the way."""
    if is_missing("socksio"):
        raise WrongSetting(variable, "names a SOCKS proxy, and socksio is not installed: pip install socksio")
    if (failure := load_failure("socksio")) is not None:
        raise WrongSetting(variable, f"names a SOCKS proxy, and {failure}")


def _is_no_host(host: str, rest: str) -> bool:
    """Whether a host is a word that means none, a port alone, or the kind of a mistyped address."""
    return host.isdigit() or host.lower() in _NOT_HOSTS or _KIND_AS_HOST.match(rest) is not None


def _can_be_looked_up(host: str) -> bool:
    return len(host) <= 253 and all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))


def _entries(value: str) -> Iterator[_Entry]:
    """The hosts of a NO_PROXY; what can be no host matches none, as other programs do it."""
    for written in re.split(r"[\s,]+", value):
        scheme, mark, rest = written.rpartition("://")
        if (entry := _entry(rest, scheme.lower() if mark else None)) is not None:
            yield entry


def _entry(text: str, scheme: str | None) -> _Entry | None:
    if text == "*":
        return _Entry("", None, scheme, None)
    try:
        if match := _RANGE.fullmatch(text):
            return _Entry(None, ip_network(f"{match[1] or match[2]}/{match[3]}", strict=False), scheme, None)
        return _host(text.removesuffix("/"), scheme)
    except (httpx.InvalidURL, ValueError):
        return None


def _host(host: str, scheme: str | None) -> _Entry | None:
    """A name or an address, perhaps with a port. Raises ValueError or InvalidURL."""
    port = ""
    if (host.startswith("[") and not host.endswith("]")) or host.count(":") == 1:
        host, _, port = host.rpartition(":")
    only_port = int(port[:6]) if port else None
    if (address := _address(host.removeprefix("[").removesuffix("]"))) is not None:
        return _Entry(None, ip_network(address), scheme, only_port)
    name = host.removeprefix("*").strip(".")
    ascii_name = httpx.URL(f"http://{name}").raw_host.decode("ascii").lower()
    return _Entry(ascii_name, None, scheme, only_port) if _HOST.match(ascii_name) else None


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """An IP address, without its zone; one of IPv4 that is written as one of IPv6 is the former."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped if mapped is not None else address
