"""The fenced blocks of a page, each with the mark above it that says how it is tested."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    ROOT / "samples" / "README.md",
]
_FENCED = re.compile(
    r"(?:^<!-- (?P<mark>.*?) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_EXIT = re.compile(r"\s+# (?:exit )?(\d+)$")
HELD_ELSEWHERE = {
    "reference.md": "tests/cli/test_reference.py",
    "rules.md": "tests/checks/test_craft.py",
    "farm.md": "tests/docs/test_not_run.py",
}
"""Pages whose commands and storyboards another test tries, and where it lies."""


@dataclass(frozen=True)
class Block:
    """A fenced block. Its mark is a comment in the line above, which readers do not see:

    `not run: REASON`, `file: NAME` (written into the scratch folder), `before: COMMAND` (run first),
    `schema: NAME` (of a JSON block).
    """

    page: Path
    language: str
    text: str
    mark: str
    about: str

    @property
    def commands(self) -> list[Command]:
        """What is typed in it: each line of `sh`, each line after `$` of `console`."""
        if self.language == "sh":
            return [Command(line, 0, []) for line in self.text.splitlines() if line.strip() and line[0] != "#"]
        parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]
        return [_typed(part) for part in parts]


@dataclass(frozen=True)
class Command:
    """A line of shell, the exit code that the page names behind it, and the lines that it shows."""

    line: str
    code: int
    shown: list[str]


def _typed(part: str) -> Command:
    line, *shown = part.rstrip().splitlines()
    ends = _EXIT.search(line)
    return Command(_EXIT.sub("", line), int(ends[1]) if ends else 0, [one for one in shown if one.strip()])


def blocks(page: Path) -> list[Block]:
    """The page's blocks in order."""
    found = []
    for match in _FENCED.finditer(page.read_text(encoding="utf-8")):
        mark, _, about = (match["mark"] or "").partition(": ")
        found.append(Block(page, match["language"], match["text"], mark, about))
    return found
