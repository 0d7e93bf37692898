"""The whole way of a job where hosts compress unasked and where proxies stand between: paid once, brought home."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from storyboard.runware import proxies
from tests import proxy
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once
from tests.provider import Fault

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.jobs.studio import Studio
    from tests.provider.wire import Request, Response

PASSWORD = "Pa55-w0rd"


@pytest.fixture(name="loopback_is_far")
def _loopback_is_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider stands for a host elsewhere, which is reached through a proxy."""
    monkeypatch.setattr(proxies, "is_this_machine", lambda host: False)


def _coding(studio: Studio, monkeypatch: pytest.MonkeyPatch, code: Callable[[bytes], bytes], header: str) -> None:
    """From now on the provider's host sends its videos so."""
    downloads = studio.provider._downloads
    plain = downloads.answer

    def answer(request: Request) -> Response:
        response = plain(request)
        if response.status not in (200, 206):
            return response
        coded = code(response.body)
        return replace(response, body=coded, headers=response.headers | {"Content-Encoding": header})

    monkeypatch.setattr(downloads, "answer", answer)


@pytest.mark.parametrize("kind", [None, "cut", "reset", "500", "range_ignored"])
def test_a_host_that_always_compresses(studio: Studio, monkeypatch: pytest.MonkeyPatch, kind: str | None) -> None:
    """The video comes home whole, also where the first try is cut short."""
    if kind is not None:
        studio.provider.add_faults(Fault(on="download", kind=kind))  # type: ignore[arg-type]
    _coding(studio, monkeypatch, gzip.compress, "gzip")
    assert_done(studio, studio.submit(studio.board()))
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)


def test_a_part_from_before_is_not_continued_with_coded_bytes(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain part lies there, and the host has begun to compress: the video begins anew, and is whole."""
    studio.provider.add_faults(Fault(on="download", kind="cut"))
    studio.provider.add_faults(Fault(on="download", kind="500", count=None))
    assert studio.submit(studio.board()).code == 3
    studio.provider._plan.slots.clear()
    _coding(studio, monkeypatch, gzip.compress, "gzip")
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)


def _other_coding(data: bytes) -> bytes:
    """Bytes that no decoder of ours takes for anything."""
    return bytes(byte ^ 0x5A for byte in data)


def test_a_coding_that_is_not_decoded(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """One request a run, a line that names the coding and what to do, exit 6; the job is kept, and comes home later."""
    with monkeypatch.context() as patch:
        _coding(studio, patch, _other_coding, "br")
        ran = studio.submit(studio.board())
        assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (6, "ready", "undecodable")
        assert "`br`" in ran.line["error"]["message"]
        assert "127.0.0.1" in ran.line["error"]["message"]
        assert "jobs show" in ran.line["error"]["message"]
        assert studio.provider.count("download") == 1
        shown = studio.run("jobs", "show", ran.line["job"], "--json")
        assert "/video/" in shown.out
        assert studio.resume().code == 6
        assert studio.provider.count("download") == 2
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("what", ["videoInference", "getResponse"])
def test_answers_in_a_coding_that_is_not_decoded(studio: Studio, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """The run ends at once with 6 and names the coding; a job that was sent is not paid twice."""
    api = studio.provider._api
    plain = api.answer

    def answer(request: Request) -> Response:
        response = plain(request)
        if what.encode() not in request.body:
            return response
        return replace(
            response, body=_other_coding(response.body), headers=response.headers | {"Content-Encoding": "br"}
        )

    with monkeypatch.context() as patch:
        patch.setattr(api, "answer", answer)
        ran = studio.submit(studio.board())
        assert ran.code == 6, ran
        assert "`br`" in ran.err
        assert "could not be reached" not in ran.err
        if what == "videoInference":
            assert ran.line["state"] == "unknown"
            assert studio.provider.count("submit") == 1
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.usefixtures("loopback_is_far")
@pytest.mark.parametrize("kind", ["http", "socks5", "socks5h"])
def test_a_job_through_a_proxy(studio: Studio, kind: str) -> None:
    """Questions, the paid task and the video all go through it; its password stands in nothing that is said or kept."""
    with proxy.listening(proxy.http if kind == "http" else proxy.socks) as seen:
        studio.extra["ALL_PROXY"] = f"{kind}://me:{PASSWORD}@127.0.0.1:{seen.port}"
        assert_done(studio, studio.submit(studio.board()))
        assert "…@127.0.0.1" in studio.run("doctor").out
    assert_paid_once(studio, 1)
    assert len(seen.targets) >= 2
    assert set(seen.targets) == {f"127.0.0.1:{studio.provider.port}"}
    assert PASSWORD not in "".join(studio.outputs)
    assert not [path for path in studio.folder.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]


@pytest.mark.usefixtures("loopback_is_far")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "foo://x"),
        ("HTTP_PROXY", "http://127.0.0.1:99999"),
        ("http_proxy", "http://[::1"),
        ("SSL_CERT_FILE", "/nonexistent.pem"),
    ],
)
def test_a_wrong_setting_while_a_paid_job_waits(studio: Studio, name: str, value: str) -> None:
    """`submit` and `resume` end with 6 and the variable's name, nothing is sent; corrected, the job comes home."""
    studio.provider.add_faults(Fault(on="download", kind="500", count=None))
    assert studio.submit(studio.board()).code == 3
    studio.provider._plan.slots.clear()
    asked = len(studio.provider.requests)
    studio.extra[name] = value
    for ran in (studio.resume(), studio.submit(studio.board("other"))):
        assert ran.code == 6
        assert name in ran.err
        assert value in ran.err
        assert "bug" not in ran.err
    assert len(studio.provider.requests) == asked
    del studio.extra[name]
    assert_done(studio, studio.resume())


@pytest.mark.usefixtures("loopback_is_far")
def test_a_proxy_that_refuses_the_password(studio: Studio) -> None:
    """Exit 6 at once, with the variable; nothing was paid, and the job waits."""

    def refuse(connection: socket.socket, seen: proxy.Seen) -> None:
        connection.recv(100)
        connection.sendall(b"\x05\x02")
        seen.heads.append(connection.recv(600))
        connection.sendall(b"\x01\x01")

    with proxy.listening(refuse) as seen:
        studio.extra["ALL_PROXY"] = f"socks5h://me:{PASSWORD}@127.0.0.1:{seen.port}"
        ran = studio.submit(studio.board())
    assert (ran.code, len(seen.heads)) == (6, 1)
    assert "ALL_PROXY" in ran.err
    assert PASSWORD not in ran.err + ran.out
    del studio.extra["ALL_PROXY"]
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.usefixtures("loopback_is_far")
def test_a_proxy_that_hangs_up(studio: Studio, patience: Callable[..., None]) -> None:
    """Exit 3, and the message names the service's host, the proxy and its variable; the job waits."""
    patience(patience_before_contact=0.2)
    with proxy.listening(proxy.saying(b"")) as seen:
        studio.extra["ALL_PROXY"] = f"socks5h://127.0.0.1:{seen.port}"
        ran = studio.submit(studio.board())
    assert ran.code == 3
    way = f"127.0.0.1:{studio.provider.port} through the proxy socks5h://127.0.0.1:{seen.port} (ALL_PROXY)"
    assert way in ran.err
    del studio.extra["ALL_PROXY"]
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_the_key_takes_no_proxy_to_this_machine(studio: Studio) -> None:
    """A whole job at a service on this machine: no proxy of the environment hears of it."""
    with proxy.listening(proxy.http) as seen:
        for name in ("HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY"):
            studio.extra[name] = f"http://127.0.0.1:{seen.port}"
        assert_done(studio, studio.submit(studio.board()))
    assert (seen.heads, seen.targets) == ([], [])


def test_resumed_into_a_folder_that_had_it(studio: Studio) -> None:
    """`resume --out` fetches what came to that folder before and was deleted, and prints only what is there."""
    boards = [studio.board(name, words="pier") for name in ("w", "x", "y")]
    assert studio.submit(boards[0]).code == 0
    assert studio.submit(*boards[1:], "--out", "small").code == 0
    for video in studio.folder.glob("*/?-1.mp4"):
        video.unlink()
    (studio.folder / "shut").write_text("no folder")
    with mock.patch("storyboard.submitting.places.unfit_folder", return_value=None):
        assert studio.submit(boards[0], "--out", "shut/x").code == 6
    ran = studio.resume("--out", "renders")
    assert_done(studio, ran)
    assert (ran.line["file"], ran.line["reused"]) == (boards[0], True)
    assert [take["path"] for take in ran.line["takes"]] == ["renders/w-1.mp4"]
    assert (studio.renders / "w-1.mp4").exists()
    assert len(studio.provider.paid) == 1


def test_a_bill_is_told_once(studio: Studio) -> None:
    """Of several storyboards that one job is for, one says what it cost as new, also when all are resumed."""
    boards = [studio.board(name, words="pier") for name in ("w", "x", "y")]
    studio.run("submit", *boards[:2], "--yes", "--no-wait")
    assert sorted(line["reused"] for line in studio.resume().lines) == [False, True]
    (studio.folder / "shut").write_text("no folder")
    with mock.patch("storyboard.submitting.places.unfit_folder", return_value=None):
        studio.submit(boards[2], "--out", "shut/x")
    ran = studio.resume("--out", "cut")
    assert_done(studio, ran)
    assert ran.line["reused"]
    assert len(studio.provider.paid) == 1
