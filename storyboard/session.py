"""An open storyboard being edited: its text, and everything that follows from it, after each edit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from storyboard import shot_edits, timing
from storyboard.checks import Diagnostic, Report, check_document
from storyboard.compiler.price import price
from storyboard.compiler.template import write_template
from storyboard.document import Document, read_bytes
from storyboard.document.saving import current, fingerprint, save
from storyboard.recovery import Recovered, Recovery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal
    from pathlib import Path

TYPING_SECONDS = 1.0
"""Edits of one field that follow each other within this time are one step of undo."""

KEEPING_SECONDS = 0.5
"""While somebody types, unsaved text is kept for recovery this often."""


@dataclass(frozen=True, slots=True)
class DiskChange:
    """The file is not what was read; `data` is what it holds now, None where it is gone."""

    data: bytes | None


class Session:
    """One storyboard in the hands of one person; knows no terminal."""

    def __init__(self, path: Path, data: bytes, *, read: str | None) -> None:
        """`read` is the fingerprint of the file as it was read, None for one that is not there yet."""
        self.path = path
        self.locked: set[int] = set()
        """Indexes of shots whose seconds timing tools leave alone."""
        self._read = read
        self._recovery = Recovery(path)
        self._kept_at = 0.0
        self._typed: tuple[tuple[str | int, ...], float] | None = None
        self._load(data)

    @classmethod
    def open(cls, path: Path) -> Session:
        """Opens a file; raises DocumentError for what cannot be read."""
        data = read_bytes(path)
        return cls(path, data, read=fingerprint(data))

    def _load(self, data: bytes) -> None:
        self.document = Document.parse(data)
        self._derive()

    # what follows from the text

    def _derive(self) -> None:
        self.report: Report = check_document(self.document, str(self.path), os.path.dirname(os.path.abspath(self.path)))
        draft = self.report.draft
        self.texts = [shot.text.text if shot.text is not None else "" for shot in draft.shots] if draft else []
        """Each shot's text as it would be sent."""

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Everything wrong or weak, in file order."""
        return self.report.diagnostics

    @property
    def seconds(self) -> list[int]:
        """Each shot's seconds; 1 stands for what is missing or unsound."""
        return [shot.seconds or 1 for shot in self.report.draft.shots] if self.report.draft else []

    @property
    def prompt(self) -> str | None:
        """The whole compiled prompt, None while there are errors."""
        if self.report.has_errors:
            return None
        return write_template(list(zip(self.seconds, self.texts, strict=True)))

    @property
    def price(self) -> Decimal | None:
        """US dollars that submitting would cost, None while the seconds make no sum."""
        draft = self.report.draft
        if draft is None or draft.total_seconds is None:
            return None
        output = self.document.data.get("output")
        takes = output.get("takes", 1) if isinstance(output, dict) else 1
        if not isinstance(takes, int) or isinstance(takes, bool) or takes not in draft.profile.takes:
            takes = 1
        return price(draft.profile, draft.text("resolution") or "720p", draft.total_seconds, takes)

    @property
    def dirty(self) -> bool:
        """Whether there is anything that is not on disk."""
        return self.document.dirty or self._read is None

    # edits

    def set(self, path: Sequence[str | int], value: Any, *, typing: bool = False) -> None:
        """Puts a value where `path` leads; raises EditRefused.

        `typing`: a keystroke, which joins the keystrokes in the same field shortly before.
        """
        join = typing and self._goes_on_typing(tuple(path))
        with self.document.one_step(join_last=join):
            self.document.set(path, value)
        self._typed = (tuple(path), monotonic()) if typing else None
        self._derive()
        if not typing or monotonic() - self._kept_at > KEEPING_SECONDS:
            self.keep()

    def _goes_on_typing(self, path: tuple[str | int, ...]) -> bool:
        return self._typed is not None and self._typed[0] == path and monotonic() - self._typed[1] < TYPING_SECONDS

    def unset(self, path: Sequence[str | int]) -> None:
        """Takes a key out; raises EditRefused."""
        self.document.unset(path)
        self._changed()

    def add_shot(self, index: int | None = None, prompt: str = "", seconds: int | None = None) -> int:
        """A new shot before `index`, by default at the end; its index.

        Without `seconds` it takes what is missing to the total, then from the longest shots, so that the total holds.
        """
        new = self._structural(
            lambda: shot_edits.add(self.document, index, prompt, seconds, total=self.total, locked=self.locked)
        )
        self._move_locks(lambda lock: lock + (lock >= new))
        return new

    def split_shot(self, index: int, position: int) -> int:
        """Two shots from one, cut at a character of its prompt, the seconds shared by length; the new one's index."""
        new = self._structural(lambda: shot_edits.split(self.document, index, position))
        self._move_locks(lambda lock: lock + (lock >= new))
        return new

    def merge_with_next(self, index: int) -> int:
        """One shot from two: texts joined, seconds added; its index."""
        merged = self._structural(lambda: shot_edits.merge_with_next(self.document, index))
        self._move_locks(lambda lock: lock - (lock > index))
        return merged

    def duplicate_shot(self, index: int) -> int:
        """A copy of a shot behind it, the seconds shared between the two; the copy's index."""
        new = self._structural(lambda: shot_edits.duplicate(self.document, index))
        self._move_locks(lambda lock: lock + (lock >= new))
        return new

    def move_shot(self, old: int, new: int) -> int:
        """A shot put elsewhere; `new` is its index in the result."""

        def move() -> int:
            self.document.move_shot(old, new)
            return new

        moved = self._structural(move)
        order = list(range(len(self.seconds)))
        order.insert(new, order.pop(old))
        self._move_locks(order.index)
        return moved

    def delete_shot(self, index: int, *, give_seconds_to: int | None = None) -> int:
        """A shot taken out, its seconds given to another on request; the index of the shot that is next to look at."""
        next_one = self._structural(lambda: shot_edits.delete(self.document, index, give_seconds_to))
        self.locked.discard(index)
        self._move_locks(lambda lock: lock - (lock > index))
        return next_one

    def set_seconds(self, seconds: Sequence[int]) -> None:
        """All shots' seconds at once, one step of undo."""

        def write() -> int:
            shot_edits.write_seconds(self.document, seconds)
            return 0

        self._structural(write)

    @property
    def total(self) -> int:
        """The total that timing tools hold: `duration` where it is sound, else the sum of the shots."""
        draft = self.report.draft
        if draft is not None and draft.duration is not None and draft.duration in draft.profile.total_seconds:
            return draft.duration
        return sum(self.seconds)

    def _structural(self, edit: Any) -> int:
        with self.document.one_step():
            index: int = edit()
        self._typed = None
        self._changed()
        return index

    def _move_locks(self, to: Callable[[int], int]) -> None:
        """Locks stay with their shots."""
        self.locked = {to(lock) for lock in self.locked}

    def fit(self, total: int) -> None:
        """Stretches or shortens the shots in proportion to make `total`; raises CannotFit."""
        self.set_seconds(timing.fit(self.seconds, total, self.locked))

    def steal(self, index: int, change: int) -> None:
        """Makes one shot longer or shorter, its neighbours giving or taking; raises CannotFit."""
        self.set_seconds(timing.steal(self.seconds, index, change, self.locked))

    def even_out(self) -> None:
        """Spreads the seconds as evenly as can be."""
        self.set_seconds(timing.even_out(self.seconds, self.locked))

    def undo(self) -> bool:
        """Goes back by one step; whether there was one."""
        return self._went(self.document.undo())

    def redo(self) -> bool:
        """Goes forward by one step; whether there was one."""
        return self._went(self.document.redo())

    def _went(self, went: bool) -> bool:
        self._typed = None
        if went:
            self._changed()
        return went

    def _changed(self) -> None:
        self._derive()
        self.keep()

    def keep(self) -> None:
        """Keeps unsaved text for recovery; done after every edit, while typing only now and then."""
        self._kept_at = monotonic()
        if self.dirty:
            self._recovery.keep(self.document.to_bytes(), self._read)
        else:
            self._recovery.drop()

    # the file

    def changed_on_disk(self) -> DiskChange | None:
        """What the file holds now, where that is not what was read or saved here."""
        theirs = current(self.path)
        if (fingerprint(theirs) if theirs is not None else None) == self._read:
            return None
        return DiskChange(theirs)

    def save(self, *, over: DiskChange | None = None) -> bool:
        """Writes the file, durable when this returns; whether anything was written.

        Raises ChangedOnDisk where another program changed it, unless `over` is that very change; OSError.
        """
        read = self._read
        if over is not None:
            read = fingerprint(over.data) if over.data is not None else None
        data = self.document.to_bytes()
        written = save(self.path, data, read=read)
        self._saved(data)
        return written

    def save_as(self, path: Path) -> None:
        """Writes the storyboard to another file, which must not be there yet, and goes on with that one."""
        data = self.document.to_bytes()
        save(path, data, read=None)
        self._recovery.drop()
        self.path = path
        self._recovery = Recovery(path)
        self._saved(data)
        self._derive()

    def _saved(self, data: bytes) -> None:
        self._read = fingerprint(data)
        self.document.mark_saved()
        self._recovery.drop()

    def reload(self) -> None:
        """Reads the file anew and forgets what was not saved; raises DocumentError and keeps what is here."""
        data = read_bytes(self.path)
        self._load(data)
        self._read = fingerprint(data)
        self._recovery.drop()

    def recoverable(self) -> Recovered | None:
        """Unsaved text that an earlier session of this file left behind."""
        found = self._recovery.find()
        return None if found is None or found.data == self.document.to_bytes() else found

    def recover(self, found: Recovered) -> None:
        """Goes on with text that an earlier session left; undo leads back to what is on disk."""
        self.document.replace_text(found.data)
        self._changed()

    def close(self) -> None:
        """A clean end: what was not saved was given up."""
        self._recovery.drop()
