"""A task's arguments: they say what is sent, hold no secret, and only the account's key can have written them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from storyboard.farm.payload import NotOurs, Payload, genuine_takes, queue_of, seal_takes
from storyboard.jobs.identity import task_uuid
from storyboard.jobs.plan import Account
from storyboard.jobs.wire import identity_of
from tests.jobs.rows import a_job

MINE = Account("https://api.example/v1", "key-of-mine-0001")
OTHER = Account("https://api.example/v1", "key-of-other-0002")
ELSEWHERE = Account("https://api.elsewhere/v1", "key-of-mine-0001")


def _sealed() -> dict[str, Any]:
    request = {"positivePrompt": "shot 1, 3, ü;", "duration": 3, "outputFormat": "MP4", "numberResults": 2}
    request["webhookURL"] = "https://h/${TOKEN}"
    uuid = task_uuid(MINE.key, identity_of(request), 1)
    job = a_job(uuid=uuid, request=request | {"taskUUID": uuid}, service=MINE.service)
    arguments: dict[str, Any] = json.loads(json.dumps(Payload.of(job).sealed(MINE)))
    return arguments


def test_what_is_sealed_is_opened() -> None:
    """The job is the same on the other side, whatever JSON does to the order of its keys."""
    arguments = _sealed()
    assert MINE.key not in json.dumps(arguments)
    shuffled = dict(reversed(arguments.items())) | {"request": dict(reversed(arguments["request"].items()))}
    job = Payload.opened(shuffled, MINE).job(MINE)
    assert (job.uuid, job.takes, job.account) == (arguments["uuid"], 2, MINE.fingerprint)
    assert job.request == arguments["request"]


@pytest.mark.parametrize("account", [OTHER, ELSEWHERE])
def test_another_account_opens_nothing(account: Account) -> None:
    """Nor would its worker see the task: its queue is another one."""
    with pytest.raises(NotOurs):
        Payload.opened(_sealed(), account)
    assert queue_of(account) != queue_of(MINE)
    assert account.key not in queue_of(account)


@pytest.mark.parametrize(
    "change",
    [
        {"attempt": 2},
        {"estimated_cost": "0"},
        {"request": {}},
        {"frame": "0" * 64},
        {"seal": ""},
        {"seal": None},
        {"seal": "ü"},
        {"more": 1},
    ],
)
def test_a_change_is_seen(change: dict[str, Any]) -> None:
    """Of anything, the addresses that results go to included."""
    with pytest.raises(NotOurs):
        Payload.opened(_sealed() | change, MINE)


def test_a_uuid_that_the_account_would_not_make() -> None:
    """Is not sent, even where the seal is right: it could be somebody else's job."""
    arguments = _sealed()
    payload = Payload(**{key: value for key, value in arguments.items() if key != "seal"})
    with pytest.raises(NotOurs, match="this UUID"):
        Payload.opened(replace(payload, attempt=7).sealed(MINE), MINE)


TAKE = {"take": 1, "path": "/r/film-1.mp4", "video": "v1", "url": "https://im.example/v1.mp4", "cost": 0.336, "seed": 7}


def _told(**changes: Any) -> dict[str, Any]:
    line = seal_takes({"job": "u1", "takes": [TAKE], "error": None}, "u1", MINE)
    return dict(json.loads(json.dumps(line))) | changes


def test_takes_that_a_worker_with_this_key_has_told() -> None:
    """They are taken over; where they lie, which another machine may call otherwise, is not part of the seal."""
    assert genuine_takes(_told(), "u1", MINE) == [{key: TAKE[key] for key in ("video", "url", "cost", "seed")}]
    moved = _told(takes=[TAKE | {"path": "/elsewhere/film-1.mp4"}])
    assert len(genuine_takes(moved, "u1", MINE)) == 1


@pytest.mark.parametrize("key", ["video", "url", "cost", "seed"])
def test_takes_that_were_changed(key: str) -> None:
    """Of what is taken over, nothing can be changed by who has not the key."""
    assert genuine_takes(_told(takes=[TAKE | {key: "https://evil.example/"}]), "u1", MINE) == []


@pytest.mark.parametrize(
    "line",
    [
        None, [], "x", {}, {"takes": None, "seal": "x"}, {"takes": [3], "seal": "x"}, {"takes": [{}], "seal": "x"},
        {"takes": [TAKE]}, {"takes": [TAKE], "seal": None}, {"takes": [TAKE], "seal": "ü"},
    ],
)  # fmt: skip
def test_lines_without_a_seal(line: Any) -> None:
    """Those of earlier versions, and whatever somebody writes there: the service is asked instead."""
    assert genuine_takes(line, "u1", MINE) == []


def test_takes_of_another_job_or_key() -> None:
    """A seal is of one job and one key."""
    assert genuine_takes(_told(), "u2", MINE) == []
    assert genuine_takes(_told(), "u1", OTHER) == []
