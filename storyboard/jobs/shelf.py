"""Folders of takes, listed now and then: with ten thousand takes in one, looking each time is too much."""

from __future__ import annotations

import os
import re
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from storyboard.jobs.parts import PART
from storyboard.jobs.receipts import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAKE = re.compile(r"(.+)-([0-9]{1,12})\.(?:mp4|webm|mov)(?:\.json|\.part|\.part\.json)?\Z", re.DOTALL | re.IGNORECASE)
_GOOD_FOR = 1.0
_SHARE = 20.0
"""How many times longer than it took to make a list is used at least."""


def take_name(file: str) -> str | None:
    """The name in that of a take, without its number and in small letters; None for the name of anything else."""
    match = _TAKE.match(file)
    return match[1].casefold() if match else None


class Entry(NamedTuple):
    """A file that looks like a take or belongs to one."""

    name: str
    base: str
    number: int

    @property
    def is_receipt(self) -> bool:
        """Whether it is the receipt of a finished take."""
        return self.name.endswith(SUFFIX) and not self.name.endswith(PART + SUFFIX)


class Shelf:
    """One folder. What others put there a moment ago may be missing: reserving a name finds out."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._until = 0.0
        self._by_base: dict[str, list[Entry]] = {}
        self._bases: dict[str, set[str]] = {}

    def takes(self, base: str) -> list[Entry]:
        """Everything that looks like a take of this name, in whatever case."""
        self._look()
        return self._by_base.get(base.casefold(), [])

    def takes_with_folders(self, name: str) -> Iterator[Entry]:
        """Everything that looks like a take of this name or of one with something and a hyphen in front."""
        self._look()
        for base in sorted(self._bases.get(name.casefold(), ())):
            yield from self._by_base[base]

    def receipts(self) -> Iterator[Entry]:
        """All receipts of finished takes."""
        self._look()
        for entries in self._by_base.values():
            yield from (entry for entry in entries if entry.is_receipt)

    def _look(self) -> None:
        begin = monotonic()
        if begin < self._until:
            return
        self._by_base, self._bases = {}, {}
        for name in self._names():
            if (match := _TAKE.match(name)) and _is_storable(name):
                key = match[1].casefold()
                if key not in self._by_base:
                    self._by_base[key] = []
                    self._note_endings(key)
                self._by_base[key].append(Entry(name, match[1], int(match[2])))
        now = monotonic()
        self._until = now + max(_GOOD_FOR, _SHARE * (now - begin))

    def _names(self) -> list[str]:
        try:
            return sorted(os.listdir(self.folder))
        except OSError:
            return []

    def _note_endings(self, base: str) -> None:
        ending = base
        while ending:
            self._bases.setdefault(ending, set()).add(base)
            _, _, ending = ending.partition("-")


def _is_storable(name: str) -> bool:
    """Whether the ledger can hold a name; one that is not UTF-8 is nobody's take."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class Shelves:
    """All folders that a run looks into."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}

    def at(self, folder: str) -> Shelf:
        """The shelf of a folder."""
        return self._shelves.setdefault(folder, Shelf(folder))
