"""What is done to whole shots and to their seconds: each is one step of undo, and locks follow their shots.

What cannot be done raises EditRefused and changes nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from storyboard import shot_edits, timing
from storyboard.document import EditRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storyboard.document import Document


class ShotSteps(ABC):
    """The part of a session that knows shots; it edits its document, and says when that has changed."""

    document: Document

    @property
    @abstractmethod
    def seconds(self) -> list[int]:
        """Each shot's seconds; 1 stands for what is missing or unsound."""

    @property
    @abstractmethod
    def total(self) -> int:
        """The total that timing tools hold: `duration` where it is sound, else the sum of the shots."""

    @abstractmethod
    def _changed(self) -> None:
        """The document has changed."""

    @abstractmethod
    def _end_typing(self) -> None:
        """What is typed next begins a step of undo."""

    @property
    def locked(self) -> frozenset[int]:
        """Indexes of shots whose seconds timing tools leave alone; they follow their shots, undo and redo included.

        A lock whose shot another version of the text does not have is none, and none of a shot that comes there later.
        """
        note, count = self.document.note, len(shot_edits.shots(self.document))
        return frozenset(lock for lock in note if lock < count) if isinstance(note, frozenset) else frozenset()

    # shots

    def add_shot(self, index: int | None = None, prompt: str = "", seconds: int | None = None) -> int:
        """A new shot before `index`, by default at the end; its index.

        Without `seconds` it takes what is missing to the total, then from the longest shots, so that the total holds.
        """
        place = len(shot_edits.shots(self.document)) if index is None else index
        return self._structural(
            lambda: shot_edits.add(self.document, place, prompt, seconds, total=self.total, locked=self.locked),
            lambda lock: lock + (lock >= place),
        )

    def split_shot(self, index: int, position: int) -> int:
        """Two shots from one, cut at a character of its prompt, the seconds shared by length; the new one's index.

        A cast name at the cut goes whole into the second. A shot of one second takes another from its neighbours.
        """
        return self._structural(
            lambda: shot_edits.split(self.document, index, position, self.locked), lambda lock: lock + (lock > index)
        )

    def merge_with_next(self, index: int) -> int:
        """One shot from two: texts joined, seconds added; its index."""
        return self._structural(
            lambda: shot_edits.merge_with_next(self.document, index), lambda lock: lock - (lock > index)
        )

    def duplicate_shot(self, index: int) -> int:
        """A copy of a shot behind it, the seconds shared as when it is split; the copy's index."""
        return self._structural(
            lambda: shot_edits.duplicate(self.document, index, self.locked), lambda lock: lock + (lock > index)
        )

    def move_shot(self, old: int, new: int) -> int:
        """A shot put elsewhere; `new` is its index in the result."""

        def move() -> int:
            self.document.move_shot(old, new)
            return new

        def moved(lock: int) -> int:
            if lock == old:
                return new
            return lock - (old < lock <= new) + (new <= lock < old)

        return self._structural(move, moved)

    def delete_shot(self, index: int, *, give_seconds_to: int | None = None) -> int:
        """A shot taken out, its seconds given to another on request; the index of the shot that is next to look at."""
        return self._structural(
            lambda: shot_edits.delete(self.document, index, give_seconds_to),
            lambda lock: None if lock == index else lock - (lock > index),
        )

    def set_seconds(self, seconds: Sequence[int], *, run: object = None) -> None:
        """All shots' seconds at once; EditRefused unless they are whole, at least 1, one a shot.

        One step of undo; calls with the same `run`, one after another, are one step together.
        """
        self._set_seconds(seconds, None, run)

    def _set_seconds(self, seconds: Sequence[int], promise: int | None, run: object = None) -> None:
        def write() -> int:
            shot_edits.write_seconds(self.document, seconds)
            if promise is not None:
                self.document.set(("duration",), promise)
            return 0

        self._structural(write, run=run)

    def lock(self, index: int, *, locked: bool = True) -> None:
        """Locks or frees a shot's seconds; one step of undo, though no byte of the file changes."""
        if not 0 <= index < len(self.seconds):
            raise EditRefused(f"there is no shot {index + 1}", 1)
        self._annotate(self.locked | {index} if locked else self.locked - {index})
        self._end_typing()

    def _structural(
        self, edit: Callable[[], int], relock: Callable[[int], int | None] = int, *, run: object = None
    ) -> int:
        """One step of undo from several edits; `relock` says where a locked shot stands afterwards, None if nowhere."""
        locked = self.locked
        with self.document.one_step(run):
            index = edit()
            self._annotate(frozenset(place for place in map(relock, locked) if place is not None))
        self._changed()
        return index

    def _annotate(self, locked: frozenset[int]) -> None:
        self.document.annotate(locked or None)

    def fit(self, total: int) -> None:
        """Stretches or shortens the shots in proportion to make `total`, which a given `duration` then promises.

        Raises CannotFit where so many seconds cannot be shared.
        """
        promised = isinstance(self.document.data, dict) and "duration" in self.document.data
        self._set_seconds(timing.fit(self.seconds, total, self.locked), total if promised else None)

    def steal(self, index: int, change: int) -> None:
        """Makes one shot longer or shorter, its neighbours giving or taking; CannotFit where they cannot."""
        self.set_seconds(timing.steal(self.seconds, index, change, self.locked))

    def even_out(self) -> None:
        """Spreads the seconds over the shots that are not locked, as evenly as can be."""
        self.set_seconds(timing.even_out(self.seconds, self.locked))
