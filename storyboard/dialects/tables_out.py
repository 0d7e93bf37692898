"""Exports for people: CSV, Markdown, labelled shots."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.dialects.film_out import Film

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def comma_separated(film: Film) -> str:
    """RFC 4180, with a line of names; notes where there are any."""
    noted = any(shot.note for shot in film.shots)
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["shot", "seconds", "prompt", *(["notes"] if noted else [])])
    for number, shot in enumerate(film.shots, start=1):
        writer.writerow([number, shot.seconds, shot.text, *([shot.note] if noted else [])])
    return written.getvalue().rstrip("\n")


def formulas(film: Film) -> list[int]:
    """Shots whose text a spreadsheet could take for a formula, from 1."""
    return [number for number, shot in enumerate(film.shots, start=1) if shot.text.startswith(_FORMULA)]


def markdown(film: Film) -> str:
    """A table of GitHub's kind; pipes are escaped."""
    noted = any(shot.note for shot in film.shots)
    lines = [f"| shot | seconds | prompt |{' notes |' * noted}", f"|---|---|---|{'---|' * noted}"]
    for number, shot in enumerate(film.shots, start=1):
        lines.append(f"| {number} | {shot.seconds} | {_cell(shot.text)} |" + f" {_cell(shot.note)} |" * noted)
    return "\n".join(lines)


def _cell(text: str) -> str:
    return "<br>".join(text.replace("\\|", "\\\\|").replace("|", "\\|").splitlines())


def labelled(film: Film) -> str:
    """`Shot 1 (3s): …`, a shot a line, as Kling's own app takes it."""
    return "\n".join(f"Shot {number} ({shot.seconds}s): {shot.text}" for number, shot in enumerate(film.shots, start=1))
