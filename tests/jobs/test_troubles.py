"""One job's trouble is that job's: whatever goes wrong with it, wherever, the jobs beside it are brought home."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.cli import carrying
from storyboard.jobs import carrier, delivery, download, polling, sending
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.ledger_errors import LedgerError, UnsoundRow
from storyboard.jobs.news import Chronicle
from storyboard.runware import client, messages
from storyboard.runware.client import Client
from storyboard.runware.errors import AccountRefused, Refused, Unclear, Unreadable
from storyboard.runware.videos import VideoHost
from tests.jobs.rules import assert_done, assert_paid_once, assert_takes
from tests.jobs.test_mishaps import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.studio import Ran, Studio

NAMES = ("one", "two", "bad", "four")


def four(studio: Studio) -> tuple[list[str], str]:
    """Four storyboards, and the UUID of the job that will have trouble."""
    boards = [studio.board(name) for name in NAMES]
    return boards, studio.run("submit", studio.board("bad"), "--dry-run", "--json").line["request"]["taskUUID"]


def spoil(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, uuid: str, error: Callable[[], Exception]) -> None:
    """Makes a function raise wherever it is about that one job."""
    real = getattr(owner, name)

    def spoilt(*arguments: Any, **options: Any) -> Any:
        if uuid in repr((arguments, options)):
            raise error()
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, spoilt)


def spoil_sending(monkeypatch: pytest.MonkeyPatch, kind: str, uuid: str, error: Callable[[], Exception]) -> None:
    """The same for POSTs of one task type."""
    real = Client.send

    async def spoilt(self: Client, tasks: Any) -> Any:
        if tasks[0]["taskType"] == kind and any(task["taskUUID"] == uuid for task in tasks):
            raise error()
        return await real(self, tasks)

    monkeypatch.setattr(Client, "send", spoilt)


def assert_others_done(studio: Studio, ran: Ran) -> dict[str, Any]:
    """The three other jobs are done; the line of the one with trouble."""
    by_file = {line["file"].partition(".")[0]: line for line in ran.lines}
    for name in NAMES:
        if name != "bad":
            assert (by_file[name]["state"], by_file[name]["error"]) == ("done", None), by_file[name]
            assert_takes(studio, by_file[name])
    assert "Traceback" not in ran.out + ran.err
    return by_file.get("bad", {})


STEPS = [
    (sending, "wire_task"),
    (Ledger, "begin_sending"),
    (sending, "after_submit"),
    (Chronicle, "apply"),
    (polling, "after_poll"),
    (Ledger, "results"),
    (Ledger, "orders"),
    (delivery, "allot"),
    (delivery, "download"),
    (download, "_write"),
    (delivery, "write_receipt"),
    (Ledger, "delivered"),
    (carrying, "job_json"),
]
ERRORS: list[tuple[Callable[[], Exception], int, str]] = [
    (lambda: RuntimeError("nobody expected this"), 70, "bug"),
    (lambda: OSError(errno.EMFILE, "Too many open files"), 3, "bug"),
]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=lambda one: getattr(one, "__name__", one))
@pytest.mark.parametrize(("error", "code", "word"), ERRORS, ids=["RuntimeError", "OSError"])
def test_an_error_at_any_step(
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    error: Callable[[], Exception],
    code: int,
    word: str,
) -> None:
    """Also one that nobody expected: told as what it is, with a report on disk, and the job is kept and goes on."""
    boards, uuid = four(studio)
    if name == "orders":  # without them no job begins: they are lost once it does
        studio.run("submit", *boards, "--yes", "--no-wait")
        spoil(monkeypatch, delivery.Deliverer, "deliver", uuid, error)
    else:
        spoil(monkeypatch, owner, name, uuid, error)
    ran = studio.submit(*boards)
    line = assert_others_done(studio, ran)
    is_of_disk = isinstance(error(), OSError) and name in ("allot", "download", "_write", "write_receipt")
    if name not in ("job_json", "results"):
        assert line["error"]["code"] == ("undelivered" if is_of_disk else word)
    assert ran.code == code
    assert ("this is a bug (RuntimeError)" in ran.err) == (code == 70)
    reports = list(studio.state.glob("crash-*.txt"))
    assert len(reports) == (code == 70)
    monkeypatch.undo()
    assert studio.resume().code == 0
    assert all(count == 1 for count in studio.provider.paid.values())
    assert len(studio.provider.paid) == 4
    assert {job.state.value for job in studio.jobs()} == {"done"}


def test_one_report_for_one_bug(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred jobs that meet the same bug leave one report."""
    boards, _ = four(studio)
    spoil(monkeypatch, sending, "after_submit", "", lambda: RuntimeError("everywhere"))
    assert studio.submit(*boards).code == 70
    assert len(list(studio.state.glob("crash-*.txt"))) == 1


POSTS: list[tuple[str, Callable[[], Exception], int, str, str]] = [
    (
        "videoInference",
        lambda: Refused("payloadTooLarge", "", 413, is_of_service=True),
        4,
        "rejected",
        "payloadTooLarge",
    ),
    ("videoInference", lambda: Refused("invalidImage", "", 422, is_of_service=True), 4, "rejected", "invalidImage"),
    ("videoInference", lambda: Refused("HTTP 413", "", 413), 3, "unknown", "refused"),
    ("videoInference", lambda: AccountRefused("HTTP 403", "", 403), 3, "unknown", "refused"),
    ("videoInference", lambda: Unreadable("it comes as br"), 6, "unknown", "undecodable"),
    ("videoInference", lambda: RuntimeError("odd"), 70, "submitting", "bug"),
    ("videoInference", lambda: UnicodeError("odd"), 70, "submitting", "bug"),
    ("getResponse", lambda: Unreadable("it comes as br"), 6, "prepared", "undecodable"),
    ("getResponse", lambda: Unclear("the service answered HTTP 500"), 3, "prepared", "refused"),
    ("getResponse", lambda: RuntimeError("odd"), 70, "prepared", "bug"),
    ("getTaskDetails", lambda: RuntimeError("odd"), 70, "prepared", "bug"),
]


@pytest.mark.parametrize(("kind", "error", "code", "state", "word"), POSTS)
def test_a_post_that_goes_wrong(
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    error: Callable[[], Exception],
    code: int,
    state: str,
    word: str,
    patience: Any,
) -> None:
    """A refusal, or anything else, that comes for one job, whether or not it names it."""
    patience(patience=60)
    boards, uuid = four(studio)
    spoil_sending(monkeypatch, kind, uuid, error)
    ran = studio.submit(*boards)
    line = assert_others_done(studio, ran)
    assert (ran.code, line["state"], line["error"]["code"]) == (code, state, word)
    assert len(studio.provider.paid) == 3


@pytest.mark.parametrize(
    ("error", "code"), [(lambda: Unreadable("br"), 6), (lambda: Unclear("500"), 3), (lambda: KeyError("x"), 70)]
)
def test_a_poll_that_goes_wrong(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], code: int
) -> None:
    """What is wrong with the answers about one accepted job keeps nobody else from an end; later it is fetched."""
    boards, uuid = four(studio)
    studio.run("submit", *boards, "--yes", "--no-wait")
    spoil_sending(monkeypatch, "getResponse", uuid, error)
    ran = studio.submit(*boards)
    assert (ran.code, assert_others_done(studio, ran)["state"]) == (code, "accepted")
    monkeypatch.undo()
    assert_done(studio, studio.submit(*boards))
    assert len(studio.provider.paid) == 4


def test_a_service_that_refuses_all_that_is_sent(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a few refusals in the same words nothing new is sent; what is paid for comes home."""
    paid = studio.board("paid")
    studio.run("submit", paid, "--yes", "--no-wait")
    tried: list[str] = []
    real = Client.send

    async def refuse(self: Client, tasks: Any) -> Any:
        if tasks[0]["taskType"] == "videoInference":
            tried.append(tasks[0]["taskUUID"])
            raise Refused("HTTP 413", "", 413)
        return await real(self, tasks)

    monkeypatch.setattr(Client, "send", refuse)
    ran = studio.submit(paid, *(studio.board(f"board{number}") for number in range(40)))
    states = {line["file"]: line["state"] for line in ran.lines}
    assert (ran.code, states[paid]) == (3, "done")
    assert len(tried) == len(set(tried)) <= 16
    assert list(states.values()).count("prepared") == 40 - len(tried)
    assert "refuses all that is sent (HTTP 413); nothing was sent for it" in ran.out
    monkeypatch.undo()
    assert studio.resume().code == 0
    assert_paid_once(studio, 41)


def test_what_was_sent_before_is_not_rejected(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal of a second sending says nothing about the first one, which may have been taken."""
    from tests.provider import Fault

    board = studio.board()
    studio.provider.add_faults(Fault(on="submit", kind="500", when="before"))
    real, count = Client.send, iter(range(100))

    async def refuse_second(self: Client, tasks: Any) -> Any:
        if tasks[0]["taskType"] == "videoInference" and next(count) > 0:
            raise Refused("invalidImage", "", 400, is_of_service=True)
        return await real(self, tasks)

    monkeypatch.setattr(Client, "send", refuse_second)
    ran = studio.submit(board)
    assert (ran.code, ran.line["state"]) == (3, "unknown")
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("value", ["", "no address", "\x01"])
def test_a_variable_that_is_not_set(studio: Studio, value: str) -> None:
    """A prepared job whose addresses cannot be filled in waits for a person; those that were sent come home."""
    boards = [studio.board(name) for name in NAMES if name != "bad"]
    bad = studio.board("bad", output=", webhook_url: '${STORYBOARD_HOOK}'")
    studio.extra["STORYBOARD_HOOK"] = "https://hooks.example/x"
    studio.run("submit", *boards, "--yes", "--no-wait")
    assert studio.killed("submit", bad, "--yes", at="written_down").code != 0
    studio.extra["STORYBOARD_HOOK"] = value
    ran = studio.resume()
    line = assert_others_done(studio, ran)
    assert (ran.code, line["state"], line["error"]["code"]) == (6, "prepared", "environment")
    assert "STORYBOARD_HOOK" in line["error"]["message"]
    studio.extra["STORYBOARD_HOOK"] = "https://hooks.example/x"
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 4)


ADDRESSES = [
    "https://xn--n3h.com/v.mp4",
    "https://a.xn--n3h.com.invalid/v.mp4",
    "https://[::1",
    "https://127.0.0.1:99999/v.mp4",
    "https://127.0.0.1:-1/v.mp4",
    "https://user:p@127.0.0.1:1/v.mp4",
    "https://127.0.0.1:1/\x07v.mp4",
    "https://" + "a" * 70 + ".invalid/v.mp4",
    "https://127.0.0.1:1/" + "a" * 100_000,
    "https://\u2603.invalid/v.mp4",
    "gopher://127.0.0.1:1/",
    "",
]


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_an_address_that_is_none(studio: Studio, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """A video whose address cannot be used is the trouble of its job, which is kept and fetched once there is one."""
    boards, uuid = four(studio)
    _change_rows(monkeypatch, uuid, lambda row: row | {"videoURL": address} if "videoURL" in row else row)
    ran = studio.submit(*boards)
    line = assert_others_done(studio, ran)
    assert (ran.code, line["state"], line["error"]["code"]) == (3, "ready", "undelivered")
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 4)


def _change_rows(monkeypatch: pytest.MonkeyPatch, uuid: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """The rows of all answers about one job are changed on the way."""
    real = messages.parse_reply

    def changed(body: bytes, mask: Any) -> Any:
        try:
            answer = json.loads(body)
            answer["data"] = [change(row) if row.get("taskUUID") == uuid else row for row in answer["data"]]
            if any(row.get("response") for row in answer["data"]):
                answer["data"] = [row for row in answer["data"] if row.get("taskUUID") != uuid]
            body = json.dumps(answer).encode()
        except (ValueError, KeyError, TypeError):
            pass
        return real(body, mask)

    monkeypatch.setattr(client, "parse_reply", changed)


@pytest.mark.parametrize("error", [ValueError("idna"), UnicodeError("idna"), RuntimeError("odd")])
def test_a_host_that_raises_anything(studio: Studio, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Also what no library should raise: of two takes the other one comes home."""
    board = studio.board(takes=2)
    real, first = VideoHost._opened, list[str]()

    async def broken(self: VideoHost, url: str, headers: dict[str, str]) -> Any:
        first.append(url)
        if url == first[0]:
            raise error
        return await real(self, url, headers)

    monkeypatch.setattr(VideoHost, "_opened", broken)
    ran = studio.submit(board)
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (70, "ready", "bug")
    assert [take["path"] is not None for take in ran.line["takes"]].count(True) == 1


def test_a_row_that_makes_no_sense(studio: Studio) -> None:
    """Of one job: it needs a person and is named, and the others come home first."""
    boards, uuid = four(studio)
    studio.run("submit", *boards, "--yes", "--no-wait")
    columns = "(service, uuid, video_uuid, number, url, seen_at)"
    with Ledger.open(studio.state) as ledger:
        service = ledger.find(uuid)[0].service
    execute(studio, f"INSERT INTO results {columns} VALUES (?, ?, 'v', 0, NULL, 'soon')", service, uuid)
    ran = studio.resume()
    assert_others_done(studio, ran)
    assert (ran.code, uuid[:8] in ran.err) == (6, True)


def test_a_ledger_that_ends_ends_the_run(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps everybody from going on is not one job's."""
    boards, uuid = four(studio)
    full = LedgerError("the ledger cannot be used: database or disk is full", "x", passes=True)
    assert not isinstance(full, UnsoundRow)
    spoil(monkeypatch, Ledger, "begin_sending", uuid, lambda: full)
    ran = studio.submit(*boards)
    assert ran.code == 3
    assert "disk is full" in ran.err


def test_who_is_told_may_be_broken(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A display that fails with one job keeps no job from its end."""
    boards, uuid = four(studio)
    spoil(monkeypatch, carrying.Reporter, "hear", uuid, lambda: RuntimeError("display"))
    ran = studio.submit(*boards)
    assert_others_done(studio, ran)
    assert ran.code == 70
    assert carrier.plainly(RuntimeError()) == "this is a bug (RuntimeError)"
