"""Ctrl-C at any point: exit 130, no traceback, the leases are free, and `resume` finishes."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import Ledger
from tests.jobs import points
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once
from tests.provider import Fault

if TYPE_CHECKING:
    from tests.jobs.studio import Studio


@pytest.mark.parametrize("point", points.POINTS)
def test_an_interrupt(studio: Studio, point: str) -> None:
    """The next run goes on from there at once."""
    if point == "on_unknown":
        studio.provider.add_faults(Fault(on="submit", kind="reset", when="after"))
    boards = [studio.board("one", takes=2), studio.board("two")]
    ran = studio.start("submit", *boards, "--yes", "--json", at=point, act=points.interrupt).wait()
    assert ran.code == 130
    assert "interrupted" in ran.err
    assert _held(studio) == 0
    ran = studio.submit(*boards)
    assert_done(studio, ran)
    assert "another storyboard process" not in ran.err
    assert_paid_once(studio, 2)
    assert_no_leftovers(studio)


def _held(studio: Studio) -> int:
    with Ledger.open(studio.state) as ledger:
        return int(ledger._db.execute("SELECT count(*) FROM jobs WHERE holder IS NOT NULL").fetchone()[0])


def test_an_interrupt_while_another_process_carries_the_job(studio: Studio) -> None:
    """Who only waits can be interrupted as well, and takes nothing away from the one that works."""
    studio.provider.job_seconds = 0.6
    board = studio.board()
    worker = studio.start("submit", board, "--yes", "--json", at="after_accepted", act=lambda: None)
    assert worker.until(lambda: studio.provider.paid)
    assert studio.start("submit", board, "--yes", at="polling", act=points.interrupt).wait().code in (0, 130)
    assert_done(studio, worker.wait())
    assert_paid_once(studio, 1)


def test_an_interrupt_while_the_service_is_waited_for(studio: Studio) -> None:
    """A long pause that the service asked for can be left at any time."""
    studio.provider.add_faults(Fault(on="poll", kind="429", retry_after=500))
    fork = studio.start("submit", studio.board(), "--yes", "--json")
    assert fork.until(lambda: studio.provider.count("poll"))
    fork.wait_for("asks to wait")
    os.kill(fork.pid, signal.SIGINT)
    assert fork.wait().code == 130
    assert_done(studio, studio.resume())
