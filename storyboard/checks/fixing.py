"""Fixes made in a document, one value each, until none is left that can be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.checks.check import Report, check_document
from storyboard.document import EditRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.checks.diagnostic import Diagnostic
    from storyboard.document import Document

FIXES_AT_MOST = 100
"""Fixes made in one document at a time: a hostile file could ask for thousands."""
_READ_AT_MOST = 1_000_000
"""Characters that are read again for them: all of the document after each fix, so a large one gets fewer at a time."""


@dataclass(slots=True)
class Fixed:
    """What fixing came to."""

    report: Report
    """The document as it is now."""
    made: list[Diagnostic] = field(default_factory=list)
    refused: list[tuple[Diagnostic, EditRefused]] = field(default_factory=list)


def fix_document(document: Document, file: str, folder: str, wanted: Callable[[Diagnostic], bool]) -> Fixed:
    """Makes every fix that is `wanted`, each in its own value; `file` and `folder` as for `check_document`."""
    fixed = Fixed(check_document(document, file, folder))
    tried: set[tuple[object, ...]] = set()
    read = 0
    while len(tried) < FIXES_AT_MOST and read < _READ_AT_MOST:
        todo = (one for one in fixed.report.diagnostics if one.fix is not None and wanted(one))
        one = next((one for one in todo if (one.code, one.path) not in tried), None)
        if one is None or one.fix is None:
            break
        tried.add((one.code, one.path))
        read += len(document.text)
        try:
            one.fix.apply(document)
        except EditRefused as refusal:
            fixed.refused.append((one, refusal))
            continue
        fixed.made.append(one)
        fixed.report = check_document(document, file, folder)
    return fixed
