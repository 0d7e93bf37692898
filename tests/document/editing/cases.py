"""Awkward documents whose lines are labelled with what they belong to, and the edits to try on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.document import Document

HOSTILE: list[str] = [
    "  leading space", "ends with space ", "- dash start", "# hash start", "yes", "0123", "12:30", "a: b # c",
    "tab\there", "'q' \"d\" \\n", "para one\n\npara two", "para\n  indented\nback", "trail\n\n", "\nlead newline",
    "漢字\n🎬 emoji", "{a: 1}, [b]", "", "*star &amp !tag @at `tick %pct", "x" * 200 + " " + "y " * 78,
    "line \nwith trailing space", "a\u2028b\u0085c", "null", "---", "...\nx", "~", "1e3", "=", "<<", "? q", "| pipe",
    "> fold",
]  # fmt: skip
SHOTS = 3
INSERTED = {0: "New shot, wide", 1: "New shot: wide", 3: "New shot, wide"}


@dataclass(frozen=True)
class Line:
    """A line of a case and the labels it has."""

    labels: frozenset[str]
    text: str


@dataclass(frozen=True)
class Case:
    """A labelled document."""

    name: str
    lines: tuple[Line, ...]
    newline: str = "\n"
    bom: bool = False
    final: bool = True

    @property
    def text(self) -> str:
        """The document's text."""
        return self.newline.join(line.text for line in self.lines) + (self.newline if self.final else "")

    @property
    def data(self) -> bytes:
        """The document's bytes."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + self.text.encode()

    def variants(self) -> Iterator[Case]:
        """The case, with the other line ends, with a BOM, without a final newline."""
        yield self
        other = "\r\n" if self.newline == "\n" else "\n"
        yield replace(self, name=f"{self.name}+eol", newline=other)
        yield replace(self, name=f"{self.name}+bom", bom=True)
        if self.final and self.lines[-1].text.strip():
            yield replace(self, name=f"{self.name}+nofinal", final=False)


@dataclass(frozen=True)
class Edit:
    """What is done to a document, and the label of the lines that it may touch."""

    kind: str
    path: tuple[str | int, ...] = ()
    value: Any = None
    label: str = ""
    index: int = -1
    new: int = -1
    name: str = ""

    def apply(self, document: Document) -> None:
        """Makes the edit."""
        if self.kind in ("set", "add"):
            document.set(self.path, self.value)
        elif self.kind == "unset":
            document.unset(self.path)
        elif self.kind == "insert":
            document.insert_shot(self.index, self.value)
        elif self.kind == "delete":
            document.delete_shot(self.index)
        else:
            document.move_shot(self.index, self.new)

    def change(self, data: Any) -> None:
        """Makes the same change in data."""
        shots = data.get("shots")
        if self.kind == "insert":
            shots.insert(self.index, self.value)
        elif self.kind == "delete":
            shots.pop(self.index)
        elif self.kind == "move":
            shots.insert(self.new, shots.pop(self.index))
        else:
            put(data, self.path, self.value, gone=self.kind == "unset")

    def __str__(self) -> str:
        """For messages."""
        return f"{self.kind} {self.path or (self.index, self.new)} {self.name or self.value!r}"


def put(data: Any, path: Sequence[str | int], value: Any, *, gone: bool = False) -> None:
    """Changes one value in data, or takes its key out."""
    for step in path[:-1]:
        if isinstance(data, dict) and data.get(step) is None:
            data[step] = {}
        data = data[step]
    if gone:
        del data[path[-1]]
    else:
        data[path[-1]] = value


def load_cases() -> list[Case]:
    """The cases beside this file."""
    cases: list[Case] = []
    for raw in Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").split("\n"):
        if raw.startswith("=== "):
            name, *flags = raw[4:].split()
            cases.append(
                Case(name, (), "\r\n" if "eol=crlf" in flags else "\n", "bom=1" in flags, "nofinal=1" not in flags)
            )
        elif raw or cases:
            labels, _, text = raw.partition("|")
            if _:
                line = Line(frozenset(labels.split(",")), text.replace("<SP>", ""))
                cases[-1] = replace(cases[-1], lines=(*cases[-1].lines, line))
    return cases


def edits(case: Case, data: dict[str, Any]) -> Iterator[Edit]:
    """The 30 edits of a case, the empty one left out."""
    base = sum(map(ord, case.name.partition("+")[0]))
    for shot in range(SHOTS):
        for name, value in _prompts(str(data["shots"][shot]["prompt"]), base, shot):
            yield Edit("set", ("shots", shot, "prompt"), value, f"{shot}.p", name=name)
        yield Edit("set", ("shots", shot, "seconds"), 8, f"{shot}.s")
    for index, prompt in INSERTED.items():
        yield Edit("insert", value={"seconds": 7, "prompt": prompt}, index=index)
    for index in range(SHOTS):
        yield Edit("delete", index=index)
    for old, new in ((0, 2), (2, 0), (0, 1), (1, 2)):
        yield Edit("move", index=old, new=new)
    yield Edit("set", ("title",), "A new title", "t.title")
    yield Edit("set", ("width",), 1024, "t.width")
    end = "\n" if str(data["negative_prompt"]).endswith("\n") else ""
    yield Edit("set", ("negative_prompt",), "ugly, dark" + end, "t.negative_prompt")
    yield Edit("add", ("seed",), 42)


def _prompts(old: str, base: int, shot: int) -> Iterator[tuple[str, str]]:
    end = "\n" if old.endswith("\n") else ""
    words = old.removesuffix("\n").split(" ")
    words[1 if len(words) > 1 else 0] = "EDITED"
    yield "word", " ".join(words) + end
    yield "multi", 'First: line # one\n  "second" line\nthird' + end
    yield "hard", HOSTILE[(base + 7 * shot) % len(HOSTILE)]
    yield "hard2", HOSTILE[(base + 7 * shot + 11) % len(HOSTILE)]
