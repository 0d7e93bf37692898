"""Marks on takes: kept in the receipt, through everything that happens to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs.marks import mark_beside, mark_of
from tests.jobs.rules import assert_done, assert_paid_once

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.studio import Studio


def receipt(path: Path) -> dict[str, Any]:
    """What stands beside a video."""
    content: dict[str, Any] = json.loads(path.with_name(path.name + ".json").read_text())
    return content


@pytest.mark.parametrize("named", ["renders/film-1.mp4", "renders/film-1.mp4.json", "film-1", "film-1.mp4", "UUID"])
def test_a_take_by_any_of_its_names(studio: Studio, named: str) -> None:
    """The rest of the receipt stays as it was."""
    ran = studio.submit(studio.board())
    video = ran.line["takes"][0]["video"]
    before = receipt(studio.renders / "film-1.mp4")
    said = studio.run("jobs", "keep", video[:10].upper() if named == "UUID" else named, "--why", " the  lamp\nis right")
    assert (said.code, said.err) == (0, "renders/film-1.mp4: kept: the lamp is right\n")
    after = receipt(studio.renders / "film-1.mp4")
    mark = after.pop("mark")
    assert (mark["verdict"], mark["why"], after) == ("keep", "the lamp is right", before)


def test_a_mark_replaces_the_one_before(studio: Studio) -> None:
    """Without a reason none is left."""
    studio.submit(studio.board())
    studio.run("jobs", "keep", "film-1", "--why", "first thought")
    assert studio.run("jobs", "reject", "film-1").code == 0
    mark = mark_beside(studio.renders / "film-1.mp4")
    assert mark is not None
    assert (mark.verdict, mark.why) == ("reject", None)


def test_a_mark_stays_when_the_video_is_fetched_again(studio: Studio) -> None:
    """The receipt is written anew then."""
    board = studio.board()
    studio.submit(board)
    studio.run("jobs", "keep", "film-1", "--why", "good")
    (studio.renders / "film-1.mp4").unlink()
    assert_done(studio, studio.submit(board))
    mark = mark_beside(studio.renders / "film-1.mp4")
    assert mark is not None
    assert mark.why == "good"
    assert_paid_once(studio, 1)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("nothing", "no take is called 'nothing'"),
        ("", "no take is called ''"),
        ("%", "no take is called '%'"),
        ("film.storyboard.yaml", "no receipt beside it"),
        ("renders/other-1.mp4", "other-1.mp4.json is no receipt"),
        ("renders", "no take is called"),
    ],
)
def test_what_is_no_take(studio: Studio, named: str, words: str) -> None:
    """Exit 2, with what can be named; nothing is written."""
    studio.submit(studio.board())
    (studio.renders / "other-1.mp4").write_bytes(b"")
    (studio.renders / "other-1.mp4.json").write_text('{"a": 1}')
    before = {path: path.read_bytes() for path in studio.renders.iterdir()}
    ran = studio.run("jobs", "keep", named)
    assert ran.code == 2
    assert words in ran.err
    assert {path: path.read_bytes() for path in studio.renders.iterdir()} == before


def test_a_reason_has_an_end(studio: Studio) -> None:
    """Exit 2, and what there is at most."""
    studio.submit(studio.board())
    ran = studio.run("jobs", "keep", "film-1", "--why", "x" * 501)
    assert (ran.code, "at most 500 characters, this one 501" in ran.err) == (2, True)


@pytest.mark.parametrize("mark", [None, 3, {}, {"verdict": "love"}, {"verdict": ["keep"]}, [1]], ids=str)
def test_marks_that_are_none(mark: object) -> None:
    """A receipt may say anything."""
    assert mark_of({"mark": mark}) is None


def test_a_mark_of_a_stranger() -> None:
    """Its reason is cut, and what is no text is none."""
    mark = mark_of({"mark": {"verdict": "reject", "why": "y" * 9000, "at": 7}})
    assert mark is not None
    assert (len(mark.why or ""), mark.at) == (500, "")


def test_a_locked_receipt_keeps_its_mark(studio: Studio) -> None:
    """Delivered takes are locked on purpose."""
    studio.submit(studio.board())
    place = studio.renders / "film-1.mp4.json"
    place.chmod(0o444)
    before = place.read_bytes()
    said = studio.run("jobs", "reject", "film-1")
    assert (said.code, "its receipt cannot be written: it is read-only" in said.err) == (3, True)
    assert "chmod u+w renders/film-1.mp4.json" in said.err
    assert place.read_bytes() == before
