"""Comments such as `# storyboard: ignore SB203`: whoever wrote it looked at a warning and knows better."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.checks.diagnostic import Diagnostic
from storyboard.document.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document import Document

_COMMENT = re.compile(r"#[ \t]*storyboard: ignore\b[ \t]*([^\r\n#]{0,200})")
_COMMENTS_AT_MOST = 100


@dataclass(slots=True)
class _Ignore:
    """One comment: where it stands, the lines that it is about, its codes, and which of them hid something."""

    start: int
    end: int
    lines: frozenset[int]
    codes: list[str]
    used: set[str] = field(default_factory=set)

    def hides(self, code: str, lines: set[int]) -> bool:
        if lines.isdisjoint(self.lines) or (self.codes and code not in self.codes):
            return False
        self.used.add(code)
        return True


def heed_comments(diagnostics: list[Diagnostic], document: Document, file: str) -> list[Diagnostic]:
    """Leaves warnings and hints out that a comment in their lines ignores; errors stay, for they forbid compiling.

    A comment of its own is about the next line. SB244 for a comment that hides nothing.
    """
    ignores = list(_ignores(document))
    kept = []
    for found in diagnostics:
        lines = {found.line, document.key_span(found.path).line}
        if found.path and isinstance(found.path[-1], str) and found.path[-1] != "shots":
            lines.add(found.end_line)
        if found.severity == "error" or not [one for one in ignores if one.hides(found.code, lines)]:
            kept.append(found)
    return kept + [hint for one in ignores for hint in _useless(one, document, file)]


def _ignores(document: Document) -> Iterator[_Ignore]:
    source = document.reading.source
    text = Lines(source.text, source.newline)
    for count, match in enumerate(_COMMENT.finditer(text.text)):
        if count >= _COMMENTS_AT_MOST:
            return
        if not document.reading.is_comment(match.start()):
            continue
        lines = {source.line_column(match.start())[0]}
        if text.begins_line(match.start()):
            lines.add(source.line_column(text.behind_nothing(match.start()))[0])
        codes = [word.upper() for word in re.split(r"[,\s]+", match[1].strip()) if word]
        yield _Ignore(match.start(), match.start() + len(match[0].rstrip()), frozenset(lines), codes)


def _useless(one: _Ignore, document: Document, file: str) -> Iterator[Diagnostic]:
    if one.codes:
        wrong = [code for code in one.codes if code not in one.used]
        if not wrong:
            return
        from storyboard.checks.catalogue import codes

        unknown = [code for code in wrong if code not in codes()]
        errors = [code for code in wrong if code.startswith(("SB0", "SB1")) and code not in unknown]
        if unknown:
            words = f"`{unknown[0][:40]}` is no code: write ignore SB203, SB204"
        elif errors:
            words = f"{errors[0]} is an error and cannot be ignored: mend it"
        else:
            words = f"nothing here is {' or '.join(wrong[:5])}: delete the comment"
    elif one.used:
        return
    else:
        words = "nothing here needs to be ignored: delete the comment"
    source = document.reading.source
    start, end = source.line_column(one.start), source.line_column(one.end)
    yield Diagnostic(file, *start, *end, "SB244", "info", words)
