"""Seconds against what has to happen in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.craft.rule import Said, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film

_LEAST_SECONDS = {2: 5, 3: 8, 4: 10, 5: 10, 6: 15}
"""Shots to the least seconds of a film that Runware's multi-shot skill recommends for so many."""


@rule(
    "SB214",
    "warning",
    "too many actions for the seconds",
    reason="A second and a half is what one action takes; of more, some are skipped and the rest is rushed.",
    source="Runware runware-skills, multi-shot-video; prompt guides by users",
    wrong="""\
shots:
  - seconds: 3
    prompt: >-
      Medium shot, a cook opens the oven, grabs a tray, turns, throws the bread on a table,
      wipes both hands and laughs. Static camera. Clatter.
""",
    right="""\
shots:
  - seconds: 5
    prompt: Medium shot, a cook opens the oven and lifts out a tray of bread. Static camera. Clatter.
""",
)
def too_many_actions(film: Film) -> Iterator[Said]:
    """More than three actions, and more than one a second."""
    for shot in film.shots:
        deeds = shot.reading.deeds
        if shot.seconds is not None and len(deeds) > max(3, shot.seconds):
            yield Said(
                shot.path,
                f"{shot.name} has {len(deeds)} actions ({', '.join(deeds[:6])}) in {shot.seconds} s: keep one or two",
            )


@rule(
    "SB215",
    "info",
    "a short shot that only begins something",
    reason="Two seconds are over before something that begins to happen happens: start in the middle of it.",
    source="Runware runware-skills, multi-shot-video",
    wrong="""\
shots:
  - {seconds: 2, prompt: "Close-up, a runner starts to rise from the blocks. Static camera. Cheers."}
  - {seconds: 3, prompt: "Wide shot, a runner stops behind a line. Static camera. Cheers."}
""",
    right="""\
shots:
  - {seconds: 2, prompt: "Close-up, a runner shoots out of the blocks. Static camera. Cheers."}
  - {seconds: 3, prompt: "Wide shot, a runner stops behind a line. Static camera. Cheers."}
""",
)
def begins_only(film: Film) -> Iterator[Said]:
    """Two seconds at most, in which something begins, starts or is about to."""
    for shot in film.shots:
        if shot.seconds is not None and shot.seconds <= 2 and (found := shot.reading.of("start")):
            yield Said(
                shot.path,
                f"{shot.name}: in {shot.seconds} s nothing gets further than “{found[0].written}”: show it happening",
            )


@rule(
    "SB216",
    "info",
    "one shot takes most of the film",
    reason="Beside a shot of more than 60 % the others flash by.",
    source="editing practice; published storyboards",
    wrong="""\
shots:
  - {seconds: 11, prompt: "Wide shot of a harbour at dawn, boats at rest. Static camera. Gulls."}
  - {seconds: 1, prompt: "Close-up of a rope in a harbour. Static camera. Gulls."}
  - {seconds: 1, prompt: "Macro shot of dew on a rope in a harbour. Static camera. Gulls."}
  - {seconds: 2, prompt: "Medium shot of a pier in a harbour. Static camera. Gulls."}
""",
    right="""\
shots:
  - {seconds: 5, prompt: "Wide shot of a harbour at dawn, boats at rest. Static camera. Gulls."}
  - {seconds: 3, prompt: "Close-up of a rope in a harbour. Static camera. Gulls."}
  - {seconds: 3, prompt: "Macro shot of dew on a rope in a harbour. Static camera. Gulls."}
  - {seconds: 4, prompt: "Medium shot of a pier in a harbour. Static camera. Gulls."}
""",
)
def uneven(film: Film) -> Iterator[Said]:
    """Four shots or more, one of which has over 60 % of the seconds."""
    total = film.total
    if total is None or len(film.draft.shots) < 4:
        return
    for shot in film.shots:
        if shot.seconds is not None and shot.seconds * 10 > total * 6:
            yield Said(
                ("shots", shot.number, "seconds"), f"{shot.name} takes {shot.seconds} of {total} s: the others flash by"
            )


@rule(
    "SB217",
    "info",
    "many shots for so few seconds",
    reason="Cuts come where the model can make them: with too little time a shot, some are swallowed. "
    "Recommended are 5 s and more for 2 shots, 8 for 3, 10 for 4 and 5, 15 for 6.",
    source="Runware runware-skills, multi-shot-video",
    wrong="""\
shots:
  - {seconds: 1, prompt: "Wide shot of a harbour at dawn, boats at rest. Static camera. Gulls."}
  - {seconds: 2, prompt: "Close-up of a rope in a harbour. Static camera. Gulls."}
  - {seconds: 1, prompt: "Medium shot of a pier in a harbour. Static camera. Gulls."}
""",
    right="""\
shots:
  - {seconds: 3, prompt: "Wide shot of a harbour at dawn, boats at rest. Static camera. Gulls."}
  - {seconds: 3, prompt: "Close-up of a rope in a harbour. Static camera. Gulls."}
  - {seconds: 2, prompt: "Medium shot of a pier in a harbour. Static camera. Gulls."}
""",
)
def crowded(film: Film) -> Iterator[Said]:
    """Fewer seconds than are recommended for so many shots."""
    count, total = len(film.draft.shots), film.total
    least = _LEAST_SECONDS.get(count)
    if film.whole and total is not None and least is not None and total < least:
        yield Said(("shots",), f"{count} shots in {total} s: cuts may get lost below {least} s")


@rule(
    "SB226",
    "info",
    "the film ends in motion",
    reason="A clip that ends in the middle of a movement looks cut off; a last frame at rest can be held.",
    source="prompt guides by users",
    wrong=(
        "Wide shot of a fox in a snowy field at dusk. Static camera. Wind.",
        "Medium shot of a fox running through a snowy field at dusk. Slow push-in. Wind.",
    ),
    right=(
        "Wide shot of a fox in a snowy field at dusk. Static camera. Wind.",
        "Medium shot of a fox that comes to rest in a snowy field at dusk. Slow push-in. Wind.",
    ),
)
def ends_in_motion(film: Film) -> Iterator[Said]:
    """The last shot moves, or somebody in it does, and nothing in it settles."""
    if not film.whole or not film.shots:
        return
    last = film.shots[-1]
    moving = last.reading.deeds + last.reading.moves
    if moving and not last.reading.of("settle") and not last.reading.of("static"):
        yield Said(
            last.path, f"{last.name} ends the film in motion ({moving[-1]}): let something hold, settle or come to rest"
        )


RULES = (too_many_actions, begins_only, uneven, crowded, ends_in_motion)
