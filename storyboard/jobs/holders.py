"""Processes as leases name them, and whether one that held a lease is known to be dead."""

from __future__ import annotations

import os
from functools import cache


def own_name() -> str:
    """This process among all that may share a ledger."""
    return f"{_machine()}:{os.getpid()}:{os.urandom(4).hex()}"


def is_dead(holder: str) -> bool:
    """Whether a holder ran on this machine and does so no more; of others only the end of the lease can tell."""
    machine, _, rest = holder.rpartition(":")[0].rpartition(":")
    if os.name != "posix" or machine != _machine() or not rest.isdecimal() or len(rest) > 9:
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@cache
def _machine() -> str:
    """The machine, and on it the container: process numbers mean nothing in another one."""
    try:
        inside = os.readlink("/proc/self/ns/pid")
    except OSError:
        inside = ""
    return f"{os.uname().nodename if os.name == 'posix' else ''}/{inside}"
