"""Awkward documents whose lines are labelled with what they belong to, the edits to try, and what makes one right."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    def data(self) -> bytes:
        """The document's bytes."""
        text = self.newline.join(line.text for line in self.lines) + (self.newline if self.final else "")
        return (b"\xef\xbb\xbf" if self.bom else b"") + text.encode()

    def variants(self) -> Iterator[Case]:
        """The case, with the other line ends, with a BOM, without a final newline."""
        yield self
        other = "\r\n" if self.newline == "\n" else "\n"
        yield replace(self, name=f"{self.name}+eol", newline=other)
        yield replace(self, name=f"{self.name}+bom", bom=True)
        if self.final and not self.lines[-1].text.strip() == "":
            yield replace(self, name=f"{self.name}+nofinal", final=False)


@dataclass(frozen=True)
class Edit:
    """What is done to a document, and which of its lines it may touch."""

    name: str
    kind: str
    apply: Callable[[Document], None]
    change: Callable[[Any], None]
    label: str = ""
    index: int = -1
    new: int = -1


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
        for name, value in _prompts(data["shots"][shot]["prompt"], base, shot):
            yield _set(f"prompt {shot} {name}", ("shots", shot, "prompt"), value, f"{shot}.p")
        yield _set(f"seconds {shot}", ("shots", shot, "seconds"), 8, f"{shot}.s")
    for index, prompt in INSERTED.items():
        yield _insert(index, {"seconds": 7, "prompt": prompt})
    for index in range(SHOTS):
        yield _delete(index)
    for old, new in ((0, 2), (2, 0), (0, 1), (1, 2)):
        yield _move(old, new)
    yield _set("title", ("title",), "A new title", "t.title")
    yield _set("width", ("width",), 1024, "t.width")
    end = "\n" if str(data["negative_prompt"]).endswith("\n") else ""
    yield _set("negative", ("negative_prompt",), "ugly, dark" + end, "t.negative_prompt")
    yield Edit("add", "add", lambda doc: doc.set(["seed"], 42), lambda d: d.__setitem__("seed", 42))


def _prompts(old: str, base: int, shot: int) -> Iterator[tuple[str, str]]:
    end = "\n" if old.endswith("\n") else ""
    words = old.removesuffix("\n").split(" ")
    words[1 if len(words) > 1 else 0] = "EDITED"
    yield "word", " ".join(words) + end
    yield "multi", 'First: line # one\n  "second" line\nthird' + end
    yield "hard", HOSTILE[(base + 7 * shot) % len(HOSTILE)]
    yield "hard2", HOSTILE[(base + 7 * shot + 11) % len(HOSTILE)]


def _set(name: str, path: tuple[str | int, ...], value: Any, label: str) -> Edit:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return Edit(f"set {name}", "set", lambda doc: doc.set(path, value), change, label)


def _insert(index: int, mapping: dict[str, Any]) -> Edit:
    return Edit(
        f"insert {index}", "insert", lambda doc: doc.insert_shot(index, mapping),
        lambda data: data["shots"].insert(index, mapping), index=index,
    )  # fmt: skip


def _delete(index: int) -> Edit:
    return Edit(
        f"delete {index}", "delete", lambda doc: doc.delete_shot(index), lambda data: data["shots"].pop(index),
        index=index,
    )  # fmt: skip


def _move(old: int, new: int) -> Edit:
    return Edit(
        f"move {old} to {new}", "move", lambda doc: doc.move_shot(old, new),
        lambda data: data["shots"].insert(new, data["shots"].pop(old)), index=old, new=new,
    )  # fmt: skip


def confinement(case: Case, edit: Edit, result: bytes) -> str | None:
    """What an edit touched beside its own lines; None where it touched nothing else."""
    if result.startswith(b"\xef\xbb\xbf") != case.bom:
        return "the byte order mark changed"
    text = result.decode("utf-8-sig")
    if text.endswith("\n") != case.final:
        return "the final newline changed"
    if case.newline == "\r\n" and text.replace("\r\n", "").count("\n"):
        return "a foreign line end"
    if case.newline == "\n" and "\r" in text:
        return "a foreign line end"
    new = text.removesuffix(case.newline).split(case.newline) if text else []
    old = [line.text for line in case.lines]
    return {"set": _set_stays, "add": _add_stays, "insert": _insert_stays, "delete": _delete_stays, "move": _move_stays}[
        edit.kind
    ](case, edit, old, new)


def _labelled(case: Case, *labels: str) -> list[int]:
    return [index for index, line in enumerate(case.lines) if line.labels & set(labels)]


def _set_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    mine = _labelled(case, edit.label)
    before, after = mine[0], len(old) - mine[-1] - 1
    if new[:before] != old[:before] or (after and new[-after:] != old[-after:]):
        return "another line changed"
    return None


def _one_block(old: list[str], new: list[str]) -> str | None:
    begin = 0
    while begin < len(old) and begin < len(new) and old[begin] == new[begin]:
        begin += 1
    rest = len(old) - begin
    return None if new[len(new) - rest :] == old[begin:] or rest == 0 else "old lines are not all there"


def _add_stays(case: Case, _edit: Edit, old: list[str], new: list[str]) -> str | None:
    if flow := _labelled(case, "add"):
        return None if [*new[: flow[0]], *new[flow[0] + 1 :]] == [*old[: flow[0]], *old[flow[0] + 1 :]] else "another line"
    return _one_block(old, new)


def _flow_stays(case: Case, old: list[str], new: list[str]) -> str | None:
    flow = _labelled(case, "flow")
    before, after = flow[0], len(old) - flow[-1] - 1
    same = new[:before] == old[:before] and (not after or new[-after:] == old[-after:])
    return None if same else "a line outside the brackets changed"


def _insert_stays(case: Case, _edit: Edit, old: list[str], new: list[str]) -> str | None:
    return _flow_stays(case, old, new) if _labelled(case, "flow") else _one_block(old, new)


def _delete_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if _labelled(case, "flow"):
        return _flow_stays(case, old, new)
    number = str(edit.index)
    gone = set(_labelled(case, number, f"{number}.s", f"{number}.p"))
    may_go = {index for index in _labelled(case, f"{number}?")} | {i for i, line in enumerate(old) if not line.strip()}
    position = 0
    for index, line in enumerate(old):
        if index in gone:
            continue
        if position < len(new) and new[position] == line:
            position += 1
        elif index not in may_go:
            return f"a line went or changed: {line!r}"
    return None if position == len(new) else f"lines came from nowhere: {new[position:]!r}"


def _move_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if _labelled(case, "flow"):
        return _flow_stays(case, old, new)
    if sorted(old) != sorted(new):
        return "not the same lines"
    number = str(edit.index)
    mine = [old[i] for i in _labelled(case, number, f"{number}.s", f"{number}.p", f"{number}?")]
    starts = [at for at in range(len(new)) if new[at : at + len(mine)] == mine]
    if not starts:
        return "the shot's lines do not stand together"
    others = [line for i, line in enumerate(old) if i not in _labelled(case, number, f"{number}.s", f"{number}.p", f"{number}?")]
    solid = [line for line in others if line.strip()]
    for at in starts:
        rest = [line for line in new[:at] + new[at + len(mine) :] if line.strip()]
        if rest == solid:
            return None
    return "other lines changed their order"


def dumps(value: Any) -> str:
    """A value for messages."""
    return json.dumps(value, ensure_ascii=False, default=str)
