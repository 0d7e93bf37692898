"""The board and its file: saving, reloading, what others did to it, what a crash left, and leaving."""

from __future__ import annotations

import contextlib
import os
from time import localtime, strftime
from typing import TYPE_CHECKING

from textual.content import Content

from storyboard.disk import ReadOnly, lock_of, may_pass, why_not_replaced, words_of
from storyboard.document import DocumentError
from storyboard.document.saving import ChangedOnDisk
from storyboard.filing import USUAL_ENDING
from storyboard.folder_names import ending_of, fault_of_name, file_named, without_ending
from storyboard.jobs.paths import expanded
from storyboard.storyfile import DiskChange
from storyboard.tui.dialogs import Ask, Choice
from storyboard.tui.differences import difference, summary
from storyboard.tui.masking import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.recovery import Recovered
    from storyboard.tui.board import Board


class BoardFiles:
    """What the board does with its file."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._asking = False
        self._seen: DiskChange | None = None
        """A change on disk that was asked about."""
        self._unlocked = False
        """Whether the person has said that this read-only file is to be written."""

    def do_save(self) -> None:
        """Writes the file."""
        self.save()

    def save(self, then: Callable[[], None] = lambda: None, over: DiskChange | None = None) -> None:
        """Saves, asking first where another program wrote the file meanwhile, or where the file is read-only.

        `then` follows a save that was made.
        """
        session = self.board.session
        try:
            written = session.save(over=over, even_read_only=self._unlocked)
        except ChangedOnDisk as change:
            self._ask_which(DiskChange(change.theirs), then)
            return
        except ReadOnly as error:
            self._ask_about_lock(words_of(error), then, over)
            return
        except OSError as error:
            gone = not os.path.isdir(os.path.dirname(session.path))
            words = "its folder is gone, another can be named with Save as" if gone else words_of(error)
            if not gone and not may_pass(error):
                words = f"{why_not_replaced(error)}; Save as (Alt+A) can write another file"
            self.board.say(f"not saved: {words}; your text is kept here", "error")
            return
        self.board.say("saved" if written else "nothing to save: the file says the same")
        self._is_another_request()
        self.board.show()
        then()

    def _ask_about_lock(self, why: str, then: Callable[[], None], over: DiskChange | None) -> None:
        """A read-only file is written only on a person's word, which holds until the file is no longer read-only."""
        name = line_of(self.board.session.path.name)
        choices = [("no", "Do not save"), ("as", "Save as …")]
        lock = lock_of(self.board.session.path)
        if lock is None or lock.lets_replace:
            kept = "it will belong to you" if self._is_anothers() else "it stays read-only"
            words = f"{name} was not saved: {why}. Written anyway, {kept}."
            choices.append(("write", "Write anyway"))
        else:
            words = f"{name} was not saved: {why}. Another name or folder can be chosen."

        def decide(answer: str | None) -> None:
            if answer == "write":
                self._unlocked = True
                self.save(then, over)
            elif answer == "as":
                self.save_as(then)

        self._ask(Choice("This file is read-only", words, choices), decide)

    def _is_anothers(self) -> bool:
        """Whether the file belongs to another user, and would not afterwards."""
        with contextlib.suppress(OSError):
            return os.name == "posix" and os.stat(self.board.session.path).st_uid != os.geteuid() != 0
        return False

    def _is_another_request(self) -> None:
        """What is on disk is not what was asked about: whether it was paid for is not known until it is looked up."""
        self.board.paid = ""
        self.board.post_message(self.board.Saved(self.board.session.path))

    def do_save_as(self) -> None:
        """Another file."""
        self.save_as()

    def save_as(self, then: Callable[[], None] = lambda: None) -> None:
        """Asks for another file and saves there; `then` follows a save that was made."""
        path = self.board.session.path
        folder, ending = os.path.dirname(os.path.abspath(path)), ending_of(path.name) or USUAL_ENDING

        def fault(answer: str) -> str | None:
            found = fault_of_name(folder, expanded(answer), ending, inside=False)
            return line_of(found) if found is not None else None

        def save_as(answer: str | None) -> None:
            if not answer:
                return
            try:
                self.board.session.save_as(file_named(folder, expanded(answer), ending))
            except (OSError, ChangedOnDisk) as error:
                taken = isinstance(error, ChangedOnDisk)
                self.board.say(f"not saved: {'there is such a file already' if taken else words_of(error)}", "error")
                return
            self._unlocked = False
            self.board.say(f"saved as {self.board.session.path.name}")
            self._is_another_request()
            self.board.show()
            then()

        self.board.app.push_screen(Ask("Save as", without_ending(path.name), fault), save_as)

    # what others did

    def look_at_disk(self) -> None:
        """Takes over what another program wrote, where nothing is unsaved."""
        if self._asking or not self.board.is_current:
            return
        before = self._looks
        try:
            change = self.board.session.changed_on_disk()
        except OSError:
            return
        finally:
            if self.board.session.file.read_only is None:
                self._unlocked = False
            if self._looks != before:
                self.board.show()
        if change is None or not self.board.session.file.exists:
            return
        if self.board.session.document.dirty or change.data is None:
            if change != self._seen and not self.board.is_in_use:
                self._seen = change
                self._ask_which(change, lambda: None)
            return
        if change != self._seen:
            self._reload("the file changed on disk: shown as it is now", change)

    @property
    def _looks(self) -> tuple[bool, bool]:
        """What of the file's standing is in sight."""
        return self.board.session.dirty, self.board.session.file.read_only is not None

    def _reload(self, words: str, change: DiskChange) -> None:
        try:
            self.board.session.reload()
        except DocumentError as error:
            self._seen = change
            self.board.say(f"the file on disk cannot be read: line {error.line}: {error.reason}", "warning")
            return
        self._seen = None
        self._is_another_request()
        self.board.follow()
        self.board.say(words)

    def _ask_which(self, change: DiskChange, then: Callable[[], None]) -> None:
        """Two versions: the person decides, seeing the difference."""
        gone = change.data is None
        title = "The file is gone" if gone else "Another program changed this file"
        choices = [("wait", "Decide later"), ("mine", "Write mine"), *([] if gone else [("theirs", "Take theirs")])]

        def decide(answer: str | None) -> None:
            if answer == "mine":
                self.save(then, over=change)
            elif answer == "theirs":
                self._reload("their version; undo leads back to yours", change)

        body = difference(change.data or b"", self.board.session.document.to_bytes(), "on disk", "yours")
        self._ask(Choice(title, body, choices), decide)

    def _ask(self, question: Choice, decide: Callable[[str | None], None]) -> None:
        """Asks one thing at a time: the file is not looked at meanwhile."""
        self._asking = True

        def answered(answer: str | None) -> None:
            self._asking = False
            decide(answer)

        self.board.app.push_screen(question, answered)

    # what a crash leaves

    def keep_typed(self) -> None:
        """Keeps what was typed, for after a crash; done between keys, because a disk may take longer than a frame."""
        if self.board.session.keep_pending:
            self.board.session.keep()
            self.board.drawing.status()

    def ask_about_recovery(self) -> None:
        """Offers unsaved text of an earlier session, as soon as nothing is being typed."""
        if self.board.is_in_use:
            self.board.set_timer(0.5, self.ask_about_recovery)
            return
        found: Recovered | None = self.board.session.recoverable()
        if (unkept := self.board.session.file.unkept) is not None:
            self.board.say(
                f"{words_of(unkept)}: unsaved text is not kept against a crash; STORYBOARD_STATE_DIR can name a folder",
                "warning",
            )
        if found is None:
            return
        when = strftime("%d %B %H:%M", localtime(found.written_at))

        def decide(answer: str | None) -> None:
            if answer == "recover":
                try:
                    self.board.session.recover(found)
                except DocumentError as error:
                    self.board.say(f"it cannot be read: line {error.line}: {error.reason}; it is kept", "error")
                    return
                self.board.follow()
                self.board.say("recovered, not saved yet; undo leads back to the file")
            elif answer == "drop":
                self.board.session.give_up(found)

        body = difference(self.board.session.document.to_bytes(), found.data, "on disk", "unsaved")
        choices = [("later", "Decide later"), ("recover", "Recover it"), ("drop", "Throw it away")]
        self._ask(Choice(f"Unsaved work of {when} was left behind", body, choices), decide)

    # leaving

    def leave(self, then: Callable[[], None]) -> None:
        """Goes on with `then` once nothing is unsaved, or it was given up."""
        with contextlib.suppress(OSError):
            self.board.session.changed_on_disk()  # a file that is gone makes everything unsaved

        def go_on() -> None:
            self.board.session.close()
            then()

        if not self.board.session.dirty:
            go_on()
            return

        def decide(answer: str | None) -> None:
            if answer == "save":
                self.save(go_on, over=DiskChange(None) if self.board.session.file.gone else None)
            elif answer == "drop":
                go_on()

        words = summary(self.board.session)
        if self.board.session.file.gone:
            words = Content("The file is gone from the disk: what is here is all there is.")
        choices = [("stay", "Stay"), ("save", "Save and leave"), ("drop", "Leave without saving")]
        self.board.app.push_screen(Choice("Unsaved work", words, choices), decide)

    def do_quit(self) -> None:
        """Asks about unsaved work."""
        self.leave(self.board.app.exit)

    def do_open(self) -> None:
        """The folder's storyboards."""
        folder = os.path.dirname(os.path.abspath(self.board.session.path))

        def go() -> None:
            self.board.post_message(self.board.FolderWanted(folder))

        self.leave(go)
