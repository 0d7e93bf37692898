"""`storyboard sandbox` as a process, and the plainest client to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMAND = str(Path(sys.executable).with_name("storyboard"))


class Reply(NamedTuple):
    """A response that arrived whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """One server; `plan` is its fault plan as text."""

    def __init__(self, folder: Path, *options: str, plan: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._options = list(options)
        if plan is not None:
            (folder / "faults.yaml").write_text(plan, encoding="utf-8")
            self._options += ["--faults", str(folder / "faults.yaml")]

    def __enter__(self) -> Self:
        with (self.folder / "words.txt").open("wb") as words:
            self._process = subprocess.Popen(
                [COMMAND, "sandbox", "--port", "0", *self._options],
                env={**os.environ, "STORYBOARD_STATE_DIR": str(self.folder / "state")},
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
            )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url, self.words()
        return self

    def __exit__(self, *_: object) -> None:
        self.code = self.stop(signal.SIGTERM)

    def stop(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        self._process.send_signal(number)
        code = self._process.wait(60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code

    def words(self) -> str:
        """What it said to people so far."""
        return (self.folder / "words.txt").read_text(encoding="utf-8")

    def post(self, *tasks: object, timeout: float = 60, key: str = "any") -> Reply:
        """Send the tasks in one array."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        return self.ask("POST", urlsplit(self.url).path, json.dumps(list(tasks)).encode(), headers, timeout)

    def get(self, url: str, headers: Mapping[str, str] | None = None, timeout: float = 60) -> Reply:
        """Fetch a whole URL."""
        return self.ask("GET", urlsplit(url).path, None, headers or {}, timeout)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], timeout: float) -> Reply:
        """One request on a line of its own; raises what http.client and the socket raise."""
        line = http.client.HTTPConnection("127.0.0.1", urlsplit(self.url).port or 80, timeout=timeout)
        try:
            line.request(method, path, body, dict(headers))
            answer = line.getresponse()
            return Reply(answer.status, dict(answer.headers), answer.read())
        finally:
            line.close()
