"""Everything that is wrong or weak about a storyboard, in file order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.checks import framing, hiding, telling, texts, timing, unsendable
from storyboard.checks.craft import craft
from storyboard.checks.diagnostic import Diagnostic, Finding
from storyboard.checks.structure import read_structure
from storyboard.checks.tidiness import ragged_lines
from storyboard.document import Document, DocumentError, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from storyboard.checks.draft import Draft

RULES: tuple[Callable[[Draft], Iterable[Finding]], ...] = (
    timing.total_in_range,
    timing.duration_is_the_sum,
    texts.shot_length,
    texts.prompt_length,
    unsendable.semicolons,
    unsendable.hidden_in_texts,
    hiding.hidden_in_sound_texts,
    hiding.names_that_look_alike,
    texts.empty_texts,
    texts.names_are_cast,
    framing.negative_needs_frame,
    framing.frame_decides_aspect,
    framing.frame_is_fit,
    telling.variables_told,
    craft,
)

_IGNORE = "storyboard: ignore"
"""What every comment that hides a warning has in it."""


@dataclass(slots=True)
class Report:
    """A checked file: its draft and diagnostics; no document where the bytes could not be read."""

    file: str
    diagnostics: list[Diagnostic]
    document: Document | None = None
    draft: Draft | None = None

    @property
    def has_errors(self) -> bool:
        """Whether anything here forbids compiling."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


def check_file(path: str) -> Report:
    """Reads and checks a file; a file that cannot be read gives one SB001."""
    try:
        data = read_bytes(path)
    except DocumentError as error:
        return Report(path, [_unreadable(path, error)])
    return check_bytes(data, path, os.path.dirname(os.path.abspath(path)))


def check_bytes(data: bytes, file: str, folder: str) -> Report:
    """Checks a storyboard's bytes; `file` is what diagnostics call it, paths in it start at `folder`."""
    try:
        document = Document.parse(data)
    except DocumentError as error:
        return Report(file, [_unreadable(file, error)])
    return check_document(document, file, folder)


def check_document(document: Document, file: str, folder: str) -> Report:
    """Checks a document that has been read."""
    draft, findings = read_structure(document.data, folder)
    findings += framing.load_cast_file(draft)
    draft.expand()
    for rule in RULES:
        findings += rule(draft)
    findings += ragged_lines(draft, document)
    diagnostics = [_place(finding, document, file) for finding in findings]
    diagnostics += _duplicate_keys(document, file)
    if _IGNORE in document.text:
        from storyboard.checks.ignoring import heed_comments

        diagnostics = heed_comments(diagnostics, document, file)
    diagnostics.sort(key=lambda found: (found.line, found.column, found.code))
    return Report(file, diagnostics, document, draft)


def _place(finding: Finding, document: Document, file: str) -> Diagnostic:
    span = document.key_span(finding.path) if finding.at_key else document.span(finding.path)
    return Diagnostic(
        file,
        span.line,
        span.column,
        span.end_line,
        span.end_column,
        finding.code,
        finding.severity,
        finding.message,
        finding.path,
        finding.fix,
    )


def _duplicate_keys(document: Document, file: str) -> Iterator[Diagnostic]:
    for found in document.duplicates():
        span = found.span
        words = f"the key `{found.key[:80]}` is given twice, first in line {found.first_line}: delete one"
        yield Diagnostic(
            file, span.line, span.column, span.end_line, span.end_column, "SB004", "error", words, found.path
        )


def _unreadable(file: str, error: DocumentError) -> Diagnostic:
    return Diagnostic(file, error.line, error.column, error.line, error.column, "SB001", "error", error.reason)
