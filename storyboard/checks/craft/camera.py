"""Shot sizes and camera moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.craft.rule import Said, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film, Seen


@rule(
    "SB207",
    "info",
    "no shot size among the first words",
    reason="The first words of a shot decide its framing; without a size the model chooses, often the same one again.",
    source="Runware runware-skills, multi-shot-video; kling31api.org",
    wrong=(
        "A fox trots over a frozen meadow at dusk. Static camera. Wind.",
        "A fox stops beneath a hedge at dusk. Static camera. Wind.",
    ),
    right=(
        "Wide shot of a fox that trots over a frozen meadow at dusk. Static camera. Wind.",
        "Close-up of a fox that stops beneath a hedge at dusk. Static camera. Wind.",
    ),
)
def no_size(film: Film) -> Iterator[Said]:
    """Once a film: which shots begin without a size; point of view, angle and orbit count as well."""
    if not film.whole:
        return
    bare = [shot for shot in film.shots if not shot.reading.size and not _angle_first(shot)]
    if bare:
        yield Said(bare[0].path, f"{_named(bare)} no shot size among the first words, as “wide shot” or “close-up”")


def _angle_first(shot: Seen) -> bool:
    return any(found.place < 6 for found in shot.reading.of("angle"))


def _named(shots: list[Seen]) -> str:
    if len(shots) == 1:
        return f"{shots[0].name} has"
    numbers = [str(shot.number + 1) for shot in shots]
    return f"shots {', '.join(numbers[:-1])} and {numbers[-1]} have"


@rule(
    "SB208",
    "warning",
    "the same shot size throughout",
    reason="Neighbours of one size read as one travelling shot: the cuts are not seen, or not made.",
    source="kling31api.org; runware.ai/docs/models/klingai-video-3-0-turbo/guides/multi-shot-templating",
    wrong=(
        "Wide shot of a harbour at dawn, boats at rest. Static camera. Gulls.",
        "Wide shot of a pier in a harbour at dawn, a keeper waits. Static camera. Gulls.",
        "Wide shot of a boat in a harbour at dawn, sails down. Static camera. Gulls.",
    ),
    right=(
        "Wide shot of a harbour at dawn, boats at rest. Static camera. Gulls.",
        "Medium shot on a pier in a harbour at dawn, a keeper waits. Static camera. Gulls.",
        "Close-up of a rope in a harbour at dawn, dew on it. Static camera. Gulls.",
    ),
)
def one_size(film: Film) -> Iterator[Said]:
    """Three shots or more, all of one size."""
    sizes = {shot.reading.size for shot in film.shots}
    if film.whole and len(film.shots) >= 3 and len(sizes) == 1 and "" not in sizes:
        yield Said(
            ("shots",), f"all {len(film.shots)} shots are of one size ({sizes.pop()}): the cuts between them get lost"
        )


@rule(
    "SB210",
    "warning",
    "more than one camera move in a shot",
    reason="Moves that meet in one shot fight each other: the model mixes them or makes neither.",
    source="kling31api.org; prompt guides by users",
    wrong=("Wide shot of a square at dusk. Slow push-in while the camera pans left. Bells.",),
    right=("Wide shot of a square at dusk. Slow push-in that comes to rest. Bells.",),
)
def many_moves(film: Film) -> Iterator[Said]:
    """Different moves in one shot's text."""
    for shot in film.shots:
        moves = shot.reading.moves
        if len(moves) > 1:
            yield Said(shot.path, f"{shot.name} has {len(moves)} camera moves ({', '.join(moves[:4])}): keep one")


@rule(
    "SB213",
    "warning",
    "a camera that is still and moves",
    reason="A static camera and a move in the same shot contradict each other; which one wins is chance.",
    source="kling31api.org; prompt guides by users",
    wrong=("Wide shot of a square at dusk, static camera, slow push-in. Bells.",),
    right=("Wide shot of a square at dusk, static camera. Bells.",),
)
def still_and_moving(film: Film) -> Iterator[Said]:
    """A static camera beside a move."""
    for shot in film.shots:
        if shot.reading.moves and (static := [one for one in shot.reading.of("static") if one.written in _FIRM]):
            yield Said(shot.path, f"{shot.name} has “{static[0].written}” and a {shot.reading.moves[0]}: choose one")


_FIRM = frozenset(
    [
        "static camera",
        "static shot",
        "static frame",
        "locked camera",
        "locked shot",
        "locked off",
        "fixed camera",
        "fixed shot",
        "still camera",
        "stationary camera",
        "tripod",
    ]
)


@rule(
    "SB211",
    "info",
    "the camera moves in most shots",
    reason="Movement in two shots of six is enough; where every shot moves, none stands out, and cuts blur.",
    source="kling31api.org",
    wrong=(
        "Wide shot of a harbour at dawn. Slow push-in. Gulls.",
        "Medium shot of a keeper on a harbour pier. Slow orbit to the left. Gulls.",
        "Close-up of a lamp on a harbour pier. Tilt up. Gulls.",
        "Wide shot of a boat in a harbour that comes to rest. Static camera. Gulls.",
    ),
    right=(
        "Wide shot of a harbour at dawn. Slow push-in. Gulls.",
        "Medium shot of a keeper on a harbour pier. Static camera. Gulls.",
        "Close-up of a lamp on a harbour pier. Static camera. Gulls.",
        "Wide shot of a boat in a harbour that comes to rest. Static camera. Gulls.",
    ),
)
def moves_in_most(film: Film) -> Iterator[Said]:
    """More than half of four shots or more."""
    moving = [shot for shot in film.shots if shot.reading.moves]
    if film.whole and len(film.shots) >= 4 and len(moving) * 2 > len(film.shots):
        yield Said(
            moving[0].path, f"the camera moves in {len(moving)} of {len(film.shots)} shots: let some of them hold"
        )


@rule(
    "SB212",
    "info",
    "nothing is said about the camera",
    reason="Without a word the camera does what the model likes; “static camera” is a word, too.",
    source="prompt guides by users",
    wrong=("Wide shot of a fox that crosses a frozen meadow and stops. Wind.",),
    right=("Wide shot of a fox that crosses a frozen meadow and stops. Static camera. Wind.",),
)
def no_camera(film: Film) -> Iterator[Said]:
    """Once a film, where neither a shot nor the look says how the camera stands or moves."""
    kinds = {"move", "static", "camera"}
    texts = [film.look, *(shot.reading for shot in film.shots)]
    if film.whole and not any(found.kind in kinds for text in texts for found in text.phrases):
        yield Said(
            film.shots[0].path, "no shot says what the camera does: “static camera” or one move, as “slow push-in”"
        )


RULES = (no_size, one_size, many_moves, still_and_moving, moves_in_most, no_camera)
