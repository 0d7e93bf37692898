"""Exports as requests of services: Kling, fal, ComfyUI, Runware."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from storyboard.compiler.template import write_template
from storyboard.profiles import DEFAULT_FORMAT, DEFAULT_MODEL, DEFAULT_QUALITY, DEFAULT_TAKES, KLING_3_TURBO

if TYPE_CHECKING:
    from storyboard.dialects.film_out import Film


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def template(film: Film) -> str:
    """The multi-shot template."""
    return write_template([(shot.seconds, shot.text) for shot in film.shots])


def kling(film: Film) -> str:
    """Kling's `multi_prompt`, seconds as texts (kling.ai/document-api)."""
    shots = [
        {"index": number, "prompt": shot.text, "duration": str(shot.seconds)}
        for number, shot in enumerate(film.shots, start=1)
    ]
    request: dict[str, Any] = {
        "model_name": "kling-v3",
        "mode": "pro" if film.resolution == "1080p" else "std",
        "multi_shot": True,
        "shot_type": "customize",
        "prompt": "",
        "multi_prompt": shots,
        "duration": str(film.seconds),
    }
    return _json(request | _frame_or_ratio(film, "image"))


def kling_turbo(film: Film) -> str:
    """Kling 3.0 Turbo's own request: the template, and settings (kling.ai/document-api)."""
    settings: dict[str, Any] = {"resolution": film.resolution, "duration": film.seconds}
    if not film.framed:
        return _json({"prompt": template(film), "settings": settings | {"aspect_ratio": film.aspect_ratio}})
    contents = [{"type": "prompt", "text": template(film)}, {"type": "first_frame", "url": film.keys["first_frame"]}]
    return _json({"contents": contents, "settings": settings})


def fal(film: Film) -> str:
    """fal's `multi_prompt`, seconds as texts; the endpoint, not the request, says the resolution."""
    shots = [{"prompt": shot.text, "duration": str(shot.seconds)} for shot in film.shots]
    return _json({"multi_prompt": shots} | _frame_or_ratio(film, "image_url"))


def comfyui(film: Film) -> str:
    """The storyboard fields of ComfyUI's Kling node (docs.comfy.org/built-in-nodes/KlingVideoNode)."""
    count = len(film.shots)
    fields: dict[str, Any] = {"multi_shot": f"{count} storyboard{'' if count == 1 else 's'}"}
    for number, shot in enumerate(film.shots, start=1):
        fields |= {f"storyboard_{number}_prompt": shot.text, f"storyboard_{number}_duration": shot.seconds}
    fields |= {"resolution": film.resolution}
    return _json(fields if film.framed else fields | {"aspect_ratio": film.aspect_ratio})


def runware(film: Film) -> str:
    """Runware's `videoInference` task without its UUID; a first frame stands as the storyboard names it."""
    keys = film.keys
    output = keys.get("output", {})
    task: dict[str, Any] = {
        "taskType": "videoInference",
        "model": keys.get("model", DEFAULT_MODEL),
        "positivePrompt": template(film),
    }
    if film.framed:
        if "negative_prompt" in keys:
            task["negativePrompt"] = keys["negative_prompt"]
        task["resolution"] = film.resolution
        task["inputs"] = {"frameImages": [{"image": keys["first_frame"], "frame": "first"}]}
    else:
        task["width"], task["height"] = KLING_3_TURBO.sizes[film.resolution, film.aspect_ratio]
    task |= {
        "duration": film.seconds,
        "outputType": "URL",
        "outputFormat": output.get("format", DEFAULT_FORMAT),
        "outputQuality": output.get("quality", DEFAULT_QUALITY),
        "deliveryMethod": "async",
        "includeCost": True,
        "numberResults": output.get("takes", DEFAULT_TAKES),
    }
    for key, name in (("ttl", "ttl"), ("upload_endpoint", "uploadEndpoint"), ("webhook_url", "webhookURL")):
        if key in output:
            task[name] = output[key]
    if "safety" in output:
        task["safety"] = {"mode": output["safety"]}
    return _json([task])


def _frame_or_ratio(film: Film, name: str) -> dict[str, Any]:
    if not film.framed:
        return {"aspect_ratio": film.aspect_ratio}
    frame: dict[str, Any] = {name: film.keys["first_frame"]}
    if "negative_prompt" in film.keys:
        frame["negative_prompt"] = film.keys["negative_prompt"]
    return frame
