"""`storyboard new`: a commented starting file, and the schema that editors complete it with."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.options import whole
from storyboard.cli.starter import starting_text
from storyboard.frames import project_root
from storyboard.profiles import KLING_3_TURBO

_SUFFIXES = (".yaml", ".yml")
_SCHEMA = "storyboard.schema.json"
_SHOTS, _SECONDS = KLING_3_TURBO.shots, KLING_3_TURBO.total_seconds


@click.command("new")
@click.argument("path")
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
    total = duration if duration is not None else min(max(3 * shots, _SECONDS.least), _SECONDS.most)
    if total < shots:
        raise click.UsageError(f"{shots} shots need at least {shots} seconds")
    file = _file(path)
    schema, schema_is_new = _schema_reference(file)
    _write_new(file, starting_text(schema, total, shots, title=_title(file), name=_typed(file.name)))
    if schema_is_new:
        _write_schema(file.parent / schema)
    say.data(str(file))
    if schema_is_new:
        say.words(f"beside it {schema}, which editors complete and check it with")
    say.words(f"next: storyboard check {_typed(str(file))}")
    return Exit.DONE


def _file(path: str) -> Path:
    if os.path.isdir(path):
        raise click.UsageError(f"{path} is a folder: name the file, as {os.path.join(path, 'film')}")
    file = Path(path if path.lower().endswith(_SUFFIXES) else f"{path}.storyboard.yaml")
    if file.name.startswith(".storyboard.") or file.name.lower() in _SUFFIXES:
        raise click.UsageError("the file needs a name")
    if say.printable(str(file)) != str(file):
        raise click.UsageError(f"{str(file)!r}: choose a name without control characters, in UTF-8")
    if os.path.lexists(file):
        raise Stop(Exit.USAGE, f"{file} is there already; nothing was written")
    if not os.path.isdir(file.parent):
        raise Stop(Exit.USAGE, f"the folder {file.parent} does not exist; make it first")
    return file


def _title(file: Path) -> str:
    words = file.name.split(".")[0].replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:200] or "Untitled"


def _typed(name: str) -> str:
    """A name as it is typed into a shell."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)


def _write_new(file: Path, text: str) -> None:
    """Writes a file that is not there, whole or not at all."""
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            try:
                stream.write(text)
                stream.flush()
            except OSError:
                file.unlink()
                raise
    except FileExistsError:
        raise Stop(Exit.USAGE, f"{file} is there already; nothing was written") from None
    except OSError as error:
        raise Stop(Exit.USAGE, f"{file} cannot be written: {str(error.strerror).lower()}") from None


def _schema_reference(file: Path) -> tuple[str, bool]:
    """The schema's path from the file, and whether it is still to be written: beside it where the project has none."""
    folder = os.path.realpath(file.parent)
    root = project_root(folder)
    place = folder
    while True:
        for candidate in (os.path.join(place, "schemas", _SCHEMA), os.path.join(place, _SCHEMA)):
            if os.path.isfile(candidate):
                return os.path.relpath(candidate, folder).replace(os.sep, "/"), False
        if place == root:
            return _SCHEMA, True
        place = os.path.dirname(place)


def _write_schema(file: Path) -> None:
    from storyboard.schemas import storyboard_schema

    _write_new(file, json.dumps(storyboard_schema(), indent=2, ensure_ascii=False) + "\n")
