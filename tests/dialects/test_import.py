"""Other notations come in with their seconds and every character; what changed is said."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.checks import check_bytes
from storyboard.dialects.film import NotRead
from storyboard.dialects.importing import import_text
from storyboard.document import Document
from tests.dialects.rows import SAME, A, B


def taken(text: str, total: int | None = None) -> tuple[dict[str, Any], list[str]]:
    """The storyboard's data, and the remarks."""
    imported = import_text(text, total)
    data = Document.parse(imported.data).data
    return data, imported.remarks


def shots(text: str, total: int | None = None) -> list[tuple[int, str]]:
    """Seconds and prompts."""
    return [(shot["seconds"], shot["prompt"]) for shot in taken(text, total)[0]["shots"]]


@pytest.mark.parametrize("name", SAME)
def test_the_same_film_in_many_notations(name: str) -> None:
    """Seconds and texts, character for character; and the file checks."""
    assert shots(SAME[name]) == [(3, A), (4, B)]
    assert not [
        one for one in check_bytes(import_text(SAME[name]).data, "a", "/").diagnostics if one.severity == "error"
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("name", ["template on lines, with units", "labels", "time codes", "pipes", "Markdown", "CSV"])
def test_line_ends_do_not_matter(name: str, end: str) -> None:
    """Texts from other systems."""
    assert shots(SAME[name].replace("\r\n", "\n").replace("\n", end)) == [(3, A), (4, B)]


def test_full_stops_part_shots() -> None:
    """As people type the template, or labels in one line; the full stop stays."""
    assert shots(f"Shot 1 (3s): {A}. Shot 2 (4s): {B}.") == [(3, f"{A}."), (4, f"{B}.")]
    assert shots(f"shot 1, 3, {A}. shot 2, 4, {B}.") == [(3, f"{A}."), (4, f"{B}.")]


def test_the_size_is_the_label() -> None:
    """`[Shot 1: Wide shot]` keeps its size as first words; `Shot 1,` has no seconds."""
    found, remarks = taken("[Shot 1: Wide shot] a keeper climbs. [Shot 2: Close-up] a hand.", 6)
    assert [shot["prompt"] for shot in found["shots"]] == ["Wide shot, a keeper climbs.", "Close-up, a hand."]
    assert "6 s were spread evenly" in remarks[0]
    assert shots(f"Shot 1, {A}. Shot 2, {B}.", 7) == [(3, f"{A}."), (4, f"{B}.")]
    assert shots(f"Begin with {A}. Cut to {B}. End on black.", 10)[2] == (4, "black.")


def test_time_codes_carry_sound_lines_and_gaps() -> None:
    """A line `Audio: …` becomes a tag; a shot lasts until the next one begins."""
    text = f"[00:00 - 00:03] Wide shot:\na keeper climbs\nAudio: wind\n[00:04 - 00:07] {B}\n"
    found, remarks = taken(text)
    assert [(shot["seconds"], shot["prompt"]) for shot in found["shots"]] == [
        (4, "Wide shot:\na keeper climbs\n[Audio: wind]"),
        (3, B),
    ]
    assert remarks == ["shot 1: gap between 3 and 4 s: it lasts until the next one begins"]


def test_what_has_no_key_is_kept_and_said() -> None:
    """Master prompts become the look; words around, unknown fields and columns stand under x- keys."""
    found, remarks = taken(f"Master Prompt: grey dawn; film grain\n{SAME['multi-shot prompts']}")
    assert found["look"] == "grey dawn, film grain"
    assert any("semicolon" in one for one in remarks)
    found, remarks = taken(f"My lighthouse film:\n\n{SAME['labels']}")
    assert found["x-imported"] == {"preamble": "My lighthouse film:"}
    found, remarks = taken(f"My lighthouse film:\n\n{SAME['fal in a fence']}\n\nShall I go on?")
    assert found["x-imported"] == {"around the JSON": "My lighthouse film:\n\n\nShall I go on?"}
    assert any("around the JSON" in one for one in remarks)
    assert shots(f'{SAME["labels"]}\n```json\n{{"a": 1}}\n```')[0] == (3, A)
    found, remarks = taken(
        '{"cfg_scale": 0.5, "elements": [{"id": 1}], "multi_prompt": [{"prompt": "x", "mood": "sad"}]}'
    )
    assert found["x-imported"] == {"cfg_scale": 0.5, "elements": '[{"id": 1}]'}
    assert found["shots"][0]["x-mood"] == "sad"
    assert any("cfg_scale, elements" in one for one in remarks)
    around = {"prompt": "a pier", "input": {"prompt": "", "multi_prompt": [{"prompt": "x"}]}}
    assert taken(json.dumps(around))[0]["x-imported"] == {"prompt": "a pier"}
    assert taken('{"prompt": "x", "model": {"id": 1}}')[0]["x-imported"] == {"model": '{"id": 1}'}
    found, remarks = taken(
        "Shot,Sec,Shot size,Action,Camera,Notes,Lens\n1,3,Wide shot,a keeper climbs,static camera,slow,35\n"
    )
    assert found["shots"] == [
        {"seconds": 3, "prompt": "Wide shot, a keeper climbs. static camera", "note": "slow", "x-lens": "35"}
    ]


@pytest.mark.parametrize(("start", "end"), [(5, 2), (0, 1e400), (0, 10**400), (0, float("nan"))], ids=range(4))
def test_times_that_are_no_length_are_kept_aside(start: float, end: float) -> None:
    """A span that goes backwards or has no end says nothing of its shot, nor of those beside it."""
    found, _ = taken(json.dumps({"shots": [{"prompt": A, "start": start, "end": end}, {"prompt": B, "seconds": 4}]}))
    assert [shot["seconds"] for shot in found["shots"]] == [3, 4]
    assert found["shots"][0].keys() == {"seconds", "prompt", "x-start", "x-end"}


def test_subtitles_that_go_back_take_no_time_from_others() -> None:
    """A cue that begins after the next one says no seconds; what follows keeps its own."""
    cue = "00:00:0{},000 --> 00:00:0{},000\n{}\n\n"
    text = cue.format(5, 6, "a") + cue.format(2, 4, "b") + cue.format(4, 9, "c")
    assert shots(text) == [(3, "a"), (2, "b"), (5, "c")]


def test_columns_of_one_name_are_all_kept() -> None:
    """The second one is called by its place."""
    found, _ = taken("seconds,prompt,lens,lens\n3,a keeper climbs,35,50\n")
    assert found["shots"][0] | {"x-lens": "35", "x-column 4": "50"} == found["shots"][0]


def test_halves_of_characters_are_replaced_wherever_they_stand() -> None:
    """In keys and in addresses too, which no file could hold otherwise."""
    found, _ = taken(json.dumps({"prompt": A, "uploadEndpoint": "https://x/\ud800", "\udfff": 1}))
    assert found["output"] == {"upload_endpoint": "https://x/\ufffd"}
    assert found["x-imported"] == {"\ufffd": 1}


def test_requests_keep_their_settings() -> None:
    """Size, frame, takes, format, safety, addresses of a `videoInference` request."""
    task = {
        "taskType": "videoInference",
        "model": "klingai:kling-video@3.0-turbo",
        "positivePrompt": f"shot 1, 3, {A};",
        "duration": 3,
        "resolution": "1080p",
        "inputs": {"frameImages": [{"image": "https://x/a.png", "frame": "first"}]},
        "negativePrompt": "blur",
        "numberResults": 2,
        "outputFormat": "MOV",
        "outputQuality": 80,
        "ttl": 99,
        "safety": {"mode": "fast"},
        "webhookURL": "https://x/h",
        "outputType": "URL",
        "deliveryMethod": "async",
        "seed": 7,
    }
    found, _ = taken(json.dumps([task]))
    assert found == {
        "model": "klingai:kling-video@3.0-turbo", "duration": 3, "resolution": "1080p", "first_frame": "https://x/a.png",
        "negative_prompt": "blur",
        "output": {"format": "MOV", "quality": 80, "takes": 2, "safety": "fast", "ttl": 99, "webhook_url": "https://x/h"},
        "shots": [{"seconds": 3, "prompt": A}], "x-imported": {"seed": 7},
    }  # fmt: skip
    found, _ = taken('{"multi_prompt": [{"prompt": "x", "duration": 3}], "ratio": "720:1280", "mode": "pro"}')
    assert (found["aspect_ratio"], found["resolution"]) == ("9:16", "720p")


def test_fountain() -> None:
    """Scenes are shots, dialogue gets labels; notes, sections and transitions are kept aside."""
    script = """\
Title: The Lamp
Author: Me

# Act one

INT. LIGHTHOUSE - NIGHT #1#

A keeper climbs the stairs. [[check the stairs]]

KEEPER (O.S.)
(tired)
Not tonight.

CUT TO:

EXT. PIER - DAWN

A boat comes to rest.
"""
    found, remarks = taken(script, 8)
    assert found["title"] == "The Lamp"
    assert [(shot["seconds"], shot["prompt"]) for shot in found["shots"]] == [
        (4, 'INT. LIGHTHOUSE - NIGHT.\nA keeper climbs the stairs. \n[KEEPER (O.S.), tired]: "Not tonight."'),
        (4, "EXT. PIER - DAWN.\nA boat comes to rest."),
    ]
    kept = found["x-imported"]
    assert kept == {"title page": "Author: Me", "structure": "# Act one\nCUT TO:", "notes": "check the stairs"}
    assert any("no shot says how long it lasts" in one for one in remarks)
    single, remarks = taken("EXT. PIER - DAWN\n\nA boat.\n\nA gull.\n", 6)
    assert [shot["prompt"] for shot in single["shots"]] == ["EXT. PIER - DAWN.\nA boat.", "EXT. PIER - DAWN.\nA gull."]


@pytest.mark.parametrize(
    ("text", "seconds", "remark"),
    [
        ("Shot 1 (2.5s): a\nShot 2 (2.5s): b", [3, 2], "shot 1: 2.5 s became 3 s: seconds are whole, and at least 1"),
        ("Shot 1: a\nShot 2 (4s): b", [3, 4], "1 of 2 shots do not say how long it lasts: 3 s were spread evenly"),
        (
            '{"multi_prompt": [{"prompt": "a", "duration": 3}], "duration": 9}',
            [3],
            "9 s were stated, the shots make 3 s",
        ),
        ("shot 2, 3, a; shot 5, 3, b;", [3, 3], "shots were numbered 2, 5: they are counted from 1 now"),
        ("Shot 1 (3s): a; b\u037e c", [3], "shot 1: 2 semicolons became a comma: it would end the shot"),
        ("Shot 1 (3s): @Image1 waits", [3], "shot 1: @ is written @@, so that it stays a plain @"),
    ],
)
def test_nothing_changes_without_a_word(text: str, seconds: list[int], remark: str) -> None:
    """Rounding, spreading, totals, numbers, semicolons and at signs."""
    found, remarks = taken(text)
    assert [shot["seconds"] for shot in found["shots"]] == seconds
    assert any(one.startswith(remark) for one in remarks), remarks


NO_FILMS = (
    "",
    " \n",
    "A fox in the snow.",
    "{",
    "[1, 2]",
    '{"a": 1}',
    "\x00\x01",
    "a,b\n1,2\n",
    "| a |\n|---|\n| 1 |\n",
)
TOO_MUCH = ("Shot " * 500, "[" * 100_000, '{"a":' * 50_000, "shot 1, 3, " * 5000 + ";", "prompt\n" + "x\n" * 5000)


@pytest.mark.parametrize("text", [*NO_FILMS, *TOO_MUCH])
def test_what_is_no_film_is_refused_in_words(text: str) -> None:
    """Nonsense, half a JSON, lists of other things, and what would be thousands of shots; at once."""
    with contextlib.suppress(NotRead):
        assert import_text(text).shots <= 2
        return
    with pytest.raises(NotRead, match=r"^.{5,200}\Z"):
        import_text(text)


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=300) | st.sampled_from(list(SAME.values())).flatmap(lambda text: st.just(text[: len(text) // 2]))
)
def test_any_text_ends_in_a_film_or_in_words(text: str) -> None:
    """And every film is a file that can be read again."""
    try:
        imported = import_text(text)
    except NotRead:
        return
    assert Document.parse(imported.data).data["shots"]


KEYS = (
    "prompt,duration,multi_prompt,shots,settings,contents,inputs,text,frameImages,image,type,x,storyboard_1_prompt,"
    "safety,mode,index,numberResults,ratio,width,height,first_frame,resolution,negative_prompt,title,look,model,start,end"
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["3", "16:9"])


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split(",")), inner, max_size=5)


@settings(deadline=None, max_examples=150)
@given(st.recursive(PLAIN, _nested, max_leaves=14))
def test_any_json_ends_in_a_film_or_in_words(value: Any) -> None:
    """Whatever stands where something else is expected."""
    with contextlib.suppress(NotRead):
        import_text(json.dumps(value))
