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
_LARGE = 50_000
"""Characters above which a document gets fewer fixes at a time: all of it is read again after each."""
_READ_AT_MOST = 1_000_000
"""Characters of a large document that are read again for its fixes."""


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
    length = len(document.text)
    at_most = FIXES_AT_MOST if length <= _LARGE else max(_READ_AT_MOST // length, 1)
    while len(tried) < at_most:
        todo = (one for one in fixed.report.diagnostics if one.fix is not None and wanted(one))
        one = next((one for one in todo if (one.code, one.path) not in tried), None)
        if one is None or one.fix is None:
            break
        tried.add((one.code, one.path))
        try:
            one.fix.apply(document)
        except EditRefused as refusal:
            fixed.refused.append((one, refusal))
            continue
        fixed.made.append(one)
        fixed.report = check_document(document, file, folder)
    return fixed
