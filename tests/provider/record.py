"""What clients did: every request, and everything that a right client does not do."""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .rules import Row
from .wire import Request


@dataclass(frozen=True)
class Seen:
    """One request, without the key."""

    time: float
    """time.monotonic() when it had been read."""
    kind: str
    """submit, poll, details, download or other."""
    uuids: tuple[str, ...]
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case, Authorization left out."""
    with_key: bool
    """Whether an Authorization header was there."""
    size: int
    """Bytes of the body."""


class Record:
    """The request log with its lists of sins, leaks and notes; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Seen] = []
        self._bodies: dict[str, str] = {}
        self._asked: set[str] = set()
        self.sins: list[str] = []
        """What breaks the protocol."""
        self.leaks: list[str] = []
        """Requests that showed the key to the host of the videos."""
        self.notes: list[str] = []
        """What is allowed and yet worth knowing."""

    def add(self, request: Request, kind: str, uuids: Sequence[str]) -> None:
        """Log one request."""
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        with_key = "authorization" in request.headers
        seen = Seen(
            time.monotonic(), kind, tuple(uuids), request.method, request.path, headers, with_key, len(request.body)
        )
        with self._lock:
            self._requests.append(seen)
            if kind == "poll":
                self._asked.update(uuids)

    def requests(self, kind: str | None = None) -> list[Seen]:
        """The log so far, or one kind of request of it."""
        with self._lock:
            return [seen for seen in self._requests if kind in (None, seen.kind)]

    def sin(self, what: str) -> None:
        """Something that no right client does."""
        with self._lock:
            self.sins.append(what)

    def leak(self, what: str) -> None:
        """The key was shown to a host that is not the API's."""
        with self._lock:
            self.leaks.append(what)

    def note(self, what: str) -> None:
        """Something allowed."""
        with self._lock:
            self.notes.append(what)

    def sent(self, task: Row) -> None:
        """A paid task came in: the same UUID must bring the same body, and a question before it comes again."""
        uuid, body = str(task.get("taskUUID")), json.dumps(task, sort_keys=True)
        with self._lock:
            again = uuid in self._bodies
            if self._bodies.setdefault(uuid, body) != body:
                self.sins.append(f"{uuid} was sent again with a different task")
            if again and uuid not in self._asked:
                self.notes.append(f"{uuid} was sent again without a poll before")
            self._asked.discard(uuid)

    def counts(self) -> dict[str, int]:
        """How many requests of each kind."""
        with self._lock:
            kinds = [seen.kind for seen in self._requests]
            return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
