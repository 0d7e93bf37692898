"""The folder: its storyboards with their length, price and problems, and what can be done with them."""

from __future__ import annotations

import math
import os
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from storyboard.disk import words_of
from storyboard.tui import wording
from storyboard.tui.commanding import Commanding
from storyboard.tui.commands import FOLDER_COMMANDS, bindings
from storyboard.tui.entries import Entry, end_of, heading, name_in, sums
from storyboard.tui.file_list import FileList
from storyboard.tui.garbage import collect_from_now
from storyboard.tui.guarding import report_failure
from storyboard.tui.keyline import KeyLine, keys_of
from storyboard.tui.masking import line_of
from storyboard.tui.painted import Painted
from storyboard.tui.scouting import Scouted, absolute, scout
from storyboard.tui.threads import forgetting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.disk import Stamp
    from storyboard.overview import Overview
    from storyboard.submitting.events import Event

LOOK_EVERY = 3.0
"""Seconds between two looks at the disk, and more where a look takes long."""
_PATIENCE = 20
"""A look is followed by at least so many times its own length."""


class Folder(Commanding):
    """Lists the storyboards of a folder; a thread reads them, and what it tells is shown."""

    OWN_COMMANDS = FOLDER_COMMANDS
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (50, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FOLDER_COMMANDS)]

    class Chosen(Message):
        """A storyboard is to be opened."""

        def __init__(self, file: Path) -> None:
            super().__init__()
            self.file = file

    class Listed(Message):
        """All files of the folder are known, as they are now; `set_paid` may follow."""

        def __init__(self, files: tuple[str, ...]) -> None:
            super().__init__()
            self.files = files

    class _Found(Message):
        def __init__(self, worker: object, news: list[Overview]) -> None:
            super().__init__()
            self.worker = worker
            self.news = news

    class _Ended(Message):
        """The last message of a look: all files in order, None where it was stopped; or what ended it."""

        def __init__(
            self, worker: object, files: list[str] | None, error: Exception | None, strays: Sequence[str] = ()
        ) -> None:
            super().__init__()
            self.worker = worker
            self.files = files
            self.error = error
            self.strays = strays
            """Links that were left out."""

    def __init__(self, scouted: Scouted | str, at: str | None = None) -> None:
        """`at` is the file that the cursor should stand on."""
        super().__init__()
        self.scouted = Scouted(absolute(scouted)) if isinstance(scouted, str) else scouted
        self._at = at
        self._told: set[str] = set()
        self._reading: Worker[None] | None = None
        self._began = self._looked_at = self._took = 0.0
        self._trouble = ""
        self._is_gone = False
        self._is_listed = False

    @cached_property
    def doers(self) -> tuple[object, ...]:
        """Who does what its commands say."""
        from storyboard.tui.folder_actions import FolderActions
        from storyboard.tui.previewing import PreviewActions

        own = FolderActions(self)
        return own, PreviewActions(self, own.to_draw)

    @property
    def is_settled(self) -> bool:
        """Whether it is known if there is anything here."""
        return self._is_listed

    @property
    def folder(self) -> str:
        """The folder's path."""
        return self.scouted.folder

    def compose(self) -> ComposeResult:
        """Where this is, the list, what it comes to."""
        yield Painted(id="place")
        yield Painted(id="heading")
        yield FileList()
        yield Painted(id="nothing")
        yield Painted(id="sums")
        yield KeyLine([one for one in FOLDER_COMMANDS if one.footer], keys_of(self.app))

    def on_mount(self) -> None:
        """Shows what is known already, and reads everything anew."""
        self.list = self.query_one(FileList)
        self.set_focus(self.list)
        self.show()
        self.read({})
        self.set_interval(LOOK_EVERY / 3, self._look_again)
        self.call_after_refresh(collect_from_now)

    # reading

    def read(self, known: Mapping[str, Stamp]) -> None:
        """Reads all files that are not as they are `known`, in a thread."""
        self._began = monotonic()
        work = self._scout
        self._reading = self.run_worker(
            forgetting(lambda: work(dict(known))), group="scout", exclusive=True, thread=True, exit_on_error=False
        )
        self._paint_sums()

    def look_for(self, file: str) -> None:
        """Reads what is new, and puts the cursor on this file."""
        self._at = file
        self.read(self.scouted.stamps)

    def _scout(self, known: dict[str, Stamp]) -> None:
        worker = get_current_worker()

        def tell(news: list[Overview]) -> None:
            self.post_message(self._Found(worker, news))

        files, error = None, None
        strays: list[str] = []
        try:
            files = scout(self.folder, known, tell, lambda: worker.is_cancelled, strays)
        except Exception as raised:  # noqa: BLE001 - handled where the screen is
            error = raised
        # Messages of a thread keep their order; the worker's own state may arrive before all of them.
        self.post_message(self._Ended(worker, files, error, strays))

    def _look_again(self) -> None:
        pause = max(LOOK_EVERY, self._took * _PATIENCE)
        if self.is_current and self._reading is None and monotonic() - self._looked_at >= pause:
            self.read(self.scouted.stamps)

    def on_folder__found(self, message: _Found) -> None:
        """Some files were read."""
        if message.worker is self._reading:
            self.scouted.take(message.news)
            self.show()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker in error has had no thread, which would have posted its end."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and event.worker is self._reading and isinstance(error, Exception):
            self.on_folder__ended(self._Ended(event.worker, None, error))

    def on_folder__ended(self, message: _Ended) -> None:
        """All files were read, or none can be."""
        if message.worker is not self._reading:
            return
        self._looked_at = monotonic()
        self._took = self._looked_at - self._began
        self._reading = None
        self._is_listed = True
        error = message.error
        if isinstance(error, OSError):
            self._trouble, self._is_gone = words_of(error), isinstance(error, FileNotFoundError | NotADirectoryError)
            self.scouted.settle([])
        elif error is not None:
            report_failure(self.app, error)
            self._took = math.inf
        elif (files := message.files) is not None:
            self._trouble, self._is_gone = "", False
            self.scouted.settle(files)
            self.post_message(self.Listed(tuple(files)))
            self._tell_strays(message.strays)
        self.show()
        self._at = None

    def _tell_strays(self, links: Sequence[str]) -> None:
        """Once for each link."""
        if new := [one for one in links if one not in self._told]:
            self._told.update(new)
            shown = ", ".join(name_in(self.folder, one) for one in new[:3])
            more = f" and {len(new) - 3} more" if len(new) > 3 else ""
            self.say(f"{shown}{more}: not listed, as a link out of the project or to what is hidden in it", "warning")

    # what is shown

    def show(self) -> None:
        """Draws what is known."""
        scouted = self.scouted
        entries = [
            Entry(scouted.overviews[file], name_in(self.folder, file), scouted.paid.get(file, ""))
            for file in scouted.files
        ]
        if entries:
            self._is_listed = True
        if entries != self.list.entries:
            self.list.show(entries, self._at)
            if self.list.current is not None and self.list.current.overview.file == self._at:
                self._at = None
        self.set_class(not entries and self._reading is None, "-empty")
        self._paint()

    def _paint(self) -> None:
        head = Content.assemble(("Storyboards", "bold"), ("  in ", "dim"))
        place = end_of(line_of(wording.place(self.folder)), max(self.app.size.width - head.cell_length - 2, 1))
        self.query_one("#place", Painted).paint(Content.assemble(head, place))
        self.query_one("#heading", Painted).paint(heading(self.list.widths))
        if self.has_class("-empty"):
            self.query_one("#nothing", Painted).paint(self._nothing())
        self._paint_sums()

    def _paint_sums(self) -> None:
        words = sums(self.list.entries, short=self.app.size.width < 60) if self.list.entries else ""
        if self._reading is not None and not self.scouted.files:
            words = "reading the folder …"
        self.query_one("#sums", Painted).paint(Content(words))

    def _nothing(self) -> Content:
        """What stands where no storyboard is."""
        if self._trouble:
            gone = "The folder is gone: it was deleted, moved or renamed. Open another one.\n"
            return Content.assemble(
                (f"This folder cannot be read: {self._trouble}\n\n", "bold red"),
                gone if self._is_gone else "",
                f"{self.key_of('refresh')} looks again.",
            )
        from storyboard.profiles import KLING_3_TURBO as MODEL

        return Content.assemble(
            ("No storyboards here yet\n\n", "bold"),
            f"A storyboard is a text file: up to {MODEL.shots.most} shots, each with its seconds and its prompt.\n",
            "Here you write it, and see at once what is wrong, how long it is and what it would cost.\n",
            "Nothing is sent or paid until you submit it.\n\n",
            (self.key_of("new_file"), "bold"),
            " makes a small film to begin with.",
        )

    def key_of(self, name: str) -> str:
        """The key of a command, as it is shown to people."""
        found = next((one.binding for one in self.active_bindings.values() if one.binding.id == name), None)
        return "+".join(part.capitalize() for part in found.key.split("+")) if found is not None else name

    def set_paid(self, words: Mapping[str, str]) -> None:
        """Fills the column that says so."""
        self.scouted.paid.update(words)
        self.show()

    def hear_of_jobs(self, event: Event) -> None:
        """Something happened to a job: how its storyboard stands is looked up."""
        job = getattr(event, "job", None)
        name = os.path.basename(job.file) if job is not None else None
        files = [file for file in self.scouted.files if os.path.basename(os.path.realpath(file)) == name]
        if found := tuple(file for file in files if job is not None and os.path.realpath(file) == job.file):
            self.post_message(self.Listed(found))

    def on_file_list_resized(self) -> None:
        """Columns are as wide as there is room."""
        self._paint()

    def on_screen_resume(self) -> None:
        """Back from a dialog: what lies in the folder may be another."""
        self._looked_at = 0.0

    def on_file_list_clicked(self) -> None:
        """A click opens."""
        self.run_command("open_file")
