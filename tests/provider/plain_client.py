"""The protocol by hand, through an ordinary HTTP client: for tests that look at the provider itself."""

from typing import Any

import httpx

from .provider import Provider
from .rules import KEY, Row
from .tasks import text_task


def post(http: httpx.Client, provider: Provider, *tasks: Row) -> httpx.Response:
    """Send tasks in one POST."""
    return http.post(provider.url, json=list(tasks), headers={"Authorization": f"Bearer {KEY}"})


def ask(http: httpx.Client, provider: Provider, *uuids: str, how: str = "getResponse") -> httpx.Response:
    """Poll several tasks in one POST, or ask another question of them."""
    return post(http, provider, *({"taskType": how, "taskUUID": uuid} for uuid in uuids))


def finished(http: httpx.Client, provider: Provider, **changes: Any) -> Row:
    """The first result row of a job that was let finish."""
    task = text_task(**changes)
    post(http, provider, task)
    provider.advance(60)
    row = ask(http, provider, task["taskUUID"]).json()["data"][0]
    assert isinstance(row, dict)
    return row
