"""Rules on the length of texts and the names in them: SB105, SB106, SB109, SB110 and SB201."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from storyboard.checks.diagnostic import Finding
from storyboard.checks.hiding import looks, unlike_letter
from storyboard.checks.hints import nearest
from storyboard.compiler.expand import names_in, same_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.diagnostic import Path
    from storyboard.checks.draft import Draft
    from storyboard.compiler.expand import ShotText


_COSTS_AT_MOST = 5
"""Cast names whose share of a text is told."""
_NAMES_AT_MOST = 10
"""Unknown names that are reported of one text."""
_NAMES_LOOKED_AT = 200
"""Names of a cast among which a near miss is looked for."""


def shot_length(draft: Draft) -> Iterator[Finding]:
    """SB105: a shot's text, cast and look included, fits the model's limit."""
    most = draft.profile.shot_characters
    for shot in draft.shots:
        if shot.text is not None and (length := shot.text.characters) > most:
            yield Finding(
                "SB105",
                ("shots", shot.index, "prompt"),
                f"{shot.name} has {length} characters, {length - most} too many (at most {most}){_costs(shot.text)}",
            )


def _costs(text: ShotText) -> str:
    costs: dict[str, int] = {}
    for name, cost in text.cast_costs:
        costs[name] = costs.get(name, 0) + cost
    most = sorted(costs.items(), key=lambda item: -item[1])[:_COSTS_AT_MOST]
    parts = [f"@{name[:40]} takes {cost}" for name, cost in most]
    if len(costs) > len(most):
        parts.append(f"{len(costs) - len(most)} more names take {sum(costs.values()) - sum(cost for _, cost in most)}")
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
        total += len(f"shot {number}, {shot.seconds}, ;") + shot.text.characters
    return total


def names_are_cast(draft: Draft) -> Iterator[Finding]:
    """SB110: every `@name` is somebody of the cast."""
    if draft.cast is None:
        return
    for shot in draft.shots:
        if shot.prompt is not None:
            yield from _unknown(shot.prompt, draft, ("shots", shot.index, "prompt"), shot.name)
    yield from _unknown(draft.text("look") or "", draft, ("look",), "the look")


def _unknown(text: str, draft: Draft, path: Path, where: str) -> Iterator[Finding]:
    cast = draft.cast or {}
    names = dict.fromkeys(names_in(text, cast.keys() | draft.broken_names))
    unknown = [name for name in names if name not in cast and name not in draft.broken_names]
    for name in unknown[:_NAMES_AT_MOST]:
        looked_at = list(islice(cast, _NAMES_LOOKED_AT))
        if twin := next((one for one in looked_at if same_name(one) == same_name(name)), None):
            advice = f"@{twin[:80]} is, composed otherwise: write it as it stands there"
        elif not name.isascii() and (twin := next((one for one in looked_at if looks(one) == looks(name)), None)):
            advice = f"@{twin[:80]} is, and looks the same, but this has {unlike_letter(name, twin)}: write it anew"
        else:
            hint = nearest(name, looked_at)
            advice = f"did you mean @{hint}?" if hint else "add it to `cast`"
        yield Finding("SB110", path, f"{where}: @{name[:80]} is not in the cast: {advice} (a plain @ is written @@)")


def empty_texts(draft: Draft) -> Iterator[Finding]:
    """SB109: a prompt of nothing but empty cast names and white space says nothing either."""
    for shot in draft.shots:
        if shot.text is not None and shot.text.characters == shot.text.look_cost:
            yield Finding(
                "SB109", ("shots", shot.index, "prompt"), f"{shot.name} has an empty prompt once its cast is expanded"
            )
