"""`storyboard compile`: the prompt that would be sent, or the whole request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, storyboards_in
from storyboard.cli.report import refuse_errors
from storyboard.compiler.template import write_template

if TYPE_CHECKING:
    from storyboard.checks import Report


@click.command("compile")
@click.argument("path")
@click.option("--request", is_flag=True, help="Print the JSON array that would be POSTed, with a fresh taskUUID.")
def command(path: str, *, request: bool) -> int:
    """Print the multi-shot prompt of a storyboard (- is standard input)."""
    report = check_input(_one_file(path))
    refuse_errors([report], "nothing was compiled")
    texts = compiled_texts(report)
    if request:
        _print_request(report, texts)
    else:
        say.data(write_template(texts))
    return Exit.DONE


def _one_file(path: str) -> str:
    if path == "-" or not os.path.isdir(path):
        return path
    files = list(storyboards_in([path]))
    if len(files) != 1:
        number = f"{len(files)} storyboards" if files else "no storyboard"
        raise click.UsageError(f"{path} holds {number}: name the file")
    return files[0]


def compiled_texts(report: Report) -> list[tuple[int, str]]:
    """Seconds and text of each shot of a storyboard without errors."""
    shots = report.draft.shots if report.draft is not None else []
    return [(shot.seconds or 0, shot.text.text if shot.text is not None else "") for shot in shots]


def _print_request(report: Report, texts: list[tuple[int, str]]) -> None:
    from uuid import uuid4

    from storyboard.cli.preparing import prepare_report

    say.json_data([prepare_report(report, texts).request(str(uuid4())).task()], indent=2)
