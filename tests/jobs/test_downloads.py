"""Bringing videos home: whole or not at all, from where it stopped, from no place that is not safe, without the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once, assert_take
from tests.provider import Fault

if TYPE_CHECKING:
    from tests.jobs.studio import Studio


@pytest.mark.parametrize(
    "fault",
    [
        Fault(on="download", kind="cut"),
        Fault(on="download", kind="reset", when="after"),
        Fault(on="download", kind="stall", when="after"),
        Fault(on="download", kind="stall", when="before"),
        Fault(on="download", kind="drip", seconds=0.3),
        Fault(on="download", kind="500"),
        Fault(on="download", kind="429", retry_after=1),
        Fault(on="download", kind="404"),
        Fault(on="download", kind="expired"),
        Fault(on="download", kind="html_200"),
        Fault(on="download", kind="empty"),
        Fault(on="download", kind="wrong_length"),
        Fault(on="download", kind="wrong_length", off_by=64),
        Fault(on="download", kind="redirect"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.when}-{fault.off_by}",
)
@pytest.mark.parametrize("ending", ["MP4", "MOV", "WEBM"])
def test_a_download_that_goes_wrong_once(studio: Studio, fault: Fault, ending: str) -> None:
    """In the same run it is tried again, with a fresh address where the old one serves no more; the file is whole."""
    studio.provider.add_faults(fault)
    assert_done(studio, studio.submit(studio.board(output=f", format: {ending}")))
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)
    assert studio.provider.count("download") >= 1 + (fault.kind != "drip")


@pytest.mark.parametrize("kind", ["html_200", "cut", "wrong_length", "500", "empty", "reset"])
def test_a_download_that_goes_wrong_for_ever(studio: Studio, kind: Any) -> None:
    """No file stands under the video's name, the job is kept as ready, exit 3; later it is brought home."""
    studio.provider.add_faults(Fault(on="download", kind=kind, when=None, count=None, off_by=-64))
    if kind == "cut":
        # What is cut at half of what is left comes home in the end: here it never gets beyond the first byte.
        studio.provider._plan.slots.clear()
        studio.provider.add_faults(Fault(on="download", kind="reset", count=None))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "ready", "undelivered")
    assert not [name for name in studio.files() if name.endswith((".mp4", ".json")) and ".part" not in name]
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)


def test_going_on_where_it_stopped(studio: Studio) -> None:
    """The second half is asked for alone, of the same version of the file."""
    studio.provider.add_faults(Fault(on="download", kind="cut"))
    assert_done(studio, studio.submit(studio.board()))
    first, second = studio.provider.seen("download")
    assert "range" not in first.headers
    assert second.headers["range"].startswith("bytes=1")
    assert second.headers["if-range"].startswith('"')


@pytest.mark.parametrize("kind", ["range_ignored", "wrong_range"])
def test_a_host_that_cannot_go_on(studio: Studio, kind: Any) -> None:
    """The whole for a part, or another part than asked for: from the start, and the file is right."""
    studio.provider.add_faults(Fault(on="download", kind="cut"), Fault(on="download", kind=kind, nth=2))
    assert_done(studio, studio.submit(studio.board()))
    assert_no_leftovers(studio)


def test_a_part_of_another_version(studio: Studio) -> None:
    """Bytes on disk that belong to another version of the file are not gone on with."""
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="mid_download").code != 0
    part = studio.renders / "film-1.mp4.part"
    part.write_bytes(b"x" * 9000)
    (studio.renders / "film-1.mp4.part.json").write_text('{"etag": "\\"of-another-version\\""}')
    assert_done(studio, studio.resume())


@pytest.mark.parametrize(
    "location", ["http://example.org/video.mp4", "ftp://example.org/video.mp4", "file:///etc/passwd"]
)
def test_a_redirect_to_an_unsafe_place(studio: Studio, location: str) -> None:
    """A video is fetched by https only (this machine aside); the rest is refused and said."""
    studio.provider.add_faults(Fault(on="download", kind="redirect", location=location, count=None))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"]) == (3, "ready")
    assert "neither https nor on this machine" in ran.line["error"]["message"]
    assert_paid_once(studio, 1)


def test_redirects_without_end(studio: Studio) -> None:
    """A circle of redirects is left after a few."""
    studio.provider.add_faults(Fault(on="download", kind="redirect", count=None))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"]) == (3, "ready")
    assert "redirects" in ran.line["error"]["message"]
    assert studio.provider.count("download") <= 6 * 4


def test_an_address_that_has_expired(studio: Studio) -> None:
    """The service is asked for a fresh one, and the video comes home."""
    studio.provider.add_faults(Fault(on="download", kind="expired"))
    assert_done(studio, studio.submit(studio.board()))
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("kind", ["403", "404", "410"])
def test_a_video_that_is_gone(studio: Studio, kind: Any) -> None:
    """Where no fresh address helps: expired, exit 4, said; naming it tries once more, for nothing."""
    studio.provider.add_faults(Fault(on="download", kind=kind, count=None))
    board = studio.board()
    ran = studio.submit(board)
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "expired", "expired")
    assert studio.files() == []
    assert studio.submit(board).line["state"] == "expired"
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.resume(ran.line["job"][:8]))
    assert_paid_once(studio, 1)


def test_one_take_that_is_gone(studio: Studio) -> None:
    """The other takes come home all the same, and the loss is said."""
    studio.run("submit", studio.board(takes=3), "--yes", "--no-wait")
    studio.provider.advance(60)
    uuid = studio.jobs()[0].uuid
    lost = studio.provider.videos(uuid)[0]
    studio.provider.add_faults(Fault(on="download", kind="404", uuid=lost, count=None))
    line = studio.resume().line
    assert line["state"] == "expired"
    home = [take for take in line["takes"] if take["path"] is not None]
    assert {take["video"] for take in home} == set(studio.provider.videos(uuid)) - {lost}
    for take in home:
        assert_take(studio, uuid, take)
    assert_no_leftovers(studio)


def test_a_take_that_was_deleted(studio: Studio) -> None:
    """Submitting again fetches what the user has removed, under its old name, for nothing."""
    board = studio.board()
    studio.submit(board)
    (studio.renders / "film-1.mp4").unlink()
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert ran.line["takes"][0]["path"] == "renders/film-1.mp4"
    assert_paid_once(studio, 1)


def test_the_host_of_the_videos_never_sees_the_key(studio: Studio) -> None:
    """No Authorization header, no key in the address, whatever goes wrong; compression is not asked for."""
    studio.provider.add_faults(
        Fault(on="download", kind="cut"), Fault(on="download", kind="redirect"), Fault(on="download", kind="expired")
    )
    assert_done(studio, studio.submit(studio.board()))
    assert studio.provider.leaks == []
    assert not any(seen.with_key for seen in studio.provider.seen("download"))
    assert {seen.headers["accept-encoding"] for seen in studio.provider.seen("download")} == {"identity"}
