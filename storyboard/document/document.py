"""A YAML document that can be edited, each edit touching its own lines and nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from storyboard.document.errors import DocumentError, EditRefused
from storyboard.document.history import History, Step
from storyboard.document.reading import Duplicate, Reading, Span
from storyboard.document.source import decode
from storyboard.document.splices import apply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.document.proposal import Proposal


class Document:
    """Text of one YAML document, what it says, and what it said before; knows no schema."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        """The present text with the places of its values."""
        self._history = History(reading.source)

    @classmethod
    def parse(cls, data: bytes) -> Document:
        """Reads bytes; raises DocumentError, and nothing else, for what is unreadable, not YAML or an attack."""
        return cls(Reading(decode(data)))

    # what it says

    @property
    def data(self) -> Any:
        """The document as plain dicts, lists and scalars; of equal keys the last one counts."""
        return self.reading.data

    @property
    def text(self) -> str:
        """The document's text, without a byte order mark."""
        return self.reading.text

    def to_bytes(self) -> bytes:
        """The document's bytes; those that were parsed, as long as nothing was changed."""
        return self.reading.source.to_bytes()

    def span(self, path: Sequence[str | int]) -> Span:
        """Where the value at `path` stands, or the nearest value around it that exists."""
        return self.reading.span(path)

    def key_span(self, path: Sequence[str | int]) -> Span:
        """Where the key that `path` ends with stands, or the nearest value around it that exists."""
        return self.reading.key_span(path)

    def is_own(self, path: Sequence[str | int]) -> bool:
        """Whether the value at `path`, or the place for one, stands there itself: neither merged in nor repeated."""
        return self.reading.is_own(path)

    def duplicates(self) -> Iterator[Duplicate]:
        """Every key given twice, in the order of the text."""
        return self.reading.duplicates()

    # edits

    def set(self, path: Sequence[str | int], value: Any, *, since: Reading | None = None) -> None:
        """Puts a value where `path` leads, adding keys that are missing; EditRefused changes nothing.

        `since` is an earlier reading that differs from the present text at `path` only: the value is written as it
        would have been from there, so that what was typed and taken back leaves no trace.
        """
        base = since or self.reading
        if base.says(path, value):
            self._take(base)
        else:
            from storyboard.document import edits

            self._edit(base, edits.propose_set(base.layout, path, value))

    def replace(self, path: Sequence[str | int], value: Any) -> None:
        """Puts a value in the place of the one at `path`; EditRefused, also where none stands, changes nothing."""
        from storyboard.document import edits

        self._edit(self.reading, edits.propose_set(self.reading.layout, path, value, adding=False))

    def trim(self, path: Sequence[str | int]) -> None:
        """Takes spaces and tabs off the ends of a text's lines; its words stay. EditRefused changes nothing."""
        from storyboard.document import edits

        self._edit(self.reading, edits.propose_trim(self.reading.layout, path))

    def unset(self, path: Sequence[str | int], *, since: Reading | None = None) -> None:
        """Takes a key out with its value; EditRefused changes nothing.

        `since` as for `set`; where that has no such key, it is what comes back.
        """
        base = since or self.reading
        if since is not None and not since.has(path):
            self._take(since)
            return
        from storyboard.document import edits

        self._edit(base, edits.propose_unset(base.layout, path))

    def rename(self, path: Sequence[str | int], key: str) -> None:
        """Gives the key that `path` ends with another name, in its place; EditRefused changes nothing."""
        from storyboard.document import edits

        self._edit(self.reading, edits.propose_rename(self.reading.layout, path, key))

    def insert_shot(self, index: int, mapping: dict[str, Any]) -> None:
        """Puts a new shot before the one at `index`, from 0; EditRefused changes nothing."""
        from storyboard.document import shot_proposals

        self._edit(self.reading, shot_proposals.propose_insert(self.reading.layout, index, mapping))

    def delete_shot(self, index: int) -> None:
        """Takes the shot at `index` out, with the comments that are its own; EditRefused changes nothing."""
        from storyboard.document import shot_proposals

        self._edit(self.reading, shot_proposals.propose_delete(self.reading.layout, index))

    def move_shot(self, old: int, new: int) -> None:
        """Moves a shot with its comments so that its index becomes `new`; EditRefused changes nothing."""
        from storyboard.document import shot_proposals

        self._edit(self.reading, shot_proposals.propose_move(self.reading.layout, old, new))

    def replace_text(self, data: bytes) -> None:
        """Puts another document in the place of this one, as one edit; raises DocumentError and changes nothing."""
        self._take(Reading(decode(data)))

    def _edit(self, base: Reading, proposal: Proposal) -> None:
        """Takes the first way of writing that reads back as exactly what is wanted."""
        reason = proposal.reason
        for splices in proposal.ways:
            try:
                source = base.source.with_text(apply(base.text, splices))
            except DocumentError as too_large:
                reason = too_large.reason
                continue
            try:
                found = base if source == base.source else Reading(source)
            except DocumentError:
                continue
            if proposal.is_met(base, found):
                self._take(found)
                return
        raise EditRefused(reason, proposal.line)

    def _take(self, reading: Reading) -> None:
        if reading.source != self.reading.source:
            self.reading = reading
            self._history.add(Step(reading.source, self.note))

    # history

    @contextmanager
    def one_step(self, run: object = None) -> Iterator[None]:
        """Edits inside are undone together, with those before them where these were made in the same `run`.

        Where anything inside fails, none of them was made.
        """
        position, reading = self._history.position(), self.reading
        try:
            yield
        except BaseException:
            self._history.restore(position)
            self.reading = reading
            raise
        self._history.join(position, run)

    def undo(self) -> bool:
        """Goes back by one edit; whether there was one."""
        return self._go(self._history.undo())

    def redo(self) -> bool:
        """Makes the edit again that was undone last; whether there was one."""
        return self._go(self._history.redo())

    @property
    def note(self) -> object:
        """What the owner noted beside the present text."""
        return self._history.present.note

    def annotate(self, note: object) -> None:
        """Notes something beside the text, as one edit: undo and redo bring it back; no byte changes."""
        if note != self.note:
            self._history.add(Step(self.reading.source, note))

    @property
    def dirty(self) -> bool:
        """Whether the text differs from the one that was parsed or marked as saved."""
        return self._history.dirty

    def mark_saved(self) -> None:
        """The present text is the one on disk."""
        self._history.mark_saved()

    def mark_unsaved(self) -> None:
        """No text of this document is on disk."""
        self._history.mark_unsaved()

    def _go(self, step: Step | None) -> bool:
        if step is None:
            return False
        if step.source != self.reading.source:
            self.reading = Reading(step.source)
        return True
