"""`storyboard new`: a commented starting file, and the schema that editors complete it with."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.frames import project_root
from storyboard.profiles import KLING_3_TURBO

_SUFFIXES = (".yaml", ".yml")
_SCHEMA = "storyboard.schema.json"

_PROMPTS = (
    (
        "Wide shot of a fishing harbour at dawn, mist over still water, an old keeper in a yellow oilskin walks\n"
        "      along the pier with a lamp. Slow push in. [Ambient: gulls, water against wood]"
    ),
    (
        "Medium shot, an old keeper in a yellow oilskin hangs the lamp on an iron hook at the end of the pier,\n"
        "      cold dawn light. Static camera. [Ambient: a hook creaks]"
    ),
    (
        "Close-up of the burning lamp on its iron hook, mist drifting behind it at dawn. The flame settles,\n"
        "      the picture holds. [Ambient: wind dies down]"
    ),
)

_FILE = """\
# yaml-language-server: $schema={schema}
#
# A storyboard: one to {most_shots} shots that make one film of {least} to {most} seconds.
#   storyboard check {name}               what is wrong or weak
#   storyboard cost {name}                what it would cost
#   storyboard submit {name} --sandbox    an animatic of it, free
title: {title}
duration: {duration}        # must equal the sum of the shots' seconds
aspect_ratio: "16:9"  # or "1:1", "9:16"
resolution: 720p      # or 1080p

# Names to use in prompts: @keeper becomes this text.
# cast:
#   keeper: an old keeper in a yellow oilskin, grey beard
# Said again at the end of every shot:
# look: soft dawn light, fine film grain
# Makes it image-to-video; then leave aspect_ratio out:
# first_frame: frames/first.png

shots:
{shots}"""

_SHOT = """\
  - seconds: {seconds}
    # At most {characters} characters. Each shot is read on its own: say who, where and the light in every one.
    prompt: >-
      {prompt}
"""


def _spread(total: int, shots: int) -> list[int]:
    """Whole seconds for each shot, as even as can be, the longer ones first."""
    share, rest = divmod(total, shots)
    return [share + (index < rest) for index in range(shots)]


@click.command("new")
@click.argument("path")
@click.option("--shots", type=click.IntRange(KLING_3_TURBO.shots.least, KLING_3_TURBO.shots.most), default=3)
@click.option(
    "--duration",
    type=click.IntRange(KLING_3_TURBO.total_seconds.least, KLING_3_TURBO.total_seconds.most),
    help="Total seconds; three a shot where the limits allow it.",
)
def command(path: str, shots: int, duration: int | None) -> int:
    """Write a commented starting file; a file that is there is never overwritten."""
    limits = KLING_3_TURBO.total_seconds
    total = duration if duration is not None else min(max(3 * shots, limits.least), limits.most)
    if total < shots:
        raise click.UsageError(f"{shots} shots need at least {shots} seconds")
    file = Path(path if path.lower().endswith(_SUFFIXES) else f"{path}.storyboard.yaml")
    if file.name.startswith(".storyboard."):
        raise click.UsageError("the file needs a name")
    _refuse_existing(file)
    schema = _schema_reference(file)
    _write_new(file, _text(file, schema, _spread(total, shots)))
    say.data(str(file))
    say.words(f"wrote {file}; next: storyboard check {file}")
    return Exit.DONE


def _refuse_existing(file: Path) -> None:
    if file.is_symlink() or file.exists():
        raise Stop(Exit.USAGE, f"{file} is there already; nothing was written")
    if not file.parent.is_dir():
        raise Stop(Exit.USAGE, f"the folder {file.parent} does not exist; make it first")


def _write_new(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        _refuse_existing(file)


def _text(file: Path, schema: str, seconds: list[int]) -> str:
    title = file.name.split(".")[0].replace("-", " ").replace("_", " ").strip().capitalize() or "Untitled"
    shots = "\n".join(
        _SHOT.format(
            seconds=length,
            characters=KLING_3_TURBO.shot_characters,
            prompt=_PROMPTS[min(index, len(_PROMPTS) - 1) if index < len(seconds) - 1 else -1],
        )
        for index, length in enumerate(seconds)
    )
    return _FILE.format(
        schema=schema,
        most_shots=KLING_3_TURBO.shots.most,
        least=KLING_3_TURBO.total_seconds.least,
        most=KLING_3_TURBO.total_seconds.most,
        name=file.name,
        title=json.dumps(title, ensure_ascii=False),
        duration=sum(seconds),
        shots=shots,
    )


def _schema_reference(file: Path) -> str:
    """The schema's path from the file; one is written beside it where the project has none."""
    folder = os.path.realpath(file.parent)
    root = project_root(folder)
    place = folder
    while True:
        for candidate in (os.path.join(place, "schemas", _SCHEMA), os.path.join(place, _SCHEMA)):
            if os.path.isfile(candidate):
                return os.path.relpath(candidate, folder).replace(os.sep, "/")
        if place == root:
            break
        place = os.path.dirname(place)
    from storyboard.schemas import storyboard_schema

    beside = file.parent / _SCHEMA
    _write_new(beside, json.dumps(storyboard_schema(), indent=2, ensure_ascii=False) + "\n")
    say.words(f"wrote {beside}, which editors complete and check storyboards with")
    return _SCHEMA
