"""Which take is meant, and marking it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.disk import ReadOnly, unlocking, why_not_replaced, words_of
from storyboard.folders import stray_default
from storyboard.jobs.marks import WHY_LIMIT, Mark, NotATake, set_mark
from storyboard.jobs.receipts import SUFFIX, receipt_path
from storyboard.submitting import books
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.outcome import shown_path
from storyboard.submitting.places import default_folder

if TYPE_CHECKING:
    from storyboard.jobs.marks import Verdict

_ENDINGS = (".mp4", ".webm", ".mov")
_SHORTEST = 4


def mark_take(named: str, verdict: Verdict, why: str | None) -> tuple[Path, Mark]:
    """Marks the take that is named: by its path or its receipt's, by its name, or by how its video's UUID begins.

    A name is looked for in `renders`, then in `renders/sandbox`.

    Raises SubmitError.
    """
    reason = _reason(why)
    path = _take(named)
    try:
        return path, set_mark(path, verdict, reason)
    except NotATake as error:
        words = f"{shown_path(path)} is no take that storyboard brought home: {error}"
        raise SubmitError(Kind.USAGE, words) from None
    except ReadOnly as error:
        words = f"{shown_path(path)}: its receipt cannot be written: {words_of(error)}; "
        raise SubmitError(Kind.SERVICE, words + unlocking(shown_path(receipt_path(path)))) from None
    except OSError as error:
        words = f"{shown_path(path)}: its receipt cannot be written: {why_not_replaced(error)}"
        raise SubmitError(Kind.SERVICE, words) from None


def _reason(why: str | None) -> str | None:
    text = " ".join((why or "").split())
    if len(text) > WHY_LIMIT:
        raise SubmitError(Kind.USAGE, f"a reason has at most {WHY_LIMIT} characters, this one {len(text)}")
    return text.encode(errors="replace").decode() or None


def _take(named: str) -> Path:
    folders = [one for sandbox in (False, True) if stray_default(one := default_folder(sandbox=sandbox)) is None]
    usual = (os.path.join(folder, named) for folder in folders)
    for place in (named, *usual):
        for path in (place, *(place + ending for ending in _ENDINGS)):
            if os.path.isfile(path) or (path.endswith(_ENDINGS) and os.path.isfile(path + SUFFIX)):
                return Path(path.removesuffix(SUFFIX))
    return _by_uuid(named)


def _by_uuid(named: str) -> Path:
    found: list[Path] = []
    if books.has_ledger() and len(named) >= _SHORTEST:
        with books.open_ledger() as ledger:
            found = ledger.videos_named(named)
    if not found:
        ways = "its path, its name in renders/ or renders/sandbox/, or how its video's UUID begins"
        raise SubmitError(Kind.USAGE, f"no take is called {named!r}: give {ways}")
    if len(found) > 1:
        raise SubmitError(Kind.USAGE, f"{len(found)} takes begin with {named!r}: write more of it, or give the path")
    return found[0]
