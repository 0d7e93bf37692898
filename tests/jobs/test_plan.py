"""What a call would do with each storyboard, by the attempts that the ledger knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storyboard.compiler.prepare import prepare
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.plan import Account, Planner
from storyboard.jobs.states import State
from storyboard.jobs.wanted import Wanted
from tests.jobs.rows import an_order

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = Account("https://api.example/v1", "key")
P, S, U, A, R, D, X, F, E, V = (
    State.PREPARED,
    State.SUBMITTING,
    State.UNKNOWN,
    State.ACCEPTED,
    State.READY,
    State.DONE,
    State.REJECTED,
    State.FAILED,
    State.EXPIRED,
    State.REVIEW,
)


def _wanted(words: str = "a heron", file: str = "/boards/film.storyboard.yaml") -> Wanted:
    text = f"Wide shot of {words}."
    prepared = prepare({"shots": [{"seconds": 3, "prompt": text}]}, [(3, text)], "/boards")
    return Wanted.of(prepared, an_order(file))


@pytest.mark.parametrize(
    ("attempts", "kind", "attempt"),
    [
        ([], "buy", 1),
        ([P], "go on", 1),
        ([S], "go on", 1),
        ([U], "go on", 1),
        ([A], "reuse", 1),
        ([R], "reuse", 1),
        ([D], "reuse", 1),
        ([X], "buy", 2),
        ([X, X], "buy", 3),
        ([F], "report", 1),
        ([E], "report", 1),
        ([V], "report", 1),
        ([D, F], "reuse", 1),
        ([D, U], "reuse", 1),
        ([D, A], "reuse", 2),
        ([F, U], "go on", 2),
        ([U, X], "go on", 1),
        ([F, X], "report", 1),
        ([V, X], "report", 1),
    ],
)
def test_what_earlier_attempts_lead_to(tmp_path: Path, attempts: list[State], kind: str, attempt: int) -> None:
    """Only what was refused, and nothing else, is bought anew without `--again`; that buys the next one always."""
    wanted = _wanted()
    with Ledger.open(tmp_path) as ledger:
        planner = Planner(ledger, ACCOUNT)
        for number, state in enumerate(attempts, 1):
            job = ledger.add(planner.new_job(wanted, number), None, wanted.order)
            ledger.move(job, state)
        (step,) = planner.plan([wanted])
        assert (step.kind, step.job.attempt) == (kind, attempt)
        assert bool(step.cost) is (kind in ("buy", "go on"))
        (again,) = Planner(ledger, ACCOUNT).plan([wanted], again=True)
        assert (again.kind, again.job.attempt) == ("buy", len(attempts) + 1)


def test_one_request_twice_in_a_call(tmp_path: Path) -> None:
    """Bought once, and paid for once in the sum; with `--again` each is another one."""
    wanted = [_wanted(), _wanted(file="/boards/copy.storyboard.yaml"), _wanted("an owl")]
    with Ledger.open(tmp_path) as ledger:
        steps = Planner(ledger, ACCOUNT).plan(wanted)
        assert [step.kind for step in steps] == ["buy", "reuse", "buy"]
        assert steps[0].job == steps[1].job
        again = Planner(ledger, ACCOUNT).plan(wanted, again=True)
        assert [step.job.attempt for step in again] == [1, 2, 1]


def test_a_failed_request_twice_in_a_call(tmp_path: Path) -> None:
    """What ended badly is reported for every storyboard that asks for it, and reused for none."""
    wanted = [_wanted(), _wanted(file="/boards/copy.storyboard.yaml")]
    with Ledger.open(tmp_path) as ledger:
        planner = Planner(ledger, ACCOUNT)
        ledger.move(ledger.add(planner.new_job(wanted[0], 1), None, wanted[0].order), State.FAILED)
        assert [step.kind for step in planner.plan(wanted)] == ["report", "report"]


@pytest.mark.parametrize(
    ("of_others", "own", "kind"),
    [
        ([P], [], "buy"),
        ([X], [], "buy"),
        *(([state], [], "stop") for state in (S, U, A, R, D)),
        *(([state], [], "report") for state in (F, E, V)),
        ([F, A], [], "stop"),
        ([X, F], [], "report"),
        ([A], [D], "reuse"),
        ([D], [U], "go on"),
        ([D], [X], "stop"),
        ([P], [F], "report"),
        ([X], [X], "buy"),
    ],
)
def test_what_attempts_of_other_keys_lead_to(
    tmp_path: Path, of_others: list[State], own: list[State], kind: str
) -> None:
    """Whatever another key paid or may have paid is not bought; `--again` buys it always, as this key's next one."""
    wanted = _wanted()
    with Ledger.open(tmp_path) as ledger:
        for account, states in ((Account(ACCOUNT.service, "other"), of_others), (ACCOUNT, own)):
            for number, state in enumerate(states, 1):
                job = Planner(ledger, account).new_job(wanted, number)
                sent_at = None if state is P else job.created_at - 1
                ledger.move(ledger.add(replace(job, sent_at=sent_at), None, wanted.order), state)
        copy = _wanted(file="/boards/copy.storyboard.yaml")
        steps = Planner(ledger, ACCOUNT).plan([wanted, copy])
        assert steps[0].kind == kind
        assert steps[1].kind == (kind if kind in ("report", "stop") else "reuse")
        assert bool(sum(step.cost for step in steps)) is (kind in ("buy", "go on"))
        (again,) = Planner(ledger, ACCOUNT).plan([wanted], again=True)
        assert (again.kind, again.job.attempt) == ("buy", len(own) + 1)
        assert Planner(ledger, Account("https://other.example/v1", "key")).plan([wanted])[0].kind == "buy"


def test_without_a_ledger(tmp_path: Path) -> None:
    """A dry run without a ledger knows of nothing bought, and makes none."""
    assert Planner(None, ACCOUNT).plan([_wanted()])[0].kind == "buy"
    assert list(tmp_path.iterdir()) == []
