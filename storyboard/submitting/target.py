"""A file that is kept equal to the newest take of what a storyboard asks for now: for make, and for who wants one name.

It is a copy, made beside it and put in place in one step. What lies there is replaced only where nothing is lost by it.
"""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, NoReturn

from storyboard.disk import open_regular, parents_made, why_read_only, words_of
from storyboard.folders import name_of
from storyboard.jobs.download import SIZE_LIMIT, is_whole, measure
from storyboard.jobs.found import UNPAID, shortened
from storyboard.jobs.naming import EXTENSIONS
from storyboard.jobs.parts import part_of
from storyboard.jobs.receipts import SUFFIX, read_receipt, receipt_path
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.shelf import Shelf, take_name
from storyboard.jobs.states import State
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.outcome import shown_path
from storyboard.submitting.places import unfit_place
from storyboard.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order
    from storyboard.jobs.wanted import Wanted
    from storyboard.submitting.loads import Load

_CHUNK = 1 << 20
_ANOTHER = "move it away, or name another file"


class _Copy(NamedTuple):
    """A take with the bytes that a target has."""

    service: str
    path: Path | None
    """Where it lies, if it is known to."""


class _Newest(NamedTuple):
    """The take that a target is to be equal to; they are compared by when they were bought, attempt and number."""

    bought: float
    attempt: int
    number: int
    path: Path
    sha256: str


class Target:
    """The file of one call, for one storyboard."""

    def __init__(self, given: str, wanted: Wanted, *, sandbox: bool) -> None:
        """Raises SubmitError where no video of this storyboard can be kept under the name."""
        self.shown = given
        self._folder = wanted.order.folder
        self._sandbox = sandbox
        self.path = Path(os.path.realpath(os.path.dirname(os.path.abspath(given))), os.path.basename(given))
        extension = EXTENSIONS[wanted.task.get("outputFormat", "MP4")]
        if os.path.isdir(given):
            self._refuse("is a folder: name a file in it")
        if self.path.suffix.lower() != f".{extension}":
            self._refuse(f"does not end in .{extension}, as the storyboard's output.format wants it")
        if (unfit := unfit_place(str(self.path.parent))) is not None:
            self._refuse(f"cannot be written: {unfit}")
        if self._is_named_like_a_take(wanted):
            self._refuse(f"is the name of a take: name a file without a number, such as {self._example(wanted)}")
        self._refuse_special()

    def check(self, ledger: Ledger) -> None:
        """Raises SubmitError where something lies there that must not be replaced; better known before it is paid."""
        self._refuse_special()
        if (known := ledger.order_of(self.path)) is not None:
            self._refuse(f"is a take of {shown_path(known)}: name another file")
        if "video" in read_receipt(receipt_path(self.path)) or part_of(self.path).exists():
            self._refuse("is a take, with its receipt beside it: name another file")
        if self._size() > 0:
            self._refuse_loss(ledger)

    def keep(self, ledger: Ledger, loads: Iterable[Load]) -> str:
        """Makes the file equal to the newest take of these jobs, and says what was done; its time stays where it was.

        Raises SubmitError as `check` does, and OSError; then the file is as it was.
        """
        newest = max(_takes(ledger, loads), default=None)
        if newest is None:
            return f"{self.shown} stays as it is: no take is on disk yet; run the same command again to write it"
        take = shown_path(newest.path)
        if self._size() > 0 and measure(self.path).sha256 == newest.sha256:
            return f"{self.shown} is {take} already"
        self.check(ledger)
        with parents_made(self.path), replacing(self.path, last_look=self._refuse_special) as stream:
            _copy(newest, stream)
        return f"{self.shown} is {take} now"

    def _refuse(self, why: str) -> NoReturn:
        raise SubmitError(Kind.USAGE, f"-o {self.shown} {why}")

    def _example(self, wanted: Wanted) -> str:
        return shown_path(self.path.with_name(f"{shortened(name_of(wanted.order.file))}{self.path.suffix}"))

    def _is_named_like_a_take(self, wanted: Wanted) -> bool:
        """Whether a take of this very storyboard may be called so, now or later."""
        if str(self.path.parent) != self._folder:
            return False
        base = take_name(self.path.name)
        name = shortened(name_of(wanted.order.file)).casefold()
        return base is not None and any(
            base == one or base.endswith(f"-{one}") for one in (name, f"{name}{UNPAID}".casefold())
        )

    def _refuse_special(self) -> None:
        try:
            found = os.lstat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise SubmitError(Kind.USAGE, f"-o {self.shown}: {words_of(error)}") from None
        if stat.S_ISLNK(found.st_mode):
            self._refuse(f"is a link, and links are not written through: {_ANOTHER}")
        if not stat.S_ISREG(found.st_mode):
            self._refuse(f"is there and is no file: {_ANOTHER}")
        if (why := why_read_only(self.path)) is not None:
            self._refuse(f"cannot be replaced: {why}; {_ANOTHER}")

    def _size(self) -> int:
        try:
            return os.lstat(self.path).st_size
        except OSError:
            return 0

    def _refuse_loss(self, ledger: Ledger) -> None:
        """What lies there may be replaced where it was free, or where the same bytes lie elsewhere as a take."""
        try:
            digest = measure(self.path).sha256
        except OSError as error:
            self._refuse(f"cannot be read: {words_of(error)}; {_ANOTHER}")
        copies = [_Copy(service, path) for service, path in ledger.videos_of(digest)]
        if not any(self._is_there(copy, digest) for copy in copies):
            copies += self._by_receipts(digest)
        if not copies:
            self._refuse(f"is there and is no take that storyboard knows: {_ANOTHER}")
        is_paid = any(copy.service != SANDBOX for copy in copies)
        if is_paid and self._sandbox:
            self._refuse("is a take that was paid for, which the sandbox's never replace: name another file")
        if is_paid and not any(self._is_there(copy, digest) for copy in copies):
            self._refuse(f"is the only copy of a take that was paid for: {_ANOTHER}")

    def _is_there(self, copy: _Copy, digest: str) -> bool:
        return copy.path is not None and copy.path != self.path and is_whole(copy.path, digest)

    def _by_receipts(self, digest: str) -> Iterator[_Copy]:
        """Takes in the storyboard's folder that the ledger does not know."""
        for entry in Shelf(self._folder).receipts():
            receipt = read_receipt(Path(self._folder, entry.name))
            if receipt.get("sha256") == digest:
                yield _Copy(str(receipt.get("service")), Path(self._folder, entry.name.removesuffix(SUFFIX)))


def _takes(ledger: Ledger, loads: Iterable[Load]) -> Iterator[_Newest]:
    """The takes of the requests of jobs, whichever key paid them, as far as their order has them on disk."""
    for load in loads:
        job = load.job
        own = ledger.attempts(job.service, job.account, job.digest)
        for attempt in own + ledger.attempts_of_others(job.service, job.account, job.digest):
            if attempt.state is State.DONE:
                yield from _takes_of(ledger, attempt, load.order)


def _takes_of(ledger: Ledger, job: Job, order: Order) -> Iterator[_Newest]:
    for result in ledger.results(job):
        place = ledger.place(job, result, order)
        if place is not None and result.sha256 is not None and is_whole(place[0], result.sha256):
            yield _Newest(job.sent_at or job.created_at, job.attempt, place[1], place[0], result.sha256)


def _copy(take: _Newest, stream: IO[bytes]) -> None:
    """Raises OSError also where the take changes while it is read."""
    digest = sha256()
    with open_regular(take.path, most=SIZE_LIMIT) as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            stream.write(chunk)
    if digest.hexdigest() != take.sha256:
        raise OSError(None, "the take has changed while it was copied", os.fspath(take.path))
