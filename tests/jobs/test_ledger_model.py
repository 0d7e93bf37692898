"""The ledger against a model of it: whatever is done in whatever order, with reopening in between, both agree."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import ENDS, State
from tests.jobs.rows import a_job, an_item, an_order

if TYPE_CHECKING:
    from storyboard.jobs.rows import Job

NUMBERS = st.integers(1, 4)
STATES = st.sampled_from(list(State))


class LedgerModel(RuleBasedStateMachine):
    """Two processes on one ledger, and dictionaries that say what it must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.ledgers = [Ledger.open(Path(self.place.name)) for _ in range(2)]
        self.states: dict[str, State] = {}
        self.videos: dict[str, list[str]] = {}
        self.holders: dict[str, int] = {}

    def teardown(self) -> None:
        """Leave nothing behind."""
        for ledger in self.ledgers:
            ledger.close()
        self.place.cleanup()

    def _job(self, number: int, who: int) -> Job | None:
        job = a_job(number)
        return self.ledgers[who].get(job.service, job.uuid)

    @rule(number=NUMBERS, who=st.integers(0, 1))
    def add(self, number: int, who: int) -> None:
        """A job is written down, or is there already."""
        job = self.ledgers[who].add(a_job(number), None, an_order())
        self.states.setdefault(job.uuid, State.PREPARED)

    @rule(number=NUMBERS, who=st.integers(0, 1), state=STATES)
    def move(self, number: int, who: int, state: State) -> None:
        """A job gets into a state."""
        if (job := self._job(number, who)) is not None:
            assert self.ledgers[who].move(job, state, code="c", message="m").state is state
            self._moved(job.uuid, state, who)

    @rule(number=NUMBERS, who=st.integers(0, 1), old=STATES, state=STATES)
    def move_from_an_old_row(self, number: int, who: int, old: State, state: State) -> None:
        """It does so only where it still was what its mover thought."""
        if (job := self._job(number, who)) is not None:
            moved = self.ledgers[who].move(a_job(number, state=old), state)
            if job.state is old:
                self._moved(job.uuid, state, who)
            assert moved.state is self.states[job.uuid]

    def _moved(self, uuid: str, state: State, who: int) -> None:
        """Who brings a job to its end has no lease of it any more."""
        self.states[uuid] = state
        if state in ENDS and self.holders.get(uuid) == who:
            del self.holders[uuid]

    @rule(number=NUMBERS, who=st.integers(0, 1), videos=st.lists(st.integers(1, 5), max_size=4))
    def results(self, number: int, who: int, videos: list[int]) -> None:
        """Videos are noted once each, in the order they come, and no more than were asked for."""
        if (job := self._job(number, who)) is not None:
            self.ledgers[who].add_results(job, [an_item(job, video) for video in videos])
            known = self.videos.setdefault(job.uuid, [])
            known += [name for video in dict.fromkeys(videos) if (name := f"video-{video}") not in known]
            del known[job.takes :]

    @rule(number=NUMBERS, who=st.integers(0, 1))
    def hold(self, number: int, who: int) -> None:
        """A lease goes to the first that asks."""
        if (job := self._job(number, who)) is not None:
            holder = self.holders.setdefault(job.uuid, who)
            assert self.ledgers[who].hold([job]) == ({job.uuid} if holder == who else set())

    @rule(number=NUMBERS, who=st.integers(0, 1))
    def release(self, number: int, who: int) -> None:
        """Only its holder gives it back."""
        if (job := self._job(number, who)) is not None:
            self.ledgers[who].release(job)
            if self.holders.get(job.uuid) == who:
                del self.holders[job.uuid]

    @rule(number=NUMBERS, who=st.integers(0, 1))
    def send(self, number: int, who: int) -> None:
        """Only the holder begins to send."""
        if (job := self._job(number, who)) is not None:
            sent = self.ledgers[who].begin_sending(job)
            assert (sent is not None) is (self.holders.get(job.uuid) == who)
            if sent is not None:
                self.states[job.uuid] = State.SUBMITTING

    @rule(who=st.integers(0, 1))
    def reopen(self, who: int) -> None:
        """A process ends, with its leases, and another begins."""
        self.ledgers[who].close()
        self.ledgers[who] = Ledger.open(Path(self.place.name))
        self.holders = {uuid: holder for uuid, holder in self.holders.items() if holder != who}

    @invariant()
    def both_see_the_same(self) -> None:
        """States, videos and what is left to do are as the model has them, for either process."""
        for ledger in self.ledgers:
            jobs = {job.uuid: job for job in ledger.all()}
            assert {uuid: job.state for uuid, job in jobs.items()} == self.states
            assert {job.uuid for job in ledger.unfinished()} == {u for u, s in self.states.items() if s not in ENDS}
            for uuid, job in jobs.items():
                assert [result.video_uuid for result in ledger.results(job)] == self.videos.get(uuid, [])


TestLedgerModel = LedgerModel.TestCase
TestLedgerModel.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
