"""Tells webhooks and fills upload endpoints, on this machine only: a sandbox sends nothing into the world."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, BinaryIO, Literal
from urllib.parse import urlsplit

from storyboard.sandbox.job import video_uuid
from storyboard.sandbox.messages import Answer, failure, result
from storyboard.sandbox.outbox import TRIES_AT_MOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storyboard.sandbox.outbox import Outbox, Sending

SECONDS_AT_MOST = 10.0
"""How long a receiver may take for one answer."""
_PAUSES = (1.0, 2.0, 4.0, 8.0)
_LOOK_AGAIN = 5.0
"""Seconds after which a state that could not be read is read again."""
_LONGEST_WAIT = 3600.0


Callbacks = Literal["all", "own", "none"]
"""Which tasks' webhooks and upload endpoints are called."""


class NotHereError(Exception):
    """An address that is not on this machine."""


class Courier:
    """A thread that sends what is due; it begins with the first `wake` and ends with `close`."""

    def __init__(
        self,
        outbox: Outbox,
        file_of: Callable[[str, int], Path],
        *,
        origin: str,
        clock: Callable[[], float],
        tell: Callable[[str], None],
        fill: Callable[[str], str] = str,
    ) -> None:
        """`file_of` renders a video, given its task's UUID and place; `tell` gets a line about each sending.

        `fill` makes an address of one that holds ${NAME}; it may raise.
        """
        self._outbox = outbox
        self._file_of = file_of
        self._origin = origin
        self._clock = clock
        self._tell = tell
        self._fill = fill
        self._news = threading.Event()
        self._closing = False
        self._trouble = ""
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Look again for what is due, now and later."""
        self._news.set()
        if self._thread is None and not self._closing:
            self._thread = threading.Thread(target=self._run, name="sandbox-courier", daemon=True)
            self._thread.start()

    def close(self, *, finishing: bool = False) -> None:
        """Stop after the sending under way, or `finishing` after all that is due; closing again does nothing."""
        if finishing and not self._closing:
            with suppress(Exception):  # what cannot be sent now hinders nobody
                self.send_due()
        self._closing = True
        self._news.set()
        if self._thread is not None:
            self._thread.join(SECONDS_AT_MOST + 1)

    def send_due(self) -> None:
        """Send everything that is due now; what fails is tried again later, a few times."""
        for sending in self._outbox.due(self._clock()):
            if self._closing:
                self._outbox.settle(sending, again_at=self._clock())
                return
            self._deal_with(sending)

    def _deal_with(self, sending: Sending) -> None:
        """One sending, whatever it runs into: the next ones are none the worse for it."""
        try:
            said, done = self._send(sending)
        except Exception as error:  # noqa: BLE001 - a frame that cannot be drawn, an address that cannot be filled in
            words = f": {error}" if _is_whole(sending.url) else ""  # with the environment's values in it, perhaps
            said, done = f"failed, {type(error).__name__}{words}"[:300], False
        if not done and sending.tries < TRIES_AT_MOST:
            self._outbox.settle(sending, again_at=self._clock() + _PAUSES[sending.tries - 1])
        else:
            self._outbox.settle(sending, again_at=None)
        what = "webhook" if sending.kind == "webhookURL" else "upload"
        self._say(f"{what} of {_name(sending)} to {place_of(sending.url)}: {said}")

    def _say(self, line: str) -> None:
        with suppress(Exception):  # a closed terminal hinders nobody
            self._tell(line)

    def _run(self) -> None:
        while not self._closing:
            self._news.clear()
            try:
                self.send_due()
                due = self._outbox.next_due()
            except Exception as error:  # noqa: BLE001 - a busy or full disk: it may pass
                self._say_trouble(f"the sandbox cannot tell what is to be sent: {type(error).__name__}: {error}")
                self._news.wait(_LOOK_AGAIN)
                continue
            self._trouble = ""
            self._news.wait(None if due is None else min(max(0.05, due - self._clock()), _LONGEST_WAIT))

    def _say_trouble(self, words: str) -> None:
        """Once, however often it is met."""
        if words != self._trouble and not self._closing:
            self._say(words)
        self._trouble = words

    def _send(self, sending: Sending) -> tuple[str, bool]:
        """What came of it in words, and whether it is not to be tried again."""
        try:
            url = self._fill(sending.url)
            if sending.kind == "webhookURL":
                body = json.dumps(self._answer(sending).to_json()).encode()
                status = send_here("POST", url, body, "application/json")
            else:
                path = self._file_of(sending.job.uuid, sending.place)
                with path.open("rb") as file:
                    status = send_here("PUT", url, file, "application/octet-stream")
        except NotHereError as error:
            return f"not sent, {error}", True
        except (OSError, http.client.HTTPException) as error:
            said = str(error) if _is_whole(sending.url) else ""
            return f"failed, {said or type(error).__name__}", False
        return f"HTTP {status}", 200 <= status < 300

    def _answer(self, sending: Sending) -> Answer:
        """What a webhook is told: what getResponse would say about this one result, or about the job's failure."""
        if sending.job.verdict is not None:
            return Answer(errors=[failure(sending.job)])
        return Answer([result(sending.job, sending.place, self._origin)])


def _name(sending: Sending) -> str:
    """The videoUUID, or the taskUUID of a run that made none."""
    job = sending.job
    return job.uuid if job.verdict is not None else video_uuid(job.uuid, job.charge, sending.place)


def send_here(method: str, url: str, body: bytes | BinaryIO, kind: str) -> int:
    """The HTTP status of a request to this machine; redirects are not followed.

    Raises NotHereError for any other machine, OSError or http.client.HTTPException where nobody answers.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise http.client.HTTPException(f"not an address ({error})") from error
    if not is_here(host):
        raise NotHereError("the sandbox sends to this machine only")
    kind_of_line = http.client.HTTPSConnection if parts.scheme.lower() == "https" else http.client.HTTPConnection
    line = kind_of_line(host, port, timeout=SECONDS_AT_MOST)
    headers = {"Content-Type": kind, "User-Agent": "storyboard-sandbox"}
    if not isinstance(body, bytes):
        headers["Content-Length"] = str(body.seek(0, 2))
        body.seek(0)
    try:
        line.connect()
        # A name can be made to lead anywhere: only who answered counts.
        if not is_here(line.sock.getpeername()[0]):
            raise NotHereError("the sandbox sends to this machine only")
        line.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return line.getresponse().status
    except UnicodeError as error:
        raise http.client.HTTPException(f"not an address that can be asked ({error})") from error
    finally:
        line.close()


def is_here(host: str) -> bool:
    """Whether a host is this machine by its very name or number."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_whole(url: str) -> bool:
    """Whether nothing of the environment is filled into it."""
    return "${" not in url


def place_of(url: str) -> str:
    """Host and port of an address, without what may be secret in it."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return "an address that cannot be read"
