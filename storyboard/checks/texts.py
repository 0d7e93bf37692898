"""Rules on texts: SB105 to SB108, SB110 and SB201."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from storyboard.checks.characters import SEMICOLONS, hidden_characters
from storyboard.checks.diagnostic import Finding
from storyboard.checks.hints import nearest
from storyboard.compiler.expand import names_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from storyboard.checks.diagnostic import Path
    from storyboard.checks.draft import Draft
    from storyboard.compiler.expand import ShotText


_NAMES_AT_MOST = 10
"""Unknown names that are reported of one text."""
_NAMES_LOOKED_AT = 200
"""Names of a cast among which a near miss is looked for."""


def shot_length(draft: Draft) -> Iterator[Finding]:
    """SB105: a shot's text, cast and look included, fits the model's limit."""
    most = draft.profile.shot_characters
    for shot in draft.shots:
        if shot.text is not None and len(shot.text.text) > most:
            length = len(shot.text.text)
            yield Finding(
                "SB105",
                ("shots", shot.index, "prompt"),
                f"{shot.name} has {length} characters, {length - most} too many (at most {most}){_costs(shot.text)}",
            )


def _costs(text: ShotText) -> str:
    costs: dict[str, int] = {}
    for name, cost in text.cast_costs:
        costs[name] = costs.get(name, 0) + cost
    parts = [f"@{name} takes {cost}" for name, cost in costs.items()]
    if text.look_cost:
        parts.append(f"the look takes {text.look_cost}")
    return f"; {', '.join(parts)}" if parts else ""


def prompt_length(draft: Draft) -> Iterator[Finding]:
    """SB106: the whole prompt fits the model's limit; SB201: it fits the length that the vendor recommends."""
    length = prompt_characters(draft)
    if length is None:
        return
    most = draft.profile.prompt_limit(framed=draft.framed).most
    why = " with a first frame" if draft.framed else ""
    if length > most:
        yield Finding(
            "SB106",
            ("shots",),
            f"the whole prompt has {length} characters, {length - most} too many (at most {most}{why})",
        )
    elif length > draft.profile.recommended_prompt_characters:
        recommended = draft.profile.recommended_prompt_characters
        words = f"the whole prompt has {length} characters; the vendor recommends at most {recommended}"
        yield Finding("SB201", ("shots",), words, "warning")


def prompt_characters(draft: Draft) -> int | None:
    """Characters of the whole compiled prompt, None while a shot of it is unsound."""
    if not draft.shots or not draft.shots_are_whole:
        return None
    total = len(draft.shots) - 1
    for number, shot in enumerate(draft.shots, start=1):
        if shot.text is None or shot.seconds is None:
            return None
        total += len(f"shot {number}, {shot.seconds}, ;") + len(shot.text.text)
    return total


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


def names_are_cast(draft: Draft) -> Iterator[Finding]:
    """SB110: every `@name` is somebody of the cast."""
    if draft.cast is None:
        return
    for shot in draft.shots:
        if shot.prompt is not None:
            yield from _unknown(names_in(shot.prompt), draft.cast, ("shots", shot.index, "prompt"), shot.name)
    yield from _unknown(names_in(draft.text("look") or ""), draft.cast, ("look",), "the look")


def _unknown(names: Iterable[str], cast: Collection[str], path: Path, where: str) -> Iterator[Finding]:
    unknown = [name for name in dict.fromkeys(names) if name not in cast]
    for name in unknown[:_NAMES_AT_MOST]:
        hint = nearest(name, islice(cast, _NAMES_LOOKED_AT))
        advice = f"did you mean @{hint}?" if hint else "add it to `cast`"
        yield Finding("SB110", path, f"{where}: @{name} is not in the cast: {advice} (a plain @ is written @@)")


def empty_texts(draft: Draft) -> Iterator[Finding]:
    """SB109: a prompt of nothing but empty cast names and white space says nothing either."""
    for shot in draft.shots:
        if shot.text is not None and len(shot.text.text) == shot.text.look_cost:
            yield Finding(
                "SB109", ("shots", shot.index, "prompt"), f"{shot.name} has an empty prompt once its cast is expanded"
            )
