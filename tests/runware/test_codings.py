"""Content codings: what hosts compress unasked is decoded, or refused by name; never more than a video may hold."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.jobs.download import download
from storyboard.runware.client import Client
from storyboard.runware.codings import decoded
from storyboard.runware.errors import Coded, Unclear, Unfit, Unreadable
from storyboard.runware.videos import VideoHost
from tests import proxy
from tests.provider.media import video
from tests.provider.tasks import text_task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

VIDEO = video("film", "mp4", 50_000, 3)
WEBM = video("film", "webm", 50_000, 3)
UUID = "11111111-1111-4111-8111-111111111111"


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _answer(body: bytes, *headers: str, status: str = "200 OK", chunked: bool = False) -> bytes:
    if chunked:
        headers = (*headers, "Transfer-Encoding: chunked")
        pieces = [body[begin : begin + 777] for begin in range(0, len(body), 777)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    else:
        headers = (*headers, f"Content-Length: {len(body)}")
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def _fetched(answer: bytes, start: int = 0, etag: str | None = None) -> tuple[bytes, int | None, str | None]:
    """Bytes, stated length and mark of a video that a host gives so."""

    async def fetch(port: int) -> tuple[bytes, int | None, str | None]:
        async with (
            VideoHost("http://localhost", timeout=5) as host,
            host.fetch(f"http://127.0.0.1:{port}/v.mp4", start, etag) as part,
        ):
            return b"".join([chunk async for chunk in part.chunks]), part.total, part.etag

    with proxy.listening(proxy.saying(answer)) as seen:
        return asyncio.run(fetch(seen.port))


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("gzip", _gzip(VIDEO)),
        ("GZIP", _gzip(VIDEO)),
        (" gzip , identity", _gzip(VIDEO)),
        ("x-gzip", _gzip(VIDEO)),
        ("gzip", _gzip(VIDEO[:9000]) + _gzip(VIDEO[9000:])),
        ("gzip", _gzip(VIDEO) + b"\0"),
        ("gzip", _gzip(VIDEO) + b"\x1f"),
        ("gzip", _gzip(VIDEO) + b"trailing garbage" * 500),
        ("deflate", zlib.compress(VIDEO)),
        ("deflate", _raw_deflate(VIDEO)),
        ("deflate", zlib.compress(VIDEO) + b"garbage"),
        ("identity", VIDEO),
        ("", VIDEO),
        ("gzip", VIDEO),
        ("deflate", VIDEO),
        ("gzip", WEBM),
        ("br", VIDEO),
        ("zstd", WEBM),
        ("aws-chunked", VIDEO),
        ("gzip, gzip", VIDEO),
    ],
)
def test_a_coded_video_arrives(header: str, body: bytes, chunked: bool) -> None:
    """Every way of writing gzip and deflate, and a header that is not true; the video comes as it is."""
    found, total, etag = _fetched(_answer(body, f"Content-Encoding: {header}", 'ETag: "a"', chunked=chunked))
    assert found == (WEBM if body == WEBM else VIDEO)
    if header.strip() not in ("identity", ""):
        assert (total, etag) == (None, None), "length and mark are of the coded bytes"


@pytest.mark.parametrize("header", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "aes128gcm", "\x80", "x" * 500])
def test_another_coding_is_refused_by_name(header: str) -> None:
    """The message names it, so that a person can act."""
    with pytest.raises(
        Coded, match=r"^127\.0\.0\.1:\d+ sends the video as `[^`]{1,60}`.*, which Storyboard does not decode"
    ):
        _fetched(_answer(b"x" * 50, f"Content-Encoding: {header}"))


def test_two_headers_are_two_codings() -> None:
    """One after another means the same as both in one line; it is not said that gzip were not decoded."""
    with pytest.raises(Coded, match="`gzip, br`, two codings at once, which"):
        _fetched(_answer(b"x" * 50, "Content-Encoding: gzip", "Content-Encoding: br"))


@pytest.mark.parametrize("extra", [1, 5000])
def test_the_coding_knows_its_end(extra: int) -> None:
    """A length that counts the decoded bytes promises too much: the video is whole where the coding is."""
    answer = _answer(_gzip(VIDEO), "Content-Encoding: gzip")
    length = b"Content-Length: %d" % len(_gzip(VIDEO))
    longer = b"Content-Length: %d" % (len(_gzip(VIDEO)) + extra)
    assert _fetched(answer.replace(length, longer))[0] == VIDEO
    with pytest.raises(Unclear):
        _fetched(answer.replace(length, longer)[:-2])


def test_a_range_that_was_not_asked_for() -> None:
    """Of a coded video the whole may come as a range; a piece of it, or a range of nothing known, may not."""
    body = _gzip(VIDEO)
    for stated, is_good in (
        (f"bytes 0-{len(body) - 1}/{len(body)}", True),
        (f"bytes 0-{len(body) - 1}/*", True),
        (f"bytes 0-{len(body) - 1}/{len(body) + 9}", False),
        ("nonsense", False),
    ):
        answer = _answer(body, "Content-Encoding: gzip", f"Content-Range: {stated}", status="206 Partial Content")
        if is_good:
            assert _fetched(answer)[0] == VIDEO
        else:
            with pytest.raises(Unfit):
                _fetched(answer)


def test_a_transfer_coding_is_refused_by_name() -> None:
    """The library reads chunked alone; that comes again with every try."""
    answer = _answer(_gzip(VIDEO), chunked=True).replace(b"Encoding: chunked", b"Encoding: gzip, chunked")
    with pytest.raises(Coded, match=r"^127\.0\.0\.1:\d+ uses a Transfer-Encoding other than chunked"):
        _fetched(answer)
    with pytest.raises(Unreadable, match="Transfer-Encoding"):
        _reply(answer)


def test_gzip_that_nobody_announces(tmp_path: Path) -> None:
    """It is named, and neither kept as a video nor asked for again and again."""

    async def fetch(port: int) -> None:
        async with VideoHost("http://localhost", timeout=5) as host:
            await download(host, f"http://127.0.0.1:{port}/v.mp4", tmp_path / "v.mp4")

    with proxy.listening(proxy.saying(_answer(_gzip(VIDEO)))) as seen, pytest.raises(Coded, match="does not say so"):
        asyncio.run(fetch(seen.port))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("header", "head"),
    [("br", b"\x0b\x02\x80"), ("br", b"[\x02\x80"), ("zstd", b"\x28\xb5\x2f\xfd"), ("gzip, gzip", b"x")],
)
def test_answers_in_another_coding(header: str, head: bytes) -> None:
    """They came and cannot be read, which no second try mends; a fault of a server may pass all the same."""
    body = head + b"\x00\x01\x02" * 20
    with pytest.raises(Unreadable, match=f"the answer comes as `{header}`"):
        _reply(_answer(body, f"Content-Encoding: {header}"))
    with pytest.raises(Unclear):
        _reply(_answer(body, f"Content-Encoding: {header}", status="502 Bad Gateway"))


@pytest.mark.parametrize("body", [_gzip(VIDEO)[:-1], _gzip(VIDEO)[:2000], _gzip(VIDEO)[:5], b""])
def test_a_coding_that_ends_early(body: bytes) -> None:
    """It is no whole video, and the next try begins anew."""
    with pytest.raises((Unclear, Unfit)):
        _fetched(_answer(body, "Content-Encoding: gzip"))


def test_a_broken_coding() -> None:
    """One wrong byte: what comes is not taken for a video."""
    body = bytearray(_gzip(VIDEO))
    body[-6] ^= 1
    with pytest.raises(Unfit, match="gzip"):
        _fetched(_answer(bytes(body), "Content-Encoding: gzip"))
    with pytest.raises(Unfit, match="gzip"):
        _fetched(_answer(b"<html>no gzip at all</html>", "Content-Encoding: gzip"))


@pytest.mark.parametrize("header", ["gzip", "br", "identity, gzip"])
def test_a_coded_part_cannot_be_continued(header: str) -> None:
    """A range of coded bytes is none of the video's: it is refused, and fetched from its beginning."""
    answer = _answer(
        _gzip(VIDEO)[100:],
        f"Content-Encoding: {header}",
        'ETag: "a"',
        "Content-Range: bytes 100-999/1000",
        status="206 Partial Content",
    )
    with pytest.raises(Unfit):
        _fetched(answer, 100, '"a"')


def _decoded(body: bytes, coding: str, sizes: Iterable[int]) -> bytes:
    async def pieces() -> AsyncIterator[bytes]:
        place = 0
        for size in sizes:
            yield body[place : place + size]
            place += size
        yield body[place:]

    async def all_of() -> bytes:
        return b"".join([piece async for piece in decoded(pieces(), coding, most=1 << 30)])

    return asyncio.run(all_of())


@given(st.data())
def test_pieces_of_any_size_give_the_same(data: st.DataObject) -> None:
    """However the network cuts it: the whole comes out, or an error, never a part of it."""
    plain = data.draw(st.binary(max_size=300)) * data.draw(st.integers(1, 2000))
    coding = data.draw(st.sampled_from(["gzip", "deflate"]))
    cut = data.draw(st.integers(0, len(plain)))
    body = _gzip(plain[:cut]) + _gzip(plain[cut:]) if coding == "gzip" else zlib.compress(plain)
    sizes = data.draw(st.lists(st.integers(0, 400), max_size=40))
    if len(plain) > max(1 << 20, 200 * len(body)):
        return
    assert _decoded(body, coding, sizes) == plain
    end = data.draw(st.integers(0, len(body)))
    try:
        part = _decoded(body[:end], coding, sizes)
    except (Unclear, Unfit):
        return
    assert part in (plain, plain[:cut])
    assert coding == "gzip" or part == plain


def test_a_bomb_is_stopped_early() -> None:
    """A quarter of a gigabyte of nothing is refused after a part of it, which comes 256 KiB at a time."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    sizes: list[int] = []

    async def take() -> None:
        async def whole() -> AsyncIterator[bytes]:
            yield bomb

        async for piece in decoded(whole(), "gzip", most=1 << 30):
            sizes.append(len(piece))  # noqa: PERF401 - what came before the error counts

    with pytest.raises(Unfit, match="grows beyond measure"):
        asyncio.run(take())
    assert max(sizes) <= 1 << 18
    assert sum(sizes) <= 200 * len(bomb)


def test_a_bomb_in_small_pieces_is_stopped_early() -> None:
    """What has come so far is what counts, not what is announced."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    with pytest.raises(Unfit, match="grows beyond measure"):
        _decoded(bomb, "gzip", [1000] * 100)


def test_a_coding_without_an_end_of_its_head() -> None:
    """A gzip whose file name never ends makes no byte of a video: its size on the wire is bounded too."""

    async def endless() -> AsyncIterator[bytes]:
        yield b"\x1f\x8b\x08\x08\0\0\0\0\0\0"
        while True:
            yield b"a" * 65_536

    async def take() -> None:
        async for _ in decoded(endless(), "gzip", most=1 << 20):
            raise AssertionError("there is nothing in it")

    with pytest.raises(Unfit, match="more than"):
        asyncio.run(take())


def test_many_members_take_linear_time() -> None:
    """Each member of a gzip costs what it is long."""
    member = _gzip(b"x")
    assert _decoded(member * 20_000, "gzip", []) == b"x" * 20_000


def test_what_is_pending_comes_out() -> None:
    """Bytes that the decoder holds back when a step is full are asked for, also after its last input."""
    noise = random.Random(1).randbytes(3000)
    for size in (1 << 18, (1 << 18) + 1, (1 << 19) - 1):
        plain = (noise * (size // 3000 + 1))[:size]
        assert _decoded(_raw_deflate(plain), "deflate", []) == plain


def _reply(answer: bytes) -> Any:
    async def send(port: int) -> Any:
        async with Client(f"http://127.0.0.1:{port}/v1", "key", timeout=5) as client:
            return await client.send([text_task()])

    with proxy.listening(proxy.saying(answer)) as seen:
        return asyncio.run(send(seen.port))


def test_coded_answers_of_the_service() -> None:
    """The same for the service's own answers; of those that cannot be read nothing is known."""
    body = json.dumps({"data": [{"taskType": "videoInference", "taskUUID": UUID}]}).encode()
    for header, coded in (
        ("gzip", _gzip(body)),
        ("deflate", zlib.compress(body)),
        ("gzip", body),
        ("br", body),
        ("", body),
    ):
        assert [item.uuid for item in _reply(_answer(coded, f"Content-Encoding: {header}")).items] == [UUID]
    for header, coded, words in (
        ("gzip", _gzip(body)[:-3], "ends early"),
        ("gzip", b"no gzip, no JSON", "broken"),
        ("gzip", _gzip(b" " * 50_000_000), "more than"),
    ):
        with pytest.raises(Unclear, match=words):
            _reply(_answer(coded, f"Content-Encoding: {header}"))
