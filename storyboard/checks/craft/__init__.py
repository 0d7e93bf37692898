"""The craft of prompts: warnings and hints from SB203 on, one rule a function, each with its reason and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.craft import camera, cast, continuity, joints, leftovers, pacing, speech, wording
from storyboard.checks.craft.film import film_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.rule import Rule
    from storyboard.checks.diagnostic import Finding
    from storyboard.checks.draft import Draft

CRAFT_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *continuity.RULES,
            *camera.RULES,
            *pacing.RULES,
            *speech.RULES,
            *cast.RULES,
            *leftovers.RULES,
            *wording.RULES,
            *joints.RULES,
        ),
        key=lambda rule: rule.code,
    )
)


def craft(draft: Draft) -> Iterator[Finding]:
    """What all rules of the craft say about a draft."""
    if not draft.shots or not draft.shots_are_whole:
        return
    film = film_of(draft)
    for rule in CRAFT_RULES:
        yield from rule(film)
