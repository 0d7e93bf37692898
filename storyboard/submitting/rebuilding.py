"""The ledger made good: what is wrong with it, what is kept of it, and what receipts prove."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storyboard.disk import may_pass, words_of
from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.proving import Proven, take_in_receipts
from storyboard.jobs.salvage import is_whole, put_in_place, save_rows
from storyboard.submitting import books
from storyboard.submitting.accounts import SANDBOX_ACCOUNT, real_account
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storyboard.jobs.ledger_errors import Reason
    from storyboard.jobs.plan import Account

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
    """Makes the ledger good from itself and from receipts below `folders`. Raises SubmitError.

    A new one takes the old one's place only when it is whole.
    """
    payer = real_account()
    accounts = {account.service: account for account in (SANDBOX_ACCOUNT, payer) if account is not None}
    try:
        reason = _what_is_wrong()
        if reason is not None:
            return _replaced(reason, folders, accounts)
        with books.open_ledger() as ledger:
            return Rebuilt(None, "", 0, _proven(ledger, folders, accounts))
    except LedgerError as error:
        raise SubmitError(Kind.where(passes=error.passes), str(error)) from None
    except OSError as error:
        words = f"{books.folder()} cannot be written: {words_of(error)}"
        raise SubmitError(Kind.where(passes=may_pass(error)), words) from None


def _replaced(reason: Reason, folders: Sequence[str], accounts: Mapping[str, Account]) -> Rebuilt:
    place = books.ledger_path()
    with TemporaryDirectory(dir=place.parent, prefix="rebuilding-") as folder:
        Ledger.open(Path(folder)).close()
        new = Path(folder, FILE_NAME)
        saved = save_rows(place, new) if reason == "damaged" else 0
        with closing(Ledger.open(Path(folder))) as ledger, ledger.transaction():
            proven = _proven(ledger, folders, accounts)
        return Rebuilt(put_in_place(new, place), _WORDS[reason], saved, proven)


def _proven(ledger: Ledger, folders: Sequence[str], accounts: Mapping[str, Account]) -> Proven:
    """What receipts prove, written down; where a video is known from nowhere, the service will be asked for it."""
    proven = take_in_receipts(ledger, folders, accounts)
    ledger.ask_for_missing_results()
    return proven


def _what_is_wrong() -> Reason | None:
    """None for a sound ledger and for none at all. Raises LedgerError for one that only cannot be opened now."""
    if not books.has_ledger():
        return None
    try:
        Ledger.open(books.folder()).close()
    except LedgerError as error:
        if error.reason == "unusable":
            raise
        return error.reason
    return None if is_whole(books.ledger_path()) else "damaged"
