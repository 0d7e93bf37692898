"""Finished videos over HTTP: no key, ranges, only by https or from this machine, and from nowhere near but the service.

A service that is somewhere else must not make this machine ask itself, or the network that it stands in.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

import httpx

from storyboard.runware.codings import coding_of, decoded
from storyboard.runware.errors import Coded, Gone, NotSent, Unclear, Unfit
from storyboard.runware.network import LONGEST, Network, NoCookies
from storyboard.runware.reach import Reach, is_this_machine, reach_of, reach_of_address, reach_of_host
from storyboard.runware.troubles import CODED_TRANSFER, is_of_transfer_coding, words_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\Z")
_DIGITS = 18
_REDIRECTS = 3
_WIRE_LIMIT = 4 * 1024**3
"""Bytes that may come over the wire for one video."""
_LEAST_RATE = 2048
"""Bytes a second below which a try is given up; four videos at once on a line of 10 kB a second are still above."""
_WINDOW = 60.0
"""Seconds that a video may lag behind the least rate, at the beginning or after a stretch above it."""
_LONGEST_TRY = 7200.0
"""Seconds that one try may last; what came is kept, and gone on with."""
_MARK_LIMIT = 1000
"""Letters of an ETag; a longer one is none that is worth keeping."""


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
    """Whether an address may be asked at all: https, or plain http to this machine."""
    try:
        parsed = httpx.URL(url)
        host = parsed.host
    except (httpx.InvalidURL, ValueError):  # idna's errors are ValueErrors
        return False
    if not 0 <= (parsed.port or 0) <= 65_535 or not _is_host(parsed.raw_host.decode("ascii")):
        return False
    return parsed.scheme == "https" or (parsed.scheme == "http" and is_this_machine(host))


def _is_host(host: str) -> bool:
    """Whether a name can be looked up at all: sockets raise anything but an error of theirs for one that cannot."""
    return len(host) <= 253 and all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))


class VideoHost:
    """Fetches videos; carries no key."""

    def __init__(self, service: str, *, timeout: float = 60.0, app: Callable[..., Any] | None = None) -> None:
        """`service` is the address that names the videos; none of them may be nearer than that is.

        `timeout` in seconds without a byte; `app` is an ASGI callable that answers instead of the network.
        Raises WrongSetting where the environment says wrongly how the network is used.
        """
        self._service = _raw_host(service)
        self._reach: Reach | None = None
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=4)
        self._network = Network(limits, self._admit) if app is None else None
        self._window = max(_WINDOW, timeout)
        self._longest = LONGEST * timeout
        self._http = httpx.AsyncClient(
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0), pool=None),
            follow_redirects=False,
            transport=httpx.ASGITransport(app=app) if app is not None else self._network,
            trust_env=False,
            cookies=NoCookies(),
            event_hooks={"response": [_note_target]},
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
            response = await self._follow(url, headers)
            try:
                yield _part(response, start if headers else 0, etag, self._paced(response.aiter_raw()))
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise NotSent(self._with_way(url, words_of(error, "the video's host cannot be reached"))) from None
        except httpx.HTTPError as error:
            if is_of_transfer_coding(error):
                raise Coded(f"{_host_of(url)} {CODED_TRANSFER}") from None
            raise Unclear(self._with_way(url, words_of(error, "the video's host stopped answering"))) from None
        except _TooSlow as error:
            raise Unclear(self._with_way(url, str(error))) from None

    def _with_way(self, url: str, words: str) -> str:
        """Words of a failure, with the host that was asked and the proxy on the way to it."""
        if self._network is None or not is_allowed(url):
            return words
        return f"{self._network.way_to(url)}: {words}"

    async def _follow(self, url: str, headers: dict[str, str]) -> httpx.Response:
        """The answer at the end of all redirects, its body not read; one limit of time for them together."""
        try:
            async with asyncio.timeout(self._longest):
                for _ in range(_REDIRECTS + 1):
                    await self._refuse_unsafe(url)
                    response = await self._opened(url, headers)
                    target = response.extensions.get(_TARGET)
                    if target is None:
                        return response
                    await response.aclose()
                    url = _joined(url, target)
        except TimeoutError:
            raise _TooSlow("the answer came too slowly") from None
        raise Unfit("too many redirects")

    async def _refuse_unsafe(self, url: str) -> None:
        if not is_allowed(url):
            raise Unfit("the address is neither https nor on this machine")
        if (reach := reach_of_host(_raw_host(url))) is not None:
            await self._refuse_near(reach)

    async def _opened(self, url: str, headers: dict[str, str]) -> httpx.Response:
        """An answer whose body is still to come. Raises httpx's errors, Unfit for an address that makes no request."""
        try:
            return await self._http.send(self._http.build_request("GET", url, headers=headers), stream=True)
        except (httpx.InvalidURL, ValueError) as error:  # of names that cannot be decoded, here or in a redirect
            raise Unfit(f"the address cannot be used ({type(error).__name__})") from None

    async def _admit(self, address: str) -> None:
        """Looks at who was connected to, whatever the name was."""
        await self._refuse_near(reach_of_address(address))

    async def _refuse_near(self, reach: Reach) -> None:
        """Raises Unfit for what is nearer than the service; where that is, is looked up when it matters."""
        if reach is Reach.PUBLIC:
            return
        if self._reach is None:
            self._reach = await reach_of(self._service)
        if reach > self._reach:
            place = "this machine" if reach is Reach.HERE else "a private network"
            raise Unfit(f"the address is one of {place}, and the service is not there")

    async def _paced(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same chunks. Raises _TooSlow where they come below the least rate; the time between them counts alone."""
        credit, left = self._window, _LONGEST_TRY
        while credit > 0 and left > 0:
            begun = monotonic()
            try:
                async with asyncio.timeout(min(credit, left)):
                    chunk = await anext(chunks, None)
            except TimeoutError:
                break
            if chunk is None:
                return
            waited = monotonic() - begun
            credit = min(credit - waited + len(chunk) / _LEAST_RATE, self._window)
            left -= waited
            yield chunk
        words = f"slower than {_LEAST_RATE / 1024:g} KiB a second" if credit < left else "too slowly"
        raise _TooSlow(f"the video comes {words}")


class _TooSlow(Exception):
    """What should have come by now has not; the text says so."""


_TARGET = "storyboard.target"


async def _note_target(response: httpx.Response) -> None:
    """Takes the address of a redirect out of sight of httpx, which raises all kinds of errors for one that is none."""
    target = response.headers.pop("Location", None)
    if target is not None and response.status_code in (301, 302, 303, 307, 308):
        response.extensions[_TARGET] = target


def _joined(url: str, target: str) -> str:
    """Where a redirect leads. Raises Unfit."""
    try:
        return str(httpx.URL(url).join(target))
    except (httpx.InvalidURL, ValueError):
        raise Unfit("the host redirects to what is no address") from None


def _raw_host(url: str) -> str:
    """The host of an address as it is looked up; empty where there is none."""
    try:
        return httpx.URL(url).raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        return ""


def _part(response: httpx.Response, start: int, expected_etag: str | None, chunks: AsyncIterator[bytes]) -> Part:
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
    etag = etag if etag is not None and len(etag) <= _MARK_LIMIT else None
    if (coding := coding_of(response)) is not None:
        # Length, ranges and mark are of the coded bytes: what comes can be neither measured nor continued.
        if status == 206 and (start or not _is_whole(response)):
            raise Unfit(f"the host continued in {coding} coding")
        return Part(0, None, None, _decoded(response, coding, chunks))
    if status == 206:
        begins, total = _content_range(response.headers.get("Content-Range", ""))
        if begins != start:
            raise Unfit("the host continued at another place")
        if etag is not None and start and etag != expected_etag:
            raise Unfit("the host continued with another video")
        return Part(start, total, etag, chunks, total is not None or _is_framed(response))
    length = response.headers.get("Content-Length", "")
    is_number = length.isascii() and length.isdigit() and len(length) <= _DIGITS
    return Part(0, int(length) if is_number else None, etag, chunks, _is_framed(response))


def _is_framed(response: httpx.Response) -> bool:
    return "Content-Length" in response.headers or "Transfer-Encoding" in response.headers


async def _decoded(response: httpx.Response, coding: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async for chunk in decoded(chunks, coding, most=_WIRE_LIMIT):
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
