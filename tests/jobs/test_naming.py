"""Names of videos: each storyboard its own, takes count on, nothing is ever overwritten."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storyboard import folders
from storyboard.jobs.found import shortened
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.naming import allot, name_of, note_name
from storyboard.jobs.parts import drop, part_of, reserve
from storyboard.jobs.shelf import Shelf
from tests.jobs.rows import a_job, an_item, an_order
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.jobs.studio import Studio


@pytest.fixture(name="ledger")
def _ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / "renders").mkdir()
    with Ledger.open(tmp_path / "state") as ledger:
        yield ledger


def _allotted(ledger: Ledger, number: int, file: str, *, format_: str = "MP4") -> str:
    """The name of a new job's only video for a storyboard below the ledger's neighbour folder."""
    root = ledger.path.parent.parent
    order = an_order(str(root / file), str(root / "renders"))
    job = ledger.add(a_job(number, request={"outputFormat": format_}), None, order)
    (result,) = ledger.add_results(job, [an_item(job)])
    return allot(ledger, job, result, order, Shelf(order.folder))[0].name


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("/a/film.storyboard.yaml", "film"),
        ("/a/film.storyboard.yml", "film"),
        ("/a/Film.Storyboard.YAML", "Film"),
        ("/a/film.yaml", "film"),
        ("/a/film.v2.yml", "film.v2"),
        ("/a/film", "film"),
        ("/a/.yaml", ".yaml"),
        ("/a/.storyboard.yaml", ".storyboard"),
    ],
)
def test_the_plain_name(file: str, name: str) -> None:
    """The file's name without its suffix, and never nothing."""
    assert folders.name_of(file) == name


def test_takes_count_on(ledger: Ledger) -> None:
    """Each storyboard has its own count, over jobs and formats."""
    assert [_allotted(ledger, 1, "film.storyboard.yaml"), _allotted(ledger, 2, "other.storyboard.yaml")] == [
        "film-1.mp4",
        "other-1.mp4",
    ]
    assert _allotted(ledger, 3, "film.storyboard.yaml", format_="WEBM") == "film-2.webm"
    assert _allotted(ledger, 4, "film.storyboard.yaml", format_="MOV") == "film-3.mov"


def test_the_same_video_keeps_its_name(ledger: Ledger) -> None:
    """Asked again for the same video, the same name is given."""
    assert _allotted(ledger, 1, "film.storyboard.yaml") == _allotted(ledger, 1, "film.storyboard.yaml")


def test_the_first_name_stays(ledger: Ledger) -> None:
    """A name that the same storyboard had elsewhere, or before the ledger was lost, does not rename what comes."""
    order = an_order("/boards/film.yaml", str(ledger.path.parent.parent / "renders"))
    for name in ("film", "act-film"):
        note_name(ledger, order, name)
    assert name_of(ledger, order, Shelf(order.folder)) == "film"


def test_the_same_name_in_several_folders(ledger: Ledger) -> None:
    """Folders go in front, as many as it takes."""
    files = ["film.storyboard.yaml", "act/film.storyboard.yaml", "b/act/film.storyboard.yaml", "act/film.yaml"]
    names = [_allotted(ledger, number, file) for number, file in enumerate(files)]
    assert names[:3] == ["film-1.mp4", "act-film-1.mp4", "b-act-film-1.mp4"]
    assert len(set(names)) == 4


def test_names_that_differ_in_case_only(ledger: Ledger) -> None:
    """Some file systems take them for one: so do we."""
    names = [_allotted(ledger, n, file) for n, file in enumerate(["Film.yaml", "a/film.yaml", "a/b/FILM.yaml"])]
    assert len({name.casefold() for name in names}) == 3


def test_a_number_that_belongs_to_the_name(ledger: Ledger) -> None:
    """`film-1` is another storyboard than the first take of `film`."""
    assert _allotted(ledger, 1, "film-1.yaml") == "film-1-1.mp4"
    assert _allotted(ledger, 2, "film.yaml") == "film-1.mp4"


@pytest.mark.parametrize("letter", ["x", "ü", "映"])
def test_long_names(ledger: Ledger, letter: str) -> None:
    """However long a storyboard's name and its folders': every name fits, and they differ."""
    stem = letter * (240 // len(letter.encode()))
    names = [_allotted(ledger, number, f"{'f' * number}/{stem}.yaml") for number in range(1, 8)]
    assert len(set(names)) == 7
    assert all(len(os.fsencode(part_of(Path(name)).name + ".json")) <= 255 for name in names)
    assert shortened(stem) in names[0]


@pytest.mark.parametrize("there", ["film-7.mp4", "film-7.mp4.json", "film-7.mp4.part", "film-7.webm", "FILM-7.MP4"])
def test_files_that_are_there_already(ledger: Ledger, there: str) -> None:
    """Whosever they are: the count goes on after them."""
    (ledger.path.parent.parent / "renders" / there).write_text("mine")
    assert _allotted(ledger, 1, "film.yaml") == "film-8.mp4"


def test_takes_of_another_storyboard(ledger: Ledger) -> None:
    """A receipt that names another storyboard keeps its name for that one."""
    renders = ledger.path.parent.parent / "renders"
    (renders / "film-1.mp4.json").write_text(json.dumps({"storyboard": "../act1/film.yaml"}))
    assert _allotted(ledger, 1, "act2/film.yaml") == "act2-film-1.mp4"
    assert _allotted(ledger, 2, "act1/film.yaml") == "film-2.mp4"


@pytest.mark.parametrize("receipt", ["", "[1]", '{"storyboard": 5}', '{"storyboard": "a\\u0000b"}', "[" * 3000])
def test_receipts_that_are_none(ledger: Ledger, receipt: str) -> None:
    """What cannot be read says nothing, and stops nothing."""
    (ledger.path.parent.parent / "renders" / "film-1.mp4.json").write_text(receipt)
    assert _allotted(ledger, 1, "film.yaml") == "film-2.mp4"


def test_a_name_is_kept_by_a_file(ledger: Ledger) -> None:
    """Who has another ledger sees that a name is taken before there is a video; given back, it is free."""
    renders = ledger.path.parent.parent / "renders"
    assert _allotted(ledger, 1, "film.yaml") == "film-1.mp4"
    with Ledger.open(ledger.path.parent.parent / "other-state") as other:
        order = an_order(str(renders.parent / "film.yaml"), str(renders))
        job = other.add(a_job(2), None, order)
        (result,) = other.add_results(job, [an_item(job)])
        assert allot(other, job, result, order, Shelf(order.folder))[0].name == "film-2.mp4"
    drop(renders / "film-1.mp4")
    assert sorted(path.name for path in renders.iterdir()) == ["film-2.mp4.part", "film-2.mp4.part.json"]
    (renders / "film-2.mp4.part").write_bytes(b"begun")
    drop(renders / "film-2.mp4")
    assert (renders / "film-2.mp4.part").exists()


def test_a_race_for_a_name(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process has put there since the folder was read is noticed when the name is taken."""
    renders = ledger.path.parent.parent / "renders"
    monkeypatch.setattr(Shelf, "takes", lambda *_: [])
    (renders / "film-1.mp4.part").touch()
    (renders / "film-2.mp4").touch()
    assert _allotted(ledger, 1, "film.yaml") == "film-3.mp4"
    assert sorted(path.name for path in renders.iterdir()) == [
        *("film-1.mp4.part", "film-2.mp4"),
        *("film-3.mp4.part", "film-3.mp4.part.json"),
    ]


@pytest.mark.parametrize("at", ["film-1.mp4.part.json", "film-1.mp4.part"])
def test_killed_while_a_name_is_taken(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """Whatever was made by then serves the same video, or is cleared away."""
    renders = ledger.path.parent.parent / "renders"
    real = os.open

    def die(path: Any, *rest: Any) -> int:
        descriptor = real(path, *rest)
        if str(path).endswith(at):
            os.close(descriptor)
            raise KeyboardInterrupt
        return descriptor

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", die)
        with pytest.raises(KeyboardInterrupt):
            _allotted(ledger, 1, "film.yaml")
    monkeypatch.setattr("storyboard.jobs.naming.is_dead", lambda _: True)
    name = _allotted(ledger, 1, "film.yaml")
    assert sorted(path.name for path in renders.iterdir()) == [f"{name}.part", f"{name}.part.json"]


def test_two_ledgers_that_read_a_folder_at_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines may give two storyboards one name, and never two videos."""
    monkeypatch.setattr(Shelf, "takes", lambda *_: [])
    with Ledger.open(ledger.path.parent.parent / "other-state") as other:
        names = [_allotted(ledger, 1, "a/film.yaml"), _allotted(other, 2, "b/film.yaml")]
        names += [_allotted(ledger, 3, "a/film.yaml"), _allotted(other, 4, "b/film.yaml")]
    assert names == ["film-1.mp4", "film-2.mp4", "film-3.mp4", "film-4.mp4"]


@pytest.mark.parametrize("how", ["fetched", "under way", "somebody's"])
def test_a_name_that_another_ledger_took(ledger: Ledger, how: str) -> None:
    """Where what kept a name was tidied away, what others have put there since stays theirs."""
    renders = ledger.path.parent.parent / "renders"
    assert _allotted(ledger, 1, "film.yaml") == "film-1.mp4"
    if how != "somebody's":
        drop(renders / "film-1.mp4")
    theirs = {"job": "another", "video": "another", "storyboard": "../film.yaml", "holder": "elsewhere:1:ab"}
    if how == "under way":
        reserve(renders / "film-1.mp4", theirs)
    else:
        (renders / "film-1.mp4").write_bytes(b"theirs")
    if how == "fetched":
        (renders / "film-1.mp4.json").write_text(json.dumps(theirs))
    assert _allotted(ledger, 1, "film.yaml") == "film-2.mp4"
    assert _allotted(ledger, 1, "film.yaml") == "film-2.mp4"
    lying = {path.name: path.read_text() for path in renders.iterdir() if not path.name.startswith("film-2.mp4.part")}
    assert (
        lying
        == {
            "fetched": {"film-1.mp4": "theirs", "film-1.mp4.json": json.dumps(theirs)},
            "under way": {"film-1.mp4.part": "", "film-1.mp4.part.json": json.dumps(theirs)},
            "somebody's": {"film-1.mp4": "theirs"},
        }[how]
    )


def test_a_name_is_kept_again(ledger: Ledger) -> None:
    """Where what kept it was tidied away and nobody has come since, the video keeps its name."""
    renders = ledger.path.parent.parent / "renders"
    assert _allotted(ledger, 1, "film.yaml") == "film-1.mp4"
    drop(renders / "film-1.mp4")
    assert _allotted(ledger, 1, "film.yaml") == "film-1.mp4"
    assert part_of(renders / "film-1.mp4").exists()


def test_a_file_in_place_of_a_take(studio: Studio) -> None:
    """What a person has made of a take, its receipt deleted, is not overwritten when the take is fetched again."""
    board = studio.board()
    studio.submit(board)
    (studio.renders / "film-1.mp4.json").unlink()
    (studio.renders / "film-1.mp4").write_bytes(b"mine")
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert ran.line["takes"][0]["path"] == "renders/film-2.mp4"
    assert (studio.renders / "film-1.mp4").read_bytes() == b"mine"
    assert_paid_once(studio, 1)


def test_storyboards_of_one_name_in_one_call(studio: Studio) -> None:
    """Never a shared file nor a shared count, run after run."""
    boards = [studio.board(name) for name in ("film", "act1/film", "act2/film")]
    for round_ in (1, 2):
        ran = studio.submit(*boards, "--again")
        assert_done(studio, ran)
        paths = [take["path"] for line in ran.lines for take in line["takes"]]
        assert sorted(paths) == [f"renders/{name}-{round_}.mp4" for name in ("act1-film", "act2-film", "film")]
    assert_paid_once(studio, 6)
    assert_no_leftovers(studio)


def test_somebody_elses_file(studio: Studio) -> None:
    """A video that a person has put there stays, byte for byte."""
    studio.renders.mkdir()
    (studio.renders / "film-1.mp4").write_bytes(b"mine")
    ran = studio.submit(studio.board())
    assert_done(studio, ran)
    assert ran.line["takes"][0]["path"] == "renders/film-2.mp4"
    assert (studio.renders / "film-1.mp4").read_bytes() == b"mine"
