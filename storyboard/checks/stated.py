"""What is told about codes whose rules are not about prompts' craft: SB001 to SB202, SB244 and SB246 to SB249."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.checks.diagnostic import Severity

_OURS = "Storyboard's own file format (docs/reference.md)"
_YAML = "YAML 1.2"
_KLING = "Runware's page on Kling VIDEO 3.0 Turbo"
_TEMPLATE = "Runware's guide to the multi-shot template"
_TURNED = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAZAAAAEsAQAAAADFzNhvAAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAA"
    "ANZnS2kAAAAmSURBVHja7cExAQAAAMKg9U9tCU+gAAAAAAAAAAAAAAAAAACApwE7xAAB/J472wAAAABJRU5ErkJg"
    "gg=="
)
"""A grey PNG of 400×300 whose eXIf says orientation 6."""
_PROMPT = "Wide shot of a harbour at dawn. Static camera. Gulls."


def _one(prompt: str = _PROMPT, seconds: int | str = 3, above: str = "") -> str:
    return f"{above}shots:\n  - seconds: {seconds}\n    prompt: {prompt}\n"


STATED: tuple[tuple[str, Severity, str, str, str, str, str], ...] = (
    (
        "SB001", "error", "not readable",
        "The file is missing, over 256 KiB, not UTF-8, not YAML, nested too deep, or more than one document.",
        _YAML, "title: [\n", _one(above="title: Harbour\n"),
    ),
    (
        "SB002", "error", "an unknown key",
        "A key that nobody reads is a slip more often than not; a key of your own begins with x-.",
        _OURS, _one(above="titel: Harbour\n"), _one(above="title: Harbour\nx-mine: 1\n"),
    ),
    (
        "SB003", "error", "a missing key, or a wrong value",
        "A required key is not there, or a value is of another kind than it must be, or none of those allowed.",
        _OURS, _one(above="resolution: 4k\n"), _one(above="resolution: 1080p\n"),
    ),
    (
        "SB004", "error", "a key given twice",
        "YAML readers take the last one without a word: what stands first would be lost.",
        _YAML, _one(above="title: One\ntitle: Two\n"), _one(above="title: Two\n"),
    ),
    (
        "SB101", "error", "a total that cannot be made",
        "The model makes films of 3 to 15 whole seconds.", _KLING, _one(seconds=2), _one(seconds=3),
    ),
    (
        "SB102", "error", "a promise that the shots do not keep",
        "`duration` must equal the sum of the shots' seconds: the provider refuses what does not add up.",
        _KLING, _one(above="duration: 5\n"), _one(above="duration: 3\n"),
    ),
    (
        "SB103", "error", "no shot, or more than six",
        "A multi-shot prompt holds one to six shots.", _KLING, "shots: []\n", _one(),
    ),
    (
        "SB104", "error", "seconds that are not whole",
        "A shot lasts a whole number of seconds, at least one.", _TEMPLATE, _one(seconds="2.5"), _one(seconds=3),
    ),
    (
        "SB105", "error", "a shot that is too long",
        "A shot's text, with its cast and the look, has at most 512 characters.",
        _KLING, _one("Wide shot of a harbour, " + "boats, " * 80), _one("Wide shot of a harbour, boats."),
    ),
    (
        "SB106", "error", "a prompt that is too long",
        "The whole prompt has at most 3072 characters, with a first frame 2500.",
        _KLING,
        "first_frame: https://example.com/a.png\nshots:\n"
        + f"  - {{seconds: 2, prompt: 'Wide shot of a harbour{', boats' * 68}'}}\n" * 5,
        "first_frame: https://example.com/a.png\n" + _one("The boats rock at their moorings. Static camera. Gulls."),
    ),
    (
        "SB107", "error", "a semicolon",
        "In the template a semicolon ends a shot: inside a text it would shift every cut after it.",
        _TEMPLATE, _one("Wide shot of a harbour; gulls."), _one("Wide shot of a harbour, gulls."),
    ),
    (
        "SB108", "error", "a character that cannot be seen",
        "Control and zero-width characters say nothing to the model and hide things from people.",
        _OURS, _one('"Wide shot of a har\\u200bbour."'), _one('"Wide shot of a harbour."'),
    ),
    (
        "SB109", "error", "an empty prompt",
        "A shot without a text is none.", _TEMPLATE, _one('" "'), _one(),
    ),
    (
        "SB110", "error", "a name that the cast does not have",
        "@name becomes the cast's text; one that is not there would be sent as it stands. A plain @ is written @@.",
        _OURS, _one('"Wide shot, @keper waits."', above="cast: {keeper: an old man}\n"),
        _one('"Wide shot, @keeper waits."', above="cast: {keeper: an old man}\n"),
    ),
    (
        "SB111", "error", "a negative prompt without a first frame",
        "The provider takes `negativePrompt` only in image-to-video.",
        _KLING, _one(above="negative_prompt: blur\n"),
        _one("The boats rock. Static camera. Gulls.", above="negative_prompt: blur\nfirst_frame: https://example.com/a.png\n"),
    ),
    (
        "SB112", "error", "an aspect ratio beside a first frame",
        "With a first frame the picture decides; the provider refuses sizes then.",
        _KLING,
        _one("The boats rock. Static camera. Gulls.", above='aspect_ratio: "1:1"\nfirst_frame: https://example.com/a.png\n'),
        _one(above='aspect_ratio: "1:1"\n'),
    ),
    (
        "SB113", "error", "a file that does not fit",
        "A first frame or cast file is missing, outside the project, or no picture that the model takes.",
        _KLING, _one(above="first_frame: ../../../picture.png\n"), _one(),
    ),
    (
        "SB201", "warning", "longer than recommended",
        "Up to 3072 characters are taken; the vendor recommends 2500.",
        "Kling's 3.0 Turbo pages",
        "shots:\n" + "".join(f"  - {{seconds: 2, prompt: 'Shot {n}{', boats' * 68}'}}\n" for n in range(6)),
        _one(),
    ),
    (
        "SB202", "info", "white space at the end of a line",
        "It is never sent, and clutters diffs.", _OURS,
        "shots:\n  - seconds: 3\n    prompt: |\n      Wide shot of a harbour. \n      Static camera. Gulls.\n",
        "shots:\n  - seconds: 3\n    prompt: |\n      Wide shot of a harbour.\n      Static camera. Gulls.\n",
    ),
    (
        "SB244", "info", "a comment that ignores nothing",
        "An ignore comment that hides nothing will hide the next thing that comes by. Errors cannot be ignored.",
        _OURS, _one(f"{_PROMPT}  # storyboard: ignore SB203"), _one(),
    ),
    (
        "SB246", "warning", "a first frame turned by its EXIF mark only",
        "The picture decides the video's shape, and whether the service heeds the mark is not known.",
        "EXIF 2.3, Orientation",
        _one("The boats rock. Static camera. Gulls.", above=f"first_frame: {_TURNED}\n"),
        _one("The boats rock. Static camera. Gulls.", above="first_frame: https://example.com/upright.jpg\n"),
    ),
    (
        "SB247", "warning", "something hides in a text",
        "Selectors that choose no variant, blanks of Braille and long runs of white space hide words from a reader.",
        _OURS, _one('"Wide shot of a harbour.\\U000e0101\\U000e0155 Static camera. Gulls."'), _one(),
    ),
    (
        "SB248", "warning", "names that look alike",
        "Of names that are drawn alike, or that mix alphabets, a reader takes one for another, and types a third.",
        _OURS, _one("Wide shot of @mara and @m\u0430ra.", above="cast: {mara: a girl, m\u0430ra: a man}\n"),
        _one("Wide shot of @mara and @marek.", above="cast: {mara: a girl, marek: a man}\n"),
    ),
    (
        "SB249", "info", "an address that takes values of your environment",
        "Whoever is called gets the value. Only STORYBOARD_… and what you allowed is filled in without a question.",
        _OURS,
        _one(above="output: {webhook_url: 'https://hooks.example/?key=${STUDIO_TOKEN}'}\n"),
        _one(above="output: {webhook_url: 'https://hooks.example/'}\n"),
    ),
)  # fmt: skip
