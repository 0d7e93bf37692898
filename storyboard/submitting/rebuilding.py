"""The ledger made good: what is wrong with it, what is kept of it, and what receipts prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.rebuilding import Proven, is_sound, save_rows, set_aside, take_in_receipts
from storyboard.submitting import books
from storyboard.submitting.accounts import SANDBOX_ACCOUNT, real_account
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storyboard.jobs.ledger_errors import Reason

_WORDS: dict[Reason, str] = {"damaged": "is damaged", "newer": "was written by a newer version"}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of a ledger."""

    kept: Path | None
    """Where the old one lies; None where it was sound and stayed."""
    why: str
    saved: int
    """Jobs that were read from the old one."""
    proven: Proven


def rebuild(folders: Sequence[str]) -> Rebuilt:
    """Makes the ledger good from itself and from receipts below `folders`. Raises SubmitError."""
    payer = real_account()
    accounts = {account.service: account for account in (SANDBOX_ACCOUNT, payer) if account is not None}
    place = books.ledger_path()
    reason = _what_is_wrong()
    try:
        kept = None if reason is None else set_aside(place)
    except OSError as error:
        words = f"{place} cannot be moved aside: {str(error.strerror or error).lower()}"
        raise SubmitError(Kind.SERVICE, words) from None
    with books.open_ledger() as ledger:
        saved = save_rows(kept, ledger) if kept is not None and reason == "damaged" else 0
        return Rebuilt(kept, _WORDS.get(reason or "unusable", ""), saved, take_in_receipts(ledger, folders, accounts))


def _what_is_wrong() -> Reason | None:
    if not books.has_ledger():
        return None
    try:
        with Ledger.open(books.folder()) as ledger:
            return None if is_sound(ledger) else "damaged"
    except LedgerError as error:
        if error.reason == "unusable":
            raise SubmitError(Kind.SERVICE, f"{error}") from None
        return error.reason
