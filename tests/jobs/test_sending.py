"""What is sent, and how long an answer that nobody knows a job is good for."""

from __future__ import annotations

import base64
import os
import signal
import threading
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.checks import check_file
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from storyboard.jobs.wanted import FrameChanged
from storyboard.submitting.wanting import wanted_videos
from tests.jobs.points import DEATH
from tests.jobs.rules import assert_done, assert_paid_once
from tests.jobs.studio import Studio
from tests.provider import Fault, png
from tests.provider.book import Book
from tests.provider.record import Record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider


@pytest.fixture(name="sent")
def _sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The paid tasks as the provider got them."""
    tasks: list[dict[str, Any]] = []
    real = Record.sent

    def sent_too(self: Record, task: Any) -> None:
        tasks.append(task)
        real(self, task)

    monkeypatch.setattr(Record, "sent", sent_too)
    return tasks


def test_every_first_sending_is_preceded_by_a_question(studio: Studio) -> None:
    """Somebody else may have sent the very same: it is asked, of both memories of the service, before it is sent."""
    assert_done(studio, studio.submit(studio.board()))
    kinds = [seen.kind for seen in studio.provider.requests]
    assert kinds[:3] == ["poll", "details", "submit"]


def test_a_first_sending_needs_no_details(studio: Studio) -> None:
    """Where the service refuses to give details, a job that nobody sent yet is sent all the same."""
    studio.provider.add_faults(Fault(on="details", kind="redirect", count=None))
    assert_done(studio, studio.submit(studio.board()))
    assert_paid_once(studio, 1)


def test_a_doubtful_job_is_not_sent_again_without_details(studio: Studio) -> None:
    """After a sending without an answer, both memories of the service must say no before it is sent again."""
    studio.provider.add_faults(Fault(on="submit", kind="503"), Fault(on="details", kind="redirect", nth=2, count=None))
    ran = studio.submit(studio.board())
    assert (ran.code, studio.provider.count("submit"), len(studio.provider.paid)) == (6, 1, 0)


def test_a_task_that_is_on_its_way_when_its_sender_dies(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """That nobody knows it yet is no proof: it arrives after the first question, and is not sent again."""
    arriving, may_arrive, taken = threading.Event(), threading.Event(), threading.Event()
    submit, poll = Book.submit, Book.poll
    questions = count()

    def slow(book: Book, task: dict[str, Any]) -> dict[str, Any]:
        if arriving.is_set():
            answer = submit(book, task)
            book.advance(60)  # the other one arrives when this one is over, and is no conflict any more
            may_arrive.set()
            return answer
        arriving.set()
        may_arrive.wait(20)
        answer = submit(book, task)
        taken.set()
        return answer

    def asked(book: Book, task: dict[str, Any]) -> Any:
        if arriving.is_set() and next(questions) == 1:
            may_arrive.set()
            taken.wait(20)
        return poll(book, task)

    monkeypatch.setattr(Book, "submit", slow)
    monkeypatch.setattr(Book, "poll", asked)
    fork = studio.start("submit", studio.board(), "--yes")
    assert arriving.wait(20)
    os.kill(fork.pid, signal.SIGKILL)
    fork.wait()
    assert_done(studio, studio.resume())
    assert taken.wait(20)
    assert_paid_once(studio, 1)


def test_an_answer_goes_stale(studio: Studio, patience: Any) -> None:
    """A job that waited long for its turn is asked about again before it is sent."""
    patience(submits=1, fresh=0.15)
    studio.extra["STORYBOARD_HTTP_TIMEOUT"] = "5"
    studio.provider.add_faults(Fault(on="submit", kind="slow", seconds=0.4))
    assert_done(studio, studio.submit(studio.board("one"), studio.board("two")))
    requests = studio.provider.requests
    first, second = (place for place, seen in enumerate(requests) if seen.kind == "submit")
    (uuid,) = requests[second].uuids
    assert any(uuid in seen.uuids for seen in requests[first:second] if seen.kind == "poll")
    assert_paid_once(studio, 2)


def test_somebody_else_sends_while_we_wait(tmp_path: Path, provider: Provider, patience: Any) -> None:
    """Another machine that sends, and finishes, the job for which a turn is awaited has paid for it once for both."""
    patience(submits=1, fresh=0.15)
    here, there = (Studio(tmp_path / name, provider) for name in ("here", "there"))
    here.extra["STORYBOARD_HTTP_TIMEOUT"] = "5"
    boards = [here.board("one"), here.board("two")]
    provider.add_faults(Fault(on="submit", kind="slow", seconds=1.5))
    fork = here.start("submit", *boards, "--yes", "--json")
    assert fork.until(lambda: provider.paid)
    assert there.submit(*(there.board(name) for name in ("one", "two"))).code == 0
    assert_done(here, fork.wait())
    assert_paid_once(here, 2)


def test_a_first_frame_is_sent_as_it_was_approved(studio: Studio, sent: list[dict[str, Any]]) -> None:
    """The bytes of the moment of approval, also after a death and a change of the file; then they are forgotten."""
    picture = png(320, 320)
    (studio.folder / "frame.png").write_bytes(picture)
    board = studio.board(more="first_frame: frame.png\n")
    assert studio.killed("submit", board, "--yes", at="after_commit").code == DEATH
    (studio.folder / "frame.png").write_bytes(png(400, 400))
    assert_done(studio, studio.resume())
    (frame,) = sent[0]["inputs"]["frameImages"]
    assert frame == {"image": f"data:image/png;base64,{base64.b64encode(picture).decode()}", "frame": "first"}
    with Ledger.open(studio.state) as ledger:
        (job,) = ledger.all()
        assert job.request["inputs"]["frameImages"][0]["image"] == f"sha256:{job.frame}"
        assert ledger.frame_bytes(str(job.frame)) is None
    assert_paid_once(studio, 1)
    assert_done(studio, studio.submit(board))
    assert_paid_once(studio, 2)


def test_no_wait_ends_when_the_service_has_the_job(studio: Studio) -> None:
    """Accepted, exit 0, nothing downloaded; resume brings it home."""
    ran = studio.run("submit", studio.board(), "--yes", "--no-wait", "--json")
    assert (ran.code, ran.line["state"], studio.files()) == (0, "accepted", [])
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_one_paid_task_in_a_post(studio: Studio) -> None:
    """Its verdict is mixed with no other's; at most eight are on the wire at once."""
    boards = [studio.board(f"board{number}") for number in range(20)]
    assert_done(studio, studio.submit(*boards))
    assert [len(seen.uuids) for seen in studio.provider.seen("submit")] == [1] * 20


def test_moments_are_noted(studio: Studio) -> None:
    """When a job was written down, sent, accepted and finished, in this order."""
    studio.submit(studio.board())
    (job,) = studio.jobs()
    moments = [job.created_at, job.sent_at, job.accepted_at, job.finished_at]
    assert None not in moments
    assert moments == sorted(moment for moment in moments if moment is not None)
    assert job.state is State.DONE


@pytest.mark.parametrize("spoil", ["other", "gone", "pipe"])
def test_a_first_frame_that_changes_before_it_is_kept(studio: Studio, spoil: str) -> None:
    """Between the check and the ledger anything may come in its place: it is said at once, and nothing waits for it."""
    frame = studio.folder / "frame.png"
    frame.write_bytes(png(320, 320))
    board = studio.folder / studio.board(more="first_frame: frame.png\n")
    (wanted,) = wanted_videos([str(board)], check_file, str(studio.renders))
    frame.unlink()
    if spoil == "other":
        frame.write_bytes(png(400, 400))
    elif spoil == "pipe":
        os.mkfifo(frame)
    with pytest.raises(FrameChanged, match="any more"):
        wanted.frame_bytes()
