"""Videos of a job that is done, wanted by another storyboard or elsewhere: `resume` carries what did not come there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.jobs import points
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once

if TYPE_CHECKING:
    from tests.jobs.studio import Studio

POINTS = ("written_down", "before_deliver", "before_copy", "mid_copy", "after_receipt")


def bought(studio: Studio, takes: int = 2) -> str:
    """A storyboard that is paid for and whose videos lie there; one for the same videos."""
    assert_done(studio, studio.submit(studio.board(takes=takes)))
    return studio.board("copy", words="film", takes=takes)


def assert_nothing_left(studio: Studio) -> None:
    """Every order has come, nothing was bought, and nothing more waits."""
    assert studio.run("resume").err == "nothing to resume\n"
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)


@pytest.mark.parametrize("out", ["renders", "out"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere(studio: Studio, point: str, out: str) -> None:
    """A process that dies on the way to a second storyboard leaves what `resume` finishes, without asking anything."""
    copy = bought(studio)
    asked = len(studio.provider.requests)
    assert studio.killed("submit", copy, "--yes", "--out", out, at=point).code == points.DEATH
    resumed = studio.resume()
    assert_done(studio, resumed)
    assert {line["file"] for line in resumed.lines} == {copy}
    assert sorted(path.name for path in (studio.folder / out).glob("copy-*.mp4")) == ["copy-1.mp4", "copy-2.mp4"]
    assert len(studio.provider.requests) == asked
    assert_nothing_left(studio)


@pytest.mark.parametrize("point", ["before_copy", "mid_copy"])
def test_a_full_disk(studio: Studio, point: str) -> None:
    """The message names `resume`, and `resume` does it once there is room."""
    copy = bought(studio)
    failed = studio.start("submit", copy, "--yes", at=point, act=points.no_space).wait()
    assert (failed.code, "run `storyboard resume`" in failed.err) == (3, True)
    assert "copy.storyboard.yaml: 1 of its takes on disk" in failed.err
    again = studio.start("resume", at=point, act=points.no_space).wait()
    assert (again.code, "run `storyboard resume`" in again.err) == (3, True)
    assert_done(studio, studio.resume())
    assert_nothing_left(studio)


def test_a_folder_that_is_in_the_way(studio: Studio) -> None:
    """As long as nothing can be written there `resume` says so; `--out` sends what is missing, and only that, away."""
    copy = bought(studio)
    out = studio.folder / "out"
    failed = studio.start("submit", copy, "--yes", "--out", "out", at="before_deliver", act=out.touch).wait()
    assert (failed.code, "run `storyboard resume`" in failed.err) == (6, True)
    assert studio.run("resume").code == 6
    ran = studio.resume("--out", "elsewhere")
    assert_done(studio, ran)
    assert [take["path"] for take in ran.line["takes"]] == ["elsewhere/copy-1.mp4", "elsewhere/copy-2.mp4"]
    assert min(os.listdir(studio.folder / "elsewhere")) == "copy-1.mp4"
    assert len(os.listdir(studio.folder / "elsewhere")) == 4
    assert_nothing_left(studio)


def test_three_storyboards_of_one_request(studio: Studio) -> None:
    """What was deleted on purpose stays away, from `resume` and from the others; what never came, comes."""
    copy = bought(studio)
    third = studio.board("third", words="film", takes=2)
    studio.killed("submit", copy, third, "--yes", at="mid_copy")
    (studio.renders / "film-1.mp4").unlink()
    (studio.renders / "film-1.mp4.json").unlink()
    resumed = studio.resume()
    assert_done(studio, resumed)
    assert sorted(line["file"] for line in resumed.lines) == [copy, third]
    assert not (studio.renders / "film-1.mp4").exists()
    assert_nothing_left(studio)
    again = studio.submit("film.storyboard.yaml")
    assert_done(studio, again)
    assert (studio.renders / "film-1.mp4").exists()
    assert_nothing_left(studio)


def test_a_deleted_video(studio: Studio) -> None:
    """`resume` leaves it; naming its job, or submitting again, brings it back, also where that is killed."""
    bought(studio)
    video = studio.renders / "film-1.mp4"
    for arguments in (("resume", studio.jobs()[0].uuid), ("submit", "film.storyboard.yaml", "--yes")):
        video.unlink()
        assert studio.run("resume").err == "nothing to resume\n"
        assert not video.exists()
        assert studio.killed(*arguments, at="before_deliver").code == points.DEATH
        assert_done(studio, studio.resume())
        assert video.exists()
    assert_nothing_left(studio)


def test_a_source_that_is_gone(studio: Studio) -> None:
    """Without a copy on disk it is fetched again; where the service has it no more, that is said once, with code 4."""
    copy = bought(studio, takes=1)
    studio.killed("submit", copy, "--yes", at="before_deliver")
    (studio.renders / "film-1.mp4").unlink()
    assert_done(studio, studio.resume())
    for name in ("copy-1.mp4", "copy-1.mp4.json"):
        (studio.renders / name).unlink()
    studio.killed("submit", copy, "--yes", at="before_deliver")
    studio.provider.url_life = 0.0
    studio.provider.forget(studio.jobs()[0].uuid, details=True)
    ran = studio.resume()
    assert (ran.code, ran.line["state"]) == (4, "expired"), ran
    assert studio.run("resume").err == "nothing to resume\n"
    assert_paid_once(studio, 1)


def test_after_a_lost_ledger(studio: Studio) -> None:
    """Receipts of videos that were deleted are no wish for them."""
    bought(studio)
    (studio.renders / "film-2.mp4").unlink()
    for path in studio.state.iterdir():
        path.unlink()
    assert studio.run("jobs", "rebuild").code == 0
    assert_nothing_left(studio)
    assert not (studio.renders / "film-2.mp4").exists()
    assert_done(studio, studio.submit("film.storyboard.yaml"))
