"""The network as the environment says it is to be used: proxies, exceptions from them, certificates."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from storyboard.runware import network as network_module
from storyboard.runware import proxies as proxies_module
from storyboard.runware.client import Client
from storyboard.runware.errors import NotSent, ServiceError, Unclear, WrongSetting
from storyboard.runware.network import described
from storyboard.runware.proxies import Proxies
from storyboard.runware.tls import trusted
from storyboard.runware.videos import VideoHost
from tests import proxy
from tests.provider import KEY, Provider
from tests.provider.tasks import text_task

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from storyboard.runware.messages import Reply

PASSWORD = "Pa55-w0rd"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
            monkeypatch.delenv(name)


@pytest.fixture(name="provider")
def _provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


def _send(url: str, timeout: float = 5.0) -> Reply:
    async def send() -> Reply:
        async with Client(url, KEY, timeout=timeout) as client:
            return await client.send([text_task()])

    return asyncio.run(send())


@pytest.fixture(name="loopback_is_far")
def _loopback_is_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """What listens on this machine stands for a host elsewhere, which is reached through a proxy."""
    monkeypatch.setattr(proxies_module, "is_this_machine", lambda host: False)


def _way(url: str) -> str:
    return Proxies().way_to(httpx.URL(url)).words


HTTPS = "https://api.runware.ai/v1"


@pytest.mark.parametrize(
    ("variables", "url", "words"),
    [
        ({}, HTTPS, ""),
        ({"HTTPS_PROXY": "http://proxy:8080"}, HTTPS, "the proxy http://proxy:8080 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "proxy:8080"}, HTTPS, "the proxy http://proxy:8080 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": " http://proxy:8080/ "}, HTTPS, "the proxy http://proxy:8080 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "HTTP://proxy:8080"}, HTTPS, "the proxy http://proxy:8080 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "http://[::1]:8080"}, HTTPS, "the proxy http://[::1]:8080 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "http://bücher.example:80"}, HTTPS, "the proxy http://xn--bcher-kva.example (HTTPS_PROXY)"),
        (
            {"https_proxy": "http://small:1", "HTTPS_PROXY": "http://large:1"},
            HTTPS,
            "the proxy http://small:1 (https_proxy)",
        ),
        ({"https_proxy": "", "HTTPS_PROXY": "http://large:1"}, HTTPS, ""),
        ({"HTTPS_PROXY": ""}, HTTPS, ""),
        ({"HTTP_PROXY": "http://proxy:1"}, HTTPS, ""),
        ({"HTTP_PROXY": "http://proxy:1"}, "http://far.example/v1", "the proxy http://proxy:1 (HTTP_PROXY)"),
        ({"HTTP_PROXY": "http://proxy:1", "REQUEST_METHOD": "GET"}, "http://far.example/v1", ""),
        (
            {"http_proxy": "http://proxy:1", "REQUEST_METHOD": "GET"},
            "http://far.example/v1",
            "the proxy http://proxy:1 (http_proxy)",
        ),
        ({"ALL_PROXY": "socks5h://proxy:1080"}, HTTPS, "the proxy socks5h://proxy:1080 (ALL_PROXY)"),
        ({"all_proxy": "socks5://proxy:1080"}, HTTPS, "the proxy socks5h://proxy:1080 (all_proxy)"),
        ({"all_proxy": "socks://proxy:1080/"}, HTTPS, "the proxy socks5h://proxy:1080 (all_proxy)"),
        ({"ALL_PROXY": "foo://x", "HTTPS_PROXY": "http://proxy:1"}, HTTPS, "the proxy http://proxy:1 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": f"http://me:{PASSWORD}@proxy:1"}, HTTPS, "the proxy http://…@proxy:1 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "foo://x", "NO_PROXY": "*"}, HTTPS, ""),
    ],
)
def test_which_proxy(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, words: str) -> None:
    """The scheme's variable, else ALL_PROXY; small letters win, an empty one switches off; passwords are masked."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert _way(url) == words


@pytest.mark.parametrize(
    ("exceptions", "url", "goes_round"),
    [
        ("", HTTPS, False),
        ("*", HTTPS, True),
        ("other.example", HTTPS, False),
        ("runware.ai", HTTPS, True),
        (".runware.ai", HTTPS, True),
        ("*.runware.ai", HTTPS, True),
        ("RUNWARE.AI.", HTTPS, True),
        ("unware.ai", HTTPS, False),
        ("api.runware.ai:443", HTTPS, True),
        ("api.runware.ai:8443", HTTPS, False),
        ("https://api.runware.ai", HTTPS, True),
        ("http://api.runware.ai", HTTPS, False),
        ("a.example, api.runware.ai ,b.example", HTTPS, True),
        ("a.example api.runware.ai", HTTPS, True),
        ("a.example,,api.runware.ai,", HTTPS, True),
        ("/var/run/docker.sock,[,:,http://,[::1,api.runware.ai", HTTPS, True),
        ("/var/run/docker.sock,[,:,http://,[::1,10.0.0.0/99,a:b", HTTPS, False),
        ("far.example", "http://10.0.0.1:9/v1", False),
        ("far.example", "http://far.example:9/v1", True),
        ("10.0.0.1", "http://10.0.0.1:9/v1", True),
        ("10.0.0.1:9", "http://10.0.0.1:9/v1", True),
        ("10.0.0.1:8", "http://10.0.0.1:9/v1", False),
        ("10.0.0.0/8", "http://10.0.0.1:9/v1", True),
        ("10.0.0.0/8", "http://11.0.0.1:9/v1", False),
        ("0.0.1", "http://10.0.0.1:9/v1", False),
        ("::ffff:10.0.0.1", "http://10.0.0.1:9/v1", True),
        ("10.0.0.1", "http://[::ffff:10.0.0.1]:9/v1", True),
        ("[fd00::1],far.example", "http://[fd00::1]:9/v1", True),
        ("[fd00::1],far.example", "http://10.0.0.1:9/v1", False),
        ("[fd00::1]:9", "http://[fd00::1]:9/v1", True),
        ("[fd00::1]:8", "http://[fd00::1]:9/v1", False),
        ("fd00::1", "http://[fd00::1]:9/v1", True),
        ("fd00:0:0:0:0:0:0:1", "http://[fd00::1]:9/v1", True),
        ("fd00::/64", "http://[fd00::1]:9/v1", True),
        ("[fe80::]/10", "https://[fe80::1]/v1", True),
        ("fe80::1%eth0", "https://[fe80::1]/v1", True),
        ("bücher.example", "https://www.bücher.example/v1", True),
        ("xn--bcher-kva.example", "https://bücher.example/v1", True),
        ("xn--zz", HTTPS, False),
    ],
)
def test_what_goes_round_a_proxy(monkeypatch: pytest.MonkeyPatch, exceptions: str, url: str, goes_round: bool) -> None:
    """Names with what is below them, addresses, ranges, ports."""
    monkeypatch.setenv("ALL_PROXY", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", exceptions)
    assert (_way(url) == "") == goes_round


@pytest.mark.parametrize(
    "value",
    [
        "foo://x",
        "socks4://h:1",
        "socks4a://h:1",
        "ftp://h:1",
        "http://h:99999",
        "http://h:0",
        "http://h:-1",
        "http://h:8o80",
        "http://",
        "http://:80",
        "http://h h:80",
        "http://[::1:80",
        "http://[zz]:80",
        "http://xn--zz.:1",
        "http://a..b:1",
        f"http://me:{PASSWORD}@h:99999",
        f"http://me:{PASSWORD}/x@h:1",
        f"http://me:{PASSWORD}#x@h:1",
        f"http://me:{PASSWORD}%40h:1",
        f"me:{PASSWORD}@h:port",
        f"foo://me:{PASSWORD}@h",
        f"http://me:{PASSWORD}@h h:1",
        f"http://me:{PASSWORD}",
        f"me:{PASSWORD}",
        "http://" + "a" * 300 + ":1",
        "http://h:1\x1b[2J",
        "http://\u202eh:1",
        "://",
        ":",
        "@",
        "http://@:1",
        "http://%zz:1",
        "http:/127.0.0.1:9300",
        f"http//me:{PASSWORD}@h:1",
        f"HTTP:/me:{PASSWORD}@h:1",
        "http://http://h:1",
        "socks5//h:1",
        "socks5h:/h:1",
        "none",
        "None",
        "false",
        "DIRECT",
        "off",
        "http://off",
        "8080",
        "http://8080",
        "0",
    ],
)
def test_a_value_that_is_no_proxy(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The variable's name, its value without passwords, and what to write; nothing is sent past the proxy."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(WrongSetting) as wrong:
        Client(HTTPS, KEY)
    assert str(wrong.value).startswith("HTTPS_PROXY ")
    assert PASSWORD not in str(wrong.value)
    assert str(wrong.value).isprintable()
    with pytest.raises(WrongSetting):
        described(HTTPS)


@pytest.mark.parametrize("value", ["http:8080", "socks5://socks5:1080", "http://http/", "3proxy:3128", "none.lan:1"])
def test_a_host_with_an_unusual_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Networks of containers name hosts after what they do."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert described(HTTPS).startswith("through the proxy ")


@pytest.mark.parametrize("method", ["taken", "hung up", "refused"])
@pytest.mark.usefixtures("loopback_is_far")
def test_a_login_that_a_socks_proxy_does_not_want(
    monkeypatch: pytest.MonkeyPatch, provider: Provider, method: str
) -> None:
    """It goes on without the login, and from then on at once."""

    def serve(connection: socket.socket, seen: proxy.Seen) -> None:
        if method == "hung up":
            proxy.socks_without_login(connection, seen)
        elif connection.recv(3) == b"\x05\x01\x02":
            seen.heads.append(b"\x02")
            connection.sendall(b"\x05\x00" if method == "taken" else b"\x05\xff")
        else:
            seen.heads.append(b"\x00")
            connection.sendall(b"\x05\x00")
            proxy.open_way(connection, seen)

    async def send_twice() -> None:
        async with Client(provider.url, KEY, timeout=5.0) as client:
            for _ in range(2):
                assert (await client.send([text_task()])).items

    with proxy.listening(serve) as seen:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://me:{PASSWORD}@127.0.0.1:{seen.port}")
        asyncio.run(send_twice())
    assert seen.heads == [b"\x02", b"\x00"]


@pytest.mark.parametrize("answer", [b"\x05\xff", b"\x05\x02"])
def test_a_login_that_is_lacking(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """A server that wants one is not said to refuse one; where to write it is said."""
    with proxy.listening(proxy.saying(answer)) as seen:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{seen.port}")
        with pytest.raises(WrongSetting, match=r"wants a user name and password: write socks5h://USER:PASSWORD@"):
            _send("https://runware.invalid/v1")


def test_a_login_that_an_http_proxy_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named once, with what to do, whether there is one or none."""
    with proxy.listening(proxy.saying(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")) as seen:
        for login, words in (
            (f"me:{PASSWORD}@", "refuses its user name and password (407"),
            ("", "wants a user name and password (407"),
        ):
            monkeypatch.setenv("ALL_PROXY", f"http://{login}127.0.0.1:{seen.port}")
            with pytest.raises(WrongSetting) as wrong:
                _send("https://runware.invalid/v1")
            assert words in str(wrong.value)
            assert str(wrong.value).count("ALL_PROXY") == 1
            assert re.search(r"\): (correct them|write http://USER:PASSWORD@HOST:PORT)$", str(wrong.value))


@pytest.mark.parametrize("status", ["403 Forbidden", "405 Method Not Allowed"])
def test_a_proxy_that_opens_no_way(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """A refused CONNECT is the proxy's, which a person has to act on; the host is named."""
    with proxy.listening(proxy.saying(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())) as seen:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{seen.port}")
        with pytest.raises(WrongSetting, match=r"refuses to open a way to runware\.invalid \(40.*NO_PROXY"):
            _send("https://runware.invalid/v1")


@pytest.mark.parametrize("answer", [b"\x00\x01garbage\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_words_of_what_is_no_answer(answer: bytes) -> None:
    """No notation of Python, and no name of its errors."""
    with proxy.listening(proxy.saying(answer)) as seen, pytest.raises(Unclear) as unclear:
        _send(f"http://127.0.0.1:{seen.port}/v1")
    assert "bytearray" not in str(unclear.value)
    assert "Error" not in str(unclear.value)


def test_a_list_of_folders_of_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Empty parts count for nothing, and one that is no folder does no harm where another can be used."""
    (tmp_path / "0a1b2c3d.0").touch()
    for value in (f"{tmp_path}:", f":{tmp_path}", f"{tmp_path}/missing:{tmp_path}"):
        monkeypatch.setenv("SSL_CERT_DIR", value)
        trusted()
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path}/missing:{tmp_path}/none")
    with pytest.raises(WrongSetting):
        trusted()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.usefixtures("loopback_is_far")
def test_through_a_socks_proxy(monkeypatch: pytest.MonkeyPatch, provider: Provider, host: str) -> None:
    """A request goes through SOCKS 5, which looks the name up, with the user name and password of the variable."""
    url = provider.url.replace("127.0.0.1", host)
    with proxy.listening(proxy.socks) as seen:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://me:{PASSWORD}@127.0.0.1:{seen.port}")
        assert _send(url).items
    assert seen.targets == [f"{host}:{provider.port}"]
    assert seen.heads == [b"\x02", f"me:{PASSWORD}".encode()]


@pytest.mark.usefixtures("loopback_is_far")
def test_through_an_http_proxy(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """A plain address goes through HTTP_PROXY, unless NO_PROXY names it."""
    with proxy.listening(proxy.http) as seen:
        monkeypatch.setenv("http_proxy", f"me:{PASSWORD}@127.0.0.1:{seen.port}")
        assert _send(provider.url).items
        assert seen.targets == [f"127.0.0.1:{provider.port}"]
        assert b"Proxy-Authorization: Basic " in seen.heads[0]
        monkeypatch.setenv("no_proxy", "127.0.0.0/8")
        assert _send(provider.url).items
        assert len(seen.targets) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "127.9.9.9"])
def test_this_machine_is_reached_directly(monkeypatch: pytest.MonkeyPatch, variable: str, host: str) -> None:
    """Whatever the environment says: a proxy of plain HTTP would read the key."""
    for scheme in ("http", "https"):
        monkeypatch.setenv(variable, "http://proxy:1")
        assert _way(f"{scheme}://{host}:9/v1") == ""


def test_no_proxy_sees_the_key(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """On real sockets: a request to this machine, with HTTP_PROXY set, arrives and leaves no trace at the proxy."""
    with proxy.listening(proxy.http) as seen:
        for variable in ("HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{seen.port}")
        assert _send(provider.url).items
        assert (seen.heads, seen.targets) == ([], [])


@pytest.mark.usefixtures("loopback_is_far")
def test_a_tunnel_to_https(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """An https address goes through CONNECT; the key is not in what the proxy sees."""
    with proxy.listening(proxy.http) as seen:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{seen.port}")
        with pytest.raises(WrongSetting):  # the provider speaks no TLS
            _send(provider.url.replace("http:", "https:"))
    assert seen.targets == [f"127.0.0.1:{provider.port}"]
    assert KEY.encode() not in b"".join(seen.heads)


@pytest.mark.parametrize(
    ("kind", "answer", "error"),
    [
        ("http", b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", WrongSetting),
        ("http", b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", NotSent),
        ("http", b"HTTP/1.1 200 OK\r\n\r\nnot TLS at all, but a page of a hotel", NotSent),
        ("http", b"garbage\r\n\r\n", NotSent),
        ("http", b"\x00\xff", NotSent),
        ("http", b"", NotSent),
        ("socks5", b"\x05\xff", WrongSetting),
        ("socks5", b"HTTP/1.1 400 Bad Request\r\n\r\n", NotSent),
        ("socks5", b"\x04\x5b", NotSent),
        ("socks5", b"\x05", NotSent),
        ("socks5", b"", NotSent),
    ],
)
def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch, kind: str, answer: bytes, error: type[ServiceError]
) -> None:
    """Nothing was sent, whatever a proxy answers; a wrong password is a wrong setting. Host and variable are named."""
    with proxy.listening(proxy.saying(answer)) as seen:
        monkeypatch.setenv("HTTPS_PROXY", f"{kind}://me:{PASSWORD}@127.0.0.1:{seen.port}")
        with pytest.raises(error) as refused:
            _send("https://runware.invalid/v1")
    assert "HTTPS_PROXY" in str(refused.value)
    assert error is WrongSetting or "runware.invalid" in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.usefixtures("loopback_is_far")
def test_a_socks_proxy_that_refuses_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named; nothing is tried again."""

    def refuse(connection: socket.socket, seen: proxy.Seen) -> None:
        connection.recv(100)
        connection.sendall(b"\x05\x02")
        seen.heads.append(connection.recv(600))
        connection.sendall(b"\x01\x01")

    with proxy.listening(refuse) as seen:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://me:{PASSWORD}@127.0.0.1:{seen.port}")
        with pytest.raises(WrongSetting, match=r"^ALL_PROXY .*password"):
            _send("https://runware.invalid/v1")
    assert len(seen.heads) == 1


@pytest.mark.parametrize("kind", ["http", "socks5"])
def test_a_proxy_that_is_silent(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """It is given up after a while, its connection closed, and nothing was sent."""
    monkeypatch.setattr(network_module, "_GREETING", 0.3)
    with proxy.listening(proxy.silent) as seen:
        monkeypatch.setenv("ALL_PROXY", f"{kind}://127.0.0.1:{seen.port}")
        with pytest.raises(NotSent, match=r"runware\.invalid through the proxy .*ALL_PROXY.*: no answer in time"):
            _send("https://runware.invalid/v1", timeout=0.3)


def test_a_proxy_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its port nor its name: the message names host, proxy and variable."""
    for place in ("127.0.0.1:1", "nowhere.invalid:80"):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{place}")
        with pytest.raises(NotSent, match=r"^api\.runware\.ai through the proxy http://[\w.:]+ \(HTTPS_PROXY\): "):
            _send(HTTPS)


def test_a_refused_connection_names_the_host(provider: Provider) -> None:
    """Without a proxy, host and port are named."""
    with provider.offline(), pytest.raises(NotSent, match=rf"^127\.0\.0\.1:{provider.port}: "):
        _send(provider.url)


def test_many_silent_greetings_leave_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """More requests than there are connections, one after another: none of them waits for one that was given up."""
    monkeypatch.setattr(network_module, "_GREETING", 0.02)

    async def ask(port: int) -> None:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{port}")
        async with Client("https://runware.invalid/v1", KEY) as client:
            for _ in range(20):
                with pytest.raises(NotSent):
                    await client.send([text_task()])

    with proxy.listening(proxy.silent) as seen:
        asyncio.run(asyncio.wait_for(ask(seen.port), 30))
    assert len(seen.heads) == 20


@pytest.mark.parametrize("answer", [b"\x04\x5b", b""])
def test_a_failed_greeting_leaves_no_connection(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """The connection is closed at once, and not when the client is."""
    monkeypatch.setattr(network_module, "_GREETING", 0.1)
    is_closed = threading.Event()

    def answer_and_wait(connection: socket.socket, _: proxy.Seen) -> None:
        connection.recv(100)
        connection.sendall(answer)
        while connection.recv(100):
            pass
        is_closed.set()

    async def ask(port: int) -> None:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{port}")
        async with Client("https://runware.invalid/v1", KEY) as client:
            with pytest.raises(NotSent):
                await client.send([text_task()])
            assert await asyncio.to_thread(is_closed.wait, 20)

    with proxy.listening(answer_and_wait) as seen:
        asyncio.run(ask(seen.port))


@pytest.mark.parametrize("kind", ["missing", "folder", "text", "empty"])
def test_certificates_that_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    """SSL_CERT_FILE is named with its value and what to do."""
    path = tmp_path / "certificates.pem"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_text("" if kind == "empty" else "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(WrongSetting, match=r"^SSL_CERT_FILE is '.*certificates\.pem', which .*unset it$"):
        Client(HTTPS, KEY)
    with pytest.raises(WrongSetting):
        VideoHost(HTTPS)


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "unnamed"])
def test_a_folder_of_certificates_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    """SSL_CERT_DIR is named: with a folder in which OpenSSL finds nothing, nobody would be trusted."""
    path = tmp_path / "certificates"
    if kind == "file":
        path.write_text("x")
    elif kind != "missing":
        path.mkdir()
        if kind == "unnamed":
            (path / "root.pem").write_text("x")
    monkeypatch.setenv("SSL_CERT_DIR", str(path))
    with pytest.raises(WrongSetting, match=r"^SSL_CERT_DIR is '.*certificates', which "):
        trusted()


def test_a_log_of_keys_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SSLKEYLOGFILE is named, and not the certificates."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "missing" / "log"))
    with pytest.raises(WrongSetting, match=r"^SSLKEYLOGFILE is "):
        trusted()


def test_what_doctor_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy in force and the exceptions from it, without passwords."""
    assert described(HTTPS) == "directly, without a proxy"
    monkeypatch.setenv("https_proxy", f"http://me:{PASSWORD}@proxy:3128")
    monkeypatch.setenv("NO_PROXY", "localhost,.lan")
    assert described(HTTPS) == "through the proxy http://…@proxy:3128 (https_proxy), NO_PROXY localhost,.lan"
