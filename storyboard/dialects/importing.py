"""Any notation in, the text of a storyboard file out."""

from __future__ import annotations

from typing import NamedTuple

from storyboard.dialects import fountain, labels, lines, objects, subtitles, tables, template
from storyboard.dialects.film import FoundFilm, NotRead
from storyboard.dialects.secrets import leave_out, without_own_key
from storyboard.dialects.settling import settle
from storyboard.document import Document, EditRefused

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
        if film is not None:
            if len(film.shots) > SHOTS_AT_MOST:
                raise NotRead(f"{len(film.shots)} shots: at most {SHOTS_AT_MOST} are imported, a film has six")
            return film
    if not text.strip():
        raise NotRead("it is empty")
    raise NotRead("no notation of shots that is known: docs/notations.md shows those that are")


def import_text(text: str, total: int | None = None) -> Imported:
    """A storyboard file from a text in another notation; `total`: whole seconds to spread where shots have none.

    Keys, passwords and tokens are left out, which the remarks say. Raises NotRead.
    """
    text, has_own_key = without_own_key(text)
    film = read_film(text)
    leave_out(film)
    if has_own_key:
        film.remarks.append("left out: the key of RUNWARE_API_KEY")
    data = settle(film, total)
    document = Document.parse(b"")
    try:
        for key, value in data.items():
            if key == "shots":
                document.set(("shots",), [])
                for index, shot in enumerate(value):
                    document.insert_shot(index, shot)
            else:
                document.set((key,), value)
    except EditRefused as refusal:
        raise NotRead(f"it cannot be written as a storyboard: {refusal.reason}") from None
    data_written = document.to_bytes()
    if without_own_key(data_written.decode())[1]:
        raise NotRead("it holds the key of RUNWARE_API_KEY in pieces: take the key out of it first")
    return Imported(data_written, film.notation, len(film.shots), film.remarks)
