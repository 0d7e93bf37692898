"""What is wrong with bytes, keys and kinds (SB001 to SB004), each beside the nearest right text."""

from __future__ import annotations

from typing import NamedTuple

from tests.checks.boards import GOOD


class Row(NamedTuple):
    """A text with its wrong place marked, what is said about it, and a text that is right."""

    code: str
    wrong: str
    message: str
    path: tuple[str | int, ...]
    right: str


TOP = "title, model, duration, aspect_ratio, resolution, first_frame, negative_prompt, look, cast, shots, output"
URL = "first_frame: https://example.com/a.png\n"

STRUCTURE_ROWS: dict[str, Row] = {
    "not YAML": Row(
        "SB001",
        "title: Fox⟦⟧: run\n" + GOOD,
        "not YAML: a colon and a space stand inside a text: put the text in quotes, or write it below `>-`",
        (),
        'title: "Fox: run"\n' + GOOD,
    ),
    "a control character": Row(
        "SB001",
        "title: ⟦⟧\x00\n" + GOOD,
        "not YAML: a control character stands here (U+0000): delete it",
        (),
        "title: é\n" + GOOD,
    ),
    "a near miss of a key": Row(
        "SB002",
        "⟦Aspect-ratios⟧: 1:1\n" + GOOD,
        "unknown key `Aspect-ratios`: did you mean `aspect_ratio`?",
        ("Aspect-ratios",),
        "aspect_ratio: 1:1\n" + GOOD,
    ),
    "a key like no other": Row(
        "SB002",
        "⟦zzz⟧: 1\n" + GOOD,
        f"unknown key `zzz`: known here: {TOP} (a key of your own starts with `x-`)",
        ("zzz",),
        "x-zzz: 1\n" + GOOD,
    ),
    "a key of the wrong place": Row(
        "SB002",
        "⟦takes⟧: 2\n" + GOOD,
        "unknown key `takes`: it belongs under `output`",
        ("takes",),
        "output: {takes: 2}\n" + GOOD,
    ),
    "a shot's key at the top": Row(
        "SB002",
        "⟦note⟧: x\n" + GOOD,
        "unknown key `note`: it belongs in a shot",
        ("note",),
        GOOD + "  note: x\n",
    ),
    "a key in a shot": Row(
        "SB002",
        GOOD + "  ⟦promt⟧: x\n",
        "unknown key `promt`: did you mean `prompt`?",
        ("shots", 0, "promt"),
        GOOD + "  x-promt: x\n",
    ),
    "a private key in output": Row(
        "SB002",
        GOOD + "output: {⟦x-mine⟧: 1}\n",
        "unknown key `x-mine`: known here: format, quality, takes, safety, ttl, upload_endpoint, webhook_url",
        ("output", "x-mine"),
        GOOD + "output: {}\n",
    ),
    "a key that is true": Row(
        "SB002",
        GOOD + "⟦true⟧: 1\n",
        f"unknown key `true`: known here: {TOP} (a key of your own starts with `x-`)",
        ("true",),
        GOOD + "x-true: 1\n",
    ),
    "nothing at all": Row("SB003", "⟦⟧", "the file is empty: a storyboard has at least the key `shots`", (), GOOD),
    "a list": Row(
        "SB003",
        "⟦- a⟧\n",
        "the file is not a mapping of keys to values: a storyboard has at least the key `shots`",
        (),
        GOOD,
    ),
    "no shots": Row(
        "SB003", "# c\n⟦title: x⟧\n", "`shots` is missing: a storyboard lists one to six shots under it", (), GOOD
    ),
    "shots as a text": Row(
        "SB003", "shots: ⟦x⟧\n", "`shots` must be a list: each shot starts with a dash", ("shots",), GOOD
    ),
    "a shot as a text": Row(
        "SB003",
        GOOD + "- ⟦Boats leave⟧\n",
        "shot 2 must be a mapping with `seconds` and `prompt`",
        ("shots", 1),
        GOOD + "- {seconds: 1, prompt: Boats leave}\n",
    ),
    "a shot without seconds": Row("SB003", "shots:\n- ⟦prompt: x⟧\n", "shot 1 has no `seconds`", ("shots", 0), GOOD),
    "a shot without prompt": Row(
        "SB003", GOOD + "- ⟦seconds: 1\n  note: x⟧\n", "shot 2 has no `prompt`", ("shots", 1), GOOD
    ),
    "a prompt in brackets": Row(
        "SB003",
        "shots:\n- seconds: 3\n  prompt: ⟦[COLOUR]⟧\n",
        "shot 1: `prompt` must be a text, not a list: put it in quotes if it is meant as text",
        ("shots", 0, "prompt"),
        "shots:\n- seconds: 3\n  prompt: '[COLOUR]'\n",
    ),
    "a title that is a number": Row(
        "SB003",
        "title: ⟦2026⟧\n" + GOOD,
        "`title` must be a text, not the number 2026: put it in quotes if it is meant as text",
        ("title",),
        "title: '2026'\n" + GOOD,
    ),
    "a title of nothing": Row(
        "SB003",
        "title:⟦⟧ # later\n" + GOOD,
        "`title` must be a text, but nothing stands there: give it a value or delete the key",
        ("title",),
        "title: later\n" + GOOD,
    ),
    "an empty title": Row(
        "SB003",
        "title: ⟦''⟧\n" + GOOD,
        "`title` is empty: give it a text or delete the key",
        ("title",),
        "look: ''\n" + GOOD,
    ),
    "an unknown model": Row(
        "SB003",
        "model: ⟦klingai:kling-video@3.0⟧\n" + GOOD,
        "`model` must be one of klingai:kling-video@3.0-turbo: did you mean klingai:kling-video@3.0-turbo?",
        ("model",),
        "model: klingai:kling-video@3.0-turbo\n" + GOOD,
    ),
    "a resolution that is a number": Row(
        "SB003",
        "resolution: ⟦1080⟧\n" + GOOD,
        "`resolution` must be one of 720p, 1080p: did you mean 1080p?",
        ("resolution",),
        "resolution: 1080p\n" + GOOD,
    ),
    "a resolution out of reach": Row(
        "SB003",
        "resolution: ⟦4k⟧\n" + GOOD,
        "`resolution` must be one of 720p, 1080p; not the text '4k'",
        ("resolution",),
        "resolution: 720p\n" + GOOD,
    ),
    "a format in small letters": Row(
        "SB003",
        GOOD + "output: {format: ⟦webm⟧}\n",
        "`format` must be one of MP4, WEBM, MOV: did you mean WEBM?",
        ("output", "format"),
        GOOD + "output: {format: WEBM}\n",
    ),
    "a duration with a unit": Row(
        "SB003",
        "duration: ⟦3s⟧\n" + GOOD,
        "`duration` must be a whole number of seconds; not the text '3s': write 3",
        ("duration",),
        "duration: 3\n" + GOOD,
    ),
    "an address without a scheme": Row(
        "SB003",
        GOOD + "output: {webhook_url: ⟦example.com⟧}\n",
        "`webhook_url` must be an address that starts with https:// "
        "(parts of it may be ${NAME}, read from the environment)",
        ("output", "webhook_url"),
        GOOD + 'output: {webhook_url: "https://example.com/${TOKEN}"}\n',
    ),
    "a variable with a wrong name": Row(
        "SB003",
        GOOD + 'output: {upload_endpoint: ⟦"https://example.com/${MY-KEY}"⟧}\n',
        "`upload_endpoint` has a `${` that begins no name: write ${NAME}, letters, digits and _ only",
        ("output", "upload_endpoint"),
        GOOD + 'output: {upload_endpoint: "${UPLOAD_2}"}\n',
    ),
    "a cast as a list": Row(
        "SB003",
        "cast: ⟦[bob]⟧\n" + GOOD,
        "`cast` must be a mapping of names to texts, or the path of a YAML file with such a mapping",
        ("cast",),
        "cast: {}\n" + GOOD,
    ),
    "a cast name with a space": Row(
        "SB003",
        "cast: {⟦the fox⟧: red}\n" + GOOD,
        "`the fox` is no cast name: a letter, then letters and their marks, digits, `_` or `-`, and no `-` at the end",
        ("cast", "the fox"),
        "cast: {the_fox: red}\n" + GOOD,
    ),
    "a cast name that is a number": Row(
        "SB003",
        "cast: {⟦7⟧: red}\n" + GOOD,
        "`7` is no cast name: a letter, then letters and their marks, digits, `_` or `-`, and no `-` at the end",
        ("cast", 7),
        "cast: {seven: red}\n" + GOOD,
    ),
    "a cast text that is a number": Row(
        "SB003",
        "cast: {fox: ⟦7⟧}\n" + GOOD,
        "the cast's `fox` must be a text, not the number 7: put it in quotes if it is meant as text",
        ("cast", "fox"),
        "cast: {fox: '7'}\n" + GOOD,
    ),
    "output as a text": Row(
        "SB003",
        GOOD + "output: ⟦MP4⟧\n",
        "`output` must be a mapping; known in it: format, quality, takes, safety, ttl, upload_endpoint, webhook_url",
        ("output",),
        GOOD + "output: {format: MP4}\n",
    ),
    "a key given twice": Row(
        "SB004",
        GOOD + "  ⟦seconds⟧: 3\n",
        "the key `seconds` is given twice, first in line 2: delete one",
        ("shots", 0, "seconds"),
        GOOD,
    ),
}
