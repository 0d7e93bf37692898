"""The API over HTTP: arrays of tasks out, replies in, every failure one of the room's errors."""

from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING, Any, Self

import httpx

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
    Unclear,
    Unfit,
    Unreadable,
    WrongSetting,
    family,
)
from storyboard.runware.messages import Problem, Reply, parse_reply
from storyboard.runware.network import Network
from storyboard.runware.troubles import CODED_TRANSFER, is_of_transfer_coding, words_of
from storyboard.runware.videos import is_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEFAULT_BASE_URL = "https://api.runware.ai/v1"
_BODY_LIMIT = 160 * 1024 * 1024
"""Bytes of an answer that are read; a task's details repeat its first frame of up to 50 MB, in base64."""

_TRANSIENT = (408, 425)
"""Statuses below 500 that are about the moment and not about the request."""
_OF_ANOTHER = frozenset({*range(300, 500), 501} - {401, 402, 403, 408, 413, 425, 429})
"""Statuses that only another address gives without a word about what was asked."""
_NO_TLS = "WRONG_VERSION_NUMBER"
"""OpenSSL's word for an answer in plain text."""
_SECRET_LENGTH = 16
"""Characters from which on a key cannot be an ordinary word that answers may hold."""

Task = dict[str, Any]


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
        """`timeout` in seconds for one answer; `app` is an ASGI callable that answers instead of the network.

        Raises WrongSetting where the environment says wrongly how the network is used.
        """
        limits = httpx.Limits(max_connections=16, max_keepalive_connections=8)
        self._network = Network(limits) if app is None and transport is None else None
        if self._network is not None and is_allowed(base_url):
            self._network.check(base_url)
        if app is not None:
            transport = httpx.ASGITransport(app=app)
        self._url = base_url
        self._secret = key.encode() if len(key) >= _SECRET_LENGTH else None
        self._slowest_body = 4 * timeout
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0), pool=None),
            follow_redirects=False,
            transport=transport if self._network is None else self._network,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(self, tasks: Sequence[Task]) -> Reply:
        """POSTs tasks and returns what the answer says about any of them.

        Raises NotSent, Unclear, Unreadable, Refused, AccountRefused or Paced where it says nothing about a task,
        WrongSetting where the environment bars the way.
        """
        is_fault = False
        if not is_allowed(self._url):
            raise NotSent(f"{self._url} is no address of a service")
        try:
            async with self._http.stream("POST", self._url, json=list(tasks)) as response:
                is_fault = response.status_code >= 500 or response.status_code in _TRANSIENT
                async with asyncio.timeout(self._slowest_body):
                    body = await _read(response)
                self._suspect_proxy(response.status_code, body)
                return judge(response.status_code, response.headers.get("Retry-After"), self._without_key(body))
        except (httpx.HTTPError, TimeoutError, Elsewhere, Unclear, Unfit) as error:
            raise self._in_our_words(error, is_fault=is_fault) from None

    def _in_our_words(  # noqa: PLR0911 - a table, one kind of error after another
        self, error: Exception, *, is_fault: bool
    ) -> ServiceError:
        """What an exchange that failed says; `is_fault`: its status is that of something that may pass."""
        match error:
            case Elsewhere():
                return Elsewhere(error.status, self._url)
            case httpx.ConnectError() if _NO_TLS in str(error) and self._url.startswith("https:"):
                words = f"({self._url}): what answers there speaks no TLS: see whether it is the service's address"
                return WrongSetting("RUNWARE_BASE_URL", words)
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

    def _suspect_proxy(self, status: int, body: bytes) -> None:
        """Raises WrongSetting for a 403 that is no answer of the service, where a proxy may have given it."""
        way = self._network.proxy_that_reads(self._url) if status == 403 and self._network is not None else None
        if way is not None and parse_reply(body) is None:
            host = httpx.URL(self._url).host
            words = f"names {way.address}, and an answer HTTP 403 came through it that is not the service's JSON"
            advice = f"allow {host} there or name it in NO_PROXY, and check RUNWARE_API_KEY if that changes nothing"
            raise WrongSetting(way.variable or "", f"{words}: {advice}")

    def _with_way(self, words: str) -> str:
        """Words of a failure, with the host that was asked and the proxy on the way to it."""
        return f"{self._network.way_to(self._url)}: {words}" if self._network is not None else words

    def _without_key(self, body: bytes) -> bytes:
        """An answer that repeats the key, in an error's words say, must not carry it into ledger and output."""
        return body.replace(self._secret, b"[key]") if self._secret is not None else body


async def _read(response: httpx.Response) -> bytes:
    chunks, size = [], 0
    async for chunk in decoded(response.aiter_raw(), coding_of(response), most=_BODY_LIMIT):
        size += len(chunk)
        if size > _BODY_LIMIT:
            raise Refused("answerTooLarge", f"the answer has more than {_BODY_LIMIT} bytes", response.status_code)
        chunks.append(chunk)
    return b"".join(chunks)


def judge(status: int, retry_after: str | None, body: bytes) -> Reply:
    """What an answer says about tasks; raises its trouble where it says nothing about any.

    The status counts only where the body is silent: a task's verdict may come with any status.
    """
    parsed = parse_reply(body)
    reply = parsed if parsed is not None else Reply()
    verdicts = [problem for problem in reply.problems if family(problem.code) not in NO_VERDICT]
    if status in (401, 402, 429):
        verdicts = []
    says_something = reply.items or reply.records or any(problem.uuid for problem in verdicts)
    is_of_service = bool(reply.items or reply.records or reply.problems) or (parsed is not None and b'"data"' in body)
    if not is_of_service and status in _OF_ANOTHER:
        raise Elsewhere(status)
    trouble = _trouble(status, retry_after, reply.problems, readable=parsed is not None, summary=_summary(body))
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
        return Paced(_seconds(retry_after))
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
    if not retry_after:
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
