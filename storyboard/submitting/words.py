"""Counts and diagnostics in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.checks import Diagnostic, Report


def counted(number: int, word: str) -> str:
    """`1 job`, `2 jobs`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def text_line(diagnostic: Diagnostic) -> str:
    """`FILE:LINE:COLUMN: CODE message`."""
    place = f"{diagnostic.file}:{diagnostic.line}:{diagnostic.column}"
    return f"{place}: {diagnostic.code} {diagnostic.message}"


def refuse_errors(reports: Iterable[Report], what_did_not_happen: str) -> None:
    """Raises SubmitError where any storyboard has errors, with a line for each of them."""
    wrong = [report for report in reports if report.has_errors]
    if not wrong:
        return
    lines = [text_line(found) for report in wrong for found in report.diagnostics if found.severity == "error"]
    have = "has" if len(wrong) == 1 else "have"
    words = f"{counted(len(wrong), 'storyboard')} {have} errors; {what_did_not_happen}"
    raise SubmitError(Kind.STORYBOARD, words, lines)
