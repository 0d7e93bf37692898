"""A sandbox with a clock that the test moves and a renderer that takes no time, and the tasks to send it."""

from __future__ import annotations

import asyncio
import base64
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
from PIL import Image

from storyboard.profiles import DEFAULT_MODEL
from storyboard.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from storyboard.compiler.template import ShotLine

Task = dict[str, Any]


class Clock:
    """A time that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class FakeRenderer:
    """Writes 1000 bytes that no other picture gets, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.calls: list[dict[str, object]] = []

    def __call__(self, target: Path, *, cuts: Sequence[ShotLine], title: str, **rest: object) -> None:
        self.calls.append({"cuts": list(cuts), "title": title, **rest})
        target.write_bytes(f"{title} {cuts}".encode().ljust(1000, b".")[:1000])


class Twin:
    """One sandbox and a client to it."""

    def __init__(self, folder: Path, *, clock: Clock | None = None, **options: Any) -> None:
        self.clock = clock or Clock()
        self.renderer = FakeRenderer()
        usual: dict[str, Any] = {"clock": self.clock, "renderer": self.renderer, "job_seconds": 10.0}
        self.app = Sandbox(folder, **usual | options)

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost/sandbox") as client:
            return await client.request(method, path, **options)

    def post(self, *tasks: object, **options: Any) -> httpx.Response:
        """Send the tasks in one array."""
        return asyncio.run(self.request("POST", "/v1", json=list(tasks), **options))

    def post_bytes(self, body: bytes) -> httpx.Response:
        """Send a body as it is."""
        return asyncio.run(self.request("POST", "/v1", content=body))

    def get(self, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Fetch a path or a whole URL."""
        return asyncio.run(self.request(method, url, headers=headers))

    def poll(self, uuid: str) -> list[Task]:
        """What getResponse says about one task."""
        data: list[Task] = self.post(ask(uuid)).json()["data"]
        return data

    def details(self, uuid: str) -> list[Task]:
        """What getTaskDetails says about one task."""
        data: list[Task] = self.post(ask(uuid, "getTaskDetails")).json()["data"]
        return data


def text_to_video(**changes: object) -> Task:
    """A seven-second task that the provider takes; a change to None leaves the parameter out."""
    return _changed(
        {
            "taskType": "videoInference",
            "taskUUID": str(uuid4()),
            "model": DEFAULT_MODEL,
            "positivePrompt": "shot 1, 3, Wide shot, a keeper climbs; shot 2, 4, Close-up, her hand;",
            "duration": 7,
            "width": 1280,
            "height": 720,
            "outputType": "URL",
            "outputFormat": "MP4",
            "outputQuality": 95,
            "deliveryMethod": "async",
            "includeCost": True,
            "numberResults": 1,
        },
        changes,
    )


def image_to_video(image: object = None, **changes: object) -> Task:
    """The same with a first frame, by default a small PNG as a data URI."""
    item = {"image": data_uri(png(640, 360)), "frame": "first"} if image is None else image
    framed = {"width": None, "height": None, "resolution": "720p", "inputs": {"frameImages": [item]}}
    return text_to_video(**framed | changes)


def ask(uuid: str, kind: str = "getResponse") -> Task:
    """A question about a task."""
    return {"taskType": kind, "taskUUID": uuid}


def png(width: int, height: int) -> bytes:
    """A whole, black, grey-scale PNG."""
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """A whole, black, grey-scale JPEG."""
    file = BytesIO()
    Image.new("L", (width, height)).save(file, "JPEG")
    return file.getvalue()


def data_uri(data: bytes, kind: str = "png") -> str:
    """The picture as it stands in a request."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _changed(task: Task, changes: Mapping[str, object]) -> Task:
    return {name: value for name, value in {**task, **changes}.items() if value is not None}
