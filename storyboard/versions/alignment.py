"""Which lines or words of two texts are the same, in a bounded time whatever the texts are."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOOKS_AT_MOST = 20_000_000
"""Steps that difflib may take at most: for each stretch that is the same it may go over all of one text, and over
all pairs of lines or words that are the same. It is done with these within half a second."""

Step = tuple[str, int, int, int, int]
"""As difflib's opcodes: `equal`, `replace`, `insert` or `delete`, and where it begins and ends in both."""


class Patience:
    """How many steps may still be taken, for all the texts of one comparison."""

    def __init__(self) -> None:
        self._left = LOOKS_AT_MOST

    def steps(self, old: Sequence[str], new: Sequence[str]) -> list[Step] | None:
        """What leads from one to the other; None where that would take too long to find out."""
        start, end = _same_ends(old, new)
        before, after = old[start : len(old) - end], new[start : len(new) - end]
        if (looks := _looks(before, after)) > self._left:
            return None
        self._left -= looks
        found: list[Step] = [("equal", 0, start, 0, start)] if start else []
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            found.append((kind, i1 + start, i2 + start, j1 + start, j2 + start))
        return [*found, ("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else found


def _looks(old: Sequence[str], new: Sequence[str]) -> int:
    mine, yours = Counter(old), Counter(new)
    pairs = sum(count * yours[one] for one, count in mine.items())
    return (len(old) + pairs) * min(len(old), len(new))


class _Lines(SequenceMatcher[str]):
    """Puts changes in groups as difflib does; what is between the same beginning and end is one where it is long."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new)
        self._old, self._new = old, new

    def get_opcodes(self) -> list[Step]:  # type: ignore[override]
        old, new = self._old, self._new
        if (found := Patience().steps(old, new)) is not None:
            return found
        start, end = _same_ends(old, new)
        return [
            ("equal", 0, start, 0, start),
            ("replace", start, len(old) - end, start, len(new) - end),
            ("equal", len(old) - end, len(old), len(new) - end, len(new)),
        ]


def changed_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Lines that differ, with two around them, each with its mark; `@@ … @@` says where they stand."""
    for group in _Lines(old, new).get_grouped_opcodes(2):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                yield from (f" {line}" for line in old[i1:i2])
            else:
                yield from (f"-{line}" for line in old[i1:i2])
                yield from (f"+{line}" for line in new[j1:j2])


def _range(start: int, stop: int) -> str:
    """As unified diffs write it: the first line, and how many where that is not one."""
    length = stop - start
    first = start + 1 if length else start
    return str(first) if length == 1 else f"{first},{length}"


def _same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines or words both begin with, and how many both end with behind those."""
    most = min(len(old), len(new))
    start = next((index for index in range(most) if old[index] != new[index]), most)
    end = next((index for index in range(most - start) if old[-1 - index] != new[-1 - index]), most - start)
    return start, end
