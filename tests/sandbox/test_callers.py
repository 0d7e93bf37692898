"""Who may ask the served sandbox: no page of another site, no name that leads here by chance, nobody without a key."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.sandbox.callers import Callers, Place
from storyboard.sandbox.guarding import first_task
from tests.sandbox.served import Served
from tests.sandbox.twin import ask, text_to_video

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "Authorization: Bearer any"
JSON = "Content-Type: application/json"


class Listener(socket.socket):
    """A socket that says that it listens at an address."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host

    def getsockname(self) -> tuple[str, int]:
        return self._host, 8778


def callers(host: str = "127.0.0.1", *names: str) -> Callers:
    """Those of a server that listens at this host and port 8778."""
    with Listener(host) as listener:
        return Callers(listener, names)


def why(known: Callers, *headers: tuple[str, str], method: str = "POST") -> str | None:
    return known.why_not(method, headers)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:8778", True),
        ("LOCALHOST:8778", True),
        ("localhost.:8778", True),
        ("127.0.0.1:8778", True),
        ("127.9.9.9:8778", True),
        ("[::1]:8778", True),
        ("studio.example:8778", True),
        ("tunnel.example:9000", True),
        ("tunnel.example:8778", False),
        ("localhost", False),
        ("localhost:8779", False),
        ("localhost.evil.example:8778", False),
        ("127.0.0.1.evil.example:8778", False),
        ("evil.example:8778", False),
        ("10.0.0.1:8778", False),
        ("0.0.0.0:8778", False),
        ("2130706433:8778", False),
        ("user@localhost:8778", False),
        ("localhost:8778/x", False),
        ("localhost:", False),
        ("localhost:８７７８", False),
        ("", False),
    ],
)
def test_hosts(host: str, known: bool) -> None:
    """Loopback by its numbers and its name, and what was given, at the port that is listened on."""
    found = callers("127.0.0.1", "studio.example", "tunnel.example:9000")
    assert (why(found, ("host", host)) is None) == known
    assert why(found) is not None
    assert why(found, ("host", "localhost:8778"), ("host", "localhost:8778")) is not None


def test_hosts_beyond_this_machine() -> None:
    """Numbers lead nowhere else; of names the machine's own, and what was given."""
    everywhere, one = callers("0.0.0.0"), callers("192.168.1.5")
    assert why(everywhere, ("host", "192.168.1.7:8778")) is None
    assert why(everywhere, ("host", f"{socket.gethostname()}:8778")) is None
    assert why(everywhere, ("host", "evil.example:8778")) is not None
    assert why(one, ("host", "192.168.1.5:8778")) is None
    assert why(one, ("host", "192.168.1.7:8778")) is not None
    assert callers("fe80::1%eth0").knows(Place("fe80::1", 8778))
    with pytest.raises(ValueError, match="no host name"):
        callers("127.0.0.1", "http://studio.example/")


@pytest.mark.parametrize(
    ("headers", "free"),
    [
        ({}, True),
        ({"origin": "http://localhost:8778"}, True),
        ({"origin": "HTTP://LocalHost:8778"}, True),
        ({"origin": "http://127.0.0.1:8778"}, False),
        ({"origin": "http://localhost:3000"}, False),
        ({"origin": "https://localhost:8778"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "Cross-Site"}, False),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "video"}, False),
    ],
)
def test_pages_of_other_sites(headers: dict[str, str], free: bool) -> None:
    """Whatever a browser says of another site's request is enough."""
    for method in ("GET", "POST", "OPTIONS"):
        assert (why(callers(), ("host", "localhost:8778"), *headers.items(), method=method) is None) == free


def test_a_link_may_be_followed() -> None:
    """The page that has it learns nothing; a form that is sent is no link."""
    link = (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"))
    host = ("host", "localhost:8778")
    assert why(callers(), host, *link, method="GET") is None
    assert why(callers(), host, *link, method="POST") is not None
    assert why(callers(), host, *link, ("origin", "http://evil.example"), method="GET") is not None


@given(st.text(max_size=40))
def test_no_host_breaks_it(host: str) -> None:
    """Only what names this machine at this port is known, whatever is said."""
    if why(callers(), ("host", host)) is None:
        place = Place.read(host.strip())
        assert place is not None
        assert place.port == 8778
        assert place.host == "localhost" or place.host.startswith("127.") or ":" in place.host


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One sandbox behind a fault plan, which reads bodies too, whose jobs are done at once."""
    plan = "faults: [{on: submit, kind: 500, uuid: 3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47}]"
    with Served(tmp_path_factory.mktemp("served"), "--job-seconds", "0", plan=plan) as server:
        yield server
    assert "Traceback" not in server.words()


def say(served: Served, *lines: str, body: bytes = b"", method: str = "POST", path: str = "") -> tuple[int, str, bytes]:
    """Status, head and body of the answer to exactly these header lines."""
    there = urlsplit(served.url)
    with closing(socket.create_connection((there.hostname, there.port), timeout=60)) as line:
        host = [] if any(one.lower().startswith("host:") for one in lines) else [f"Host: {there.netloc}"]
        length = [] if any("length" in one.lower() for one in lines) else [f"Content-Length: {len(body)}"]
        head = "\r\n".join([f"{method} {path or there.path} HTTP/1.1", *host, *lines, *length, "", ""])
        line.sendall(head.encode("latin-1") + body)
        with line.makefile("rb") as stream:
            said = b""
            while (part := stream.readline()) not in (b"\r\n", b""):
                said += part
            length_said = next((one for one in said.lower().split(b"\r\n") if one.startswith(b"content-length")), b":0")
            return int(said.split()[1]), said.decode("latin-1").lower(), stream.read(int(length_said.split(b":")[1]))


QUESTION = json.dumps([ask(text_to_video()["taskUUID"])]).encode()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([KEY, JSON], 200),
        ([KEY, "Content-Type: Application/JSON; charset=utf-8"], 200),
        ([KEY], 415),
        ([KEY, "Content-Type: text/plain"], 415),
        ([KEY, "Content-Type: application/x-www-form-urlencoded"], 415),
        ([KEY, "Content-Type: multipart/form-data; boundary=application/json"], 415),
        ([KEY, "Content-Type: text/plain, application/json"], 415),
        ([KEY, "Content-Type: text/plain; application/json"], 415),
        ([KEY, JSON, "Content-Type: text/plain"], 415),
        ([KEY, JSON, "Origin: http://evil.example"], 403),
        ([KEY, JSON, "Sec-Fetch-Site: cross-site"], 403),
        ([KEY, JSON, "Host: evil.example:8778"], 403),
        ([JSON], 401),
    ],
)
def test_what_is_answered(served: Served, lines: list[str], status: int) -> None:
    """A refusal is an error in the service's form, and no page may read anything."""
    got, head, body = say(served, *lines, body=QUESTION)
    assert got == status
    assert "access-control" not in head
    if status != 401:  # which the sandbox itself has said
        assert "cross-origin-resource-policy: same-origin" in head
        assert "x-content-type-options: nosniff" in head
    assert status == 200 or json.loads(body)["errors"][0]["message"]


def test_no_page_gets_leave(served: Served) -> None:
    """The question that a browser asks before another page's request is not answered by a yes."""
    asked = ("Origin: http://evil.example", "Access-Control-Request-Method: POST")
    status, head, _ = say(served, *asked, method="OPTIONS")
    assert (status, "access-control" in head) == (403, False)
    status, head, _ = say(served, method="OPTIONS")
    assert (status, "access-control" in head) == (405, False)


def test_videos_are_for_no_other_site(served: Served) -> None:
    """They are shown to who asks from here, and not within another site's page."""
    task = text_to_video(duration=3, positivePrompt="shot 1, 3, A lamp;")
    served.post(task)
    (item,) = served.post(ask(task["taskUUID"])).json["data"]
    path = urlsplit(item["videoURL"]).path
    status, head, _ = say(served, method="GET", path=path)
    assert (status, "cross-origin-resource-policy: same-origin" in head, "nosniff" in head) == (200, True, True)
    assert say(served, "Origin: http://evil.example", method="GET", path=path)[0] == 403
    assert say(served, "Sec-Fetch-Site: cross-site", method="GET", path=path)[0] == 403


@pytest.mark.parametrize("announced", ["Content-Length: 70000000", "Transfer-Encoding: chunked; length"])
@pytest.mark.parametrize("key", [[], ["Authorization: Bearer "], ["Authorization: Basic any"]])
def test_no_body_is_read_before_the_key(served: Served, key: list[str], announced: str) -> None:
    """The refusal comes while nearly all of the body is still to come; a fault plan reads no more either."""
    announced = announced.removesuffix("; length")
    piece = b" " * 20_000
    body = piece if "Length" in announced else f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    also = [] if "Length" in announced else ["X-Length: none"]
    status, head, said = say(served, *key, JSON, announced, *also, body=body)
    assert (status, json.loads(said)["errors"][0]["code"]) == (401, "missingApiKey")
    assert "connection: close" in head


def test_a_key_in_the_first_task_will_do(served: Served) -> None:
    """As the service documents it, however long the body is."""
    tasks = [{"taskType": "authentication", "apiKey": "any"}, ask(text_to_video()["taskUUID"])]
    body = json.dumps([*tasks, {"taskType": "ping", "filler": "x" * 100_000}]).encode()
    assert say(served, JSON, body=body)[0] in (200, 400)
    tasks[0]["apiKey"] = ""
    body = json.dumps([*tasks, {"taskType": "ping", "filler": "x" * 100_000}]).encode()
    assert say(served, JSON, body=body)[0] == 401


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        (b' [ {"a": 1}, {"b"', {"a": 1}),
        (b'[{"a": 1', None),
        (b'{"a": 1}', None),
        (b'({"a": 1}', None),
        (b"[1, 2", None),
        (b"[" * 16_000, None),
        (b"\xff\xff", None),
        (b"", None),
    ],
)
def test_first_task(beginning: bytes, found: object) -> None:
    """Of the beginning of a body, where it is whole."""
    assert first_task(beginning) == found


@pytest.mark.parametrize(
    "header", ["Origin: http://evil.example", "Origin: null", "Host: evil.example:80", "Sec-Fetch-Site: cross-site"]
)
def test_no_page_opens_a_websocket(served: Served, header: str) -> None:
    """The upgrade is refused; from here it is not."""
    upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    upgrade.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    assert say(served, *upgrade, header, "X-Length: none", method="GET")[0] == 403
    own = f"Origin: http://{urlsplit(served.url).netloc}"
    for more in ([], [own]):
        assert say(served, *upgrade, *more, "X-Length: none", method="GET")[0] == 101
