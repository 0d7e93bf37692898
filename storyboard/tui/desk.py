"""The editor's share of the job desk: made when it is first needed, heard by messages, closed at the end."""

from __future__ import annotations

import os
from functools import partial
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message

from storyboard.tui.threads import forgetting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App

    from storyboard.submitting.desk import JobDesk
    from storyboard.submitting.events import Event

PAID = {
    "paid": "paid for",
    "ready": "paid, downloading",
    "running": "being rendered",
    "sending": "being sent",
    "unsent": "not sent yet",
    "failed": "failed",
    "unknown": "not known whether it is paid",
}
_UNDER_WAY = ("ready", "running", "sending")


class DeskSpoke(Message):
    """Something happened to a job."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class StandingsKnown(Message):
    """Whether the present requests of files were paid for, in words; "" for those that were not."""

    def __init__(self, words: dict[str, str], question: int) -> None:
        super().__init__()
        self.words = words
        self.question = question


class Desk:
    """One job desk for the whole life of the editor; screens and files come and go."""

    def __init__(self, app: App[int]) -> None:
        self._app = app
        self._jobs: JobDesk | None = None
        self._making = Lock()
        self._questions = count()
        self._latest: dict[str, int] = {}
        """The last question about each file: older answers are none any more."""
        self._stamp: tuple[int, tuple[object, ...]] | None = None
        """The last question that was looked up, and the ledger's stamp before that."""
        self._progress: dict[str, dict[str, float | None]] = {}
        """By real path and UUID, how far jobs have come that are under way."""

    @property
    def jobs(self) -> JobDesk:
        """The desk itself, one for all threads."""
        with self._making:
            if self._jobs is None:
                from storyboard.submitting.desk import JobDesk

                self._jobs = JobDesk(self._hear)
            return self._jobs

    def _hear(self, event: Event) -> None:
        self._note_progress(event)
        self._app.post_message(DeskSpoke(event))

    def _note_progress(self, event: Event) -> None:
        job = getattr(event, "job", None)
        if job is None:
            return
        of_file = self._progress.setdefault(job.file, {})
        if job.ended or not job.carried:
            of_file.pop(job.uuid, None)
        else:
            of_file[job.uuid] = job.progress

    def _in_words(self, file: str, state: str | None, *, watched: bool = True) -> str:
        """How the present request of a file stands; with its progress, where it is certain whose that is."""
        if state is None:
            return ""
        known = tuple(self._progress.get(os.path.realpath(file), {}).values())
        percent = f" {known[0]:.0f} %" if state == "running" and len(known) == 1 and known[0] is not None else ""
        return PAID[state] + (percent if watched else ", not watched")

    def watch(self, file: str) -> None:
        """Carries a storyboard's jobs on that the service has, in a thread; buys nothing."""
        work = partial(self._watch, file)
        self._app.run_worker(forgetting(work), thread=True, group="watching", exit_on_error=False)

    def _watch(self, file: str) -> None:
        self.jobs.watch(file)

    def left(self) -> list[str]:
        """Lines about jobs that go on, once this is closed."""
        return self._jobs.left() if self._jobs is not None else []

    def ask_standings(self, files: Iterable[str]) -> None:
        """Looks up, in a thread, what was paid for; StandingsKnown follows."""
        asked, question = tuple(files), next(self._questions)
        self._latest.update(dict.fromkeys(asked, question))
        work = partial(self._look_up, asked, question)
        self._app.run_worker(forgetting(work), thread=True, group="standings", exit_on_error=False)

    def look_at_ledger(self, file: str) -> None:
        """Looks up again what was paid for, once another process has written into the ledger."""
        if self._stamp is not None and self.jobs.stamp() != self._stamp[1]:
            self.ask_standings([file])

    def _look_up(self, files: tuple[str, ...], question: int) -> None:
        stamp = self.jobs.stamp()
        with self._making:
            if self._stamp is None or self._stamp[0] < question:
                self._stamp = question, stamp
        found = self.jobs.standing(files)
        unwatched = self.jobs.unwatched(file for file, state in found.items() if state in _UNDER_WAY)
        words = {file: self._in_words(file, state, watched=file not in unwatched) for file, state in found.items()}
        self._app.post_message(StandingsKnown(words, question))

    def is_latest(self, file: str, question: int) -> bool:
        """Whether nothing newer was asked about a file."""
        return self._latest.get(file, question) <= question

    def close(self) -> None:
        """Jobs go on at the service."""
        if self._jobs is not None:
            self._jobs.close()
