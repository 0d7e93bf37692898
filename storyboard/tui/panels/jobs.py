"""What was sent, what came of it, and where the videos are."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from storyboard.addresses import environment_without_key
from storyboard.compiler.price import dollars
from storyboard.disk import words_of
from storyboard.tui.masking import visible
from storyboard.tui.panels.rows import RowPanel
from storyboard.tui.threads import forgetting
from storyboard.tui.wording import in_the_editor

if TYPE_CHECKING:
    from textual.binding import BindingType

    from storyboard.jobs.plan import Account
    from storyboard.submitting.events import JobView, TakeView
    from storyboard.tui.board import Board

_MARKS = {
    "done": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "rejected": ("✗", "bold red"),
    "expired": ("✗", "bold red"),
}
_SANDBOX = "sandbox"
_IN_DOUBT = ("submitting", "unknown")
_SECOND = 1.0


def job_line(job: JobView, lack: str = "") -> Content:
    """A job in a line or two: mark, takes, state, time, money, where, what to do; `lack`: why it must be left."""
    free = job.service == _SANDBOX
    watched = job.ended or job.carried or job.elsewhere
    mark, style = _MARKS.get(job.state, ("●", "yellow") if not job.ended else ("?", "bold yellow"))
    numbers = [str(take.number) for take in job.takes if take.number is not None]
    takes = f"take {', '.join(numbers)}" if numbers else ""
    progress = f" {job.progress:.0f} %" if job.progress is not None and not job.ended else ""
    state = job.doing + progress if watched else "not watched" if job.sent else "not sent"
    clock = f"{int(job.seconds) // 60}:{int(job.seconds) % 60:02}" if job.seconds is not None and watched else ""
    price = dollars(job.cost) if job.cost is not None else f"about {dollars(job.estimate)}"
    parts: list[tuple[str, str]] = [
        (f"{mark} ", style),
        (f"{takes:<9} ", "bold"),
        (f"{state:<22} ", style),
        (f"{clock:>5}  {'free' if free else price:<12}", ""),
    ]
    if not watched:
        parts.append((f"\n    {lack or _how_to_go_on(job)}", ""))
    parts += [
        (f"\n    {visible(take.path)}{_where(take, job)}", "" if take.on_disk else "dim")
        for take in job.takes
        if take.path is not None
    ]
    if job.error:
        error = in_the_editor(job.error, "press r")
        parts.append((f"\n    {visible(error)}", "red"))
    return Content.assemble(*parts)


def lack_of(job: JobView, payer: Account | None) -> str:
    """Why this editor cannot carry a job on, and what to do; empty where it can."""
    if job.service == _SANDBOX:
        return ""
    if payer is None:
        return "RUNWARE_API_KEY is not set: start the editor with it, then r carries this on"
    if payer.service != job.service:
        return f"it belongs to {visible(job.service)}: start the editor with RUNWARE_BASE_URL set to it"
    if job.account != payer.fingerprint:
        return "another key paid, or would pay: start the editor with RUNWARE_API_KEY set to that one"
    return ""


def _how_to_go_on(job: JobView) -> str:
    """What a job that is not carried by anything waits for."""
    if not job.sent:
        price = "free" if job.service == _SANDBOX else f"about {dollars(job.estimate)}"
        return f"nothing of it was sent; r sends it, {price}"
    if job.state in _IN_DOUBT:
        return "it was sent without a clear answer; r asks, and sends it once if the service does not know it"
    return f"last known: {job.doing}; r carries it on, nothing new is bought"


def _where(take: TakeView, job: JobView) -> str:
    """What is to be said of a video's path: nothing where the video lies there."""
    if take.on_disk:
        return ""
    if take.fetched:
        return " (not there any more)"
    if job.ended:
        return " (was not downloaded)"
    return " (being downloaded)" if job.carried or job.elsewhere else " (not downloaded yet)"


class Jobs(RowPanel):
    """The jobs of this storyboard, newest first; `a` shows all."""

    TITLE = "Jobs:  r resume · o open folder · c copy path · a all or this storyboard's"
    HELP = "Jobs go on when you leave; opening the storyboard again carries them on, and so does `storyboard resume`."
    BINDINGS: ClassVar[list[BindingType]] = [
        ("r", "resume"),
        ("o", "open_folder"),
        ("c", "copy_path"),
        ("a", "all"),
    ]

    class _Read(Message):
        def __init__(self, question: tuple[bool, int], jobs: list[JobView]) -> None:
            super().__init__()
            self.question = question
            self.jobs = jobs

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._jobs: list[JobView] = []
        self._all = False
        self._questions = count()
        self._answered = -1
        """The last question whose answer is shown; answers to older ones come too late."""

    def on_mount(self) -> None:
        """Reads the ledger, and again every second while anything runs."""
        self.read()
        self.set_interval(_SECOND, self._tick)

    def _tick(self) -> None:
        if any(not job.ended for job in self._jobs):
            self.read()

    def hear_of_jobs(self) -> None:
        """Shows how they stand."""
        self.read()

    def read(self) -> None:
        """Asks the desk, in a thread."""
        desk = self.board.desk
        if desk is None:
            return
        file = None if self._all else os.fspath(self.session.path)
        question = (self._all, next(self._questions))
        self.run_worker(
            forgetting(partial(self._ask, question, file)),
            thread=True,
            exclusive=True,
            group="jobs",
            exit_on_error=False,
        )

    def _ask(self, question: tuple[bool, int], file: str | None) -> None:
        if (desk := self.board.desk) is not None:
            self.post_message(self._Read(question, desk.jobs(file)))

    def on_jobs__read(self, message: _Read) -> None:
        """Shows what is known."""
        everything, number = message.question
        if everything == self._all and number > self._answered:
            self._answered = number
            self._jobs = message.jobs
            self._draw()

    def _draw(self) -> None:
        payer = _payer()
        lines = [job_line(job, lack_of(job, payer)) for job in self._jobs]
        if self._all:
            names = [Content.styled(visible(job.shown) + "\n", "bold") for job in self._jobs]
            lines = [name + line for name, line in zip(names, lines, strict=True)]
        if not lines:
            lines = [Content.styled("no jobs yet: F5 submits; the sandbox costs nothing", "dim")]
        self.draw(lines, len(self._jobs))

    @property
    def chosen_job(self) -> JobView | None:
        """The one the cursor stands on."""
        return self._jobs[self.place] if self.place < len(self._jobs) else None

    def action_all(self) -> None:
        """All jobs, or this storyboard's."""
        self._all = not self._all
        self.read()

    async def action_go(self) -> None:
        """Enter carries it on."""
        self.action_resume()

    def action_resume(self) -> None:
        """Carries the chosen job on, from wherever it stopped; buys nothing."""
        job, desk = self.chosen_job, self.board.desk
        if job is None or desk is None:
            return
        if job.state == "done" and all(take.on_disk for take in job.takes):
            self.board.say("it is done: its videos are on disk")
            return
        lack = lack_of(job, _payer())
        if lack and not job.ended and not job.elsewhere:
            self.board.say(lack, "warning")
            return
        desk.resume([job.uuid])
        if lack:
            return  # what is on disk can be copied without its key: the desk says what came of it
        if job.sent:
            doubt = "it is asked for before anything is sent again"
            self.board.say(f"carrying it on; {doubt if job.state in _IN_DOUBT else 'nothing new is bought'}")
        else:
            self.board.say("sending what was approved before")

    def action_open_folder(self) -> None:
        """The folder of the chosen job's videos, in the system's own program."""
        path = self._path()
        if path is None:
            return
        program = shutil.which("xdg-open") or shutil.which("open")
        if program is None:
            self.board.say(f"nothing here can open folders; it is {os.path.dirname(path)}")
            return
        null = subprocess.DEVNULL
        try:
            subprocess.Popen(  # noqa: S603 - the system's own program, on a folder of ours
                [program, os.path.dirname(path)],
                stdin=null,
                stdout=null,
                stderr=null,
                env=environment_without_key(),
                start_new_session=True,
            )
        except OSError as error:
            words = words_of(error)
            self.board.say(f"{program} does not start ({words}); the folder is {os.path.dirname(path)}", "warning")

    def action_copy_path(self) -> None:
        """The first video's path to the clipboard."""
        if (path := self._path()) is not None:
            self.board.copy(path, "the path")

    def _path(self) -> str | None:
        job = self.chosen_job
        path = next((take.path for take in job.takes if take.path and take.on_disk), None) if job else None
        if path is None:
            self.board.say("no video of it is on disk")
            return None
        return os.path.abspath(path)


def _payer() -> Account | None:
    """The account of the environment's key; None where it holds none, or none that can be one."""
    from storyboard.submitting.accounts import real_account
    from storyboard.submitting.errors import SubmitError

    try:
        return real_account()
    except SubmitError:
        return None


PANEL = Jobs
