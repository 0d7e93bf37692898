"""The text of a starting file: a small film that can be submitted as it is, with everything to know said once."""

from __future__ import annotations

import json

from storyboard.profiles import KLING_3_TURBO
from storyboard.timing import evenly

_KEEPER = "an old harbour keeper with a white beard, a yellow oilskin coat and a wool cap"
_LOOK = "Soft grey dawn light, thin mist, fine film grain."

_PROMPTS = (
    """\
      Wide shot of a small fishing harbour, still water, boats at their moorings.
      Along the wooden pier walks @keeper, a burning storm lantern in one hand.
      Slow push-in. Gulls far away, water against wood.""",
    """\
      Close-up on a wooden pier in a small fishing harbour: the boots of @keeper, wet planks,
      the warm light of a storm lantern swinging past. Static camera. Slow footsteps, a plank creaks.""",
    """\
      Medium shot at the end of a wooden pier, still water behind. On an iron hook
      @keeper hangs a burning storm lantern. Static camera. The hook creaks once.""",
    """\
      Over-the-shoulder shot at the end of a wooden pier. Seen from behind, @keeper raises one hand
      toward a fishing boat that comes out of the mist. Static camera. A small engine, far away.""",
    """\
      Medium close-up of @keeper at the end of a wooden pier, warm lantern light on one cheek.
      The corners of his eyes crease into a smile. Static camera. The engine slows.""",
    """\
      Wide shot of a wooden pier in a small fishing harbour, a storm lantern burning on an iron hook
      at its end. A fishing boat comes to rest beside it and the water settles.
      Static camera. Wood bumps softly on wood.""",
)
# Which of them make the film: whatever its length, it begins with the place and ends at rest.
_CHOICE = {1: (2,), 2: (0, 5), 3: (0, 2, 5), 4: (0, 2, 3, 5), 5: (0, 2, 3, 4, 5), 6: (0, 1, 2, 3, 4, 5)}

_FILE = """\
# yaml-language-server: $schema={schema}
#
# {most_shots} shots at most, {least} to {most} seconds in all. Try it:
#   storyboard check {name}               what is wrong or weak
#   storyboard cost {name}                what it would cost
#   storyboard submit {name} --sandbox    its timing as a video, free

title: {title}
{duration}# the sum of the shots' seconds
aspect_ratio: "16:9"  # or "1:1", "9:16"
resolution: 720p      # or 1080p

# @keeper in a prompt becomes this text.
cast:
  keeper: {keeper}

# Said again at the end of every shot.
look: {look}

# A picture to start from makes it image-to-video; then leave aspect_ratio out.
# first_frame: first.png

# Each shot is read on its own: say who, where and in what light in every one.
# With cast and look, a shot has at most {characters} characters.
shots:
{shots}"""


def starting_text(schema: str, total: int, shots: int, *, title: str, name: str) -> str:
    """A storyboard of so many shots and seconds; `schema` is its path from the file, `name` how to type the file's."""
    blocks = [
        f"  - seconds: {seconds}\n    prompt: >-\n{_PROMPTS[index]}\n"
        for seconds, index in zip(evenly(total, shots), _CHOICE[shots], strict=True)
    ]
    return _FILE.format(
        schema=schema,
        most_shots=KLING_3_TURBO.shots.most,
        least=KLING_3_TURBO.total_seconds.least,
        most=KLING_3_TURBO.total_seconds.most,
        name=name,
        title=json.dumps(title, ensure_ascii=False),
        duration=f"duration: {total}".ljust(len('aspect_ratio: "16:9"  ')),
        keeper=_KEEPER,
        look=_LOOK,
        characters=KLING_3_TURBO.shot_characters,
        shots="\n".join(blocks),
    )
