"""A WebSocket in front of the stand-in, for the official SDK; runs in the SDK's own environment.

`python sdk_bridge.py URL KEY` prints the address to connect to.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from websockets.asyncio.server import ServerConnection, serve  # type: ignore[import-not-found]


def _post(url: str, key: str, tasks: list[dict[str, Any]]) -> str:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = Request(url, json.dumps(tasks).encode(), headers)
    try:
        with urlopen(request) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        return error.read().decode()


def _own_answer(task: dict[str, Any]) -> str | None:
    if task.get("taskType") == "authentication":
        session = {"taskType": "authentication", "connectionSessionUUID": "11111111-1111-4111-8111-111111111111"}
        return json.dumps({"data": [session]})
    return json.dumps({"data": [{"taskType": "ping", "pong": True}]}) if task.get("taskType") == "ping" else None


async def _bridge(url: str, key: str) -> None:
    async def talk(line: ServerConnection) -> None:
        async with asyncio.TaskGroup() as group:
            async for message in line:
                group.create_task(answer(line, json.loads(message)))

    async def answer(line: ServerConnection, tasks: list[dict[str, Any]]) -> None:
        await line.send(_own_answer(tasks[0]) or await asyncio.to_thread(_post, url, key, tasks))

    async with serve(talk, "127.0.0.1", 0) as server:
        print(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_bridge(*sys.argv[1:3]))
