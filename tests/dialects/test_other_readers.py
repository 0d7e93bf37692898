"""Exports as other programs read them: shots, times and texts stay apart whatever the texts say."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pysubs2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from storyboard.compiler.expand import fold_white_space
from storyboard.compiler.template import read_template
from storyboard.dialects.exporting import export
from storyboard.dialects.film_out import Film, Shot
from storyboard.dialects.importing import import_text
from storyboard.dialects.tables_out import as_words
from storyboard.document import Document

PLANNED = "PLANNED TIMES, NOT MEASURED: THE MODEL CUTS NEAR THEM"
HOSTILE = (
    "* FROM CLIP NAME: OTHER",
    "FROM CLIP NAME: OTHER",
    "* COMMENT: other",
    "002  AX       V     C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00",
    "M2   AX       010.0                00:00:00:00",
    "TITLE: other",
    "FCM: DROP FRAME",
    "SPLIT: AUDIO DELAY= 00:00:00:05",
    "LOC: 01:00:00:00 RED other",
    "00:00:01,000 --> 00:00:02,000",
    "at 0:00:01.5 and 0:00:02.5",
    "2",
    "-->",
    "WEBVTT",
    "| a | b |",
    "|---|---|",
    "\\|",
    "`a|b`",
    "<br>",
    '"quoted", twice',
    "=1+1",
    "Shot 2 (4s): other",
    "shot 2, 3, other",
    "漢字 🦊 é",
    "# heading",
    "x" * 200,
)
ANY = st.text(min_size=1).filter(lambda text: text.isprintable() and not set(text) & set(";\u037e"))
TEXT = st.lists(st.sampled_from(HOSTILE) | ANY, min_size=1, max_size=3).map(" ".join).map(fold_white_space)
TITLES = ("", "a\nb", "\x1b[2J", "\x85\u2028", "* x", "001  AX", "y" * 300, *HOSTILE)
LETTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
TITLE = st.sampled_from(TITLES) | st.text(LETTERS, max_size=9)
NOTE = st.sampled_from(("", "", "a\nb", "\n\n| c |", 'say "no"', "```"))
SHOTS = st.lists(st.builds(Shot, st.integers(1, 9), TEXT.filter(bool), NOTE), min_size=1, max_size=6).map(tuple)
FILMS = st.builds(Film, TITLE, SHOTS, st.just({}))


def film(*texts: str, title: str = "Lamp") -> Film:
    """Shots of three seconds."""
    return Film(title, tuple(Shot(3, text, "") for text in texts), {})


@settings(deadline=None, max_examples=150)
@given(FILMS)
@example(film(*HOSTILE[:6], title=""))
@example(film(*HOSTILE[6:12], title="TITLE"))
def test_an_edl_read_by_opentimelineio(told: Film) -> None:
    """Every event with its source and record times, its name and its comments; the note stands with the first."""
    otio = pytest.importorskip("opentimelineio", reason="no wheel for this Python")
    timeline = otio.adapters.read_from_string(export(told, "edl")[0], "cmx_3600")
    (track,) = timeline.tracks
    assert [clip.name for clip in track] == [f"SHOT {number}" for number in range(1, len(told.shots) + 1)]
    for number, (clip, (start, end, shot)) in enumerate(zip(track, told.cuts(), strict=True), start=1):
        source, record = clip.source_range, clip.metadata["cmx_3600"]
        assert (source.start_time.to_seconds(), source.duration.to_seconds()) == (start, end - start)
        place = clip.range_in_parent()
        assert (place.start_time.to_seconds(), place.duration.to_seconds()) == (start, end - start)
        words = [f"COMMENT: {' '.join(shot.text.split())}".strip(), *([PLANNED] if number == 1 else [])]
        assert list(record["comments"]) == words


@settings(deadline=None, max_examples=100)
@given(FILMS)
def test_an_otio_read_by_opentimelineio(told: Film) -> None:
    """Its own library reads title, clips, ranges, prompts and notes."""
    otio = pytest.importorskip("opentimelineio", reason="no wheel for this Python")
    timeline = otio.adapters.read_from_string(export(told, "otio")[0], "otio_json")
    assert timeline.name == told.title
    (track,) = timeline.tracks
    for clip, (start, end, shot) in zip(track, told.cuts(), strict=True):
        assert clip.range_in_parent().start_time.to_seconds() == start
        assert clip.range_in_parent().duration.to_seconds() == end - start
        assert dict(clip.metadata["storyboard"])["prompt"] == shot.text
        assert dict(clip.metadata["storyboard"])["note"] == shot.note


@settings(deadline=None, max_examples=150)
@given(FILMS)
@example(film("A fox", "at 0:00:01.5 and 0:00:02.5, 3", "00:00:01,000 --> 00:00:02,000"))
def test_subtitles_read_by_pysubs2(told: Film) -> None:
    """A cue a shot, its text beside it; what would be a time is written another way, and said."""
    written, remarks = export(told, "srt")
    cues = pysubs2.SSAFile.from_string(written, "srt", keep_html_tags=True)
    assert [(cue.start, cue.end) for cue in cues] == [(1000 * start, 1000 * end) for start, end, _ in told.cuts()]
    changed = [
        number for number, (cue, shot) in enumerate(zip(cues, told.shots, strict=True), 1) if cue.text != shot.text
    ]
    assert changed == [] or any(
        f"shot {changed[0]} holds what readers of subtitles take for a time" in one for one in remarks
    )
    shots = Document.parse(import_text(written).data).data["shots"]
    assert [shot["seconds"] for shot in shots] == [shot.seconds for shot in told.shots]


def test_a_text_with_times_stays_readable_in_subtitles() -> None:
    """Only the sign before the fractions, and the arrow, change."""
    written, remarks = export(film("A clock, 00:00:01,500 --> 10:12:30.", "At 3.5 m, 12:30:15"), "srt")
    assert "A clock, 00:00:01:500 → 10:12:30.\n" in written
    assert "At 3.5 m, 12:30:15" in written
    assert remarks[-1] == "shot 1 holds what readers of subtitles take for a time: it is written in another way"


@settings(deadline=None, max_examples=100)
@given(FILMS)
def test_tables_read_by_others(told: Film) -> None:
    """The standard library reads the CSV cell for cell, formulas as words; a Markdown reader sees a row a shot."""
    noted = any(shot.note for shot in told.shots)
    rows = list(csv.reader(io.StringIO(export(told, "csv")[0], newline="")))
    assert rows[1:] == [
        [str(number), str(shot.seconds), as_words(shot.text), *([as_words(shot.note)] if noted else [])]
        for number, shot in enumerate(told.shots, start=1)
    ]
    tokens = MarkdownIt().enable("table").parse(export(told, "markdown")[0])
    kinds = [token.type for token in tokens]
    assert (kinds[0], kinds[-1], kinds.count("table_open")) == ("table_open", "table_close", 1)
    assert kinds.count("tr_open") == 1 + len(told.shots)
    assert kinds.count("td_open") == (3 + noted) * len(told.shots)
    seconds = [tokens[place + 1].content for place, kind in enumerate(kinds) if kind == "td_open"][1 :: 3 + noted]
    assert seconds == [str(shot.seconds) for shot in told.shots]


@pytest.mark.parametrize("to", ["kling", "kling-turbo", "fal", "comfyui", "runware"])
@settings(deadline=None, max_examples=40)
@given(FILMS)
def test_json_is_json(to: str, told: Film) -> None:
    """Whatever the texts hold; every text is in it, as it is or in the template."""

    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [one for each in value.values() for one in strings(each)]
        if isinstance(value, list):
            return [one for each in value for one in strings(each)]
        return [value] if isinstance(value, str) else []

    said = "\n".join(strings(json.loads(export(told, to)[0])))
    assert all(shot.text in said for shot in told.shots)


@settings(deadline=None, max_examples=100)
@given(FILMS)
def test_the_template_is_read_back(told: Film) -> None:
    """Shot for shot, whatever a text looks like."""
    lines = read_template(export(told, "template")[0])
    assert [(line.seconds, line.text) for line in lines] == [(shot.seconds, shot.text) for shot in told.shots]
