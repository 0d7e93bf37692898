"""Bytes that are no UTF-8 text, and paths that are no readable file."""

from __future__ import annotations

import io
import os
import socket
from pathlib import Path

import pytest

from storyboard.document import SIZE_LIMIT, Document, DocumentError, read_bytes, read_stdin

TEXT = "title: Brücke\n"
ENCODED: dict[str, tuple[bytes, str, int, int]] = {
    "UTF-16 with BOM": (TEXT.encode("utf-16"), "UTF-16 or UTF-32 text: save the file as UTF-8", 1, 1),
    "UTF-16 little": (TEXT.encode("utf-16-le"), "UTF-16 or UTF-32 text: save the file as UTF-8", 1, 1),
    "UTF-16 big": (TEXT.encode("utf-16-be"), "UTF-16 or UTF-32 text: save the file as UTF-8", 1, 1),
    "UTF-32 with BOM": (TEXT.encode("utf-32"), "UTF-16 or UTF-32 text: save the file as UTF-8", 1, 1),
    "UTF-32 big": (TEXT.encode("utf-32-be"), "UTF-16 or UTF-32 text: save the file as UTF-8", 1, 1),
    "Latin-1": (TEXT.encode("latin-1"), "not UTF-8: the byte 0xfc stands here; save the file as UTF-8", 1, 10),
    "Latin-1 after astral characters": ("a: 🎬\nb: 🎬".encode() + b"\xe9", "not UTF-8: the byte 0xe9", 2, 5),
    "Latin-1 after a BOM": (b"\xef\xbb\xbfab: \xe9\n", "not UTF-8: the byte 0xe9 stands here", 1, 5),
    "Latin-1 after lone CRs": (b"a: x\rb: \xe9", "not UTF-8: the byte 0xe9 stands here", 2, 4),
    "cut in a character": ("a: 🎬".encode()[:-1], "not UTF-8: the byte 0xf0 stands here", 1, 4),
    "an encoded surrogate": (b"a: \xed\xa0\x80", "not UTF-8: the byte 0xed stands here", 1, 4),
    "an overlong form": (b"a: \xc0\xaf", "not UTF-8: the byte 0xc0 stands here", 1, 4),
    "two BOMs": (b"\xef\xbb\xbf\xef\xbb\xbfa: 1", "a second byte order mark", 1, 1),
    "NUL": (b"title: a\0b", "a control character stands here (U+0000): delete it", 1, 9),
    "ESC after astral characters": ("x: 🎬\ny: 🎬\x1b[0m".encode(), "(U+001B): delete it", 2, 5),
    "DEL": (b"a: \x7f", "(U+007F): delete it", 1, 4),
    "C1": ("a: \x80".encode(), "(U+0080): delete it", 1, 4),
    "a noncharacter": ("a: \ufffe".encode(), "(U+FFFE): delete it", 1, 4),
}


@pytest.mark.parametrize("name", ENCODED)
def test_other_encodings_are_named_with_their_place(name: str) -> None:
    """Bytes that are no UTF-8 text say which byte or character, where, and what to do."""
    data, words, line, column = ENCODED[name]
    with pytest.raises(DocumentError) as caught:
        Document.parse(data)
    assert words in caught.value.reason
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"# c", b"---\n", b"a: 1\r\rb: 2"])
def test_texts_of_nothing_are_read(data: bytes) -> None:
    """A file without content, with a BOM only, or with lone CRs is a document, and comes back as it was."""
    assert Document.parse(data).to_bytes() == data


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    """A file's bytes, up to and including the limit, whatever its name."""
    path = tmp_path / "böse name"
    path.write_bytes(b"#" * SIZE_LIMIT)
    assert read_bytes(str(path)) == read_bytes(path) == b"#" * SIZE_LIMIT


def _reason(path: str | Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_bytes(path)
    assert (caught.value.line, caught.value.column) == (1, 1)
    return caught.value.reason


def test_what_is_no_file_is_said_so_and_never_waited_for(tmp_path: Path) -> None:
    """Pipes, folders, devices, sockets and links to nowhere end in one DocumentError each, without blocking."""
    fifo, loop, dangling, through = (str(tmp_path / name) for name in ("fifo", "loop", "dangling", "through"))
    os.mkfifo(fifo)
    os.symlink(loop, loop)
    os.symlink(tmp_path / "nowhere", dangling)
    os.symlink(tmp_path, through)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert "cannot be opened" in _reason(tmp_path / "socket")
    assert "not a regular file (a pipe" in _reason(fifo)
    assert "not a regular file" in _reason("/dev/zero")
    assert "a folder, not a file" in _reason(tmp_path)
    assert "a folder, not a file" in _reason(through)
    assert "no such file" in _reason(tmp_path / "missing")
    assert "no such file" in _reason(dangling)
    assert "symbolic links" in _reason(loop)
    assert "cannot be opened" in _reason(tmp_path / ("n" * 300))
    assert "cannot be opened" in _reason("nul\0byte")
    assert "cannot be opened: not a directory" in _reason(Path(__file__) / "child")


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    """A sparse file of a terabyte is refused as fast as one of 257 KiB."""
    path = tmp_path / "large"
    path.touch()
    os.truncate(path, 10**12)
    assert _reason(path) == "too large: a file has at most 256 KiB"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file(tmp_path: Path) -> None:
    """A file without permission says so."""
    path = tmp_path / "secret"
    path.touch(mode=0)
    assert _reason(path) == "cannot be opened: permission denied"


def test_standard_input_has_the_same_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is read up to the limit and no further."""

    class Stdin:
        buffer = io.BytesIO(b"#" * (SIZE_LIMIT + 10))

    monkeypatch.setattr("sys.stdin", Stdin)
    with pytest.raises(DocumentError, match="too large"):
        read_stdin()
    assert Stdin.buffer.tell() == SIZE_LIMIT + 1
