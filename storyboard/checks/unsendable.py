"""Rules on characters that must not be sent: SB107 and SB108."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.characters import SEMICOLONS, hidden_characters
from storyboard.checks.diagnostic import Finding, Fix
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
            used.update(dict.fromkeys(names_in(shot.prompt, draft.cast or ())))
            if SEMICOLONS.search(shot.prompt):
                words = f"{shot.name}: a semicolon would end the shot early"
                yield _semicolon(("shots", shot.index, "prompt"), words, shot.prompt)
    look = draft.text("look") or ""
    used.update(dict.fromkeys(names_in(look, draft.cast or ())))
    if SEMICOLONS.search(look):
        yield _semicolon(("look",), "a semicolon in the look would end every shot early", look)
    for name in used:
        text = (draft.cast or {}).get(name, "")
        if SEMICOLONS.search(text):
            where = f" ({draft.cast_file})" if draft.cast_file else ""
            words = f"a semicolon in the text of @{name}{where} would end a shot early"
            yield _semicolon(draft.cast_path(name), words, None if draft.cast_file else text)


def _semicolon(path: Path, words: str, text: str | None) -> Finding:
    """`text` is the one that stands at `path`, None where that is in another file."""
    fix = None if text is None else Fix("write a comma", path, SEMICOLONS.sub(",", text))
    return Finding("SB107", path, f"{words}: write a comma instead", fix=fix)


def hidden_in_texts(draft: Draft) -> Iterator[Finding]:
    """SB108: what cannot be seen is not sent, shown or kept."""
    for path, what, text in draft.texts():
        if hidden := hidden_characters(text):
            first = hidden[0]
            more = f", and {len(hidden) - 1} more" if len(hidden) > 1 else ""
            yield Finding("SB108", path, f"{what}: {first.name} at character {first.position}{more}: delete it")
