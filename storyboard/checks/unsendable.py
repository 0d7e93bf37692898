"""Rules on characters that must not be sent: SB107 and SB108."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.characters import SEMICOLONS, hidden_characters
from storyboard.checks.diagnostic import Finding
from storyboard.compiler.expand import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.diagnostic import Path
    from storyboard.checks.draft import Draft


def semicolons(draft: Draft) -> Iterator[Finding]:
    """SB107: a semicolon would end the shot early and shift every cut after it."""
    used: dict[str, None] = {}
    for shot in draft.shots:
        if shot.prompt is not None:
            used.update(dict.fromkeys(names_in(shot.prompt)))
            if SEMICOLONS.search(shot.prompt):
                yield _semicolon(("shots", shot.index, "prompt"), f"{shot.name}: a semicolon would end the shot early")
    look = draft.text("look") or ""
    used.update(dict.fromkeys(names_in(look)))
    if SEMICOLONS.search(look):
        yield _semicolon(("look",), "a semicolon in the look would end every shot early")
    for name in used:
        if SEMICOLONS.search((draft.cast or {}).get(name, "")):
            where = f" ({draft.cast_file})" if draft.cast_file else ""
            yield _semicolon(
                _cast_path(draft, name), f"a semicolon in the text of @{name}{where} would end a shot early"
            )


def _semicolon(path: Path, words: str) -> Finding:
    return Finding("SB107", path, f"{words}: write a comma instead")


def hidden_in_texts(draft: Draft) -> Iterator[Finding]:
    """SB108: what cannot be seen is not sent, shown or kept."""
    for path, what, text in _texts(draft):
        if hidden := hidden_characters(text):
            first = hidden[0]
            more = f", and {len(hidden) - 1} more" if len(hidden) > 1 else ""
            yield Finding("SB108", path, f"{what}: {first.name} at character {first.position}{more}: delete it")


def _texts(draft: Draft) -> Iterator[tuple[Path, str, str]]:
    for key in ("title", "negative_prompt", "look"):
        yield (key,), f"`{key}`", draft.text(key) or ""
    for name, text in (draft.cast or {}).items():
        yield _cast_path(draft, name), f"the text of @{name}", text
    for shot in draft.shots:
        yield ("shots", shot.index, "prompt"), shot.name, shot.prompt or ""
        yield ("shots", shot.index, "note"), f"{shot.name}, note", shot.note or ""


def _cast_path(draft: Draft, name: str) -> Path:
    return ("cast",) if draft.cast_file else ("cast", name)
