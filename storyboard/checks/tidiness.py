"""SB202: white space at the ends of a text's lines, which is never sent and clutters diffs."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from storyboard.checks.diagnostic import Finding, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.diagnostic import Path
    from storyboard.checks.draft import Draft
    from storyboard.document import Document

_PERHAPS = re.compile(r"[ \t](?:[\r\n\"']|\Z)")
_TEXTS_LOOKED_AT = 200


def ragged_lines(draft: Draft, document: Document) -> Iterator[Finding]:
    """SB202: lines of a text end in spaces or tabs; looks at how the text is written, not only at what it says."""
    if not _PERHAPS.search(document.text):
        return
    for path, what, text in islice(draft.texts(), _TEXTS_LOOKED_AT):
        if _may_be_trimmed(path, text) and document.reading.is_ragged(path):
            words = f"{what}: white space at the end of a line: it is never sent, and clutters diffs"
            yield Finding("SB202", path, words, "info", fix=Fix("take white space off the ends of lines", path))


def _may_be_trimmed(path: Path, text: str) -> bool:
    """Whether what is sent stays the same: negative prompts are sent as they stand, cast texts end inside others."""
    if not text.strip() or path == ("negative_prompt",):
        return False
    return path[0] != "cast" or not text.endswith((" ", "\t"))
