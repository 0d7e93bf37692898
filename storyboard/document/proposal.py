"""An edit as a proposal: the data that is wanted, and ways of writing it, best first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from storyboard.document.lines import ends_line
from storyboard.document.nodes import last_scalar
from storyboard.document.wanted import same

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.document.reading import Reading
    from storyboard.document.splices import Splice
    from storyboard.document.tree import Node

UNWRITABLE = "this cannot be written without touching anything else"


class End(Enum):
    """What an edit does to the value that ends the text."""

    STAYS = "stays or has something put behind it"
    WRITTEN = "is written anew"
    CHANGES = "is perhaps another one afterwards"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an edit should lead to, and ways of writing it."""

    wanted: Any
    ways: Iterable[list[Splice]]
    line: int
    end: End = End.STAYS
    """What becomes of the value that ends the text."""

    reason: str = UNWRITABLE
    """Why it is refused, where no way leads there."""

    def is_met(self, before: Reading, after: Reading) -> bool:
        """Whether a text says exactly what is wanted, and ends with a line break if the one before did."""
        if before.text.strip() and ends_line(before.text) != ends_line(after.text):
            return False
        if ends_line(after.text) or self.end is End.WRITTEN:
            return same(after.data, self.wanted)
        gains = _open_text(before.root)
        loses = _open_text(after.root) if self.end is End.CHANGES else None
        return same(after.data, self.wanted, gains, loses)


def _open_text(root: Node | None) -> str | None:
    """The text of a block at the end of a file without final newline: libyaml takes the line break from it."""
    last = last_scalar(root)
    return last.text.rstrip("\n") if last is not None and last.style in ("|", ">") else None
