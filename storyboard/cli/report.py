"""Diagnostics and counts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.checks import Diagnostic, Report


def text_line(diagnostic: Diagnostic) -> str:
    """`FILE:LINE:COLUMN: CODE message`."""
    place = f"{diagnostic.file}:{diagnostic.line}:{diagnostic.column}"
    return f"{place}: {diagnostic.code} {diagnostic.message}"


def counted(number: int, word: str) -> str:
    """`1 job`, `2 jobs`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def refuse_errors(reports: Iterable[Report], what_did_not_happen: str) -> None:
    """Ends the command where any storyboard has errors, after saying all of them."""
    wrong = [report for report in reports if report.has_errors]
    for report in wrong:
        for diagnostic in report.diagnostics:
            if diagnostic.severity == "error":
                say.words(text_line(diagnostic))
    if wrong:
        have = "has" if len(wrong) == 1 else "have"
        raise Stop(Exit.STORYBOARD_ERRORS, f"{counted(len(wrong), 'storyboard')} {have} errors; {what_did_not_happen}")
