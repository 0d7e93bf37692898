"""Every fault of the API can be seen by a client, and charges when it says so."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.provider import Fault, Provider
from tests.provider.faults import Kind
from tests.provider.plain_client import ask, post
from tests.provider.tasks import name, text_task


@pytest.fixture(name="http", scope="module")
def _http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5, trust_env=False) as client:
        yield client


STATUS_KINDS: list[Kind] = ["401", "402", "403", "404", "429", "500", "503", "504_html"]


@pytest.mark.parametrize("kind", STATUS_KINDS)
def test_status_faults(http: httpx.Client, kind: Kind) -> None:
    """The status comes once, before or after the charge, and then the service is well again."""
    with Provider(
        faults=[Fault(on="submit", kind=kind), Fault(on="submit", kind=kind, nth=3, when="after")]
    ) as provider:
        free, well, charged = text_task(), text_task(), text_task()
        assert post(http, provider, free).status_code == int(kind[:3])
        assert post(http, provider, well).status_code == 200
        assert post(http, provider, charged).status_code == int(kind[:3])
        assert provider.paid == {well["taskUUID"]: 1, charged["taskUUID"]: 1}
        assert provider.unused_faults == []


def test_retry_after_and_scope(http: httpx.Client) -> None:
    """Retry-After in seconds or as a date; an account's error may name a task."""
    faults = [
        Fault(on="poll", kind="429", retry_after=7),
        Fault(on="poll", kind="503", retry_after=60, retry_as_date=True, nth=2),
        Fault(on="poll", kind="402", scoped=True, nth=3),
    ]
    with Provider(faults=faults) as provider:
        assert ask(http, provider, name()).headers["retry-after"] == "7"
        page = ask(http, provider, name())
        assert 50 < parsedate_to_datetime(page.headers["retry-after"]).timestamp() - time.time() < 61
        assert page.text.startswith("<!DOCTYPE html>")
        uuid = name()
        assert ask(http, provider, uuid).json()["errors"][0]["taskUUID"] == uuid


def test_a_504_with_a_verdict(http: httpx.Client) -> None:
    """On a poll its task-scoped error is final; on a submit it says nothing about the job."""
    with Provider(
        faults=[Fault(on="poll", kind="504"), Fault(on="submit", kind="504", nth=2, when="after")]
    ) as provider:
        task, second = text_task(), text_task()
        post(http, provider, task)
        for status in (504, 200):
            answer = ask(http, provider, task["taskUUID"])
            assert answer.status_code == status
            assert answer.json()["errors"][0]["code"] == "failedProviderTimeout"
        late = post(http, provider, second)
        assert (late.status_code, late.json()["errors"][0]["taskUUID"]) == (504, second["taskUUID"])
        assert ask(http, provider, second["taskUUID"]).json()["data"][0]["status"] == "processing"


BROKEN: list[tuple[Kind, type[Exception]]] = [
    ("reset", httpx.ReadError),
    ("stall", httpx.ReadTimeout),
    ("cut", httpx.RemoteProtocolError),
    ("truncated", ValueError),
    ("not_json", ValueError),
    ("html_200", ValueError),
]


@pytest.mark.parametrize(("kind", "seen_as"), BROKEN)
@pytest.mark.parametrize("when", ["before", "after"])
def test_broken_answers(http: httpx.Client, kind: Kind, seen_as: type[Exception], when: Any) -> None:
    """The client learns nothing; whether the task was charged is the plan's word."""
    with (
        Provider(faults=[Fault(on="submit", kind=kind, when=when)]) as provider,
        httpx.Client(timeout=0.2 if kind == "stall" else 5, trust_env=False) as impatient,
    ):
        task = text_task()
        with pytest.raises(seen_as):
            post(impatient, provider, task).json()
        if when == "after":
            provider.wait_for_charge()
        assert provider.paid[task["taskUUID"]] == (when == "after")
        assert ask(http, provider, task["taskUUID"]).status_code == 200


def test_strange_but_true_answers(http: httpx.Client) -> None:
    """Repeated, reordered, partial, foreign, extended or oddly shaped: everything that is right is still in there."""
    kinds: list[Kind] = [
        "repeated",
        "reordered",
        "partial",
        "foreign",
        "extra",
        "missing_uuid",
        "empty",
        "empty_errors",
    ]
    with Provider(faults=[Fault(on="poll", kind=kind, nth=nth) for nth, kind in enumerate(kinds, 1)]) as provider:
        one, two = text_task(), text_task()
        post(http, provider, one)
        post(http, provider, two)
        a, b = one["taskUUID"], two["taskUUID"]
        answers = {kind: ask(http, provider, a, b).json() for kind in kinds}
        names = {kind: [row.get("taskUUID") for row in answer["data"]] for kind, answer in answers.items()}
        assert names["repeated"] == [a, b, a, b]
        assert names["reordered"] == [b, a]
        assert names["partial"] == [a]
        assert answers["partial"]["errors"][0]["taskUUID"] == b
        assert names["foreign"][1:] == [a, b]
        assert len(answers["extra"]["data"][0]) > len(answers["reordered"]["data"][0])
        assert names["missing_uuid"] == [None, None]
        assert names["empty"] == []
        assert answers["empty_errors"]["errors"] == []
        with pytest.raises(ValueError, match="true answer"):
            Fault(on="submit", kind="repeated", when="before")


def test_other_shapes_of_data_and_errors(http: httpx.Client) -> None:
    """One object in place of the array; `error` in place of `errors`."""
    kinds: list[Kind] = ["data_object", "error_object", "error_list"]
    with Provider(
        faults=[Fault(on="submit", kind=kind, when="after", nth=n) for n, kind in enumerate(kinds, 1)]
    ) as provider:
        task = text_task()
        assert post(http, provider, task).json()["data"]["taskUUID"] == task["taskUUID"]
        conflict = post(http, provider, task).json()
        assert (conflict["error"]["code"], conflict["taskUUID"]) == ("conflictTaskUUID", task["taskUUID"])
        assert post(http, provider, task).json()["error"][0]["code"] == "conflictTaskUUID"


def test_slow_answers(http: httpx.Client) -> None:
    """Late or in drips, the answer arrives whole."""
    faults = [Fault(on="submit", kind="slow", seconds=0.1), Fault(on="submit", kind="drip", seconds=0.1, nth=2)]
    with Provider(faults=faults) as provider:
        for _ in faults:
            start = time.monotonic()
            assert len(post(http, provider, text_task()).json()["data"]) == 1
            assert time.monotonic() - start > 0.08


def test_forgetting(http: httpx.Client) -> None:
    """Polls know nothing for a while; getTaskDetails does, unless it forgets too."""
    with Provider(faults=[Fault(on="submit", kind="forget", seconds=30)], job_seconds=60) as provider:
        task = text_task()
        uuid = task["taskUUID"]
        assert post(http, provider, task).json()["data"]
        assert ask(http, provider, uuid).json() == {"data": []}
        assert ask(http, provider, uuid, how="getTaskDetails").json()["data"]
        provider.advance(31)
        assert ask(http, provider, uuid).json()["data"]
        provider.add_faults(Fault(on="poll", kind="forget", seconds=30))
        assert ask(http, provider, uuid).json() == {"data": []}
        provider.advance(31)
        provider.forget(uuid, details=True)
        assert ask(http, provider, uuid).json() == {"data": []}
        assert ask(http, provider, uuid, how="getTaskDetails").status_code == 400


def test_large_polls_refused_and_faults_by_uuid(http: httpx.Client) -> None:
    """More than `limit` tasks in a poll are refused without a name; a fault with a UUID leaves others alone."""
    task = text_task()
    faults = [
        Fault(on="poll", kind="batch_refused", limit=2, count=None),
        Fault(on="poll", kind="500", uuid=task["taskUUID"], nth=2, count=2),
    ]
    with Provider(faults=faults) as provider:
        post(http, provider, task)
        for _ in range(2):
            refused = ask(http, provider, name(), name(), name())
            assert refused.status_code == 400
            assert "taskUUID" not in refused.json()["errors"][0]
        assert ask(http, provider, name(), name()).status_code == 200
        assert [ask(http, provider, task["taskUUID"]).status_code for _ in range(4)] == [200, 500, 500, 200]
