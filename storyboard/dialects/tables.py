"""Shot lists as tables: CSV, tab-separated values and Markdown."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from storyboard.dialects.film import FoundFilm, FoundShot, NotRead
from storyboard.dialects.numbers import seconds_of
from storyboard.dialects.tables_out import NAMES, from_words, with_markup

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROMPT = ("prompt", "description", "action", "visual", "text", "shot description", "visual description", "content")
_SECONDS = (
    "seconds",
    "duration",
    "sec",
    "secs",
    "time",
    "dur",
    "length",
    "s",
    "duration (s)",
    "seconds (s)",
    "duration_seconds",
)
_NUMBER = ("shot", "#", "no", "no.", "number", "nr", "index", "shot number", "shot #", "id", "scene")
_NOTE = ("note", "notes", "comment", "comments", "remark", "remarks")
_BEFORE = ("size", "shot size", "shot type", "framing", "type")
_BEHIND = (
    "camera",
    "movement",
    "camera movement",
    "camera move",
    "move",
    "lighting",
    "light",
    "sound",
    "audio",
    "sfx",
    "music",
    "dialogue",
    "dialog",
)
_COLUMNS_AT_MOST = 200
_ROWS_AT_MOST = 1000
"""Columns and rows of which more are some other table: a shot list has a dozen columns, and a row for each shot."""
_COUNTED = re.compile(r"(?:shot|scene)?[ #]{0,3}\d{0,4}[a-z]?\.?", re.IGNORECASE)
_DELIMITERS = ",;\t|"


def read_markdown(text: str) -> FoundFilm | None:
    """The first table of a Markdown text that has a column for prompts; None where there is none.

    NotRead where it is huge.
    """
    lines = text.splitlines()
    for place in range(len(lines) - 1):
        if "|" not in lines[place] or not _is_rule(lines[place + 1]):
            continue
        if _column(_names(_cells(lines[place])), _PROMPT) is None:  # looked at before the rows: each line is read once
            continue
        rows = [_cells(line) for line in _table(lines, place)]
        if _is_ours(rows[0]):
            rows = [[with_markup(cell) for cell in row] for row in rows]
        film = _read([rows[0], *rows[2:]], "a Markdown table")
        if film is not None:
            _around(film, [*lines[:place], *lines[place + len(rows) :]])
            return film
    return None


def _is_ours(head: list[str]) -> bool:
    """Whether a table begins as those do that are exported."""
    return tuple(head) in (NAMES, NAMES[:3])


def _is_rule(line: str) -> bool:
    return "-" in line and set(line) <= set("|-: \t")


def _table(lines: Sequence[str], begin: int) -> Sequence[str]:
    end = next((place for place in range(begin, len(lines)) if "|" not in lines[place]), len(lines))
    return lines[begin:end]


def _cells(line: str) -> list[str]:
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    cells = re.split(r"(?<!\\)\|", line)
    return [re.sub(r"<br\s?/?>", "\n", cell.strip().replace("\\|", "|")) for cell in cells]


def _around(film: FoundFilm, lines: list[str]) -> None:
    if text := "\n".join(lines).strip():
        film.others["around the table"] = text
        film.remarks.append("what stands around the table is kept under x-imported, and not sent")


def read_csv(text: str) -> FoundFilm | None:
    """Comma, semicolon or tab separated rows below a line of column names; None for anything else.

    NotRead where it is huge.
    """
    head = text.lstrip().partition("\n")[0]
    for delimiter in _DELIMITERS:
        if delimiter in head:
            try:
                rows = list(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter, strict=True))
            except csv.Error:
                continue
            if delimiter == "," and rows and _is_ours(rows[0]):
                rows = [[from_words(cell) for cell in row] for row in rows]
            if (film := _read([row for row in rows if any(map(str.strip, row))], "a CSV shot list")) is not None:
                return film
    return None


def _column(names: list[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _names(head: list[str]) -> list[str]:
    return [re.sub(r"[*_`]", "", cell).strip().lower() for cell in head]


def _read(rows: list[list[str]], notation: str) -> FoundFilm | None:
    if len(rows) < 2:
        return None
    names = _names(rows[0])
    prompt, seconds = _column(names, _PROMPT), _column(names, _SECONDS)
    if prompt is None:
        return None
    if len(names) > _COLUMNS_AT_MOST or len(rows) > _ROWS_AT_MOST:
        raise NotRead(
            f"{notation} of {len(names)} columns and {len(rows) - 1} rows: at most {_COLUMNS_AT_MOST} columns and "
            f"{_ROWS_AT_MOST} rows are read, a film has six shots"
        )
    film = FoundFilm(notation, [])
    for number, row in enumerate(rows[1:], start=1):
        cells = [*row, *[""] * (len(names) - len(row))]
        film.shots.append(_shot(names, cells, prompt, seconds, number))
        if len(row) > len(names):
            film.shots[-1].others["more cells"] = " | ".join(row[len(names) :])
    used = [name for place, name in enumerate(names) if place != prompt and name in (*_BEFORE, *_BEHIND)]
    if used:
        film.remarks.append(f"columns that became part of the prompts: {', '.join(used)}")
    aside = sorted({name for shot in film.shots for name in shot.others})
    if aside:
        film.remarks.append(f"columns kept as x- keys, and not sent: {', '.join(aside)[:200]}")
    return film


def _shot(names: list[str], cells: list[str], prompt: int, seconds: int | None, number: int) -> FoundShot:
    shot = FoundShot(cells[prompt])
    before: list[str] = []
    behind: list[str] = []
    notes: list[str] = []
    for place, (column, cell) in enumerate(zip(names, cells, strict=False)):
        name = _named(column, cell)
        if place == prompt or not cell.strip():
            continue
        if place == seconds and (length := seconds_of(cell)) is not None:
            shot.seconds = length
        elif name in _BEFORE:
            before.append(cell.strip())
        elif name in _BEHIND:
            behind.append(cell.strip())
        elif name in _NOTE:
            notes.append(cell)
        elif not _counts(name, cell, number):
            shot.others[name if name and name not in shot.others else f"column {place + 1}"] = cell
    shot.note = "\n".join(notes)
    if before:
        shot.prompt = f"{', '.join(before)}, {shot.prompt}"
    for words in behind:
        shot.prompt += ("" if shot.prompt.rstrip().endswith((".", "!", "?", '"')) else ".") + f" {words}"
    return shot


def _named(name: str, cell: str) -> str:
    """A column called shot counts them, or says their size."""
    return "size" if name == "shot" and not _COUNTED.fullmatch(cell.strip()) else name


def _counts(name: str, cell: str, number: int) -> bool:
    """Whether a cell only says which row this is."""
    return name in _NUMBER and cell.strip().lower().removeprefix("shot").strip(" #.") == str(number)
