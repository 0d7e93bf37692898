"""Finished videos over HTTP: no key, ranges, and only from https or this machine."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self

import httpx

from storyboard.runware.codings import coding_of, decoded
from storyboard.runware.errors import Coded, Gone, NotSent, Unclear, Unfit
from storyboard.runware.network import Network
from storyboard.runware.troubles import CODED_TRANSFER, is_of_transfer_coding, words_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\Z")
_REDIRECTS = 3
_WIRE_LIMIT = 4 * 1024**3
"""Bytes that may come over the wire for one video."""


@dataclass(slots=True)
class Part:
    """A video's bytes from `start` on; `total` and `etag` where the host says them, and they are about these bytes."""

    start: int
    total: int | None
    etag: str | None
    chunks: AsyncIterator[bytes]
    ends: bool = True
    """Whether a body that is cut on its way is told from a whole one; False where it only ends with the connection."""


def is_allowed(url: str) -> bool:
    """Whether a video may be fetched from there: https, or plain http to this machine."""
    try:
        parsed = httpx.URL(url)
        host = parsed.host
    except (httpx.InvalidURL, ValueError):  # idna's errors are ValueErrors
        return False
    if (parsed.port or 0) > 65_535 or not _is_host(parsed.raw_host.decode("ascii")):
        return False
    return parsed.scheme == "https" or (parsed.scheme == "http" and _is_this_machine(host))


def _is_host(host: str) -> bool:
    """Whether a name can be looked up at all: sockets raise anything but an error of theirs for one that cannot."""
    return len(host) <= 253 and all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class VideoHost:
    """Fetches videos; carries no key."""

    def __init__(self, *, timeout: float = 60.0, app: Callable[..., Any] | None = None) -> None:
        """`timeout` in seconds without a byte; `app` is an ASGI callable that answers instead of the network.

        Raises WrongSetting where the environment says wrongly how the network is used.
        """
        self._network = Network(httpx.Limits(max_connections=8, max_keepalive_connections=4)) if app is None else None
        self._http = httpx.AsyncClient(
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0), pool=None),
            follow_redirects=False,
            transport=httpx.ASGITransport(app=app) if app is not None else self._network,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    @asynccontextmanager
    async def fetch(self, url: str, start: int = 0, etag: str | None = None) -> AsyncIterator[Part]:
        """The video from byte `start` on, or from 0 where the host does not continue or the video changed.

        Raises Gone, Unfit (Coded for a content coding that is not understood), NotSent, Unclear or WrongSetting.
        """
        headers = {"Range": f"bytes={start}-", "If-Range": etag} if start and etag else {}
        try:
            async with self._follow(url, headers) as response:
                yield _part(response, start if headers else 0, etag)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise NotSent(self._with_way(url, words_of(error, "the video's host cannot be reached"))) from None
        except httpx.HTTPError as error:
            if is_of_transfer_coding(error):
                raise Coded(f"{_host_of(url)} {CODED_TRANSFER}") from None
            raise Unclear(self._with_way(url, words_of(error, "the video's host stopped answering"))) from None

    def _with_way(self, url: str, words: str) -> str:
        """Words of a failure, with the host that was asked and the proxy on the way to it."""
        if self._network is None or not is_allowed(url):
            return words
        return f"{self._network.way_to(url)}: {words}"

    @asynccontextmanager
    async def _follow(self, url: str, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        for _ in range(_REDIRECTS + 1):
            if not is_allowed(url):
                raise Unfit("the address is neither https nor on this machine")
            async with self._http.stream("GET", url, headers=headers) as response:
                if response.next_request is None:
                    yield response
                    return
                url = str(response.next_request.url)
        raise Unfit("too many redirects")


def _part(response: httpx.Response, start: int, expected_etag: str | None) -> Part:
    status = response.status_code
    if status in (403, 404, 410):
        raise Gone(f"the address answers {status}")
    if status == 416:
        raise Unfit("the host cannot continue this video")
    if status == 429 or status >= 500:
        raise Unclear(f"the video's host answered {status}")
    if status not in (200, 206):
        raise Unfit(f"the video's host answered {status}")
    etag = response.headers.get("ETag")
    if (coding := coding_of(response)) is not None:
        # Length, ranges and mark are of the coded bytes: what comes can be neither measured nor continued.
        if status == 206 and (start or not _is_whole(response)):
            raise Unfit(f"the host continued in {coding} coding")
        return Part(0, None, None, _decoded(response, coding))
    if status == 206:
        begins, total = _content_range(response.headers.get("Content-Range", ""))
        if begins != start:
            raise Unfit("the host continued at another place")
        if etag is not None and start and etag != expected_etag:
            raise Unfit("the host continued with another video")
        return Part(start, total, etag, response.aiter_raw(), total is not None or _is_framed(response))
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isascii() and length.isdigit() else None
    return Part(0, total, etag, response.aiter_raw(), _is_framed(response))


def _is_framed(response: httpx.Response) -> bool:
    return "Content-Length" in response.headers or "Transfer-Encoding" in response.headers


async def _decoded(response: httpx.Response, coding: str) -> AsyncIterator[bytes]:
    try:
        async for chunk in decoded(response.aiter_raw(), coding, most=_WIRE_LIMIT):
            yield chunk
    except Coded as error:
        raise Coded(f"{_host_of(str(response.url))} sends the video as {error}") from None


def _is_whole(response: httpx.Response) -> bool:
    """Whether a range that was not asked for is all there is."""
    match = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    return match is not None and int(match[1]) == 0 and match[3] in ("*", str(int(match[2]) + 1))


def _host_of(url: str) -> str:
    return httpx.URL(url).netloc.decode("ascii")


def _content_range(header: str) -> tuple[int, int | None]:
    match = _CONTENT_RANGE.match(header)
    if match is None:
        raise Unfit("the host continued without saying where")
    return int(match[1]), None if match[3] == "*" else int(match[3])
