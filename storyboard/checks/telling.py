"""SB249: what the addresses of a storyboard would tell of the environment, and whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.addresses import disclosures
from storyboard.checks.diagnostic import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.draft import Draft

_NAMES_SHOWN = 20
_SHOWN = 300
"""Characters of a host; no real one has more than 253."""


def variables_told(draft: Draft) -> Iterator[Finding]:
    """SB249: an address takes variables of the environment, whose values its host gets."""
    for key, address in draft.addresses.items():
        found = disclosures(address)
        if not found:
            continue
        names = [f"${{{one.name}}}" for one in found[:_NAMES_SHOWN]]
        names += [f"{len(found) - _NAMES_SHOWN} more"] if len(found) > _NAMES_SHOWN else []
        host = found[0].host
        shown = host if len(host) <= _SHOWN else f"{host[:_SHOWN]} …"
        words = f"`{key}`: {shown} gets the value of {' and '.join(names)} from the environment of whoever submits this"
        yield Finding("SB249", ("output", key), words, "info")
