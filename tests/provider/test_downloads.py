"""Videos come in whole and in ranges, and break or lie where the plan says so."""

from collections.abc import Iterator

import httpx
import pytest

from tests.provider import KEY, Fault, Provider
from tests.provider.faults import Kind
from tests.provider.plain_client import ask, finished
from tests.provider.tasks import name


@pytest.fixture(name="http", scope="module")
def _http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5, trust_env=False) as client:
        yield client


def boxes(data: bytes) -> list[bytes]:
    """The names of the top-level boxes; they end where the file ends."""
    names, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        names.append(data[at + 4 : at + 8])
        at += size
    assert at == len(data)
    return names


def test_videos_in_whole_and_in_ranges(http: httpx.Client) -> None:
    """A file of its own for every result; ranges with ETag continue it exactly."""
    with Provider(video_bytes=5000) as provider:
        row = finished(http, provider, numberResults=2)
        url = row["videoURL"]
        whole = http.get(url)
        data = whole.content
        assert boxes(data) == [b"ftyp", b"moov", b"mdat"]
        assert data == provider.content(row["videoUUID"], seconds=7)
        assert data != provider.content(provider.videos(row["taskUUID"])[1], seconds=7)
        etag, total = whole.headers["etag"], len(data)
        rest = http.get(url, headers={"Range": "bytes=1000-", "If-Range": etag})
        assert (rest.status_code, rest.content) == (206, data[1000:])
        assert rest.headers["content-range"] == f"bytes 1000-{total - 1}/{total}"
        assert http.get(url, headers={"Range": "bytes=5-9"}).content == data[5:10]
        assert http.get(url, headers={"Range": "bytes=-7"}).content == data[-7:]
        assert http.get(url, headers={"Range": "bytes=5-9", "If-Range": '"other"'}).content == data
        beyond = http.get(url, headers={"Range": f"bytes={total}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{total}")
        head = http.head(url)
        assert (head.headers["content-length"], head.content) == (str(total), b"")
        assert http.get(f"{provider.origin}/video/{name()}.mp4").status_code == 404


def test_other_formats(http: httpx.Client) -> None:
    """WEBM and MOV have their own beginnings and types."""
    with Provider() as provider:
        webm = http.get(finished(http, provider, outputFormat="WEBM")["videoURL"])
        assert (webm.content[:4].hex(), webm.headers["content-type"]) == ("1a45dfa3", "video/webm")
        mov = http.get(finished(http, provider, outputFormat="MOV")["videoURL"])
        assert (mov.content[4:12], mov.headers["content-type"]) == (b"ftypqt  ", "video/quicktime")


def test_the_key_must_not_reach_the_videos(http: httpx.Client) -> None:
    """A download with Authorization is a leak; a compressed one is noted."""
    with Provider() as provider:
        url = finished(http, provider)["videoURL"]
        http.get(url, headers={"Accept-Encoding": "identity"})
        assert (provider.leaks, provider.notes) == ([], [])
        http.get(url, headers={"Authorization": f"Bearer {KEY}"})
        assert len(provider.leaks) == 1
        assert "Accept-Encoding" in provider.notes[0]
        assert provider.count("download") == 2


def test_urls_expire_and_are_renewed_by_a_poll(http: httpx.Client) -> None:
    """403 after their life; the next getResponse has another URL of the same video, getTaskDetails the old one."""
    with Provider(url_life=100) as provider:
        old = finished(http, provider)
        assert http.get(old["videoURL"]).status_code == 200
        provider.advance(101)
        assert http.get(old["videoURL"]).status_code == 403
        (details,) = ask(http, provider, old["taskUUID"], how="getTaskDetails").json()["data"]
        assert details["response"]["data"][0]["videoURL"] == old["videoURL"]
        (new,) = ask(http, provider, old["taskUUID"]).json()["data"]
        assert (new["videoUUID"], new["videoURL"] == old["videoURL"]) == (old["videoUUID"], False)
        assert http.get(new["videoURL"]).status_code == 200
        assert http.get(old["videoURL"]).status_code == 403
        provider.expire_urls()
        assert http.get(new["videoURL"]).status_code == 403


DAMAGED: list[tuple[Fault, type[Exception]]] = [
    (Fault(on="download", kind="cut"), httpx.RemoteProtocolError),
    (Fault(on="download", kind="reset"), httpx.ReadError),
    (Fault(on="download", kind="reset", when="after"), httpx.ReadError),
    (Fault(on="download", kind="stall"), httpx.ReadTimeout),
    (Fault(on="download", kind="stall", when="after"), httpx.ReadTimeout),
    (Fault(on="download", kind="wrong_length", off_by=10), httpx.RemoteProtocolError),
]


def _client(fault: Fault) -> httpx.Client:
    """One that soon gives up where nothing more comes, and has time everywhere else."""
    return httpx.Client(timeout=0.3 if fault.kind == "stall" else 5, trust_env=False)


@pytest.mark.parametrize(("fault", "seen_as"), DAMAGED)
def test_downloads_that_break(http: httpx.Client, fault: Fault, seen_as: type[Exception]) -> None:
    """The transfer ends in an error; half of the file may have come."""
    with Provider(faults=[fault]) as provider, _client(fault) as impatient:
        row = finished(http, provider)
        size = len(provider.content(row["videoUUID"], seconds=7))
        got = bytearray()

        def fetch() -> None:
            with impatient.stream("GET", row["videoURL"]) as answer:
                for piece in answer.iter_raw():
                    got.extend(piece)

        with pytest.raises(seen_as):
            fetch()
        halves = fault.kind == "cut" or fault.when == "after"
        assert len(got) == (size // 2 if halves else size if fault.kind == "wrong_length" else 0)


LIES: list[Kind] = [
    "wrong_length", "range_ignored", "wrong_range", "empty", "html_200", "redirect", "503", "expired"
]  # fmt: skip


def test_downloads_that_lie(http: httpx.Client) -> None:
    """Every lie looks like a success to HTTP, or points elsewhere."""
    with Provider(faults=[Fault(on="download", kind=kind, nth=n) for n, kind in enumerate(LIES, 1)]) as provider:
        row = finished(http, provider)
        data = provider.content(row["videoUUID"], seconds=7)
        answers = {kind: http.get(row["videoURL"], headers={"Range": "bytes=100-"}) for kind in LIES}
        assert (answers["wrong_length"].status_code, answers["wrong_length"].content) == (206, data[100:-64])
        assert (answers["range_ignored"].status_code, answers["range_ignored"].content) == (200, data)
        assert (answers["wrong_range"].status_code, answers["wrong_range"].content) == (206, data)
        assert answers["empty"].content == b""
        assert answers["html_200"].headers["content-type"].startswith("text/html")
        assert (answers["redirect"].status_code, answers["redirect"].is_redirect) == (302, True)
        assert (answers["503"].status_code, answers["expired"].status_code) == (503, 403)
        assert http.get(row["videoURL"]).status_code == 403
        (fresh,) = ask(http, provider, row["taskUUID"]).json()["data"]
        assert http.get(fresh["videoURL"]).content == data
