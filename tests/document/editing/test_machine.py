"""A state machine: any sequence of edits, undone and made again, on any messy document."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storyboard.document import Document, EditRefused
from tests.document.editing.cases import HOSTILE, Edit
from tests.document.editing.judging import BOM, same
from tests.document.editing.messy import is_readable, messy

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.text("ab :#-'\"\n\t>|", max_size=30))
VALUES = st.one_of(TEXTS, st.integers(), st.booleans(), st.none(), st.floats(), st.lists(TEXTS, max_size=3))
TOP = st.sampled_from(["title", "width", "look", "cast", "x-new", "negative_prompt"])
INNER = st.sampled_from(["seconds", "prompt", "note", "x-seed"])


SEEDS = [seed for seed in range(100) if is_readable(messy(Random(seed)))]


class Editing(RuleBasedStateMachine):
    """A document, its texts so far, and the data that it should say."""

    @initialize(seed=st.sampled_from(SEEDS))
    def open(self, seed: int) -> None:
        """Begins with a messy document."""
        self.case = messy(Random(seed))
        self.document = Document.parse(self.case.data)
        self.texts = [self.case.data]
        self.at = 0

    def edit(self, edit: Edit) -> None:
        """Makes an edit; a refusal changes nothing, a success nothing but what was asked for."""
        before = copy.deepcopy(self.document.data)
        try:
            edit.apply(self.document)
        except EditRefused:
            assert self.document.to_bytes() == self.texts[self.at]
            return
        edit.change(before)
        followed = b"&" in self.texts[self.at]  # what an alias repeats follows; the table tests look at that
        final = self.texts[self.at].endswith(b"\n")
        assert followed or same(self.document.data, before, loose_ends=not final)
        if self.document.to_bytes() != self.texts[self.at]:
            self.texts = [*self.texts[: self.at + 1], self.document.to_bytes()]
            self.at += 1

    @property
    def shots(self) -> int:
        """How many shots there are."""
        data = self.document.data
        found = data.get("shots") if isinstance(data, dict) else None
        return len(found) if isinstance(found, list) and all(isinstance(shot, dict) for shot in found) else 0

    @rule(key=TOP, value=VALUES)
    def set_top(self, key: str, value: Any) -> None:
        """A key of the document."""
        self.edit(Edit("set", (key,), value))

    @precondition(lambda self: self.shots)
    @rule(data=st.data(), key=INNER, value=VALUES)
    def set_inner(self, data: st.DataObject, key: str, value: Any) -> None:
        """A key of a shot."""
        self.edit(Edit("set", ("shots", data.draw(st.integers(0, self.shots - 1)), key), value))

    @precondition(lambda self: self.shots)
    @rule(data=st.data(), key=INNER)
    def unset_inner(self, data: st.DataObject, key: str) -> None:
        """A key of a shot goes."""
        index = data.draw(st.integers(0, self.shots - 1))
        if key in self.document.data["shots"][index] and b"<<" not in self.texts[self.at]:
            self.edit(Edit("unset", ("shots", index, key)))

    @precondition(lambda self: self.shots)
    @rule(data=st.data(), prompt=TEXTS)
    def insert(self, data: st.DataObject, prompt: str) -> None:
        """A new shot."""
        index = data.draw(st.integers(0, self.shots))
        self.edit(Edit("insert", value={"seconds": 2, "prompt": prompt}, index=index))

    @precondition(lambda self: self.shots)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """A shot goes."""
        self.edit(Edit("delete", index=data.draw(st.integers(0, self.shots - 1))))

    @precondition(lambda self: self.shots > 1)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        """A shot changes its place; all lines are still there."""
        places = st.integers(0, self.shots - 1)
        before = self.texts[self.at]
        self.edit(Edit("move", index=data.draw(places), new=data.draw(places)))
        if b"[" not in before:
            assert sorted(before.split()) == sorted(self.document.to_bytes().split())

    @rule()
    def undo(self) -> None:
        """Undo gives the bytes before."""
        assert self.document.undo() == (self.at > 0)
        self.at = max(self.at - 1, 0)

    @rule()
    def redo(self) -> None:
        """Redo gives the bytes after."""
        assert self.document.redo() == (self.at + 1 < len(self.texts))
        self.at = min(self.at + 1, len(self.texts) - 1)

    @invariant()
    def holds(self) -> None:
        """The bytes are the expected ones, say what the document says, and keep their habits."""
        if not hasattr(self, "document"):
            return
        data = self.document.to_bytes()
        assert data == self.texts[self.at]
        assert self.document.dirty == (data != self.texts[0])
        assert same(Document.parse(data).data, self.document.data)
        assert data.startswith(BOM) == self.case.bom
        assert data.endswith(b"\n") == self.texts[0].endswith(b"\n")
        if self.case.newline == "\r\n":
            assert data.count(b"\n") == data.count(b"\r\n")
        else:
            assert b"\r" not in data


TestEditing = Editing.TestCase
TestEditing.settings = settings(
    max_examples=60, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
