"""`storyboard new`: a commented starting file, and the schema that editors complete it with."""

from __future__ import annotations

import os
from pathlib import Path

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.options import file_to_write, whole
from storyboard.disk import reported, typed
from storyboard.filing import ENDINGS, USUAL_ENDING, NotMade, can_be_seen, is_named, start, usual_seconds
from storyboard.profiles import KLING_3_TURBO

_SHOTS, _SECONDS = KLING_3_TURBO.shots, KLING_3_TURBO.total_seconds


@click.command("new")
@click.argument("path", callback=file_to_write)
@click.option(
    "--shots",
    type=int,
    callback=whole(_SHOTS.least, _SHOTS.most),
    default=3,
    show_default=True,
    metavar="N",
    help=f"How many shots, {_SHOTS.least} to {_SHOTS.most}.",
)
@click.option(
    "--duration",
    type=int,
    callback=whole(_SECONDS.least, _SECONDS.most),
    metavar="S",
    help=f"Seconds in all, {_SECONDS.least} to {_SECONDS.most}; three a shot where the limits allow it.",
)
def command(path: str, shots: int, duration: int | None) -> int:
    """Write a commented starting file; a file that is there is never overwritten.

    PATH without .yaml becomes PATH.storyboard.yaml.
    """
    total = duration if duration is not None else usual_seconds(shots)
    if total < shots:
        raise click.UsageError(f"{shots} shots need at least {shots} seconds")
    file = _file(path)
    try:
        schema = start(file, shots, total)
    except NotMade as error:
        raise Stop(Exit.USAGE, str(error)) from None
    say.data(reported(str(file)))
    if schema is not None:
        say.words(f"beside it {schema}, which editors complete and check it with")
    say.words(f"next: storyboard check {typed(str(file))}")
    return Exit.DONE


def _file(path: str) -> Path:
    if os.path.isdir(path):
        raise click.UsageError(f"{path} is a folder: name the file, as {os.path.join(path, 'film')}")
    file = Path(path if path.lower().endswith(ENDINGS) else path + USUAL_ENDING)
    if not is_named(file.name):
        raise click.UsageError("the file needs a name")
    if not can_be_seen(str(file)):
        raise click.UsageError(f"{str(file)!r}: choose a name without control characters, in UTF-8")
    return file
