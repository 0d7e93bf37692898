"""The application: one board or one folder at a time, and the jobs that outlive both."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, events
from textual.app import App, SystemCommand
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerFailed

from storyboard.document import DocumentError
from storyboard.session import Session
from storyboard.tui.board import Board
from storyboard.tui.commanding import Commanding
from storyboard.tui.desk import Desk, DeskSpoke, StandingsKnown
from storyboard.tui.guarding import report_failure, report_worker, write_report
from storyboard.tui.keyboard import Keyboard
from storyboard.tui.masking import line_of
from storyboard.tui.toasts import is_asking_for_money, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textual.binding import BindingType
    from textual.driver import Driver
    from textual.message import Message
    from textual.screen import Screen

    from storyboard.tui.clipboard import Clipboard
    from storyboard.tui.folder import Folder
    from storyboard.tui.preferences import Preferences
    from storyboard.tui.scouting import Scouted

_TERMINATED = 128


def _driver() -> type[Driver] | None:
    """Ours on terminals and in a browser; Textual's own elsewhere."""
    if os.name != "posix":
        return None
    if constants.DRIVER == "textual.drivers.web_driver:WebDriver":
        from storyboard.tui.web_terminal import WebTerminal

        return WebTerminal
    if constants.DRIVER:
        return None
    from storyboard.tui.terminal import TidyDriver

    return TidyDriver


class Editor(App[int]):
    """Opens a storyboard, or the folder of them."""

    TITLE = "Storyboard"
    # Here and not at the screens: for the styles of a screen that comes later, Textual reads all others once more.
    CSS_PATH = ["board.tcss", "folder.tcss"]  # noqa: RUF012 - as Textual declares it
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+q", "quit", "Quit")]

    def __init__(self, path: Path, preferences: Preferences) -> None:
        super().__init__(driver_class=_driver())
        self._path = path
        self._preferences = preferences
        self.failure: str | None = None
        """Why the editor ended, where that was not asked for."""
        self._last: str | None = None
        """The file that was opened last."""
        self._scouted: Scouted | None = None
        """What is known of the folder that was shown last."""
        self.keyboard = Keyboard(self, super().post_message)
        self._untold: list[Callable[[], None]] = []
        """Messages that wait for a question about money to go."""
        self.desk = Desk(self)

    def on_mount(self) -> None:
        """Opens what was asked for."""
        self._preferences.apply(self)
        self._listen_to_signals()
        self.call_later(self._open)  # what is opened while the app is being mounted is drawn twice

    def _open(self) -> None:
        if self._path.is_dir():
            self.show_folder(os.fspath(self._path))
        else:
            self.open_file(self._path)

    def open_file(self, path: Path) -> None:
        """A board for this file; one that cannot be read says why, and offers what a crash may have left."""
        from storyboard import recovery

        named = path
        with suppress(OSError):  # while it can be known: the folder that this was started in may go
            path = Path(os.getcwd()) / path
        try:
            session = Session.open(path)
        except DocumentError as error:
            if (found := recovery.find(path)) is not None:
                session = Session.open_recovered(path, found)
                self.notify(f"{error.reason}; this is unsaved work of an earlier session", markup=False, timeout=10)
            else:
                self._cannot_open(named, error)
                return
        if len(self.screen_stack) > 1:
            _ = session.outlook  # where it cannot be made, the screen that is there stays
        self._last = os.path.abspath(path)
        self._show(Board(session, self.desk, pictures=self._preferences.pictures))

    def _cannot_open(self, path: Path, error: DocumentError) -> None:
        """Where a screen is there already it stays; else there is nothing to show."""
        if len(self.screen_stack) > 1:
            words = f"{path.name}: line {error.line}: {error.reason}"
            self.notify(line_of(words), severity="error", markup=False)
        else:
            self.failure = f"{path}:{error.line}:{error.column}: {error.reason}"
            self.exit(1)

    def show_folder(self, folder: str) -> None:
        """The storyboards of a folder; of the one that was shown before, where this one lies in it."""
        from storyboard.tui.folder import Folder
        from storyboard.tui.scouting import Scouted, absolute

        folder = absolute(folder)
        if self._scouted is None or not self._scouted.holds(folder):
            self._scouted = Scouted(folder)
        self._show(Folder(self._scouted, at=self._last))

    def on_folder_chosen(self, message: Folder.Chosen) -> None:
        """From the folder to a board; what cannot be opened leaves the folder as it is."""
        try:
            self.open_file(message.file)
        except Exception as error:  # noqa: BLE001 - no file ends the editor
            report_failure(self, error)

    def on_board_folder_wanted(self, message: Board.FolderWanted) -> None:
        """From a board to the folder."""
        self.show_folder(message.folder)

    def on_board_saved(self, message: Board.Saved) -> None:
        """Another text may be another request, and another file the one that was opened last."""
        self._last = os.path.abspath(message.path)
        self.desk.ask_standings([os.fspath(message.path)])

    def on_folder_listed(self, message: Folder.Listed) -> None:
        """The files are known: which of them were paid for?"""
        self.desk.ask_standings(message.files)

    def on_standings_known(self, message: StandingsKnown) -> None:
        """Shown where the files are."""
        latest = self.desk.is_latest
        words = {file: words for file, words in message.words.items() if latest(file, message.question)}
        for screen in self.screen_stack:
            if isinstance(screen, Commanding):
                screen.set_paid(words)

    def on_desk_spoke(self, message: DeskSpoke) -> None:
        """Told in passing wherever one is; the jobs panel shows it."""
        from storyboard.submitting.events import Broken, Changed, Finished, Refused
        from storyboard.tui.wording import in_the_editor

        event = message.event
        if not isinstance(event, Changed):
            done = isinstance(event, Finished) and event.job.state == "done"
            if isinstance(event, Refused | Broken):
                words = in_the_editor(event.words, "submit it again" if isinstance(event, Refused) else "try it again")
            else:
                words = in_the_editor(event.words)
            self.notify(line_of(words), severity="information" if done else "warning", markup=False, timeout=8)
        for screen in self.screen_stack:
            if isinstance(screen, Commanding):
                screen.hear_of_jobs(event)

    def on_unmount(self) -> None:
        """Jobs go on at the service, and can be resumed."""
        self.keyboard.close()
        self.desk.close()
        if "clipboards" in self.__dict__:
            self.clipboards.close()

    def _show(self, screen: Screen[Any]) -> None:
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def post_message(self, message: Message) -> bool:
        """What comes from the terminal goes through the keyboard."""
        if isinstance(message, events.InputEvent | events.Paste) and not message.is_forwarded:
            return self.keyboard.take(message)
        return super().post_message(message)

    async def on_event(self, event: events.Event) -> None:
        """A paste gives a page that was left its focus back, as Textual has it for keys."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            self.app_focus = True
        await super().on_event(event)

    @property
    def board(self) -> Board | None:
        """The board that is open, also below a dialog."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Board)), None)

    async def action_quit(self) -> None:
        """Asks about unsaved work, wherever one is."""
        if self.board is None:
            self.exit(0)
        elif self.screen is self.board:
            self.board.run_command("quit")
        elif isinstance(self.screen, ModalScreen):
            self.screen.dismiss(None)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: the screen's own commands first."""
        if isinstance(screen, Commanding):
            for command in screen.OWN_COMMANDS:
                yield SystemCommand(command.title, command.help, partial(screen.run_command, command.id))
        for system in super().get_system_commands(screen):
            if system.title == "Theme":
                yield system

    # what is copied

    def copy_to_clipboard(self, text: str, what: str = "") -> None:
        """Copies a text to every clipboard that can be reached; where it is then is said of `what`."""
        try:
            super().copy_to_clipboard(text)
        except UnicodeEncodeError:  # a path that is no UTF-8
            super().copy_to_clipboard(text.encode(errors="replace").decode())
        self._clipboard = text
        self.clipboards.copy(text, what)

    @cached_property
    def clipboards(self) -> Clipboard:
        """What is reached beside the terminal."""
        from storyboard.tui.clipboard import Clipboard

        return Clipboard(self)

    def on_clipboard_copied(self, message: Clipboard.Copied) -> None:
        """It is said as far as it is known."""
        tell(self, line_of(message.words), "information")

    # what is told in passing

    def notify(self, message: str, **how: Any) -> None:
        """Shows a message; while a question about money is in sight, after that."""
        if is_asking_for_money(self):
            self._untold.append(partial(super().notify, message, **how))
        else:
            super().notify(message, **how)

    def tell_what_waited(self) -> None:
        """Shows the messages that waited for a question about money."""
        waited, self._untold = self._untold, []
        for say in waited:
            say()

    # what fails is told, and the editor goes on

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Lends the terminal to another program; what had come already was meant for that one.

        Whatever fails there is raised when the terminal is the editor's again, which Textual leaves out.
        """
        failure: BaseException | None = None
        with super().suspend():
            try:
                yield
            except BaseException as error:  # noqa: BLE001 - raised below
                failure = error
        self.keyboard.forget()
        if failure is not None:
            raise failure

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What fails in a thread is told."""
        report_worker(self, event)

    async def run_action(self, *args: Any, **kwargs: Any) -> bool:
        """Runs what a key or a click stands for."""
        try:
            return await super().run_action(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - no key ends the editor
            report_failure(self, error)
            return True

    def push_screen(self, screen: Any, callback: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Shows a screen; `callback` hears its answer."""
        return super().push_screen(screen, callback and partial(self._answer, callback), *args, **kwargs)

    def _answer(self, callback: Callable[[Any], object], answer: Any) -> Any:
        try:
            return callback(answer)
        except Exception as error:  # noqa: BLE001 - no answer ends the editor
            report_failure(self, error)
            return None

    def _listen_to_signals(self) -> None:
        """Ends in order when the system or a closed terminal asks for it, with unsaved work kept."""
        import asyncio

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._end, number)
        loop.set_exception_handler(lambda _, context: self._fail_late(context.get("exception")))

    def _fail_late(self, error: BaseException | None) -> None:
        """What ended a task or a callback that nothing waits for."""
        if isinstance(error, Exception):
            self._handle_exception(error)

    def fail_in_thread(self, error: BaseException | None) -> None:
        """Ends as after any failure; for what ended a thread."""
        if not isinstance(error, Exception):
            return
        if self._loop is None or self._loop.is_closed():
            write_report(error)
        else:
            self._loop.call_soon_threadsafe(self._handle_exception, error)

    def interrupt(self) -> None:
        """Ends in order after a SIGINT; for its handler, which may come between any two steps."""
        if self._loop is None or self._loop.is_closed():
            raise KeyboardInterrupt
        self._loop.call_soon_threadsafe(self._end, signal.SIGINT)

    def on_exit_app(self) -> None:
        """A browser's page was closed: unsaved text is kept for the next one."""
        self._keep()

    def _end(self, number: int) -> None:
        self._keep()
        self.exit(_TERMINATED + number, return_code=_TERMINATED + number)

    def _keep(self) -> None:
        if self.board is not None:
            self.board.session.keep()

    def fail(self, error: Exception) -> None:
        """Keeps the text and writes down where it happened; what is said of it is `failure`."""
        try:
            self._keep()
        except Exception as second:  # noqa: BLE001 - the first is the one that counts
            write_report(second)
        if self.failure is not None:
            return  # what follows from the first is not worth a word
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        place = write_report(error)
        self.failure = f"this is a bug ({type(error).__name__})" + (f"; a report lies in {place}" if place else "")
        if self.board is None or self.board.session.file.unkept is None:
            self.failure += "; unsaved text is offered when you open the file again"

    def _handle_exception(self, error: Exception) -> None:
        """A failure anywhere in the editor, or in what it is made of."""
        self.fail(error)
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.exit(70, return_code=70)

    def panic(self, *renderables: Any) -> None:
        """Textual ends with these words; here it is a failure as any other."""
        del renderables
        error = sys.exc_info()[1]
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError("panic"))
