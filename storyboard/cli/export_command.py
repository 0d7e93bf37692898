"""`storyboard export`: a storyboard in another notation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, one_storyboard
from storyboard.cli.refusals import as_ends
from storyboard.dialects.exporting import NOTATIONS, export
from storyboard.dialects.film_out import Film, Shot
from storyboard.disk import reported
from storyboard.folders import name_of
from storyboard.submitting.preparing import compiled_texts
from storyboard.submitting.words import refuse_errors

if TYPE_CHECKING:
    from storyboard.checks import Report


_ONE_OF = f"One of {', '.join(NOTATIONS)}."


@click.command("export")
@click.argument("path")
@click.option("--to", type=click.Choice(list(NOTATIONS)), required=True, metavar="NOTATION", help=_ONE_OF)
@as_ends()
def command(path: str, to: str) -> int:
    """Print a storyboard in another notation (- is standard input); what it cannot carry goes to standard error."""
    report = check_input(one_storyboard(path))
    refuse_errors([report], "nothing was exported")
    text, remarks = export(_film(report), to)
    for line in text.split("\n"):
        say.exact(line)
    for remark in remarks:
        say.words(f"{reported(report.file)}: {remark}")
    return Exit.DONE


def _film(report: Report) -> Film:
    keys = report.document.data if report.document is not None else {}
    notes = [shot.note or "" for shot in report.draft.shots] if report.draft is not None else []
    shots = tuple(
        Shot(seconds, text, note) for (seconds, text), note in zip(compiled_texts(report), notes, strict=True)
    )
    return Film(str(keys.get("title") or name_of(report.file)), shots, keys)
