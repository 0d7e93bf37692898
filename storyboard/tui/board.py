"""The board: everything of one storyboard in sight, and the commands that edit its session."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message

from storyboard.session import KEEPING_SECONDS
from storyboard.tui import wording
from storyboard.tui.asking import Asking
from storyboard.tui.commanding import Commanding
from storyboard.tui.commands import BOARD_COMMANDS, SHOT_KEYS, bindings
from storyboard.tui.drawing import Drawing
from storyboard.tui.garbage import collect_from_now
from storyboard.tui.keyline import KeyLine, keys_of
from storyboard.tui.painted import Painted
from storyboard.tui.panel_place import PanelPlace
from storyboard.tui.prompt import PromptEditor
from storyboard.tui.shots import ShotList
from storyboard.tui.timeline import Timeline
from storyboard.tui.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.checks import Report
    from storyboard.session import Session
    from storyboard.submitting.desk import JobDesk
    from storyboard.submitting.events import Event
    from storyboard.tui.desk import Desk
    from storyboard.tui.files import BoardFiles
    from storyboard.tui.first_frame import FirstFrame
    from storyboard.tui.panels.fields import LineField
    from storyboard.tui.panels.panel import Panel


class Board(Asking, Commanding):
    """Shows a session; every change goes through `edit`, and `show` draws what came of it."""

    OWN_COMMANDS = BOARD_COMMANDS
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (50, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (32, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BOARD_COMMANDS),
        *(Binding(key, f"go({index})", show=False, priority=True) for index, key in enumerate(SHOT_KEYS)),
    ]

    class Saved(Message):
        """The session was written to its file."""

        def __init__(self, path: os.PathLike[str]) -> None:
            super().__init__()
            self.path = path

    class FolderWanted(Message):
        """The person wants to see the storyboards of a folder."""

        def __init__(self, folder: str) -> None:
            super().__init__()
            self.folder = folder

    def __init__(self, session: Session, desk: Desk | None = None, *, pictures: bool | None = None) -> None:
        """`pictures`: whether the first frame is shown; None where the terminal decides."""
        super().__init__()
        self._pictures = pictures
        self.first_frame: FirstFrame | None = None
        self._desk = desk
        self.session = session
        session.keeps_while_typing = False
        self.current = 0
        """Index of the shot whose prompt is being edited."""
        self.paid = ""
        """Whether the present request was paid for, in words."""
        self.place = PanelPlace(self)
        self._filled = False
        self._is_whole = False
        self.note: LineField
        self.drawing = Drawing(self)
        self.writing = Writing(self)

    @cached_property
    def files(self) -> BoardFiles:
        """What it does with its file."""
        from storyboard.tui.files import BoardFiles

        return BoardFiles(self)

    @cached_property
    def doers(self) -> tuple[object, ...]:
        """Who does what its commands say."""
        from storyboard.tui.actions import BoardActions
        from storyboard.tui.previewing import PreviewActions
        from storyboard.tui.shot_actions import ShotActions
        from storyboard.tui.submit_actions import SubmitActions

        previews = PreviewActions(self, self.to_draw)
        return BoardActions(self), ShotActions(self), SubmitActions(self), self.files, previews

    def compose(self) -> ComposeResult:
        """The parts that are always in sight."""
        yield Painted(id="status")
        with Horizontal(id="time"):
            yield Timeline()
            yield Painted(id="clock")
        with Horizontal(id="middle"):
            yield ShotList()
            with Vertical(id="work"):
                yield PromptEditor(self.writing.typed, self.run_command)
                yield Painted(id="sends")
                yield Painted(id="budget")
        yield KeyLine([one for one in BOARD_COMMANDS if one.footer], keys_of(self.app))

    def on_mount(self) -> None:
        """Shows the title and the first prompt; what follows from the text comes with the next picture."""
        self.editor = self.query_one("#prompt", PromptEditor)
        self.editor.open(self.prompt_of(0))
        self.set_focus(self.editor)
        self.query_one("#status", Painted).paint(Content.styled(wording.title(self.session), "bold"))
        self.set_timer(0.02, self._settle)

    async def _settle(self) -> None:
        """What the first picture need not wait for."""
        from storyboard.tui.completion import Completion
        from storyboard.tui.panels.fields import LineField

        self.editor.completion = self.completion = Completion(self.cast)
        self.note = LineField(self.writing.write_note)
        self.note.id = "note"
        work = self.query_one("#work")
        await work.mount(self.note, before="#budget")
        await work.mount(self.place)
        await self.mount(self.completion)
        self._filled = True
        self.go(0)
        collect_from_now()
        await self.open_panel("problems", focus=False)
        self._is_whole = True
        self.set_interval(KEEPING_SECONDS, self.files.keep_typed)
        self.set_interval(1.0, self._look_at_disk)
        await self._show_pictures()
        self.files.ask_about_recovery()
        if self._desk is not None:
            self._desk.ask_standings([os.fspath(self.session.path)])
            self._desk.watch(os.fspath(self.session.path))

    def _look_at_disk(self) -> None:
        self.files.look_at_disk()
        if self._desk is not None and self.is_current:
            self._desk.look_at_ledger(os.fspath(self.session.path))

    async def _show_pictures(self) -> None:
        """The first frame, where the terminal can and the person wants it."""
        from storyboard.tui.first_frame import FirstFrame, can_show

        if can_show(self.app.console.color_system) if self._pictures is None else self._pictures:
            self.first_frame = FirstFrame(self)
            await self.query_one(ShotList).mount(self.first_frame)

    @property
    def is_settled(self) -> bool:
        """Whether panels and fields are there."""
        return self._is_whole

    @property
    def panel(self) -> Panel | None:
        """The panel that is open."""
        return self.place.panel

    # jobs

    @property
    def desk(self) -> JobDesk | None:
        """Where jobs are carried; none in a board by itself."""
        return self._desk.jobs if self._desk is not None else None

    def set_paid(self, words: Mapping[str, str]) -> None:
        """Whether the request on disk was paid for."""
        mine = words.get(os.fspath(self.session.path))
        if mine is not None:
            self.paid = mine or "not paid yet"
            self.drawing.status()

    def hear_of_jobs(self, event: Event) -> None:
        """Something happened to a job: the panel shows it, and where the present request stands is looked up."""
        if self.panel is not None:
            self.panel.hear_of_jobs()
        file, job = os.fspath(self.session.path), getattr(event, "job", None)
        if self._desk is not None and (job is None or job.file == os.path.realpath(file)):
            self._desk.ask_standings([file])

    # what is shown

    def show(self) -> None:
        """Draws whatever follows from the session's text."""
        self._stay_in_the_film()
        self.drawing.draw()
        self.place.show()
        if self.first_frame is not None:
            self.first_frame.follow()

    # changing the session

    def edit(self, change: Callable[[Session], Any]) -> Any:
        """Makes a change and shows what came of it; one that cannot be made is said, and nothing changed."""
        result = self.writing.make(change)
        self.follow()
        return result

    def follow(self, *, travel: bool = False) -> None:
        """Shows what became of the session, in the fields too; with `travel` the cursor goes where the text changed."""
        if self._filled:
            self._stay_in_the_film()
            self.writing.refill(travel=travel)
        self.show()

    def _stay_in_the_film(self) -> None:
        self.current = min(self.current, max(len(self.session.seconds) - 1, 0))

    async def is_sound(self, undone: str) -> bool:
        """Whether there are no errors; else they are shown, and it is said what is `undone`: sent, drawn."""
        if not self.session.report.has_errors:
            return True
        await self.open_panel("problems")
        self.say(f"there are errors: nothing can be {undone} before they are gone", "warning")
        return False

    async def to_draw(self) -> Report | None:
        """What previews are made of: the text as it stands."""
        return self.session.report if await self.is_sound("drawn") else None

    # finding one's way

    def go(self, index: int) -> None:
        """Makes another shot the current one."""
        if self._filled and (index < len(self.session.seconds) or not self.session.seconds):
            self.current = index
            self.editor.open(self.prompt_of(index))
            self.writing.fill_note()
            self.show()

    def action_go(self, index: int) -> None:
        """A shot by its number, where there is one."""
        if index and index >= len(self.session.seconds):
            return
        self.go(index)
        self.place.give_way(self.editor)

    def on_timeline_selected(self, message: Timeline.Selected) -> None:
        """A click on the timeline."""
        self.action_go(message.index)

    def on_shot_list_selected(self, message: ShotList.Selected) -> None:
        """A click in the list; below the last shot it adds one."""
        if message.index < len(self.session.seconds):
            self.action_go(message.index)
        else:
            self.run_command("add")

    def on_timeline_dragged(self, message: Timeline.Dragged) -> None:
        """Whole seconds from one neighbour to the other; all of one drag is one step."""
        seconds = list(self.session.seconds)
        if message.index + 1 >= len(seconds):
            return  # the shot went while its border was held
        both = seconds[message.index] + seconds[message.index + 1]
        seconds[message.index : message.index + 2] = [message.seconds, both - message.seconds]
        self.edit(lambda session: session.set_seconds(seconds, run=message.run))

    async def open_panel(self, name: str, *, focus: bool = True) -> None:
        """Opens a panel in the one place for them; the one that is open already goes back to the prompt."""
        await self.place.open(name, focus=focus)

    def on_resize(self) -> None:
        """Lines are as long as the screen is wide."""
        if self._filled:
            self.call_after_refresh(self.show)
