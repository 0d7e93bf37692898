"""Edits of the cast that keep prompts and look in step with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.compiler.expand import is_cast_name, names_in, rename_in, same_name
from storyboard.document import EditRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document import Document

Path = tuple[str | int, ...]


def rename(document: Document, old: str, new: str, *, everywhere: bool) -> None:
    """Gives a name of the cast another one; `everywhere` also where prompts and look say it. Raises EditRefused."""
    if not is_cast_name(new):
        raise EditRefused(
            "a name is a letter, then letters and their marks, digits, `_` or `-`, and no `-` at the end", 1
        )
    cast = document.data.get("cast") if isinstance(document.data, dict) else None
    for name in cast if isinstance(cast, dict) else ():
        if isinstance(name, str) and name not in (old, new) and same_name(name) == same_name(new):
            raise EditRefused(f"`{name[:80]}` is there already, composed otherwise", 1)
    document.rename(("cast", old), new)
    if everywhere:
        for path, text in list(speaking(document.data, old)):
            document.set(path, rename_in(text, old, new))


def speaking(data: Any, name: str) -> Iterator[tuple[Path, str]]:
    """The prompts and the look that say `@name`, with their paths."""
    return ((path, text) for path, text in prompts_and_look(data) if name in names_in(text, (name,)))


def prompts_and_look(data: Any) -> Iterator[tuple[Path, str]]:
    """Every text in which the cast can be named, with its path."""
    if not isinstance(data, dict):
        return
    shots = data.get("shots")
    for index, shot in enumerate(shots if isinstance(shots, list) else []):
        prompt = shot.get("prompt") if isinstance(shot, dict) else None
        if isinstance(prompt, str):
            yield ("shots", index, "prompt"), prompt
    if isinstance(look := data.get("look"), str):
        yield ("look",), look
