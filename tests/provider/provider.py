"""The provider as a whole: what a test starts, spoils and questions."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from .api import Api
from .book import Book
from .downloads import Downloads
from .faults import Fault, FaultPlan
from .media import video
from .outcomes import Outcome
from .record import Record, Seen
from .rules import Rules
from .server import PATIENCE, Server
from .spoil import as_json, page
from .wire import Request, Response


@dataclass(kw_only=True)
class Provider(Rules):
    """A paid provider on a real socket, from `with` to the end of it (or from `start` to `stop`).

    Its arguments are the fields of Rules. Each Provider has its own state, which outlives clients and `offline`.
    """

    def __post_init__(self) -> None:
        """Set the parts up; nothing listens yet."""
        self._plan = FaultPlan()
        self._plan.add(self.faults)
        self._record = Record()
        self._book = Book(self, lambda: self.origin)
        self._api = Api(self, self._book, self._plan, self._record)
        self._downloads = Downloads(self, self._book, self._plan, self._record)
        self._server = Server(self.host, self.port, self._answer)

    def start(self) -> Self:
        """Listen."""
        self._server.start()
        self.port = self._server.port
        return self

    def stop(self) -> None:
        """End all connections and threads."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Nobody listens on the port meanwhile: connections are refused."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def _answer(self, request: Request) -> Response:
        if request.path == "/v1":
            return self._api.answer(request)
        if request.path.startswith("/video/"):
            return self._downloads.answer(request)
        if request.target == "/_state":
            return as_json(self.state())
        self._record.add(request, "other", ())
        self._record.sin(f"{request.method} {request.path}: there is nothing")
        return page(404)

    # Where it is.

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"{self.origin}/v1"

    # What it did.

    @property
    def paid(self) -> Counter[str]:
        """taskUUID → how often it was charged."""
        return self._book.paid

    @property
    def charged_usd(self) -> Decimal:
        """The sum of all charges."""
        return self._book.charged_usd

    def videos(self, uuid: str) -> list[str]:
        """The videoUUIDs of a task, in the order of its results."""
        return self._book.videos(uuid)

    def content(self, video_uuid: str, *, seconds: int, ending: str = "mp4") -> bytes:
        """The bytes that a right download of this video ends with; `seconds` is the task's duration."""
        return video(video_uuid, ending, self.video_bytes, seconds)

    # What it was asked.

    @property
    def requests(self) -> list[Seen]:
        """Every request so far."""
        return self._record.requests()

    def seen(self, kind: str) -> list[Seen]:
        """The requests of one kind: submit, poll, details, download, other."""
        return self._record.requests(kind)

    def count(self, kind: str) -> int:
        """How many requests of this kind came."""
        return len(self.seen(kind))

    @property
    def sins(self) -> list[str]:
        """What breaks the protocol."""
        return self._record.sins

    @property
    def leaks(self) -> list[str]:
        """Requests that showed the key to the host of the videos."""
        return self._record.leaks

    @property
    def notes(self) -> list[str]:
        """What is allowed and yet worth knowing: a compressed download, a task sent again without a poll before."""
        return self._record.notes

    @property
    def unused_faults(self) -> list[Fault]:
        """The faults that no request has met."""
        return self._plan.unused()

    def state(self) -> dict[str, Any]:
        """All of this in plain JSON values, as GET /_state serves it."""
        lists = {"sins": self.sins, "leaks": self.leaks, "notes": self.notes}
        return self._book.summary() | {"counts": self._record.counts()} | lists

    # What a test can do to it.

    def wait_for_charge(self) -> None:
        """Until something was charged: who has given up waiting for the answer may be quicker than we are."""
        until = time.monotonic() + PATIENCE
        while not self.paid and time.monotonic() < until:
            time.sleep(0.01)

    def wait_for_quiet(self) -> None:
        """Until all that dead clients sent is worked on; no client may be connected."""
        self._server.wait_for_quiet()

    def add_faults(self, *faults: Fault) -> None:
        """Plan more faults; they count requests from now."""
        self._plan.add(faults)

    def is_slow(self) -> bool:
        """Whether any fault is planned whose end a client decides by its own patience."""
        return any(slot.fault.kind in {"stall", "slow", "drip"} for slot in self._plan.slots)

    def add_outcomes(self, *outcomes: Outcome) -> None:
        """Script the end of jobs that are accepted from now."""
        self._book.outcomes.extend(outcomes)

    def fail(self, uuid: str, code: str, message: str = "The provider could not make this video.") -> None:
        """Let an accepted job fail at once and for good."""
        self._book.fail([uuid], code, message)

    def forget(self, *uuids: str, seconds: float = 1e9, details: bool = False) -> None:
        """Let polls (and getTaskDetails too) know nothing of these tasks for a while."""
        for to in ("poll", "details") if details else ("poll",):
            self._book.hide(to, uuids, seconds)

    def advance(self, seconds: float) -> None:
        """Put the provider's clock forward: jobs finish, URLs expire."""
        self._book.advance(seconds)

    def expire_urls(self) -> None:
        """End every video URL handed out so far; the next getResponse hands out fresh ones."""
        self._book.expire()
