"""Counts and diagnostics in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.disk import reported
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.checks import Diagnostic, Report


def counted(number: int, word: str) -> str:
    """`1 job`, `2 jobs`, `1,000 jobs`."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"


def text_line(diagnostic: Diagnostic) -> str:
    """`FILE:LINE:COLUMN: CODE message`."""
    place = f"{reported(diagnostic.file)}:{diagnostic.line}:{diagnostic.column}"
    return f"{place}: {diagnostic.code} {diagnostic.message}"


class Errors:
    """What is wrong with storyboards that were checked one after another."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._wrong = 0

    def __bool__(self) -> bool:
        return self._wrong > 0

    def note(self, report: Report) -> None:
        """Takes the errors of one storyboard down."""
        lines = [text_line(found) for found in report.diagnostics if found.severity == "error"]
        self._lines += lines
        self._wrong += bool(lines)

    def refuse(self, what_did_not_happen: str) -> None:
        """Raises SubmitError where any storyboard has errors, with a line for each of them."""
        if self._wrong:
            have = "has" if self._wrong == 1 else "have"
            words = f"{counted(self._wrong, 'storyboard')} {have} errors; {what_did_not_happen}"
            raise SubmitError(Kind.STORYBOARD, words, self._lines)


def refuse_errors(reports: Iterable[Report], what_did_not_happen: str) -> None:
    """Raises SubmitError where any storyboard has errors, with a line for each of them."""
    errors = Errors()
    for report in reports:
        errors.note(report)
    errors.refuse(what_did_not_happen)
