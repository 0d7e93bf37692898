"""Whether a task's prompt is a multi-shot list that the model would cut as written, and its seconds add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.compiler.template import TemplateError, read_template
from storyboard.sandbox.refusal import Refusal, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storyboard.compiler.template import ShotLine
    from storyboard.profiles import Profile

DEFAULT_SECONDS = 5
"""What `duration` is when a task leaves it out (runware.ai/docs/models/klingai-video-3-0-turbo)."""


def check_prompt(task: Mapping[str, object], profile: Profile, *, framed: bool) -> Iterator[Refusal]:
    """What is wrong with `positivePrompt`, and with `duration` against the shots' seconds."""
    if "positivePrompt" not in task:
        return
    prompt = task["positivePrompt"]
    if not isinstance(prompt, str):
        yield invalid("positivePrompt", "positivePrompt is text.", type="string")
        return
    limit = profile.prompt_limit(framed=framed)
    if len(prompt) not in limit:
        words = f"The prompt has {len(prompt)} characters; {limit.least} to {limit.most} are taken."
        yield Refusal(
            "invalidPositivePromptLength", words, "positivePrompt", "string", least=limit.least, most=limit.most
        )
        return
    try:
        shots = read_template(prompt)
    except TemplateError as error:
        yield invalid("positivePrompt", f"Not a multi-shot list: {error}.", type="string")
        return
    yield from _check_shots(shots, profile)
    yield from _check_sum(task, sum(shot.seconds for shot in shots), profile)


def _check_shots(shots: list[ShotLine], profile: Profile) -> Iterator[Refusal]:
    if len(shots) not in profile.shots:
        yield invalid(
            "positivePrompt",
            f"{len(shots)} shots; at most {profile.shots.most} are taken.",
            type="string",
            least=profile.shots.least,
            most=profile.shots.most,
        )
    for shot in shots:
        if len(shot.text) > profile.shot_characters:
            words = f"Shot {shot.number} has {len(shot.text)} characters; {profile.shot_characters} are taken."
            yield invalid("positivePrompt", words, type="string", most=profile.shot_characters)


def _check_sum(task: Mapping[str, object], seconds: int, profile: Profile) -> Iterator[Refusal]:
    duration = task.get("duration", DEFAULT_SECONDS)
    if type(duration) is int and duration in profile.total_seconds and duration != seconds:
        left_out = "" if "duration" in task else " (which was left out)"
        # A sum of a thousand digits is possible in a prompt and of no use in a message.
        total = seconds if seconds < 10_000 else "over 9999"
        yield invalid("duration", f"The shots last {total} s, but duration is {duration} s{left_out}.", type="integer")
