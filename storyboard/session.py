"""An open storyboard being edited: its text, and everything that follows from it, after each edit."""

from __future__ import annotations

import contextlib
import math
from time import monotonic
from typing import TYPE_CHECKING, Any

from storyboard import cast_edits, recovery
from storyboard.document import Document, EditRefused, read_bytes
from storyboard.shot_steps import ShotSteps
from storyboard.storyfile import StoryFile
from storyboard.typing_run import TypingRun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal
    from pathlib import Path

    from storyboard.checks import Diagnostic, Report
    from storyboard.document import Reading
    from storyboard.model import Storyboard
    from storyboard.outlook import Outlook
    from storyboard.recovery import Recovered
    from storyboard.storyfile import DiskChange

KEEPING_SECONDS = 0.5
"""While somebody types, unsaved text is kept for recovery this often."""


class Session(ShotSteps):
    """One storyboard in the hands of one person; knows no terminal."""

    def __init__(self, path: Path, data: bytes, *, on_disk: bool = True) -> None:
        """`data` is what the file holds, or what it is to begin with where it is not `on_disk` yet; DocumentError."""
        self.file = StoryFile(path, data if on_disk else None)
        self.keep_pending = False
        """Whether something was typed that is not kept for recovery yet: who stops typing should call `keep`."""
        self.keeps_while_typing = True
        """Whether the keys that fill a field may also write to the disk; else somebody calls `keep` now and then."""
        self._kept_at = -math.inf
        self._typing: TypingRun | None = None
        self._outlook: Outlook | None = None
        self._load(data)

    @classmethod
    def open(cls, path: Path) -> Session:
        """Opens a file; raises DocumentError for what cannot be read."""
        return cls(path, read_bytes(path))

    @classmethod
    def open_recovered(cls, path: Path, found: Recovered) -> Session:
        """Opens what an earlier session left where the file itself is gone or cannot be read; raises DocumentError."""
        session = cls(path, found.data, on_disk=False)
        session.document.mark_unsaved()
        session.file.take_over(found, found.data)
        return session

    def _load(self, data: bytes) -> None:
        self.document = Document.parse(data)
        self._end_typing()
        self._forget_outlook()

    # what follows from the text

    def _forget_outlook(self) -> None:
        self._outlook = None

    @property
    def outlook(self) -> Outlook:
        """Everything that follows from the text, made when it is first asked for."""
        if self._outlook is None:
            from storyboard.outlook import Outlook

            self._outlook = Outlook(self.document, self.path)
        return self._outlook

    @property
    def text(self) -> str:
        """The file's text as it stands."""
        return self.document.text

    @property
    def storyboard(self) -> Storyboard | None:
        """The model, None while there are errors."""
        return self.outlook.storyboard

    @property
    def report(self) -> Report:
        """The check of the text as it stands."""
        return self.outlook.report

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Everything wrong or weak, in file order."""
        return self.outlook.diagnostics

    @property
    def seconds(self) -> list[int]:
        """Each shot's seconds; 1 stands for what is missing or unsound."""
        return self.outlook.seconds

    @property
    def texts(self) -> list[str]:
        """Each shot's text as it would be sent, empty where there is none."""
        return self.outlook.texts

    @property
    def prompt(self) -> str | None:
        """The whole compiled prompt, None while there are errors."""
        return self.outlook.prompt

    @property
    def price(self) -> Decimal | None:
        """US dollars that submitting would cost, None while the seconds make no sum."""
        return self.outlook.price

    @property
    def total(self) -> int:
        """The total that timing tools hold: `duration` where it is sound, else the sum of the shots."""
        return self.outlook.total

    @property
    def dirty(self) -> bool:
        """Whether there is anything that is not on disk."""
        return self.document.dirty or not self.file.exists or self.file.gone

    # edits

    def set(self, path: Sequence[str | int], value: Any, *, typing: bool = False) -> None:
        """Puts a value where `path` leads; raises EditRefused.

        `typing`: a keystroke, which joins the keystrokes in the same field shortly before.
        """
        if typing:
            self._type(tuple(path), lambda since: self.document.set(path, value, since=since))
        else:
            self.document.set(path, value)
            self._changed()

    def _type(self, path: tuple[str | int, ...], write: Callable[[Reading], None]) -> None:
        """Writes a keystroke as if all of the run had been typed at once: what was taken back leaves no trace."""
        now, typing = monotonic(), self._typing
        if typing is None or typing.path != path:
            typing = TypingRun(path, self.document.reading)
        typing.pressed(now)
        with self.document.one_step(typing.step):
            write(typing.since)
        self._typing = typing
        self._forget_outlook()
        self.keep_pending = True
        if self.keeps_while_typing and (now - self._kept_at > KEEPING_SECONDS or not self.dirty):
            self.keep()

    def unset(self, path: Sequence[str | int], *, typing: bool = False) -> None:
        """Takes a key out; raises EditRefused.

        `typing`: the keystroke that emptied the field; the next one in it finds the key where it stood.
        """
        if typing:
            self._type(tuple(path), lambda since: self.document.unset(path, since=since))
        else:
            self.document.unset(path)
            self._changed()

    def rename_cast(self, old: str, new: str, *, everywhere: bool = False) -> None:
        """Gives a name of the cast another one, `everywhere` also in prompts and look; one step. Raises EditRefused."""
        with self.document.one_step():
            cast_edits.rename(self.document, old, new, everywhere=everywhere)
        self._changed()

    def fix(self, diagnostic: Diagnostic) -> None:
        """Makes the fix that a diagnostic offers; raises EditRefused, also where it offers none."""
        if diagnostic.fix is None:
            raise EditRefused("this has no fix: change it by hand", diagnostic.line)
        diagnostic.fix.apply(self.document)
        self._changed()

    def undo(self) -> bool:
        """Goes back by one step; whether there was one."""
        return self._went(self.document.undo())

    def redo(self) -> bool:
        """Goes forward by one step; whether there was one."""
        return self._went(self.document.redo())

    def _went(self, went: bool) -> bool:
        if went:
            self._changed()
        return went

    def _end_typing(self) -> None:
        self._typing = None

    def _changed(self) -> None:
        self._end_typing()
        self._forget_outlook()
        self.keep()

    def keep(self) -> None:
        """Keeps unsaved text for recovery; done after every edit, while typing only now and then."""
        self._kept_at = monotonic()
        self.keep_pending = False
        self.file.keep(self.document.to_bytes() if self.dirty else None)

    # the file

    @property
    def path(self) -> Path:
        """Where the storyboard is saved."""
        return self.file.path

    def changed_on_disk(self) -> DiskChange | None:
        """What the file holds now, where that is not what was read or saved here; raises OSError.

        Where the file is gone, what is here is unsaved, and kept for recovery.
        """
        was_gone, change = self.file.gone, self.file.change()
        if self.file.gone != was_gone:
            self.keep()
        return change

    def save(self, *, over: DiskChange | None = None, even_read_only: bool = False) -> bool:
        """Writes the file, durable when this returns; whether anything was written.

        Raises ChangedOnDisk where another program changed it, unless `over` is that very change; ReadOnly; OSError.
        """
        written = self.file.save(self.document.to_bytes(), over, even_read_only=even_read_only)
        self._saved()
        return written

    def save_as(self, path: Path) -> None:
        """Writes the storyboard to another file, which must not be there yet, and goes on with that one.

        Raises ChangedOnDisk where there is one, OSError.
        """
        self.file.save_as(path, self.document.to_bytes())
        self._saved()
        self._forget_outlook()

    def _saved(self) -> None:
        self.document.mark_saved()
        self._kept_at = -math.inf
        self.keep_pending = False
        if self._typing is not None:
            self._typing.end_step()  # undo leads back to what was saved

    def reload(self) -> None:
        """Takes the file as it is now; undo leads back to what was here. Raises DocumentError and keeps that."""
        data = self.file.read()
        self.document.replace_text(data)
        self.document.mark_saved()
        self._end_typing()
        self._forget_outlook()
        self.file.took(data)

    def recoverable(self) -> Recovered | None:
        """Unsaved text that an earlier session of this file left behind."""
        found = self.file.left_behind()
        if found is not None and found.data == self.document.to_bytes():
            self.give_up(found)
            return None
        return found

    def recover(self, found: Recovered) -> None:
        """Goes on with text that an earlier session left; undo leads back to what is on disk. Raises DocumentError.

        A version of the file that the earlier session did not see counts as changed on disk.
        """
        self.document.replace_text(found.data)
        self.file.take_over(found, self.document.to_bytes())
        self._changed()

    @staticmethod
    def give_up(found: Recovered) -> None:
        """Deletes text that an earlier session left."""
        with contextlib.suppress(OSError):
            recovery.forget(found.place)

    def close(self) -> None:
        """A clean end: what was not saved was given up."""
        self.file.close()
