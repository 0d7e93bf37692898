"""`check --fix` on one file: what can be fixed is written back, each fix in its own value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.checks.check import Report, check_file
from storyboard.checks.fixing import fix_document
from storyboard.cli import say
from storyboard.disk import ReadOnly, reported, unlocking, why_not_replaced, words_of
from storyboard.document import Document, DocumentError, read_bytes
from storyboard.document.saving import ChangedOnDisk, fingerprint, save

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.checks import Diagnostic


class Fixer:
    """Fixes files and says what it did; counts fixes, and files that could not be written."""

    def __init__(self, wanted: Callable[[Diagnostic], bool]) -> None:
        """`wanted` says which findings are to be fixed."""
        self.made = 0
        self.unwritten = 0
        self._wanted = wanted

    def fix(self, file: str) -> Report:
        """Fixes a file and saves it; the report on it as it is on disk afterwards."""
        try:
            data = read_bytes(file)
            document = Document.parse(data)
        except DocumentError:
            return check_file(file)
        fixed = fix_document(document, file, os.path.dirname(os.path.abspath(file)), self._wanted)
        for one, refusal in fixed.refused:
            say.words(f"{_place(one)} not fixed: {refusal.reason}; change it by hand")
        if not fixed.made:
            return fixed.report
        try:
            save(Path(file), document.to_bytes(), read=fingerprint(data))
        except (OSError, ChangedOnDisk) as error:
            self.unwritten += 1
            say.words(f"{reported(file)}: not fixed, nothing was written: {_reason(error, file)}")
            return check_file(file)
        for one in fixed.made:
            say.words(f"{_place(one)} fixed: {one.fix.title if one.fix else ''}")
        self.made += len(fixed.made)
        return fixed.report


def _reason(error: OSError | ChangedOnDisk, file: str) -> str:
    if isinstance(error, ChangedOnDisk):
        return "another program changed it meanwhile"
    if isinstance(error, ReadOnly):
        return f"{words_of(error)}; {unlocking(file)}"
    return why_not_replaced(error)


def _place(found: Diagnostic) -> str:
    return f"{reported(found.file)}:{found.line}:{found.column}: {found.code}"
