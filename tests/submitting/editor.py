"""What stands for the editor: storyboards on disk, a desk, and the events it told so far."""

from __future__ import annotations

from threading import Condition
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.paths import state_folder
from storyboard.submitting.desk import JobDesk
from storyboard.submitting.events import Changed, Event, Finished
from tests.cli.desk import BOARD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storyboard.jobs.rows import Job
    from storyboard.submitting.offers import Offer

LONGEST = 60.0

_Kind = TypeVar("_Kind")


class Editor:
    """One user, whose editor may be closed and opened again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self._heard = Condition()
        self.desk = JobDesk(self.hear)

    def hear(self, event: Event) -> None:
        """Notes an event, from whatever thread."""
        with self._heard:
            self.events.append(event)
            self._heard.notify_all()

    def reopen(self) -> None:
        """Closes the desk and opens another, as the editor does when it is started again."""
        self.desk.close()
        self.events.clear()
        self.desk = JobDesk(self.hear)

    def write(self, name: str = "lamp.storyboard.yaml", text: str = BOARD) -> str:
        """A storyboard in the folder; its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def offer(self, *files: str, sandbox: bool = False, again: bool = False) -> Offer:
        """What the desk offers, into `renders`."""
        return self.desk.offer(files, "renders", sandbox=sandbox, again=again)

    def of_kind(self, kind: type[_Kind]) -> list[_Kind]:
        """Events of one kind so far."""
        with self._heard:
            return [event for event in self.events if isinstance(event, kind)]

    def wait(self, kind: type[_Kind], count: int = 1, where: Callable[[_Kind], bool] = lambda _: True) -> list[_Kind]:
        """The events of one kind once there are so many."""
        until = monotonic() + LONGEST
        with self._heard:
            while True:
                found: list[_Kind] = [event for event in self.events if isinstance(event, kind) and where(event)]
                if len(found) >= count:
                    return found
                if not self._heard.wait(until - monotonic()):
                    raise AssertionError(f"only {len(found)} of {count}; heard {self.events}")

    def wait_for_state(self, state: str, file: str | None = None) -> Changed:
        """The first change that shows a job, of this file, in this state."""
        wanted = lambda event: event.job.state == state and file in (None, event.job.file)  # noqa: E731
        return self.wait(Changed, where=wanted)[0]

    def finished(self, count: int = 1) -> list[Finished]:
        """The jobs that the desk has finished with, once there are so many."""
        return self.wait(Finished, count)

    def ledger_jobs(self) -> list[Job]:
        """The ledger's rows, newest first."""
        with Ledger.open(state_folder()) as ledger:
            return ledger.all()
