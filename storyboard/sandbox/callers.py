"""Who may ask a server on this machine: no page of another site, and nobody who was led here under another name."""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PLACE = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?", re.ASCII)
_HTTP_PORT = 80
_OWN_SITES = frozenset(("same-origin", "none"))


class Place(NamedTuple):
    """A host, in lower case and without brackets, and a port."""

    host: str
    port: int

    @classmethod
    def read(cls, text: str, port: int = _HTTP_PORT) -> Place | None:
        """What `HOST` or `HOST:PORT` says, with `port` where it names none; None for anything else."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        return cls(found[1].lower().removesuffix(".").strip("[]"), int(found[2]) if found[2] else port)


class Callers:
    """Tells own callers from those that a browser sends for somebody else.

    A page of another site can send requests to any port here, and read answers where its name was made to lead here
    (DNS rebinding). Numbers cannot be made to lead elsewhere; of names only known ones are taken.
    """

    def __init__(self, listener: socket.socket, names: Iterable[str] = ()) -> None:
        """`names` are further ones, `HOST` or `HOST:PORT`, that clients may call the `listener` by.

        Raises ValueError for what is none.
        """
        host, self._port = listener.getsockname()[:2]
        bound = ip_address(host.partition("%")[0])
        self._bound = str(bound)
        self._is_everywhere = bound.is_unspecified
        self._names: set[Place] = set()
        for name in names:
            place = Place.read(name, self._port)
            if place is None:
                raise ValueError(f"{name[:80]!r} is no host name")
            self._names.add(place)
        if not bound.is_loopback:
            own = socket.gethostname().lower()
            self._names |= {Place(name, self._port) for name in (own, f"{own.removesuffix('.local')}.local")}

    def knows(self, place: Place) -> bool:
        """Whether a host and port are this server's."""
        if place in self._names:
            return True
        if place.port != self._port:
            return False
        try:
            number = ip_address(place.host)
        except ValueError:
            return place.host == "localhost"
        return number.is_loopback or str(number) == self._bound or self._is_everywhere

    def why_not(self, method: str, headers: Sequence[tuple[str, str]]) -> str | None:
        """Why a request with these headers (names in lower case) is not answered; None where it is."""
        hosts = _all(headers, "host")
        place = Place.read(hosts[0]) if len(hosts) == 1 else None
        if place is None:
            return "The request does not say once, in one Host header, whom it asks."
        if not self.knows(place):
            return (
                f"This server is not called {hosts[0][:100]!r}: use the address that it has printed, "
                "or start it with --known-as."
            )
        if any(_origin(one) != place for one in _all(headers, "origin")):
            return "The request comes from a page of another site."
        sites = {one.lower() for one in _all(headers, "sec-fetch-site")}
        if sites - _OWN_SITES and not _is_navigation(method, headers):
            return "The request comes from a page of another site."
        return None


def _origin(text: str) -> Place | None:
    scheme, slashes, rest = text.partition("://")
    return Place.read(rest) if slashes and scheme.lower() == "http" else None


def _is_navigation(method: str, headers: Sequence[tuple[str, str]]) -> bool:
    """Whether a person follows a link: the page that has it learns nothing of the answer."""
    return (
        method in ("GET", "HEAD")
        and _all(headers, "sec-fetch-mode") == ["navigate"]
        and _all(headers, "sec-fetch-dest") == ["document"]
    )


def _all(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value.strip() for key, value in headers if key == name]
