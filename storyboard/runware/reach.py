"""How near an address is: anybody's, a private network's, or this machine's own."""

from __future__ import annotations

import asyncio
import socket
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAT64 = ip_network("64:ff9b::/96")
_LOOKING_UP = 10.0
"""Seconds at most for looking a name up."""


class Reach(IntEnum):
    """From where an address can be reached; what is larger is nearer."""

    PUBLIC = 0
    PRIVATE = 1
    """Of a private network, or of any other block that the internet does not carry."""
    HERE = 2
    """Of this machine, or of its own cable: loopback, link-local, the unspecified address."""


def reach_of_host(host: str) -> Reach | None:
    """The reach of a host by how it is written; None for a name that has to be looked up."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return Reach.HERE
    try:
        return reach_of_address(name)
    except ValueError:
        pass
    try:
        # Resolvers take one number for all four, fewer than four, and numbers of base 8 and 16.
        return reach_of_address(socket.inet_ntoa(socket.inet_aton(name))) if name[:1].isdigit() else None
    except (OSError, ValueError):  # half characters are a ValueError
        return None


def reach_of_address(address: str) -> Reach:
    """The reach of an IP address, one of IPv4 within one of IPv6 included. Raises ValueError for what is none."""
    ip = ip_address(address.partition("%")[0])
    return max(map(_reach, _meanings(ip)))


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by how it is written: `localhost`, a name below it, or a loopback address."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return any(ip.is_loopback for ip in _meanings(ip_address(name)))
    except ValueError:
        return False


async def reach_of(host: str) -> Reach:
    """The reach of a host, looked up where it is a name; of several addresses that of the nearest."""
    known = reach_of_host(host)
    if known is not None:
        return known
    try:
        async with asyncio.timeout(_LOOKING_UP):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return Reach.PUBLIC
    return max((reach_of_address(str(place[0])) for *_, place in found), default=Reach.PUBLIC)


def _meanings(ip: IPv4Address | IPv6Address) -> Iterable[IPv4Address | IPv6Address]:
    """An address, and that of IPv4 which it stands for."""
    if isinstance(ip, IPv4Address):
        return (ip,)
    inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
    return (ip,) if inner is None else (inner,)


def _reach(ip: IPv4Address | IPv6Address) -> Reach:
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified or (isinstance(ip, IPv4Address) and ip.packed[0] == 0):
        return Reach.HERE
    return Reach.PUBLIC if ip.is_global else Reach.PRIVATE
