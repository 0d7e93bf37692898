"""A storyboard's file as the person editing it has it: the version that was read, and the copy kept against a crash."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.disk import why_read_only
from storyboard.document import read_bytes
from storyboard.document.saving import ChangedOnDisk, current, fingerprint, save
from storyboard.recovery import Recovery, find, forget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storyboard.recovery import Recovered


@dataclass(frozen=True, slots=True)
class DiskChange:
    """The file is not what was read; `data` is what it holds now, None where it is gone."""

    data: bytes | None


class StoryFile:
    """One file, and what is known of it; never writes over a version that nobody saw."""

    def __init__(self, path: Path, data: bytes | None) -> None:
        """`data` is what was read, None for a file that is not there yet."""
        self.path = path
        self.unkept: OSError | None = None
        """Why unsaved text could not be kept just now; None while all is well."""
        self.gone = False
        """Whether the file was not there any more when it was last looked for."""
        self.read_only: str | None = None
        """Why the file is not to be written without a person's word, in words; None where it may be."""
        self._closed = False
        self._read = fingerprint(data)
        self._recovery = Recovery(path)
        self._look_at_rights()

    def _look_at_rights(self) -> None:
        self.read_only = why_read_only(self.path)

    @property
    def exists(self) -> bool:
        """Whether the file was there when it was last read or saved."""
        return self._read is not None

    def read(self) -> bytes:
        """The file's bytes as they are now; raises DocumentError. Call `took` once they are in use."""
        return read_bytes(self.path)

    def took(self, data: bytes) -> None:
        """These bytes are on disk and in the editor alike."""
        self.gone = False
        self._read = fingerprint(data)
        self.keep(None)

    def change(self) -> DiskChange | None:
        """What the file holds now, where that is not what was read or saved here; raises OSError."""
        self._look_at_rights()
        theirs = current(self.path)
        self.gone = theirs is None and self.exists
        return None if fingerprint(theirs) == self._read else DiskChange(theirs)

    def save(self, data: bytes, over: DiskChange | None = None, *, even_read_only: bool = False) -> bool:
        """Writes the file, durable when this returns; whether anything was written.

        Raises ChangedOnDisk where another program changed it, unless `over` is that very change; ReadOnly; OSError.
        """
        read = self._read if over is None else fingerprint(over.data)
        written = save(self.path, data, read=read, even_read_only=even_read_only)
        self.took(data)
        self._look_at_rights()
        return written

    def save_as(self, path: Path, data: bytes) -> None:
        """Writes another file, which must not be there yet, and goes on with that one; raises as `save`."""
        if (theirs := current(path)) is not None:
            raise ChangedOnDisk(path, theirs, data)
        save(path, data, read=None)
        self._forget()
        self.path = path
        self._recovery = Recovery(path)
        self._look_at_rights()
        self.took(data)

    def keep(self, unsaved: bytes | None) -> None:
        """Keeps unsaved bytes against a crash, or forgets what was kept where there are none.

        A disk that refuses stops nobody from editing: `unkept` says why.
        """
        if self._closed:
            return
        with self._whatever_the_disk_says():
            if unsaved is None:
                self._recovery.drop()
            else:
                self._recovery.keep(unsaved, self._read)

    def left_behind(self) -> Recovered | None:
        """What an earlier session of this file kept and did not save."""
        try:
            own = self._recovery.place
        except OSError as error:
            self.unkept = error
            return None
        return find(self.path, besides=own)

    def take_over(self, found: Recovered, data: bytes) -> None:
        """Unsaved text of an earlier session is this one's now, with the version of the file that it began from."""
        self._read = found.read
        self.keep(data)
        if self.unkept is None:
            with self._whatever_the_disk_says():
                forget(found.place)

    def close(self) -> None:
        """A clean end: nothing is kept any more, whatever is asked for afterwards."""
        self._closed = True
        self._forget()

    def _forget(self) -> None:
        with self._whatever_the_disk_says():
            self._recovery.close()

    @contextmanager
    def _whatever_the_disk_says(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.unkept = error
        else:
            self.unkept = None
