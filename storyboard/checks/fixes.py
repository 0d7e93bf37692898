"""What `--fix` can do: each fix changes one value and nothing else in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.checks.characters import SEMICOLONS
from storyboard.document import EditRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.check import Report
    from storyboard.checks.diagnostic import Diagnostic, Path
    from storyboard.document import Document


def fix_all(report: Report) -> Iterator[str]:
    """Makes every fix that a checked document allows, in place; says each in words, refused ones included."""
    document = report.document
    if document is None or report.draft is None:
        return
    for diagnostic in report.diagnostics:
        if diagnostic.fix is not None:
            yield from _fix(document, diagnostic, report.draft.total_seconds)
    for path, value in _texts(document.data):
        if (trimmed := _without_trailing_white(value)) != value:
            yield from _set(document, path, trimmed, "trailing white space taken out")


def _fix(document: Document, diagnostic: Diagnostic, total: int | None) -> Iterator[str]:
    if diagnostic.code == "SB102" and total is not None:
        yield from _set(document, diagnostic.path, total, f"`duration` is now {total}")
    elif diagnostic.code == "SB107":
        value = _value(document.data, diagnostic.path)
        if isinstance(value, str):
            yield from _set(document, diagnostic.path, SEMICOLONS.sub(",", value), "semicolons are now commas")


def _set(document: Document, path: Path, value: Any, words: str) -> Iterator[str]:
    line = document.span(path).line
    try:
        document.set(path, value)
    except EditRefused as refused:
        yield f"{line}: not fixed: {refused.reason}"
    else:
        yield f"{line}: {words}"


def _value(data: Any, path: Path) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _texts(data: Any) -> Iterator[tuple[Path, str]]:
    """Every text that is sent or shown, with its path."""
    if not isinstance(data, dict):
        return
    for key in ("title", "negative_prompt", "look"):
        if isinstance(data.get(key), str):
            yield (key,), data[key]
    cast = data.get("cast")
    for name, text in cast.items() if isinstance(cast, dict) else ():
        if isinstance(text, str):
            yield ("cast", name), text
    shots = data.get("shots")
    for index, shot in enumerate(shots if isinstance(shots, list) else ()):
        for key in ("prompt", "note"):
            if isinstance(shot, dict) and isinstance(shot.get(key), str):
                yield ("shots", index, key), shot[key]


def _without_trailing_white(text: str) -> str:
    return "\n".join(line.rstrip(" \t") for line in text.split("\n"))
