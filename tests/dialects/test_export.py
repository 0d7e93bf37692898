"""Out and in again: shots, seconds and texts stay, and what a notation cannot carry is said."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from storyboard.checks import check_bytes
from storyboard.compiler.expand import expand, fold_white_space
from storyboard.compiler.request import VideoRequest
from storyboard.compiler.template import read_template
from storyboard.dialects.exporting import NOTATIONS, export
from storyboard.dialects.film_out import Film, Shot
from storyboard.dialects.importing import import_text
from storyboard.dialects.tables_out import as_words, from_words
from storyboard.document import Document

THERE_AND_BACK = [name for name in NOTATIONS if name not in ("edl", "otio")]
WORDS = [
    "Wide",
    "shot",
    "of",
    "a",
    "harbour,",
    "gulls",
    "|",
    "a",
    "*keeper*",
    "says:",
    '"Late."',
    "漢字",
    "@@",
    "3s",
    "(4s)",
    "[Audio:",
    "wind]",
    "0:03",
    "–",
    "Shot",
    "2",
    "🦊",
    "a@b.c,",
]
FIELDS = ["kling", "fal", "comfyui", "csv", "markdown"]
ANY = (
    st.text(min_size=1).map(fold_white_space).filter(lambda text: text.isprintable() and not set(text) & set(";\u037e"))
)
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda words: "Wide shot, " + " ".join(words))


def _film(texts: list[tuple[int, str]], **keys: Any) -> Film:
    return Film("Lamp", tuple(Shot(seconds, text, "") for seconds, text in texts), keys)


def _back(written: str) -> list[tuple[int, str]]:
    data = Document.parse(import_text(written).data).data
    return [(shot["seconds"], expand(shot["prompt"], {}).text) for shot in data["shots"]]


@pytest.mark.parametrize("to", THERE_AND_BACK)
@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 9), TEXT.map(fold_white_space)), min_size=1, max_size=6))
def test_there_and_back(to: str, texts: list[tuple[int, str]]) -> None:
    """Seconds and compiled texts, character for character."""
    assert _back(export(_film(texts), to)[0]) == texts


@pytest.mark.parametrize("to", FIELDS)
@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 9), ANY.filter(bool)), min_size=1, max_size=3))
def test_any_printable_text_there_and_back(to: str, texts: list[tuple[int, str]]) -> None:
    """Where the notation has quotes or fields for a text, any text."""
    assert _back(export(_film(texts), to)[0]) == texts


def test_settings_come_back_from_runware() -> None:
    """A storyboard with a frame and takes is the same after a trip through the request."""
    keys = {"resolution": "1080p", "first_frame": "https://x/a.png", "negative_prompt": "blur", "output": {"takes": 2}}
    written, remarks = export(_film([(3, "A fox trots.")], **keys), "runware")
    data = Document.parse(import_text(written).data).data
    assert {key: data[key] for key in keys} == keys
    assert remarks == []
    (task,) = json.loads(written)
    VideoRequest.model_validate(task | {"taskUUID": "cee77060-46d0-4977-9b61-eda28d8153fd"})


@pytest.mark.parametrize("to", NOTATIONS)
def test_what_is_not_carried_is_said(to: str) -> None:
    """Title, look, takes, notes and keys of one's own, unless the notation has a place for them."""
    keys = {"title": "Lamp", "look": "grain", "output": {"takes": 2}, "x-mine": 1, "resolution": "1080p"}
    written, remarks = export(Film("Lamp", (Shot(3, "A fox trots. grain", "slow"),), keys), to)
    said = " ".join(remarks)
    assert "look stand" in said.replace("stands", "stand")
    for key, value in (("title", "Lamp"), ("notes", "slow"), ("resolution", "1080"), ("x-mine", "x-mine")):
        assert (key in said) or (value in written) or (key == "resolution" and '"mode": "pro"' in written), key
    assert ("planned" in said) == (to in ("srt", "edl", "otio"))


@pytest.mark.parametrize(
    ("frame", "warned"), [("a.png", True), ("https://x/a.png", False), ("cee77060-46d0-4977-9b61-eda28d8153fd", False)]
)
def test_a_picture_that_only_this_machine_has_is_said(frame: str, warned: bool) -> None:
    """A path is warned of; what the service can see itself is not."""
    _, remarks = export(_film([(3, "A fox trots.")], first_frame=frame), "runware")
    assert any("cannot see a file on this machine" in one for one in remarks) is warned


def test_a_model_that_is_not_carried_is_said() -> None:
    """Where the notation names another one, or none."""
    film = _film([(3, "A fox trots.")], model="klingai:kling-video@3.0-turbo")
    assert export(film, "kling")[1] == ["not carried: model"]
    assert export(film, "runware")[1] == []


def test_tables_are_what_other_readers_take_them_for() -> None:
    """The standard library's CSV, and one row a line in Markdown, whatever the text holds."""
    film = _film([(3, 'a "b", c | d\\|e'), (4, "=1+1")])
    written, remarks = export(film, "csv")
    assert list(csv.reader(io.StringIO(written)))[1:] == [["1", "3", 'a "b", c | d\\|e'], ["2", "4", "'=1+1"]]
    assert "shot 2 begins as a formula does" in remarks[-1]
    assert len(export(film, "markdown")[0].splitlines()) == 4


def test_timelines_add_up() -> None:
    """SRT, EDL and OTIO say the same planned times."""
    film = _film([(3, "A fox\ttrots."), (4, "It rests.")])
    assert "00:00:03,000 --> 00:00:07,000" in export(film, "srt")[0]
    lines = export(film, "edl")[0].splitlines()
    assert "002  AX       V     C        00:00:03:00 00:00:07:00 00:00:03:00 00:00:07:00" in lines
    timeline = json.loads(export(film, "otio")[0])
    (track,) = timeline["tracks"]["children"]
    assert [clip["source_range"]["duration"]["value"] for clip in track["children"]] == [72.0, 96.0]


def test_the_template_is_the_compilers() -> None:
    """`--to template` is what `compile` prints."""
    assert [line.text for line in read_template(export(_film([(3, "A fox")]), "template")[0])] == ["A fox"]


@pytest.mark.parametrize("name", ["rooftop-octopus", "lisbon-violin", "curtain-call", "garage-quarrel"])
@pytest.mark.parametrize("to", THERE_AND_BACK)
def test_real_boards_there_and_back(name: str, to: str) -> None:
    """As people write them."""
    from tests.document.cases import BOARDS

    report = check_bytes(BOARDS[name], name, "/")
    assert report.draft is not None
    texts = [(shot.seconds or 0, shot.text.text if shot.text else "") for shot in report.draft.shots]
    assert _back(export(_film(texts), to)[0]) == texts


FORMULA = re.compile(r"(?:\A|[\n\r;\t])[^\S\n\r;\t]*[=+\-@＝＋－＠]")
SIGNS = st.text(alphabet="=+-@'\n ;\ta＝\"|,", min_size=1)


@settings(deadline=None)
@given(SIGNS)
def test_no_cell_begins_a_formula_and_all_come_back(text: str) -> None:
    """Whatever stands before the sign, and behind what parts cells in other programs."""
    assert not FORMULA.search(as_words(text))
    assert from_words(as_words(text)) == text


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "+1", "-2+3", "@SUM(1)", "'=1", "''-x", "＝1", "@ma, waits"])
def test_formulas_there_and_back(text: str) -> None:
    """In prompts and notes; a foreign table's apostrophes are its own."""
    film = Film("Lamp", (Shot(3, text, f"first\n{text};{text}"),), {})
    written, _ = export(film, "csv")
    (row,) = list(csv.reader(io.StringIO(written)))[1:]
    assert [cell[0] for cell in row[2:]] == ["'", "f"]
    assert not any(map(FORMULA.search, row))
    data = Document.parse(import_text(written).data).data
    assert expand(data["shots"][0]["prompt"], {}).text == text
    assert data["shots"][0]["note"] == f"first\n{text};{text}"
    foreign = Document.parse(import_text("prompt,seconds\n'-x,3\n").data).data
    assert foreign["shots"][0]["prompt"] == "'-x"


HTML = [
    "<script>alert(1)</script>",
    "![](http://x.example/a.png)",
    "[a](javascript:alert(1))",
    "a <br> b",
    "&lt;b&gt; &amp;lt; &#60;i&#62;",
    "<javascript:alert(1)>",
    "[![a](http://x.example/b)](http://x.example)",
    "AT&T; a & b <3",
]


@pytest.mark.parametrize("text", HTML)
def test_markdown_shows_texts_and_nothing_else(text: str) -> None:
    """No tag, picture or link as GitHub's kind of Markdown reads it; the text comes back."""
    film = Film("Lamp", (Shot(3, "a fox", text), Shot(4, text.replace(";", ","), "")), {})
    written, _ = export(film, "markdown")
    shown = MarkdownIt("commonmark").enable("table").render(written)
    assert set(re.findall(r"<([a-z]+)", shown)) <= {"table", "thead", "tbody", "tr", "th", "td", "br"}
    data = Document.parse(import_text(written).data).data
    assert data["shots"][0]["note"] == text
    assert expand(data["shots"][1]["prompt"], {}).text == text.replace(";", ",")


def test_a_dash_that_begins_a_prompt_stays() -> None:
    """Behind a label's colon it is the text's."""
    for text in ("- a fox trots", "– so it goes", ": a colon"):
        assert _back(export(_film([(3, text), (4, "b")]), "shots")[0]) == [(3, text), (4, "b")]
    assert Document.parse(import_text("(0-3s) - a fox").data).data["shots"][0]["prompt"] == "a fox"
