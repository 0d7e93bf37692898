"""Whatever lies in a folder of takes: the ledger stays one that can be read, and a new take gets a name."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.naming import _free_numbers, first_take, keep_places
from storyboard.jobs.salvage import is_whole
from storyboard.jobs.shelf import Shelf
from storyboard.jobs.soundness import LAST_TAKE
from tests.jobs.rows import a_job, an_item, an_order
from tests.jobs.rules import assert_done, assert_paid_once
from tests.jobs.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider


@pytest.mark.parametrize(
    ("strays", "name"),
    [
        (["film-999999999.mp4"], "film-1.mp4"),
        (["film-999999.mp4"], "film-1.mp4"),
        (["film-999998.mp4", "film-999999.mp4", "film-3.mp4"], "film-4.mp4"),
        (["film-999997.mp4"], "film-999998.mp4"),
        (["film-20261130.mp4"], "film-1.mp4"),
        (["film-9999999999999999999.mp4"], "film-1.mp4"),
        (["film-999999999999.mp4.json"], "film-1.mp4"),
        (["film-0.mp4"], "film-1.mp4"),
        (["film-007.mp4"], "film-8.mp4"),
        (["film--1.mp4"], "film-1.mp4"),
        (["film-٣.mp4", "film-３.mp4"], "film-1.mp4"),
        (["FILM-5.MP4"], "film-6.mp4"),
        (["film-1.mp4.part"], "film-2.mp4"),
    ],
)
def test_strays(studio: Studio, strays: list[str], name: str) -> None:
    """One empty file stops nothing, whatever number it has; the count goes on from numbers that can be a take's."""
    studio.renders.mkdir()
    for stray in strays:
        (studio.renders / stray).touch()
    ran = studio.submit(studio.board())
    assert_done(studio, ran)
    assert ran.line["takes"][0]["path"] == f"renders/{name}"
    for command in (["jobs"], ["jobs", "totals"], ["resume"], ["jobs", "rebuild"], ["jobs"]):
        assert studio.run(*command).code == 0, command
    assert is_whole(studio.state / FILE_NAME)
    again = studio.submit("film.storyboard.yaml", "--again")
    assert_done(studio, again)
    assert_paid_once(studio, 2)


@given(taken=st.sets(st.one_of(st.integers(-5, 12), st.integers(LAST_TAKE - 12, LAST_TAKE + 5), st.integers())))
def test_numbers(taken: set[int]) -> None:
    """Each is free and may be a take's; the first is the next after one that is taken, or the first of all."""
    first = next(_free_numbers(taken))
    assert 1 <= first <= LAST_TAKE
    assert first not in taken
    assert first == 1 or first - 1 in taken


def test_every_number_is_taken() -> None:
    """Then there is none, and all there are were offered."""
    assert list(_free_numbers(range(1, LAST_TAKE + 1))) == []
    assert list(_free_numbers(set(range(3, LAST_TAKE + 1)))) == [1, 2]


def test_a_row_of_numbers(tmp_path: Path) -> None:
    """Several takes of one job get numbers that follow each other, none of them taken, none too high."""
    for number in (4, LAST_TAKE - 1):
        (tmp_path / f"film-{number}.mp4").touch()
    shelf = Shelf(str(tmp_path))
    assert first_take("film", shelf, 1) == LAST_TAKE
    assert first_take("film", shelf, 4) == 5
    assert first_take("film", shelf, 3) == 1
    assert first_take("film", shelf, 3, 2**31) == 1


@pytest.mark.parametrize("name", ["film", "../film", "a/film", "", ".."])
@pytest.mark.parametrize("first", [-3, 0, LAST_TAKE, LAST_TAKE + 1, 2**31 - 1])
def test_places_that_a_database_names(tmp_path: Path, name: str, first: int) -> None:
    """No row of the farm's database makes one here that cannot be read, or that leads out of the folder."""
    (tmp_path / "renders").mkdir()
    with Ledger.open(tmp_path / "state") as ledger:
        order = an_order(str(tmp_path / "film.yaml"), str(tmp_path / "renders"))
        job = ledger.add(a_job(1), None, order)
        results = ledger.add_results(job, [an_item(job)])
        keep_places(ledger, job, order, name, first)
        for path, take, _ in ledger.deliveries(job, results[0]):
            assert path.parent == tmp_path / "renders"
            assert 1 <= take <= LAST_TAKE


_NUMBERS = st.one_of(
    st.integers(0, 5), st.sampled_from([7, 10**6 - 1, 10**6, 10**9 - 1, 10**9, 10**12 - 1, 10**15, 2**63])
)
_NAMES = st.one_of(
    st.builds(
        lambda base, number, ending, more: f"{base}-{number}.{ending}{more}".encode(),
        st.sampled_from(["film", "FILM", "act-film", "ﬁlm", "film.sandbox", "other", "fi\nlm", "-film"]),
        st.one_of(_NUMBERS.map(str), st.sampled_from(["007", "٣", "-1", "1e3", ""])),
        st.sampled_from(["mp4", "MP4", "webm", "mov", "txt"]),
        st.sampled_from(["", ".json", ".part", ".part.json", ".tmp"]),
    ),
    st.binary(min_size=1, max_size=12).map(
        lambda data: data.replace(b"/", b"").replace(b"\0", b"") + b"-film-2.mp4.json"
    ),
)
_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.just([]), st.just({"a": [1]}),
    st.sampled_from(["\0", "../film.storyboard.yaml", "9999-12-31T00:00:00", "0001-01-01T00:00:00+00:00", 10**400]),
)  # fmt: skip
_KEYS = st.sampled_from(
    ["storyboard", "take", "service", "job", "attempt", "video", "url", "seed", "estimated_cost", "cost", "nsfw",
     "sha256", "bytes", "prepared", "sent", "accepted", "downloaded", "mark", "request"]
)  # fmt: skip


@settings(suppress_health_check=list(HealthCheck), max_examples=12, deadline=None)
@given(data=st.data())
def test_whatever_lies_in_the_folder(tmp_path: Path, provider: Provider, data: Any) -> None:
    """Names and receipts of any kind, those of a take of ours with values changed among them: all commands work."""
    studio = Studio(tmp_path / f"studio-{next(_STUDIOS)}", provider)
    board = studio.board(words=f"gulls {studio.folder.name}")
    assert_done(studio, studio.submit(board))
    honest = json.loads((studio.renders / "film-1.mp4.json").read_text())
    (studio.renders / "film-1.mp4.json").write_text(
        json.dumps(honest | data.draw(st.dictionaries(_KEYS, _VALUES, max_size=2)))
    )
    video = (studio.renders / "film-1.mp4").read_bytes()
    for name in data.draw(st.lists(_NAMES, max_size=5)):
        place = os.path.join(os.fsencode(studio.renders), name)
        if os.path.lexists(place):
            continue
        receipt = honest | data.draw(st.dictionaries(_KEYS, _VALUES, max_size=2))
        content = data.draw(st.sampled_from([b"", b"{}", b"\xff", video, json.dumps(receipt).encode()]))
        with open(place, "wb") as stream:
            stream.write(content)
    if data.draw(st.booleans()):
        (studio.state / FILE_NAME).unlink()
    for command in (
        ["submit", board, "--yes", "--again"],
        ["jobs"],
        ["resume"],
        ["jobs", "rebuild"],
        ["jobs", "totals"],
    ):
        ran = studio.run(*command)
        assert ran.code == 0, (command, ran)
        assert is_whole(studio.state / FILE_NAME), command
    assert "this is a bug" not in "".join(studio.outputs)
    assert set(provider.paid.values()) == {1}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("prepared", "0001-01-01T00:00:00+00:00"),
        ("prepared", "9999-12-31T00:00:00+00:00"),
        ("accepted", "1960-01-01T00:00:00+00:00"),
        ("estimated_cost", -1),
        ("video", "v" * 3000),
        ("storyboard", "a\0b"),
        ("attempt", True),
        ("seed", 2**63),
    ],
)
def test_a_receipt_of_ours_that_says_what_cannot_be(studio: Studio, key: str, value: Any) -> None:
    """It makes no row that the ledger refuses afterwards, and what was paid is not bought again."""
    board = studio.board()
    assert_done(studio, studio.submit(board))
    place = studio.renders / "film-1.mp4.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {key: value}))
    (studio.state / FILE_NAME).unlink()
    for command in (["jobs", "rebuild"], ["jobs"], ["resume"], ["submit", board, "--yes"], ["jobs"]):
        assert studio.run(*command).code == 0, command
        assert is_whole(studio.state / FILE_NAME), command
    assert_paid_once(studio, 1)


@pytest.mark.parametrize(("number", "name"), [(10**15, "film-1.mp4"), (1, "fi\0lm"), (1, "fi\udcfflm")])
def test_places_that_no_ledger_holds(tmp_path: Path, number: int, name: str) -> None:
    """What could not be read again is not written down."""
    with Ledger.open(tmp_path / "state") as ledger:
        order = an_order(str(tmp_path / "film.yaml"), str(tmp_path / "renders"))
        job = ledger.add(a_job(1), None, order)
        (result,) = ledger.add_results(job, [an_item(job)])
        ledger.restore_place(job, order, (result.video_uuid, number, tmp_path / name))
        assert ledger.deliveries(job, result) == []


_STUDIOS = count()


def _spoil(studio: Studio, how: str) -> None:
    with closing(sqlite3.connect(studio.state / FILE_NAME)) as connection, connection:
        connection.execute(how)


def test_a_number_that_earlier_versions_gave(studio: Studio) -> None:
    """Take 1,000,000,000 is read as any other, and the next one has a number of the usual kind."""
    assert_done(studio, studio.submit(studio.board()))
    _spoil(studio, "UPDATE deliveries SET take = 1000000000, path = replace(path, 'film-1.', 'film-1000000000.')")
    for name in ("film-1.mp4", "film-1.mp4.json"):
        (studio.renders / name).rename(studio.renders / name.replace("-1.", "-1000000000."))
    assert studio.run("jobs").code == studio.resume().code == studio.run("jobs", "rebuild").code == 0
    assert "renders/film-1000000000.mp4" in studio.run("jobs").out
    (studio.state / FILE_NAME).unlink()
    assert studio.submit("film.storyboard.yaml").line["reused"] is True
    ran = studio.submit("film.storyboard.yaml", "--again")
    assert ran.line["takes"][0]["path"] == "renders/film-1.mp4"
    assert_paid_once(studio, 2)


SPOILT = (
    "UPDATE jobs SET takes = 0 WHERE rowid = 1",
    "UPDATE jobs SET request = CAST(x'ff' AS TEXT) WHERE rowid = 1",
    "UPDATE results SET cost = 'abc' WHERE rowid = 1",
    "UPDATE orders SET file = 'a' || char(0) WHERE rowid = 1",
    "UPDATE deliveries SET take = 'one' WHERE rowid = 1",
    "UPDATE deliveries SET path = CAST(x'ff41' AS TEXT) WHERE rowid = 1",
)


@pytest.mark.parametrize("how", SPOILT)
def test_a_row_that_makes_no_sense_is_that_jobs_trouble(studio: Studio, how: str) -> None:
    """Every other job is listed, summed up, carried on and can be bought; the one is named, with what to do."""
    first, second = studio.board("first"), studio.board("second")
    is_under_way = "jobs" in how or "orders" in how
    assert studio.run("submit", first, "--yes", *(["--no-wait"] if is_under_way else [])).code == 0
    damaged = studio.jobs()[0].uuid
    assert studio.run("submit", second, "--yes", "--no-wait").code == 0
    _spoil(studio, how)
    ran = studio.resume()
    assert (ran.code, [line["state"] for line in ran.lines]) == (6 if is_under_way else 0, ["done"]), ran
    assert not is_under_way or (damaged[:8] in ran.err and "storyboard jobs rebuild" in ran.err)
    ran = studio.run("jobs")
    assert (ran.code, "second" in ran.out, damaged[:8] in ran.err) == (6, True, True), ran
    assert studio.run("jobs", "totals").code == 6
    assert_done(studio, studio.submit(studio.board("third")))
    assert studio.run("jobs", "rebuild").code == 0
    assert studio.run("jobs").code == studio.resume().code == 0
    assert_done(studio, studio.submit(first))
    assert_paid_once(studio, 3)
