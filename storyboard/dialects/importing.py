"""Any notation in, the text of a storyboard file out."""

from __future__ import annotations

from typing import Any, NamedTuple

from storyboard.dialects import fountain, labels, lines, objects, subtitles, tables, template
from storyboard.dialects.film import FoundFilm, NotRead
from storyboard.dialects.secrets import leave_out, without_own_key
from storyboard.dialects.settling import settle
from storyboard.document import Document, DocumentError, EditRefused
from storyboard.document.source import SIZE_LIMIT
from storyboard.document.tree import NODE_LIMIT

_READERS = (
    objects.read,
    subtitles.read,
    template.read,
    lines.read_pipes,
    tables.read_markdown,
    fountain.read,
    labels.read,
    tables.read_csv,
    lines.read_cues,
)
"""In this order: what is told by a stricter sign comes first."""

SHOTS_AT_MOST = 200
"""Shots that are imported: a film has six; more than this is some other list."""

_KEPT_AT_MOST = NODE_LIMIT // 2
"""Values beside the shots; with their keys they are as many as a file may have."""
_SHOTS = b"shots:\n"


class Imported(NamedTuple):
    """A storyboard file's bytes, which notation it came from, and what changed on the way."""

    data: bytes
    notation: str
    shots: int
    remarks: list[str]


def read_film(text: str) -> FoundFilm:
    """What a text says, whatever its notation and its line ends; NotRead where it is none of them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for reader in _READERS:
        film = reader(text)
        if film is not None and film.shots:
            if len(film.shots) > SHOTS_AT_MOST:
                raise NotRead(f"{len(film.shots)} shots: at most {SHOTS_AT_MOST} are imported, a film has six")
            kept = len(film.others) + sum(len(shot.others) for shot in film.shots)
            if kept > _KEPT_AT_MOST:
                raise NotRead(f"{kept} values beside the shots: at most {_KEPT_AT_MOST} are kept, take them out first")
            return film
    if not text.strip():
        raise NotRead("it is empty")
    raise NotRead("no notation of shots that is known: docs/notations.md shows those that are")


def _written(data: dict[str, Any]) -> bytes:
    """A storyboard's file. Raises NotRead."""
    try:
        _refuse_large(data)
        return _joined(data) or _set(data).to_bytes()
    except (EditRefused, DocumentError) as refusal:
        raise NotRead(f"it cannot be written as a storyboard: {refusal.reason}") from None


def _joined(data: dict[str, Any]) -> bytes | None:
    """The file with each shot written alone, for edits read all of it again: many shots would take their square.

    None where that does not say the same.
    """
    first, *others = data["shots"]
    begin = _set({"shots": [first]}).to_bytes()
    before, found, behind = _set(data | {"shots": [first]}).to_bytes().partition(begin)
    pieces = [_set({"shots": [shot]}).to_bytes().removeprefix(_SHOTS) for shot in others]
    written = b"".join([before, found, *pieces, behind])
    return written if Document.parse(written).data == data else None


def _set(data: dict[str, Any]) -> Document:
    document = Document.parse(b"")
    for key, value in data.items():
        if key == "shots":
            document.set(("shots",), [])
            for index, shot in enumerate(value):
                document.insert_shot(index, shot)
        else:
            document.set((key,), value)
    return document


def _refuse_large(value: Any) -> None:
    """Refuses what is larger than a file may be, before time is spent on writing it."""
    if _characters(value) > SIZE_LIMIT:
        raise DocumentError(f"too large: a file has at most {SIZE_LIMIT // 1024} KiB")
    if _nodes(value) > NODE_LIMIT:
        raise DocumentError(f"too large: a file has at most {NODE_LIMIT} values")


def _characters(value: Any) -> int:
    """The least that a value takes in a file."""
    if isinstance(value, dict):
        return sum(len(str(key)) + 3 + _characters(inner) for key, inner in value.items())
    if isinstance(value, list):
        return sum(map(_characters, value))
    return len(str(value))


def _nodes(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(1 + _nodes(inner) for inner in value.values())
    return 1 + sum(map(_nodes, value)) if isinstance(value, list) else 1


def import_text(text: str, total: int | None = None) -> Imported:
    """A storyboard file from a text in another notation; `total`: whole seconds to spread where shots have none.

    Keys, passwords and tokens are left out, which the remarks say. Raises NotRead.
    """
    text, has_own_key = without_own_key(text)
    film = read_film(text)
    leave_out(film)
    if has_own_key:
        film.remarks.append("left out: the key of RUNWARE_API_KEY")
    data_written = _written(settle(film, total))
    if without_own_key(data_written.decode())[1]:
        raise NotRead("it holds the key of RUNWARE_API_KEY in pieces: take the key out of it first")
    return Imported(data_written, film.notation, len(film.shots), film.remarks)
