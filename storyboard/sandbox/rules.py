"""Whether the provider would take a videoInference task, checked as strictly as its published parameters allow.

The parameters: runware.ai/docs/models/klingai-video-3-0-turbo and its schema; the limits come from the profile.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.addresses import address_fault, disclosures
from storyboard.profiles import FORMATS, PROFILES, RESOLUTIONS, SAFETY_MODES
from storyboard.sandbox.first_frame import check_first_frame
from storyboard.sandbox.picture import WEB_ADDRESS
from storyboard.sandbox.prompt import check_prompt
from storyboard.sandbox.refusal import Refusal, invalid, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from storyboard.profiles import Profile, Range

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)

_NEEDED = ("model", "positivePrompt", "deliveryMethod")
_TAKEN = frozenset(
    {
        *("taskType", "taskUUID", "model", "positivePrompt", "negativePrompt", "width", "height", "resolution"),
        *("duration", "inputs", "numberResults", "outputType", "outputFormat", "outputQuality", "deliveryMethod"),
        *("includeCost", "ttl", "safety", "uploadEndpoint", "webhookURL"),
    }
)


def check_video_task(
    task: Mapping[str, object], find_upload: Callable[[str], str | None], *, with_names: bool = False
) -> list[Refusal]:
    """Everything the provider would refuse about the task, in no promised order; empty when it would take it.

    `find_upload` gives the text of a picture that was uploaded under a UUID, or None for a UUID it does not know.
    `with_names`: addresses to call may hold ${NAME}, to be filled in later.
    """
    refusals = [*check_envelope(task, _TAKEN), *_check_needed(task)]
    model = task.get("model")
    profile = PROFILES.get(model) if isinstance(model, str) else None
    if profile is None:
        if "model" in task:
            refusals.append(invalid("model", "No such model here.", type="string", allowed=tuple(PROFILES)))
        return refusals
    framed = "inputs" in task
    refusals += _check_values(task, profile, with_names=with_names)
    refusals += _check_size(task, profile, framed=framed)
    refusals += check_prompt(task, profile, framed=framed)
    if framed:
        refusals += check_first_frame(task["inputs"], profile.frame, find_upload)
    return refusals


def check_envelope(task: Mapping[str, object], taken: Iterable[str]) -> Iterator[Refusal]:
    """What every kind of task is held to: a taskUUID shaped as version 4, and only the parameters it knows."""
    if "taskUUID" not in task:
        yield missing("taskUUID", "Every task needs a taskUUID.")
    elif not is_uuid4(task["taskUUID"]):
        yield invalid("taskUUID", "A taskUUID is a UUID of version 4.", type="string")
    for name in sorted(task.keys() - set(taken)):
        shown = name[:64]
        yield Refusal("unsupportedParameter", f"Unsupported parameter {shown!r}.", shown)


def is_uuid4(value: object) -> bool:
    """Whether the value is text shaped as a UUID of version 4."""
    return isinstance(value, str) and _UUID4.fullmatch(value) is not None


def is_whole(value: object) -> bool:
    """Whether the value is a whole number; JSON's true and 7.0 are none."""
    return type(value) is int


def _check_needed(task: Mapping[str, object]) -> Iterator[Refusal]:
    for name in _NEEDED:
        if name not in task:
            yield missing(name, f"{name} is needed.")


def _check_values(task: Mapping[str, object], profile: Profile, *, with_names: bool) -> Iterator[Refusal]:
    yield from _one_of(task, "outputType", ("URL",))
    yield from _one_of(task, "outputFormat", FORMATS)
    yield from _one_of(task, "deliveryMethod", ("async",))
    yield from _whole(task, "duration", profile.total_seconds)
    yield from _whole(task, "numberResults", profile.takes)
    yield from _whole(task, "outputQuality", profile.quality)
    yield from _whole(task, "ttl", None, least=profile.ttl_at_least)
    for name in ("uploadEndpoint", "webhookURL"):
        value = task.get(name, "http://localhost")
        is_open = with_names and isinstance(value, str) and disclosures(value) and address_fault(value) is None
        if not is_open and (not isinstance(value, str) or WEB_ADDRESS.fullmatch(value) is None):
            yield invalid(name, f"{name} is an http(s) URL.", type="string")
    if not isinstance(task.get("includeCost", False), bool):
        yield invalid("includeCost", "includeCost is true or false.", type="boolean")
    yield from _check_safety(task)


def _one_of(task: Mapping[str, object], name: str, allowed: tuple[str, ...]) -> Iterator[Refusal]:
    if name in task and task[name] not in allowed:
        yield invalid(name, f"{name} is one of {', '.join(allowed)}.", type="string", allowed=allowed)


def _whole(
    task: Mapping[str, object], name: str, limits: Range | None, *, least: int | None = None
) -> Iterator[Refusal]:
    if name not in task:
        return
    low = limits.least if limits else least
    high = limits.most if limits else None
    value = task[name]
    if type(value) is int and (low is None or value >= low) and (high is None or value <= high):
        return
    span = f"from {low} to {high}" if high is not None else f"of at least {low}"
    yield invalid(name, f"{name} is a whole number {span}.", type="integer", least=low, most=high)


def _check_safety(task: Mapping[str, object]) -> Iterator[Refusal]:
    if "safety" not in task:
        return
    safety = task["safety"]
    if not isinstance(safety, dict):
        yield invalid("safety", "safety is an object with mode and checkContent.", type="object")
        return
    for name in sorted(safety.keys() - {"mode", "checkContent"}):
        shown = f"safety.{name[:64]}"
        yield Refusal("unsupportedParameter", f"Unsupported parameter {shown!r}.", shown)
    if "mode" in safety and safety["mode"] not in SAFETY_MODES:
        yield invalid("safety.mode", "Unknown mode.", type="string", allowed=SAFETY_MODES)
    if not isinstance(safety.get("checkContent", False), bool):
        yield invalid("safety.checkContent", "checkContent is true or false.", type="boolean")


def _check_size(task: Mapping[str, object], profile: Profile, *, framed: bool) -> Iterator[Refusal]:
    sides = ("width", "height")
    given = [name for name in sides if name in task]
    if framed:
        if given:
            yield Refusal("unsupportedDimensions", "The first frame decides the shape: send resolution.", sides)
        yield from _one_of(task, "resolution", RESOLUTIONS)
        if not isinstance(task.get("negativePrompt", ""), str):
            yield invalid("negativePrompt", "negativePrompt is text.", type="string")
        return
    for name in ("resolution", "negativePrompt"):
        if name in task:
            yield Refusal("unsupportedParameter", f"{name} goes only with inputs.frameImages.", name)
    if len(given) < 2:
        yield Refusal("missingDimensions", "Send both width and height.", sides, "integer")
        return
    pairs = tuple(profile.sizes.values())
    if not all(is_whole(task[name]) for name in sides) or (task["width"], task["height"]) not in pairs:
        allowed = tuple(f"{width}x{height}" for width, height in pairs)
        yield Refusal("unsupportedDimensions", "No such size.", sides, "integer", allowed=allowed)
