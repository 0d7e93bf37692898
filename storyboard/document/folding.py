"""Breaking text into lines the way YAML folds them back, keeping breaks that still fit."""

from __future__ import annotations

import re
from typing import NamedTuple

NARROWEST = 20
"""Characters that a wrapped line has at least."""

_BREAKABLE = re.compile(r"(?<=[^\s]) (?=[^\s])")


class Piece(NamedTuple):
    """A source line and what folding puts behind it: a space, line breaks, or nothing at the end."""

    line: str
    after: str


def can_fold(body: str) -> bool:
    """Whether a text can be written folded: no line of it begins or ends with white space, the first is not empty."""
    return can_stay_folded(body) and all(line == line.rstrip(" \t") for line in body.split("\n"))


def can_stay_folded(body: str) -> bool:
    """Whether a folded text can say this: as `can_fold`, but its lines may end with white space, which nobody sees."""
    return body[:1] not in ("", "\n") and all(line[:1] not in (" ", "\t") for line in body.split("\n"))


def wrap(body: str, width: int) -> list[str]:
    """Source lines of a foldable text, at most `width` wide where words allow; a blank line for each line break."""
    lines: list[str] = []
    for index, paragraph in enumerate(re.split(r"(\n+)", body)):
        if index % 2:
            lines += [""] * len(paragraph)
        elif paragraph:
            lines += _wrap_paragraph(paragraph, max(width, NARROWEST))
    return lines


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in _BREAKABLE.split(paragraph):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def pieces_of(lines: list[str]) -> list[Piece]:
    """Source lines, blank ones included, as pieces."""
    pieces: list[Piece] = []
    for line in lines:
        if line:
            pieces.append(Piece(line, " "))
        elif pieces:
            last = pieces[-1]
            pieces[-1] = Piece(last.line, "\n" if last.after == " " else last.after + "\n")
    return [*pieces[:-1], Piece(pieces[-1].line, "")] if pieces else []


def rewrap(body: str, old: list[str]) -> list[str]:
    """Source lines of a foldable text: old lines that still stand in it keep their breaks, the rest is wrapped."""
    pieces = pieces_of(old)
    width = max((len(piece.line) for piece in pieces), default=80)
    begin, kept_before = _kept_before(body, pieces)
    end, kept_after = _kept_after(body, pieces[kept_before:], begin)
    behind = len(pieces) - kept_after
    middle = _rewrap_between(body, (begin, end), pieces[kept_before:behind], width)
    return _source(pieces[:kept_before]) + middle + _source(pieces[behind:])


def _rewrap_between(body: str, stretch: tuple[int, int], pieces: list[Piece], width: int) -> list[str]:
    """Source lines of a stretch of the text, split at the longest old line that stands in it."""
    begin, end = stretch
    if (found := _longest_kept(body, stretch, pieces)) is None:
        core = body[begin:end] if end == len(body) else _without_separator(body[begin:end])
        return wrap(core, width) + [""] * body[begin + len(core) : end].count("\n")
    start, index = found
    behind = start + len(pieces[index].line) + len(pieces[index].after)
    return [
        *_rewrap_between(body, (begin, start), pieces[:index], width),
        *_source([pieces[index]]),
        *_rewrap_between(body, (behind, end), pieces[index + 1 :], width),
    ]


def _without_separator(stretch: str) -> str:
    """A stretch without what separates it from the line behind it: line breaks, or one space."""
    return stretch.rstrip("\n") if stretch.endswith("\n") else stretch.removesuffix(" ")


def _longest_kept(body: str, stretch: tuple[int, int], pieces: list[Piece]) -> tuple[int, int] | None:
    """Where the longest old line that still stands in the stretch begins, and which it is; short ones prove nothing."""
    begin, end = stretch
    for index in sorted(range(len(pieces)), key=lambda index: -len(pieces[index].line)):
        line, after = pieces[index]
        if len(line) < NARROWEST:
            return None
        start = body.find(line, begin, end)
        if start >= 0 and _breaks_before(body, start, begin) and _separator(body, start + len(line)) == after:
            return start, index
    return None


def _source(pieces: list[Piece]) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        lines += [piece.line, *[""] * piece.after.count("\n")]
    return lines


def _kept_before(body: str, pieces: list[Piece]) -> tuple[int, int]:
    """How far the text begins like the old lines: characters and lines."""
    position = 0
    for count, piece in enumerate(pieces):
        behind = position + len(piece.line)
        if not body.startswith(piece.line, position) or _separator(body, behind) != piece.after:
            return position, count
        position = behind + len(piece.after)
    return position, len(pieces)


def _kept_after(body: str, pieces: list[Piece], begin: int) -> tuple[int, int]:
    """From where on the text ends like the old lines: character index and lines."""
    position = len(body)
    for count, piece in enumerate(reversed(pieces)):
        start = position - len(piece.after) - len(piece.line)
        fits = start >= begin and body.startswith(piece.line + piece.after, start)
        if not fits or not _breaks_before(body, start, begin):
            return position, count
        position = start
    return position, len(pieces)


def _breaks_before(body: str, start: int, begin: int) -> bool:
    """Whether a line can begin at `start`: behind line breaks, or behind one space that follows a word."""
    if start == begin or body[start - 1] == "\n":
        return True
    return body[start - 1] == " " and start - 1 > begin and body[start - 2] not in " \n"


def _separator(body: str, index: int) -> str | None:
    """What stands behind a line that ends at `index`: a space, line breaks, nothing at the end; None within a word."""
    end = index
    while end < len(body) and body[end] == "\n":
        end += 1
    if end > index:
        return body[index:end]
    if index == len(body):
        return ""
    return " " if body[index] == " " and body[index + 1 : index + 2].strip() else None
