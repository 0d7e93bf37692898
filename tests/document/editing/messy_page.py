"""A messy document as it is written, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.document.editing.cases import Line

if TYPE_CHECKING:
    from random import Random

    from tests.document.editing.messy_values import Value

WORDS = ["fog", "harbour", "the camera", "rises", "12:30", "crane", "é", "海", "a#b", "x:y", "it's", "slow", "🎬"]


@dataclass
class Page:
    """Lines as they are written, and what the document has used up so far."""

    random: Random
    step: int
    lines: list[Line] = field(default_factory=list)
    comments: int = 0
    anchors: dict[str, str] = field(default_factory=dict)
    """Names of anchors that can be repeated, with the kind of what they stand for."""
    careful: bool = False
    """Whether a comment below, indented deeper, would belong to what is above."""
    around: tuple[str, ...] = ()
    """Labels of blank lines."""
    kept: tuple[str, ...] = ()
    """Labels of a value above that takes the blank lines below it along."""

    def put(self, text: str, *labels: str) -> None:
        """Writes a line."""
        if text.strip(" "):
            self.kept = ()
        labels = labels or self.kept or self.around
        self.lines.append(Line(frozenset(labels or (".",)), text))

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.random.random() < share

    def comment(self) -> str:
        """A comment that no other line has."""
        self.comments += 1
        return self.random.choice(["# c{}", "#c{}", "# - c{}:", "# c{} 'x", '# c{} "']).format(f"{self.comments}_")

    def trailing(self) -> str:
        """What stands behind a value: often nothing, sometimes spaces, tabs or a comment."""
        kind = self.random.random()
        if kind < 0.7:
            return ""
        if kind < 0.78:
            return self.random.choice(["  ", " ", "\t"])
        return self.random.choice([" ", "  ", "\t", "      "]) + self.comment()

    def gap(self, *labels: str) -> None:
        """Blank lines, perhaps with spaces in them."""
        for _ in range(self.random.choice([0, 0, 1, 1, 2])):
            # Below a block, spaces might be text.
            self.put(self.random.choice(["", "", "", "" if self.careful else "   "]), *labels)

    def words(self, most: int = 6) -> list[str]:
        """Some words."""
        return [self.random.choice(WORDS) for _ in range(self.random.randint(1, most))]


def put_pair(page: Page, begin: str, name: str, value: Value, *labels: str) -> None:
    """A key with its value, `begin` standing before the key."""
    key = page.random.choice([name] * 8 + [f'"{name}"', f"'{name}'"])
    space = " " if page.chance(0.03) else ""
    head = f"{begin}{key}{space}:{value.head}"
    behind = page.trailing()
    page.careful = value.block
    if value.body and not value.block:
        page.put(head, *labels)
        for line in value.body[:-1]:
            page.put(line, *labels)
        page.put(value.body[-1] + behind, *labels)
        return
    page.put(head + behind, *labels)
    for line in value.body:
        page.put(line, *labels)
    page.kept = labels if value.keeps else ()
    for _ in range(value.blank):
        page.put("")
