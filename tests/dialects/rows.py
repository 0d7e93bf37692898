"""The same two shots in many notations: seconds and texts are what every reader must find."""

from __future__ import annotations

from json import dumps

A = "Wide shot, a keeper climbs the lighthouse stairs"
B = "Close-up, her hand finds the lamp switch"

TEMPLATE = f"shot 1, 3, {A}; shot 2, 4, {B};"
NUMBERS = [{"prompt": A, "duration": 3}, {"prompt": B, "duration": 4}]
TEXTS = [{"prompt": A, "duration": "3"}, {"prompt": B, "duration": "4"}]
INDEXED = [{"index": number, **shot} for number, shot in enumerate(TEXTS, start=1)]
FIELDS = {"storyboard_1_prompt": A, "storyboard_1_duration": 3, "storyboard_2_prompt": B, "storyboard_2_duration": 4}
KLINGAI = {"mode": "pro", "multiShot": True, "shotType": "customize", "multiPrompt": INDEXED}
TASK = {"taskType": "videoInference", "positivePrompt": TEMPLATE, "duration": 7, "width": 1280, "height": 720}
SPANS = [{"prompt": A, "duration_seconds": 3}, {"prompt": B, "startSec": 3, "endSec": 7}]

SAME: dict[str, str] = {
    "template": TEMPLATE,
    "template without the last semicolon": TEMPLATE[:-1],
    "template on lines, with units": f"Shot 1, 3s, {A};\r\nShot 2, 4s, {B};\r\n",
    "template with full-width semicolons": f"shot 1, 3, {A}\uff1b shot 2, 4, {B}\uff1b",
    "runware": dumps([TASK]),
    "runware, older models": dumps([{"providerSettings": {"klingai": {"multiPrompt": NUMBERS}}, "duration": 7}]),
    "kling turbo": dumps({"prompt": TEMPLATE, "settings": {"resolution": "720p", "duration": 7}}),
    "kling": dumps({"model_name": "kling-v3", "multi_shot": True, "prompt": "", "multi_prompt": INDEXED[::-1]}),
    "fal": dumps({"multi_prompt": TEXTS}),
    "fal in a fence": f"```json\n{dumps({'multi_prompt': TEXTS}, indent=1)}\n```",
    "a list as text": dumps({"input": {"prompt": "x", "multi_prompt": dumps(NUMBERS)}}),
    "MulmoScript": dumps({"movieParams": {"model": "kwaivgi/kling-v3-video", "multiPrompt": NUMBERS}}),
    "Vercel": dumps({"providerOptions": {"klingai": KLINGAI}}),
    "Runway": dumps({"mode": "custom", "version": "2026-06", "shots": NUMBERS, "duration": 7, "ratio": "1280:720"}),
    "planners": dumps({"shots": SPANS}),
    "a bare list": dumps(NUMBERS),
    "ComfyUI": dumps({"multi_shot": "2 storyboards", **FIELDS, "storyboard_3_prompt": ""}),
    "a ComfyUI workflow": dumps(
        {"7": {"class_type": "KlingVideoNode", "inputs": {f"multi_shot.{key}": value for key, value in FIELDS.items()}}}
    ),
    "pipes": f"shot 1 | 3 | {A}\nshot 2 | 4 seconds | {B}\n",
    "labels": f"Shot 1 (3s): {A}\nShot 2 (4s): {B}",
    "labels in bold": f"**Shot 1 (3s):** {A}\n\n**Shot 2 (4s):** {B}\n",
    "labels with a total": f"Shot 1 (3s): {A}\nShot 2 (4s): {B}\nTotal duration: 7 seconds.",
    "labels in brackets": f"[Shot 1: 00:00 - 00:03] - {A}\n[Shot 2: 00:03 - 00:07] - {B}",
    "labels with dashes": f"SHOT 1 — 0-3s — {A}\nSHOT 2 — 3-7s — {B}",
    "a list": f"- **Shot 1:** {A} (Duration: 3s).\n- **Shot 2:** {B} (Duration: 4s).\n",
    "multi-shot prompts": f"Multi-shot Prompt 1: {A} (Duration: 3s)\nMulti-shot Prompt 2: {B} (Duration: 4s)\n",
    "time codes": f"[00:00 - 00:03] {A}\n[00:03 - 00:07] {B}\n",
    "time codes with dashes": f"0:00–0:03: {A}\n0:03–0:07: {B}\n",
    "beats": f"(0-3s) {A}\n(3-7s) {B}",
    "Chinese": f"镜头1（3s）：{A}\n镜头2（4s）：{B}",
    "Markdown": f"| shot | seconds | prompt |\n|---|---|---|\n| 1 | 3 | {A} |\n| 2 | 4 s | {B} |\n",
    "Markdown with times": f"# | Time | Visual\n--|:--|--\n1 | 0:00–0:03 | {A}\n2 | 0:03–0:07 | {B}\n",
    "CSV": f'shot,seconds,prompt\n1,3,"{A}"\n2,4,"{B}"\n',
    "CSV with semicolons": f"Shot;Duration;Description\n1;3;{A}\n2;4;{B}\n",
    "subtitles": f"1\n00:00:00,000 --> 00:00:03,000\n{A}\n\n2\n00:00:03,000 --> 00:00:07,000\n{B}\n",
}
