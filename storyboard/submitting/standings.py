"""Whether what stands on disk was paid for: cheap for folders of hundreds of files, and silent about broken ones."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

from storyboard.checks import Report, check_file
from storyboard.disk import stamp_of
from storyboard.jobs.rows import SANDBOX, Order
from storyboard.jobs.states import ENDS, State
from storyboard.jobs.wanted import Wanted
from storyboard.submitting.preparing import prepare_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.disk import Stamp
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job

Standing = Literal["paid", "ready", "running", "sending", "unsent", "failed", "unknown"]
"""Videos on disk; finished at the service; being rendered; perhaps there; written down and never sent; ended badly;
not known, because the ledger cannot be read."""

_NOBODY = Order("", "", "")


class _Known(NamedTuple):
    """A file's request as it was, good for as long as everything that it was made from has its stamp."""

    stamps: tuple[tuple[str, Stamp], ...]
    digest: str | None


class Standings:
    """Remembers the requests of files that have not changed; any thread may ask."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def of(self, files: Iterable[str], ledger: Ledger, payer: Account | None) -> dict[str, Standing | None]:
        """For each file, what became of the request that it holds now at this service, whichever key pays.

        Without an account: what became of it at any service.
        """
        return {file: self._of(file, ledger, payer) for file in files}

    def _of(self, file: str, ledger: Ledger, payer: Account | None) -> Standing | None:
        digest = self._digest(file)
        if digest is None:
            return None
        if payer is None:
            wanted = ledger.wanted_by(os.path.realpath(file))
            return _standing([job for job in wanted if job.digest == digest and job.service != SANDBOX])
        mine = ledger.attempts(payer.service, payer.fingerprint, digest)
        others = ledger.attempts_of_others(payer.service, payer.fingerprint, digest)
        return _standing([*mine, *(job for job in others if not job.was_never_sent)])

    def _digest(self, file: str) -> str | None:
        with self._lock:
            known = self._known.get(file)
        if known is None or any(stamp_of(path) != stamp for path, stamp in known.stamps):
            known = _read(file)
            with self._lock:
                self._known[file] = known
        return known.digest


def _standing(attempts: list[Job]) -> Standing | None:
    states = {job.state for job in attempts}
    if State.DONE in states:
        return "paid"
    if State.READY in states:
        return "ready"
    if State.ACCEPTED in states:
        return "running"
    if states - ENDS:
        return "sending" if any(job.may_be_there for job in attempts) else "unsent"
    return "failed" if states else None


def _read(file: str) -> _Known:
    stamp = stamp_of(file)
    try:
        report = check_file(file)
        others = tuple((path, stamp_of(path)) for path in _others(report))
        digest = None if report.has_errors else Wanted.of(prepare_report(report), _NOBODY).digest
    except Exception:  # noqa: BLE001 - a broken file is not paid for, whatever is wrong with it
        others, digest = (), None
    return _Known(((file, stamp), *others), digest)


def _others(report: Report) -> list[str]:
    """Files that the storyboard's request is made from as well: its first frame, its cast."""
    data = report.document.data if report.document is not None else None
    if not isinstance(data, dict):
        return []
    folder = os.path.dirname(os.path.abspath(report.file))
    named = [data.get("first_frame"), data.get("cast")]
    return [os.path.join(folder, name) for name in named if isinstance(name, str) and len(name) < 4096]
