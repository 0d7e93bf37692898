"""Makes, copies and renames storyboards; a file that is there is never overwritten."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from storyboard.disk import parents_made, typed, words_of
from storyboard.folders import project_folders
from storyboard.profiles import KLING_3_TURBO
from storyboard.starter import starting_text
from storyboard.unseen import STRAY, UNSEEN
from storyboard.writing import make_file, move

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = (".yaml", ".yml")
USUAL_ENDING = ".storyboard.yaml"
_SCHEMA = "storyboard.schema.json"
_SHOTS, _SECONDS = KLING_3_TURBO.shots, KLING_3_TURBO.total_seconds
_UNSEEN = re.compile(f"[{UNSEEN}\u2800]|{STRAY}")
"""What a name must not hold: the blank of Braille passes for a space in a name, beside Braille as well."""


class NotMade(Exception):
    """Nothing was made or changed; the text says why."""


def usual_seconds(shots: int) -> int:
    """Seconds in all of a starting file: three a shot, where the limits allow it."""
    return min(max(3 * shots, _SECONDS.least), _SECONDS.most)


def can_be_seen(name: str) -> bool:
    """Whether every character of a name shows, and can be written as UTF-8."""
    return _UNSEEN.search(name) is None


def is_named(name: str) -> bool:
    """Whether there is anything before a file name's ending."""
    return not name.startswith(".storyboard.") and name.lower() not in ENDINGS


def start(file: Path, shots: int = 3, total: int | None = None) -> str | None:
    """Writes a commented starting file, and the schema beside it where the project has none: its name, if written.

    `total` is in seconds. Raises NotMade.
    """
    if os.path.lexists(file):
        raise NotMade(f"{file} is there already; nothing was written")
    try:
        with parents_made(file):
            return _start(file, shots, total)
    except OSError as error:
        raise NotMade(f"{file} cannot be written: {words_of(error)}") from None


def _start(file: Path, shots: int, total: int | None) -> str | None:
    schema, schema_is_new = _schema_reference(file)
    schema_text = _schema() if schema_is_new else ""  # made first: what it needs may not be there
    seconds = total if total is not None else usual_seconds(shots)
    text = starting_text(schema, seconds, shots, title=_title(file), name=typed(file.name))
    _write_new(file, text.encode())
    if not schema_is_new:
        return None
    try:
        _write_new(file.parent / schema, schema_text.encode())
    except NotMade:
        file.unlink()
        raise
    return schema


def _schema() -> str:
    from storyboard.schemas import storyboard_schema

    return json.dumps(storyboard_schema(), indent=2, ensure_ascii=False) + "\n"


def duplicate(old: Path, new: Path) -> None:
    """Copies a storyboard byte for byte; raises NotMade."""
    from storyboard.document import DocumentError, read_bytes

    try:
        data = read_bytes(old)
    except DocumentError as error:
        raise NotMade(f"{old} {error.reason}") from None
    _write_new(new, data)


def rename(old: Path, new: Path) -> None:
    """Gives a file, or the link that stands for one, another name; raises NotMade."""
    try:
        move(old, new)
    except FileExistsError:
        raise NotMade(f"{new} is there already; nothing was renamed") from None
    except OSError as error:
        raise NotMade(f"{old} cannot be renamed: {words_of(error)}") from None


def _title(file: Path) -> str:
    words = file.name.split(".")[0].replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:200] or "Untitled"


def _write_new(file: Path, data: bytes) -> None:
    """Writes a file that is not there, whole or not at all."""
    try:
        make_file(file, data, durable=True)
    except FileExistsError:
        raise NotMade(f"{file} is there already; nothing was written") from None
    except OSError as error:
        raise NotMade(f"{file} cannot be written: {words_of(error)}") from None


def _schema_reference(file: Path) -> tuple[str, bool]:
    """The schema's path from the file, and whether it is still to be written: beside it where the project has none."""
    places = project_folders(str(file.parent))
    for place in places:
        for candidate in (os.path.join(place, "schemas", _SCHEMA), os.path.join(place, _SCHEMA)):
            if os.path.isfile(candidate):
                return os.path.relpath(candidate, places[0]).replace(os.sep, "/"), False
    return _SCHEMA, True
