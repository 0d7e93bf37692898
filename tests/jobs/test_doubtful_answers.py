"""Answers that may mislead: a wrong word about a job, a video named before it is made, numbers that cannot be."""

from __future__ import annotations

import json
import sqlite3
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs.ledger import FILE_NAME
from storyboard.jobs.states import State
from storyboard.jobs.verdict import Memory, after_details, after_poll, after_refusal
from storyboard.runware import client, messages
from storyboard.runware.client import Client
from storyboard.runware.errors import Refused
from storyboard.runware.messages import Problem, Reply, parse_reply
from tests.jobs.rules import assert_done, assert_paid_once
from tests.jobs.test_mishaps import execute
from tests.jobs.test_verdict import ACK, GOING, U
from tests.provider import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.studio import Studio

WRONG_WORDS = [
    {"code": "somethingNew"},
    {"code": "somethingNew", "status": "error"},
    {"message": "no code at all"},
    {"code": "invalidTaskUUID"},
    {"code": "invalidValue", "parameter": "taskUUID"},
    {"code": "arrayTooLong"},
    {"code": "rateLimitExceeded"},
    {"code": "taskNotFound"},
    {"code": "invalidRequest", "taskType": "videoInference"},
    {"code": "internalServerError", "status": "error"},
    {"code": "gatewayTimeout"},
    {"code": "unknownError"},
]


def answer(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any], list[str]], dict[str, Any]]) -> None:
    """Changes the answers to `getResponse`, each with the UUIDs that were asked for."""
    real = Client.send

    async def send(self: Client, tasks: Any) -> Any:
        plain = messages.parse_reply

        def changed(body: bytes, mask: Any) -> Any:
            return plain(json.dumps(change(json.loads(body), [task["taskUUID"] for task in tasks])).encode(), mask)

        if tasks[0]["taskType"] != "getResponse":
            return await real(self, tasks)
        with monkeypatch.context() as within:
            within.setattr(client, "parse_reply", changed)
            return await real(self, tasks)

    monkeypatch.setattr(Client, "send", send)


@pytest.mark.parametrize("word", WRONG_WORDS, ids=lambda one: "-".join(one.values()))
def test_wrong_words_on_polls(studio: Studio, monkeypatch: pytest.MonkeyPatch, word: dict[str, str]) -> None:
    """Said once or twice about a job that goes on, they are no verdict: it comes home."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    said = count()

    def wrong(body: dict[str, Any], uuids: list[str]) -> dict[str, Any]:
        if next(said) >= 2:
            return body
        return {"data": [], "errors": [{"message": "m", "taskUUID": uuid, **word} for uuid in uuids]}

    answer(monkeypatch, wrong)
    assert_done(studio, studio.resume())
    assert next(said) >= 3
    assert_paid_once(studio, 1)


def test_a_refused_key_in_the_name_of_a_job(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends the run, and is no verdict on the job that it names."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    with monkeypatch.context() as within:
        error = {"code": "invalidApiKey", "message": "m"}
        answer(within, lambda _, uuids: {"errors": [error | {"taskUUID": uuid} for uuid in uuids]})
        ran = studio.resume()
    assert (ran.code, ran.line["state"]) == (6, "accepted")
    assert_done(studio, studio.resume())


@pytest.mark.parametrize("code", ["somethingNew", "invalidImage", "internalServerError"])
def test_a_failure_that_is_said_again_is_one(studio: Studio, code: str) -> None:
    """After a few equal answers, and a look at the details, the job has failed; the run ends."""
    studio.provider.add_outcomes(Outcome(code=code))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "failed", code)
    assert studio.provider.count("details") >= 2


@pytest.mark.parametrize("how", ["resume JOB", "rebuild", "submit"])
def test_a_job_that_was_called_failed(studio: Studio, how: str) -> None:
    """One that the service has a video of after all comes home, and is not paid for again."""
    board = studio.board()
    studio.run("submit", board, "--yes", "--no-wait")
    (job,) = studio.jobs()
    execute(studio, "UPDATE jobs SET state = 'failed', code = 'somethingNew', message = 'm', finished_at = 1.8e9")
    assert studio.run("resume").err == "nothing to resume\n"
    if how == "rebuild":
        assert studio.run("jobs", "rebuild").code == 0
        ran = studio.resume()
    else:
        ran = studio.submit(board) if how == "submit" else studio.resume(job.uuid[:8])
    assert_done(studio, ran)
    assert_paid_once(studio, 1)
    assert studio.run("resume").err == "nothing to resume\n"


@pytest.mark.parametrize("how", ["resume JOB", "rebuild", "submit"])
def test_a_job_that_did_fail(studio: Studio, how: str) -> None:
    """Asked for again it stays failed, nothing is sent, and no later run asks for ever."""
    studio.provider.add_outcomes(Outcome(code="inferenceError"))
    board = studio.board()
    (line,) = studio.submit(board).lines
    if how == "rebuild":
        studio.run("jobs", "rebuild")
    arguments = {"resume JOB": ("resume", line["job"]), "rebuild": ("resume",), "submit": ("submit", board, "--yes")}
    assert studio.run(*arguments[how]).code == 4
    assert studio.run("resume").err == "nothing to resume\n"
    assert studio.provider.count("submit") == 1


@pytest.mark.parametrize("status", ["processing", "pending", "somethingNew", None])
@pytest.mark.parametrize("url", [None, ""])
def test_a_video_that_is_named_before_it_is_made(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, status: str | None, url: str | None
) -> None:
    """Its name alone ends no wait; once it has an address it comes home, and no second one is made up."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    said = count()

    def early(body: dict[str, Any], uuids: list[str]) -> dict[str, Any]:
        if next(said) >= 4:
            return body
        row = {"taskType": "videoInference", "status": status, "videoUUID": "planned", "videoURL": url}
        kept = {key: value for key, value in row.items() if value is not None}
        return {"data": [kept | {"taskUUID": uuid} for uuid in uuids]}

    answer(monkeypatch, early)
    ran = studio.resume()
    assert_done(studio, ran)
    assert len(ran.line["takes"]) == 1
    assert_paid_once(studio, 1)


def test_a_video_without_an_address_in_the_ledger(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an earlier version wrote it: READY, though the service is still at work. It is waited for, and comes home."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    (job,) = studio.jobs()
    columns = "(service, uuid, video_uuid, number, url, seen_at)"
    execute(studio, f"INSERT INTO results {columns} VALUES (?, ?, 'planned', 1, NULL, 1.8e9)", job.service, job.uuid)
    execute(studio, "UPDATE jobs SET state = 'ready'")
    said = count()

    def early(body: dict[str, Any], uuids: list[str]) -> dict[str, Any]:
        if next(said) >= 3:
            return body
        row = {"taskType": "videoInference", "status": "processing", "videoUUID": "planned"}
        return {"data": [row | {"taskUUID": uuid} for uuid in uuids]}

    answer(monkeypatch, early)
    ran = studio.resume()
    assert_done(studio, ran)
    assert len(ran.line["takes"]) == 1
    assert_paid_once(studio, 1)


def test_a_video_that_is_only_ever_named(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row without state and address for ever: the run ends with words, and the job is kept."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    row = {"taskType": "videoInference", "videoUUID": "planned"}
    answer(monkeypatch, lambda _, uuids: {"data": [row | {"taskUUID": uuid} for uuid in uuids]})
    ran = studio.resume()
    assert ran.code == 3
    assert ran.line["state"] in ("ready", "accepted")
    assert ran.line["error"]["code"] == "undelivered"


PRICES = ["1e25", "1e308", "1e999", "-1", "NaN", "Infinity", "-Infinity", '"0.56"', "true", "null", "[1]", '{"a": 1}']
PRICES += ["1" + "0" * 400, "1" * 5000, "0", "-0.0", "10001"]


@pytest.mark.parametrize("price", PRICES, ids=lambda one: one[:12])
def test_a_price_that_cannot_be(price: str) -> None:
    """It is no price, and the rest of the row is read; so for every other number of it."""
    row = f'{{"taskUUID": "{U}", "status": "success", "videoUUID": "v", "videoURL": "https://h/v.mp4", '
    fields = ", ".join(f'"{key}": {price}' for key in ("cost", "seed", "progress", "NSFWContent"))
    reply = parse_reply(f'{{"data": [{row}{fields}}}]}}'.encode())
    assert reply is not None
    (item,) = reply.items
    assert (item.cost, item.video_uuid) == (None, "v")
    assert item.seed is None or abs(item.seed) < 2**63
    assert item.progress is None or 0 <= item.progress <= 100


@pytest.mark.parametrize(("length", "is_kept"), [(3000, True), (8193, False)])
def test_an_address_is_never_cut(length: int, is_kept: bool) -> None:
    """Cut it would be another one: it is taken whole, or not at all."""
    address = "https://h/".ljust(length, "a")
    row = {"taskUUID": U, "status": "success", "videoUUID": "v", "videoURL": address}
    reply = parse_reply(json.dumps({"data": [row]}).encode())
    assert reply is not None
    assert reply.items[0].url == (address if is_kept else None)


@pytest.mark.parametrize("price", ["1e25", "9e999", "-1.0", "0.0", "9223372036854775807"])
def test_a_price_in_an_old_ledger(studio: Studio, price: str) -> None:
    """A ledger that holds one stays readable: the price is not known, and the list's stands."""
    studio.submit(studio.board())
    execute(studio, f"UPDATE results SET cost = {price}")
    for arguments in (("jobs",), ("jobs", "totals"), ("jobs", "--json"), ("submit", "film.storyboard.yaml", "--yes")):
        ran = studio.run(*arguments)
        assert ran.code == 0, ran
    assert json.loads(studio.run("jobs", "--json").out)[0]["cost"] is None
    assert json.loads(studio.run("jobs", "totals", "--json").out)["total"]["cost"] == 0.336


def test_a_price_on_the_way(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way of a job whose price is 1e25: done, with the price not known."""

    def dear(body: dict[str, Any], _: list[str]) -> dict[str, Any]:
        return body | {"data": [row | {"cost": 1e25} if "videoURL" in row else row for row in body.get("data", [])]}

    answer(monkeypatch, dear)
    ran = studio.submit(studio.board())
    assert_done(studio, ran)
    assert ran.line["cost"] is None
    assert studio.run("jobs").code == 0


@pytest.mark.parametrize("estimate", ["1e25", "1e-999999", "1e999999", "NaN", "-1"])
def test_an_estimate_that_cannot_be(studio: Studio, estimate: str) -> None:
    """Ours, so it is damage or as good as nothing, and said; nothing crashes."""
    studio.submit(studio.board())
    with sqlite3.connect(studio.state / FILE_NAME) as connection:
        connection.execute("UPDATE jobs SET estimated_cost = ?", (estimate,))
    connection.close()
    for arguments in (("jobs",), ("jobs", "totals")):
        assert studio.run(*arguments).code in (0, 6)


def test_what_confirms_a_failure() -> None:
    """Moderation and the provider's codes need nothing more; others are doubtful until they were said often enough."""
    assert not after_poll(Reply(problems=[Problem("inferenceError", "", U)]), 1).is_doubtful
    assert not after_poll(Reply(problems=[Problem("nsfwContentDetected", "", U)]), 1).is_doubtful
    memory, repeated = Memory(), []
    for _ in range(5):
        standing = after_poll(Reply(problems=[Problem("somethingNew", "", U)]), 1, memory)
        memory = standing.memory
        assert standing.is_doubtful
        repeated.append(standing.is_repeated)
    assert repeated == [False, False, False, True, True]
    assert after_details(Reply(problems=[Problem("somethingNew", "", U)]), 1).is_doubtful


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Refused("payloadTooLarge", "", 413, is_of_service=True), State.REJECTED),
        (Refused("invalidImage", "", 400, is_of_service=True), State.REJECTED),
        (Refused("somethingNew", "", 422, is_of_service=True), State.REJECTED),
        (Refused("conflictTaskUUID", "", 400, is_of_service=True), State.ACCEPTED),
        (Refused("duplicateTaskUUID", "", 400, is_of_service=True), None),
        (Refused("somethingNew", "", 200, is_of_service=True), None),
        (Refused("modelUnavailable", "", 400, is_of_service=True), None),
        (Refused("HTTP 413", "", 413), None),
        (Refused("HTTP 400", "", 400), None),
    ],
)
def test_a_refusal_without_a_task(error: Refused, state: State | None) -> None:
    """Only the service's own word about the request is a verdict on the one task that was sent."""
    assert after_refusal(error).state is state


def test_rows_of_the_tables_are_as_they_were() -> None:
    """An acknowledgement and a job at work are no videos."""
    reply = parse_reply(json.dumps({"data": [ACK, GOING | {"videoUUID": "v"}]}).encode())
    assert reply is not None
    assert [item.video_uuid for item in reply.items] == [None, None]
