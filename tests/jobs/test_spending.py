"""What was spent: sums in decimals, what is certain apart from what is in doubt."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.spending import Spent, bills, spent_on, sums
from storyboard.jobs.states import State
from tests.jobs.rows import a_job, an_item, an_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST = Decimal("1.008")
PRICE = Decimal("0.336")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty one."""
    with Ledger.open(tmp_path) as one:
        yield one


@pytest.mark.parametrize(
    ("state", "costs", "cost", "listed", "in_doubt"),
    [
        ("prepared", [], "0", "0", "0"),
        ("rejected", [], "0", "0", "0"),
        ("submitting", [], "0", "0", "1.008"),
        ("unknown", [], "0", "0", "1.008"),
        ("review", [], "0", "0", "1.008"),
        ("failed", [], "0", "0", "1.008"),
        ("accepted", [], "1.008", "1.008", "0"),
        ("accepted", [0.4], "1.072", "1.008", "0"),
        ("ready", [0.3, 0.3, 0.3], "0.9", "1.008", "0"),
        ("done", [0.1, 0.2], "0.3", "0.672", "0"),
        ("done", [0.1, None, 0.2], "0.636", "1.008", "0"),
        ("expired", [0.336, 0.336, 0.336], "1.008", "1.008", "0"),
    ],
)
def test_what_a_job_came_to(
    ledger: Ledger, state: str, costs: list[float | None], cost: str, listed: str, in_doubt: str
) -> None:
    """The service's price where it named one, the list's share where it did not; two takes of three cost two."""
    sent = a_job(state=State(state), takes=3, estimated_cost=LIST, sent_at=1_800_000_000.0)
    job = ledger.add(sent, None, an_order())
    ledger.add_results(job, [an_item(job, number, cost=one) for number, one in enumerate(costs, start=1)])
    spent = spent_on(ledger, job)
    assert (spent.cost, spent.listed, spent.in_doubt) == (Decimal(cost), Decimal(listed), Decimal(in_doubt))
    assert spent.takes == len(costs)


def test_what_was_not_taken_costs_nothing(ledger: Ledger) -> None:
    """The service said no to the account, or had no room."""
    job = ledger.add(a_job(state=State.SUBMITTING, sent_at=1_800_000_000.0), None, an_order())
    assert spent_on(ledger, job).in_doubt == PRICE
    assert list(bills(ledger, [ledger.not_taken(job)])) == []


def test_the_sandbox_is_free(ledger: Ledger) -> None:
    """Its jobs stand in no bill."""
    job = ledger.add(a_job(service=SANDBOX, state=State.DONE), None, an_order())
    assert (spent_on(ledger, job), list(bills(ledger, [job]))) == (Spent(), [])


def test_a_job_for_two_storyboards_is_billed_once(ledger: Ledger) -> None:
    """To the one that wanted it first."""
    job = ledger.add(a_job(state=State.ACCEPTED), None, an_order("/a.yaml"))
    ledger.add_order(job, an_order("/b.yaml"))
    other = ledger.add(a_job(2, state=State.ACCEPTED), None, an_order("/b.yaml"))
    total = sums(bills(ledger, [job, other]), lambda bill: bill.file)
    assert {file: spent.cost for file, spent in total.items()} == {
        "/a.yaml": Decimal("0.336"),
        "/b.yaml": Decimal("0.336"),
    }


def test_a_kept_take_carries_those_that_were_not() -> None:
    """All that was spent, by the takes that were kept; no price where none is."""
    spent = Spent(jobs=1, takes=3, kept=1, rejected=2, cost=LIST) + Spent(jobs=1, takes=1, kept=1, cost=LIST)
    assert spent.per_kept_take == LIST
    assert Spent(takes=2, cost=LIST).per_kept_take is None
