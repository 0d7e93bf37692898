"""Fault plans as people write them: what is read, what is refused, and that a seed decides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from storyboard.document import Document
from storyboard.sandbox.fault_file import FaultFileError, read_plan
from storyboard.sandbox.faults import KINDS


def kinds_met(plan: object, requests: int, on: Any = "poll") -> list[str | None]:
    """The kind that each of so many requests meets, None where it meets none."""
    read = read_plan(plan)
    met = [read.meet(on, ["a"]) for _ in range(requests)]
    return [hit[1].kind if hit else None for hit in met]


def test_nth_and_count() -> None:
    """A fault is met by `count` requests from the `nth` on; the first that is due wins, all of them count."""
    plan = {
        "faults": [
            {"on": "poll", "kind": 429, "nth": 2, "count": 2},
            {"on": "poll", "kind": "reset", "nth": 3, "count": "all"},
        ]
    }
    assert kinds_met(plan, 5) == [None, "429", "429", "reset", "reset"]
    assert kinds_met(plan, 2, on="submit") == [None, None]


def test_a_fault_about_one_job() -> None:
    """With a uuid only requests that name it count."""
    plan = read_plan({"faults": [{"on": "poll", "kind": "empty", "uuid": "b", "nth": 2}]})
    met = [plan.meet("poll", uuids) is not None for uuids in (["a"], ["a", "b"], ["a"], ["b"], ["b"])]
    assert met == [False, False, False, True, False]


def test_the_seed_decides() -> None:
    """Chances fall the same way each time for one seed, and otherwise for another; about as often as they say."""
    plan = {"seed": 7, "faults": [{"on": "poll", "kind": "500", "chance": 0.3}]}
    first, again, other = kinds_met(plan, 400), kinds_met(plan, 400), kinds_met({**plan, "seed": 8}, 400)
    assert first == again != other
    assert 0.2 < first.count("500") / 400 < 0.4


def test_the_documented_plan_is_one() -> None:
    """The example in docs/sandbox.md is read as it stands there, and every kind is named on that page."""
    page = (Path(__file__).parents[2] / "docs/sandbox.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    plan = read_plan(Document.parse(example.encode()).data)
    assert (plan.seed, plan.conflict, len(plan.faults)) == (7, "running", 5)
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []


def test_an_empty_plan_is_one() -> None:
    """Nothing planned, nothing spoiled."""
    assert kinds_met({}, 3) == [None, None, None]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ([], "a fault plan is a mapping"),
        ({"fault": []}, "did you mean faults?"),
        ({"faults": {}}, "faults: a list"),
        ({"seed": "x"}, "seed: a whole number"),
        ({"conflict": "never"}, "always, running"),
        ({"faults": ["reset"]}, "fault 1: a mapping"),
        ({"faults": [{"on": "poll"}]}, "fault 1: kind is missing"),
        ({"faults": [{"on": "pol", "kind": "reset"}]}, "fault 1: on: one of submit"),
        ({"faults": [{"on": "poll", "kind": "explode"}]}, "fault 1: kind: one of 401"),
        ({"faults": [{"on": "poll", "kind": "reset", "nht": 2}]}, "did you mean nth?"),
        ({"faults": [{"on": "poll", "kind": "reset", "nth": 0}]}, "nth: a whole number from 1"),
        ({"faults": [{"on": "poll", "kind": "reset", "nth": True}]}, "nth: a whole number"),
        ({"faults": [{"on": "poll", "kind": "reset", "chance": 2}]}, "chance: a number from 0 to 1"),
        ({"faults": [{"on": "poll", "kind": "stall", "seconds": float("nan")}]}, "seconds: a number"),
        ({"faults": [{"on": "download", "kind": "truncated"}]}, "truncated cannot happen on download"),
        ({"faults": [{"on": "poll", "kind": "expired"}]}, "expired cannot happen on poll"),
        ({"faults": [{"on": "poll", "kind": "fail"}]}, "say on: submit"),
        ({"faults": [{"on": "submit", "kind": "forget"}]}, "forget needs seconds"),
        ({"faults": [{"on": "poll", "kind": "reset", "when": "after"}]}, "when is about a submit"),
        ({"faults": [{"on": "submit", "kind": "repeated", "when": "before"}]}, "when can only be after"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(plan: object, words: str) -> None:
    """A plan that says something else than it does would make a test that proves nothing."""
    with pytest.raises(FaultFileError) as refused:
        read_plan(plan)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_planned(kind: str) -> None:
    """Each kind that is listed is possible on some request."""
    on = "download" if kind in ("wrong_length", "range_ignored", "expired") else "submit"
    assert kinds_met({"faults": [{"on": on, "kind": kind, "seconds": 1}]}, 1, on) == [kind]
