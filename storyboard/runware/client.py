"""The API over HTTP: arrays of tasks out, replies in, every failure one of the room's errors."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from time import time
from typing import TYPE_CHECKING, Any, Self

import httpx

from storyboard.addresses import masked
from storyboard.own_key import without_parts
from storyboard.runware.codings import coding_of, decoded
from storyboard.runware.errors import (
    NO_VERDICT,
    AccountRefused,
    Coded,
    Elsewhere,
    NotSent,
    Paced,
    Refused,
    ServiceError,
    TooLate,
    Unclear,
    Unfit,
    Unreadable,
    WrongSetting,
    family,
)
from storyboard.runware.messages import Problem, Reply, parse_reply
from storyboard.runware.network import LONGEST, Network, NoCookies
from storyboard.runware.troubles import CODED_TRANSFER, is_of_transfer_coding, words_of
from storyboard.runware.videos import is_allowed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from storyboard.runware.messages import Mask

DEFAULT_BASE_URL = "https://api.runware.ai/v1"
_DETAILS_LIMIT = 96 * 1024 * 1024
"""Bytes of an answer about a task's details, which repeat its first frame of up to 50 MB, in base64."""
_PICTURE = re.compile(rb"(?<![A-Za-z0-9+/=\\])[A-Za-z0-9+/=\\]{65536,}")
"""What of such an answer is a picture, in base64: nothing is read of it, and it is not kept in memory twice."""
_ALLOWANCE = 1024 * 1024
_FOR_A_TASK = 64 * 1024
"""Bytes that any other answer may have, and for each task beside what was sent, which an error may repeat."""
_VALUES = 20_000
_VALUES_OF_A_TASK = 2000
"""Values of JSON in an answer, and for each task: small ones take many times their bytes of memory."""
_QUESTIONS = ("getResponse", "getTaskDetails")

_PIECE = 1 << 16
"""Bytes of a request that are sent between two looks at whether it may still be sent."""
_TRANSIENT = (408, 425)
"""Statuses below 500 that are about the moment and not about the request."""
_OF_ANOTHER = frozenset({*range(300, 500), 501} - {401, 402, 403, 408, 413, 425, 429})
"""Statuses that only another address gives without a word about what was asked."""
_NO_TLS = "WRONG_VERSION_NUMBER"
"""OpenSSL's word for an answer in plain text."""
_HEADER_LIMIT = 100
"""Characters of a time to wait, beyond which it is none."""
_SECRET_LENGTH = 16
"""Characters from which on a key cannot be an ordinary word that answers may hold."""

Task = dict[str, Any]
_may_go: ContextVar[Callable[[], bool]] = ContextVar("may_go", default=lambda: True)


@contextmanager
def only_while(may_go: Callable[[], bool]) -> Iterator[None]:
    """Within it, tasks are sent only while `may_go` says yes, which is asked as the last thing before bytes leave.

    Connecting takes a while, and the machine may sleep meanwhile. A no before any byte of the tasks makes `send` raise
    TooLate, and one in the middle of them, Unclear.
    """
    token = _may_go.set(may_go)
    try:
        yield
    finally:
        _may_go.reset(token)


class Client:
    """Talks to one account of the service; the transport can be handed in."""

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        timeout: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
        app: Callable[..., Any] | None = None,
    ) -> None:
        """`timeout` in seconds without a byte, five times that for a whole exchange.

        `app` is an ASGI callable that answers instead of the network.
        Raises WrongSetting where the environment says wrongly how the network is used.
        """
        limits = httpx.Limits(max_connections=16, max_keepalive_connections=8)
        self._network = Network(limits) if app is None and transport is None else None
        if self._network is not None and is_allowed(base_url):
            self._network.check(base_url)
        if app is not None:
            transport = httpx.ASGITransport(app=app)
        self._url = base_url
        self._mask: Mask = str
        if len(key) >= _SECRET_LENGTH:
            self._mask = lru_cache(1024)(partial(without_parts, key=key, mask="[key]"))
        self._longest = LONGEST * timeout
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0), pool=None),
            follow_redirects=False,
            transport=transport if self._network is None else self._network,
            trust_env=False,
            cookies=NoCookies(),
            event_hooks={"response": [_stay]},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(self, tasks: Sequence[Task]) -> Reply:
        """POSTs tasks and returns what the answer says about any of them.

        Raises TooLate where `only_while` ends it; NotSent, Unclear, Unreadable, Refused, AccountRefused or Paced where
        the answer says nothing about a task; WrongSetting where the environment bars the way.
        """
        is_fault = False
        if not is_allowed(self._url):
            raise NotSent(f"{masked(self._url)} is no address of a service")
        body = _Body(tasks)
        extensions = {"trace": body.watch}
        try:
            # One limit around all of it. Where it ends a wait for a connection, nothing was sent; to take that for
            # unclear is on the safe side.
            async with (
                asyncio.timeout(self._longest),
                self._http.stream(
                    "POST", self._url, content=body, headers=body.headers, extensions=extensions
                ) as response,
            ):
                is_fault = response.status_code >= 500 or response.status_code in _TRANSIENT
                answer = await _read(response, tasks)
            return judge(response.status_code, response.headers.get("Retry-After"), answer, self._mask)
        except (httpx.HTTPError, TimeoutError, Elsewhere, Unclear, Unfit) as error:
            raise self._in_our_words(error, is_fault=is_fault) from None

    def _in_our_words(  # noqa: PLR0911 - a table, one kind of error after another
        self, error: Exception, *, is_fault: bool
    ) -> ServiceError:
        """What an exchange that failed says; `is_fault`: its status is that of something that may pass."""
        match error:
            case Elsewhere():
                return Elsewhere(error.status, masked(self._url))
            case httpx.ConnectError() if _NO_TLS in str(error) and self._url.startswith("https:"):
                words = "what answers there speaks no TLS: see whether it is the service's address"
                return WrongSetting("RUNWARE_BASE_URL", f"({masked(self._url)}): {words}")
            case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.UnsupportedProtocol():
                return NotSent(self._with_way(words_of(error)))
            case httpx.HTTPError() if is_of_transfer_coding(error):
                return Unreadable(self._with_way(f"the service {CODED_TRANSFER}"))
            case httpx.HTTPError():
                return Unclear(self._with_way(words_of(error)))
            case TimeoutError():
                return Unclear(self._with_way("the answer came too slowly"))
            case Unclear():
                return Unclear(self._with_way(str(error)))
            case Coded():
                return (Unclear if is_fault else Unreadable)(self._with_way(f"the answer comes as {error}"))
            case _:
                return Unclear(self._with_way(f"the answer cannot be read: {error}"))

    def _with_way(self, words: str) -> str:
        """Words of a failure, with the host that was asked and the proxy on the way to it, and without the key."""
        words = self._mask(words)
        return f"{self._network.way_to(self._url)}: {words}" if self._network is not None else words


async def _stay(response: httpx.Response) -> None:
    """Nobody goes where an answer redirects to; httpx would look at the address, which may be none."""
    response.headers.pop("Location", None)


class _Body:
    """A request's body, and the last look before each piece of it leaves, and before the headers do.

    Without the end of the body nobody can have read the tasks: a request that is given up on the way was not taken.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._content = json.dumps(list(tasks), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        self._may_go = _may_go.get()
        self.headers = {"Content-Type": "application/json", "Content-Length": str(len(self._content))}

    async def watch(self, event: str, info: dict[str, Any]) -> None:
        """Hears from httpcore what it is about to do; opening a way through a proxy is not yet sending."""
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self._look(0)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), _PIECE):
            self._look(start)
            yield self._content[start : start + _PIECE]

    def _look(self, sent: int) -> None:
        if not self._may_go():
            raise Unclear("it was given up in the middle of being sent") if sent else TooLate("its turn came too late")


async def _read(response: httpx.Response, tasks: Sequence[Task]) -> bytes:
    """An answer's body. Raises Refused where it is too large: fewer questions may have a smaller one; else Unclear."""
    types = {task.get("taskType") for task in tasks}
    usual = _ALLOWANCE + _FOR_A_TASK * len(tasks) + int(response.request.headers.get("Content-Length", "0"))
    most = max(usual, _DETAILS_LIMIT) if "getTaskDetails" in types else usual
    body, words = bytearray(), ""
    async for chunk in decoded(response.aiter_raw(), coding_of(response), most=most):
        body += chunk
        if len(body) > most:
            words = f"the answer has more than {most} bytes"
            break
    if not words and len(body) > usual:
        body = bytearray(_PICTURE.sub(b"", body))
        words = f"the answer has more than {usual} bytes beside pictures" if len(body) > usual else ""
    if not words and sum(map(body.count, b",[{")) > _VALUES + _VALUES_OF_A_TASK * len(tasks):
        words = "the answer holds too much"
    if not words:
        return bytes(body)
    if not types <= {*_QUESTIONS}:
        raise Unclear(words)
    raise Refused("answerTooLarge", words, response.status_code)


def judge(status: int, retry_after: str | None, body: bytes, mask: Mask = str) -> Reply:
    """What an answer says about tasks; raises its trouble where it says nothing about any. `mask` sees all its text.

    The status counts only where the body is silent: a task's verdict may come with any status.
    """
    parsed = parse_reply(body, mask)
    reply = parsed if parsed is not None else Reply()
    verdicts = [problem for problem in reply.problems if family(problem.code) not in NO_VERDICT]
    if status in (401, 402, 429):
        verdicts = []
    says_something = reply.items or reply.records or any(problem.uuid for problem in verdicts)
    is_of_service = bool(reply.items or reply.records or reply.problems) or (parsed is not None and b'"data"' in body)
    if not is_of_service and status in _OF_ANOTHER:
        raise Elsewhere(status)
    trouble = _trouble(status, retry_after, reply.problems, readable=parsed is not None, summary=mask(_summary(body)))
    if status == 403 and says_something and not any(family(problem.code) in NO_VERDICT for problem in reply.problems):
        trouble = None
    reply = Reply(reply.items, verdicts, reply.records, trouble)
    if trouble is not None and not says_something:
        raise trouble
    return reply


def _trouble(
    status: int, retry_after: str | None, problems: list[Problem], *, readable: bool, summary: str
) -> ServiceError | None:
    """What an answer says about the account, the pace or the request as a whole."""
    families = {family(problem.code): problem for problem in reversed(problems)}
    loose = next((problem for problem in problems if problem.uuid is None), None)
    first = families.get("account") or families.get("money") or loose or Problem(f"HTTP {status}", summary)
    if status in (401, 402) or families.keys() & {"account", "money"}:
        return AccountRefused(first.code, first.message, status, is_of_service=True)
    if status == 429 or "pace" in families or (status == 503 and retry_after is not None):
        return Paced(_seconds(retry_after), took_nothing=status == 429 or "pace" in families)
    if status == 403:
        return AccountRefused(first.code, first.message, status, is_of_service=bool(problems))
    is_fault = status >= 500 or status in _TRANSIENT or (status < 300 and not readable)
    if is_fault or (loose is not None and family(loose.code) in ("server", "provider")):
        return Unclear(
            f"the service answered {first.code} {first.message}".rstrip() if status >= 300 else "the answer is no JSON"
        )
    if status >= 300 or loose is not None:
        return Refused(first.code, first.message, status, is_of_service=bool(problems))
    return None


def _seconds(retry_after: str | None) -> float | None:
    """Seconds to wait from a Retry-After header in either of its forms."""
    if not retry_after or len(retry_after) > _HEADER_LIMIT:
        return None
    try:
        wait = float(retry_after)
    except ValueError:
        try:
            wait = parsedate_to_datetime(retry_after).timestamp() - time()
        except (ValueError, OverflowError):
            return None
    return min(max(wait, 0.0), 3600.0) if wait == wait else None  # noqa: PLR0124 - a NaN is not itself


def _summary(body: bytes) -> str:
    text = " ".join(body[:200].decode(errors="replace").split())
    return "" if text.startswith(("<", "{")) else text[:100]
