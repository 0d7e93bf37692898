"""Exports for people: CSV, Markdown, labelled shots."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.dialects.film_out import Film

NAMES = ("shot", "seconds", "prompt", "notes")
"""The columns that are written; a table that begins with these is read back by what was written into it."""
_BEGIN, _FORMULA = r"(\A|[\n\r;\t])([^\S\n\r;\t]*)", r"(?=[=+\-@＝＋－＠])"
_BARE = re.compile(rf"{_BEGIN}('*){_FORMULA}")
_QUOTED = re.compile(rf"{_BEGIN}'('*){_FORMULA}")
_ENTITIES = {"<": "&lt;", "](": "]&#40;", "&": "&amp;"}
_LIVE = re.compile(r"<|\]\(|&(?=#?\w{1,32};)")
_STILL = re.compile("|".join(map(re.escape, _ENTITIES.values())))


def as_words(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a ' stands before what would begin one.

    Also behind what parts cells elsewhere: a program that expects semicolons or tabs knows nothing of our quotes.
    """
    return _BARE.sub(r"\1\2'\3", cell)


def from_words(cell: str) -> str:
    """The cell that `as_words` was given."""
    return _QUOTED.sub(r"\1\2\3", cell)


def without_markup(cell: str) -> str:
    """Text in which Markdown finds no HTML, no picture and no link but a bare address."""
    return _LIVE.sub(lambda match: _ENTITIES[match[0]], cell)


def with_markup(cell: str) -> str:
    """The text that `without_markup` was given."""
    texts = {entity: text for text, entity in _ENTITIES.items()}
    return _STILL.sub(lambda match: texts[match[0]], cell)


def comma_separated(film: Film) -> str:
    """RFC 4180, with a line of names; notes where there are any. A ' stands before what would be a formula."""
    noted = any(shot.note for shot in film.shots)
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(NAMES[: 4 if noted else 3])
    for number, shot in enumerate(film.shots, start=1):
        writer.writerow([number, shot.seconds, as_words(shot.text), *([as_words(shot.note)] if noted else [])])
    return written.getvalue().rstrip("\n")


def formulas(film: Film) -> list[int]:
    """Shots whose text or note a spreadsheet could take for a formula, from 1."""
    return [
        number
        for number, shot in enumerate(film.shots, start=1)
        if any(as_words(text) != text for text in (shot.text, shot.note))
    ]


def markdown(film: Film) -> str:
    """A table of GitHub's kind; pipes are escaped, and so is what would be HTML, a picture or a link."""
    noted = any(shot.note for shot in film.shots)
    lines = [f"| shot | seconds | prompt |{' notes |' * noted}", f"|---|---|---|{'---|' * noted}"]
    for number, shot in enumerate(film.shots, start=1):
        lines.append(f"| {number} | {shot.seconds} | {_cell(shot.text)} |" + f" {_cell(shot.note)} |" * noted)
    return "\n".join(lines)


def _cell(text: str) -> str:
    return "<br>".join(without_markup(text).replace("\\|", "\\\\|").replace("|", "\\|").splitlines())


def labelled(film: Film) -> str:
    """`Shot 1 (3s): …`, a shot a line, as Kling's own app takes it."""
    return "\n".join(f"Shot {number} ({shot.seconds}s): {shot.text}" for number, shot in enumerate(film.shots, start=1))
