"""First frames: which kind a reference is, where paths lead, and which pictures are fit. Pictures are built here."""

from __future__ import annotations

import ntpath
import os
import zlib
from base64 import b64encode
from functools import cache, partial
from io import BytesIO
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from storyboard import disk, frames
from storyboard.frames import FrameError, check_frame, frame_kind, load_frame, project_root, resolve_inside
from storyboard.jobs import receipts
from storyboard.pictures import Picture, PictureError, look
from storyboard.profiles import KLING_3_TURBO

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = KLING_3_TURBO.frame


def png(width: int, height: int) -> bytes:
    """A whole black PNG of one bit a pixel; its end follows at once on its pixels."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    pixels = zlib.compress(bytes(height * (1 + (width + 7) // 8)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\1\0\0\0\0") + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG's piece."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG's segment."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


@cache
def _jpeg(width: int, height: int, options: str) -> bytes:
    file = BytesIO()
    Image.new("CMYK" if options == "CMYK" else "RGB", (width, height), "teal").save(
        file, "JPEG", progressive=options == "progressive"
    )
    return file.getvalue()


def jpeg(width: int, height: int, *before: bytes, options: str = "") -> bytes:
    """A whole JPEG of one colour, with segments before its own; `options` is `progressive` or `CMYK`."""
    return b"\xff\xd8" + b"".join(before) + _jpeg(width, height, options)[2:]


def without_height(data: bytes) -> bytes:
    """A JPEG whose header says that it has no rows."""
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + b"\0\0" + data[place + 2 :]


THUMBNAIL = jpeg(160, 120)
EXIF = segment(0xE1, b"Exif\0\0" + THUMBNAIL)
FIT: dict[str, tuple[bytes, Picture]] = {
    "PNG": (png(800, 450), Picture("image/png", 800, 450)),
    "the least": (png(300, 300), Picture("image/png", 300, 300)),
    "2.5 to 1": (png(1000, 400), Picture("image/png", 1000, 400)),
    "1 to 2.5": (png(400, 1000), Picture("image/png", 400, 1000)),
    "JPEG": (jpeg(800, 450), Picture("image/jpeg", 800, 450)),
    "progressive": (jpeg(800, 450, options="progressive"), Picture("image/jpeg", 800, 450, scans=10)),
    "a thumbnail in EXIF": (jpeg(800, 450, EXIF), Picture("image/jpeg", 800, 450)),
    "CMYK": (jpeg(800, 450, options="CMYK"), Picture("image/jpeg", 800, 450)),
    "many large segments": (jpeg(800, 450, *[segment(0xE2, bytes(65_000))] * 20), Picture("image/jpeg", 800, 450)),
    "filling bytes": (jpeg(800, 450, b"\xff" * 7 + EXIF[1:], b"\xff" * 4), Picture("image/jpeg", 800, 450)),
}
UNFIT: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "neither a PNG nor a JPEG picture: save it as one of them"),
    "a GIF": (b"GIF89a" + bytes(20), "neither a PNG nor a JPEG"),
    "a WebP": (b"RIFF\0\0\0\0WEBPVP8 ", "neither a PNG nor a JPEG"),
    "a PNG cut off": (png(800, 450)[:20], "a damaged PNG, its header is missing: save it anew"),
    "a PNG without IHDR": (png(800, 450).replace(b"IHDR", b"CgBI"), "a damaged PNG"),
    "a JPEG cut in its size": (jpeg(800, 450)[:10], "a damaged JPEG, its size cannot be found: save it anew"),
    "a JPEG cut in EXIF": (jpeg(800, 450, EXIF)[:40], "a damaged JPEG"),
    "a JPEG cut after a marker": (b"\xff\xd8\xff\xe0", "a damaged JPEG"),
    "a JPEG of its marks alone": (b"\xff\xd8\xff", "a damaged JPEG"),
    "a JPEG whose scan comes first": (b"\xff\xd8" + segment(0xDA, bytes(9)) + jpeg(800, 450)[2:], "a damaged JPEG"),
    "a JPEG that ends first": (b"\xff\xd8\xff\xd9" + jpeg(800, 450)[2:], "a damaged JPEG"),
    "a JPEG with a length of 0": (b"\xff\xd8\xff\xe0\0\0" + jpeg(800, 450)[2:], "a damaged JPEG"),
    "a JPEG with bytes between": (b"\xff\xd8\xff\xe0\0\x02ab" + jpeg(800, 450)[2:], "a damaged JPEG"),
    "299 wide": (png(299, 400), "299×400 pixels: each side needs at least 300"),
    "299 high": (jpeg(400, 299), "400×299 pixels: each side needs at least 300"),
    "no height": (without_height(jpeg(400, 300)), "400×0 pixels: each side needs at least 300"),
    "2.51 to 1": (png(1004, 400), "1004×400 pixels: one side may be at most 2.5 times the other"),
    "1 to 2.51": (jpeg(400, 1004), "400×1004 pixels: one side may be at most 2.5 times the other"),
    "one pixel too long": (png(1001, 400), "at most 2.5 times"),
}


@pytest.mark.parametrize("name", FIT)
def test_pictures_that_are_fit(tmp_path: Path, name: str) -> None:
    """PNG and JPEG within the limits are taken, whatever the file is called; all bytes are loaded."""
    data, picture = FIT[name]
    (tmp_path / "frame.gif").write_bytes(data)
    assert check_frame("frame.gif", str(tmp_path), LIMITS) == picture
    assert load_frame("frame.gif", str(tmp_path), LIMITS) == (data, picture)


@pytest.mark.parametrize("name", UNFIT)
def test_pictures_that_are_not_fit(tmp_path: Path, name: str) -> None:
    """Anything else is refused with its reason, when checked and when loaded."""
    data, words = UNFIT[name]
    (tmp_path / "frame.png").write_bytes(data)
    for read in (check_frame, load_frame):
        with pytest.raises(FrameError) as caught:
            read("frame.png", str(tmp_path), LIMITS)
        assert words in str(caught.value)


@pytest.mark.parametrize(("size", "fit"), [(49_999_999, True), (50_000_000, True), (50_000_001, False)])
def test_50_megabytes(tmp_path: Path, size: int, fit: bool) -> None:
    """50 MB are taken, one byte more is not; a check reads the header alone."""
    path = tmp_path / "frame.png"
    path.write_bytes(png(800, 450))
    os.truncate(path, size)
    if fit:
        assert check_frame("frame.png", str(tmp_path), LIMITS) == Picture("image/png", 800, 450)
        return
    with pytest.raises(FrameError, match=r"bytes: make it smaller, at most 50 MB"):
        check_frame("frame.png", str(tmp_path), LIMITS)


def test_a_file_of_a_terabyte_is_not_loaded(tmp_path: Path) -> None:
    """Loading stops one byte after the limit."""
    path = tmp_path / "frame.png"
    path.write_bytes(png(800, 450))
    os.truncate(path, 10**12)
    with pytest.raises(FrameError, match="over 50,000,000 bytes"):
        load_frame("frame.png", str(tmp_path), LIMITS)
    with pytest.raises(FrameError, match="1,000,000,000,000 bytes"):
        check_frame("frame.png", str(tmp_path), LIMITS)


@pytest.mark.parametrize("filling", [b"\xff", b"\xff\x01", b"\xff\xe0\0\x02"])
def test_a_jpeg_without_end_is_given_up(filling: bytes) -> None:
    """Millions of filling bytes, bare markers or empty segments before a size are a damaged JPEG, at once."""
    begun = process_time()
    with pytest.raises(PictureError, match="damaged JPEG"):
        look(b"\xff\xd8\xff\xe0\0\x02" + filling * (8_000_000 // len(filling)))
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("a.png", "file"),
        ("https/a.png", "file"),
        ("a:b.png", "file"),
        ("6f9619ff-8b86-4d01-b42d-00cf4fc964ff.png", "file"),
        ("https://example.com/a.png", "url"),
        ("HTTPS://EXAMPLE.COM/a.png", "url"),
        ("ftp://example.com", "url"),
        ("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "uuid"),
        ("6F9619FF-8B86-4D01-B42D-00CF4FC964FF", "uuid"),
        ("data:image/png;base64,AAAA", "data"),
    ],
)
def test_kinds_of_references(reference: str, kind: str) -> None:
    """An address, a UUID, a data URI, and everything else a path."""
    assert frame_kind(reference) == kind


@pytest.mark.parametrize("reference", ["https://example.com/a.png", "HTTP://x", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
def test_what_only_the_provider_can_see(reference: str) -> None:
    """Addresses and UUIDs are not looked at."""
    assert check_frame(reference, "/nowhere", LIMITS) is None


@pytest.mark.parametrize(
    "reference",
    ["ftp://x/a.png", "file:///a.png", "s3://b/a.png", "https://", "https:///a.png", "https://x/a b", "https://x/\x07"],
)
def test_addresses_that_are_none(reference: str) -> None:
    """Other schemes, missing hosts, spaces and control characters are refused."""
    with pytest.raises(FrameError, match="an address must start with https://"):
        check_frame(reference, "/nowhere", LIMITS)


def _uri(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def test_data_uris() -> None:
    """A data URI's picture is looked at like a file."""
    assert check_frame(_uri(png(800, 450)), "/nowhere", LIMITS) == Picture("image/png", 800, 450)
    assert check_frame(_uri(jpeg(800, 450), "jpeg"), "/nowhere", LIMITS) == Picture("image/jpeg", 800, 450)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (_uri(png(800, 450), "gif"), "must read data:image/png;base64"),
        ("data:,hello", "must read data:image/png;base64"),
        ("data:image/png;base64,", "must read data:image/png;base64"),
        ("data:image/png;base64,A A=", "must read data:image/png;base64"),
        ("data:image/png;base64,AAAAA", "base64 is damaged"),
        (_uri(png(299, 450)), "299×450 pixels"),
        (_uri(b"GIF89a"), "neither a PNG nor a JPEG"),
        (_uri(jpeg(800, 450)), "says image/png and holds image/jpeg: say image/jpeg"),
    ],
)
def test_data_uris_that_are_not_fit(reference: str, words: str) -> None:
    """Other kinds, damaged base64, another picture than it says, and unfit pictures are refused."""
    with pytest.raises(FrameError) as caught:
        check_frame(reference, "/nowhere", LIMITS)
    assert words in str(caught.value)


def test_the_project(tmp_path: Path) -> None:
    """The git work tree around a folder, `.git` a folder or a file, else the folder itself; links resolved."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    os.symlink(inner, tmp_path / "link")
    assert project_root(str(inner)) == project_root(str(tmp_path / "link")) == str(inner)
    (tmp_path / "a" / ".git").touch()
    assert project_root(str(inner)) == str(tmp_path / "a")
    (inner / ".git").mkdir()
    assert project_root(str(inner)) == str(inner)


@pytest.mark.parametrize("reference", ["../out.png", "/etc/passwd", "link.png", "folder/out.png", "in/../../out.png"])
def test_paths_that_lead_outside(tmp_path: Path, reference: str) -> None:
    """Dots, absolute paths, links to files and through folders: none leaves the project."""
    project = tmp_path / "project"
    (project / "in").mkdir(parents=True)
    (tmp_path / "out.png").write_bytes(png(800, 450))
    os.symlink("../out.png", project / "link.png")
    os.symlink("..", project / "folder")
    with pytest.raises(FrameError, match="leads outside the project: keep the file inside it"):
        check_frame(reference, str(project), LIMITS)


def test_paths_that_stay_inside(tmp_path: Path) -> None:
    """Dots and links within the project are fine, and so is a neighbour whose name begins alike only if inside."""
    project = tmp_path / "project"
    (project / "in").mkdir(parents=True)
    (tmp_path / "project2").mkdir()
    (project / "a.png").touch()
    os.symlink("../a.png", project / "in" / "link.png")
    for reference in ("a.png", "in/../a.png", "in/link.png", str(project / "a.png"), "./a.png"):
        assert resolve_inside(reference, str(project)) == str(project / "a.png")
    with pytest.raises(FrameError, match="outside"):
        resolve_inside("../project2/a.png", str(project))


@pytest.mark.parametrize(
    "name", ["Screenshot 10.04.12\u202fPM.png", "a\u00a0b.png", "👩‍👩‍👧.png", "Brücke.png", "a;b.png"]
)
def test_names_that_people_have(tmp_path: Path, name: str) -> None:
    """Narrow spaces of screenshots, joiners of emoji: a file's name is its own business."""
    (tmp_path / name).write_bytes(png(800, 450))
    assert check_frame(name, str(tmp_path), LIMITS) is not None


@pytest.mark.parametrize("name", ["a\0.png", "a\n.png", "a\x1b[0m.png", "a\u2028.png", "a\x85.png", "a\ud800.png"])
def test_names_that_could_deceive(tmp_path: Path, name: str) -> None:
    """Control characters and line breaks in a path are refused before anything is opened."""
    with pytest.raises(FrameError, match="cannot hold control characters or line breaks"):
        check_frame(name, str(tmp_path), LIMITS)


def test_what_is_no_file(tmp_path: Path) -> None:
    """Missing files, folders, pipes and links in a circle are told, and never waited for."""
    os.mkfifo(tmp_path / "pipe")
    os.symlink("loop", tmp_path / "loop")

    def reason(reference: str) -> str:
        with pytest.raises(FrameError) as caught:
            check_frame(reference, str(tmp_path), LIMITS)
        return str(caught.value)

    assert reason("missing.png") == "no such file: the path starts at the storyboard's folder"
    assert reason("pipe") == reason(".") == "not a file: name a PNG or JPEG picture"
    assert reason("loop").startswith("cannot be opened: ")
    assert reason("n" * 300).startswith("cannot be opened: ")
    assert reason("pipe/a.png") == "cannot be opened: not a directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_frame(tmp_path: Path) -> None:
    """A picture without permission says so."""
    (tmp_path / "a.png").touch(mode=0)
    with pytest.raises(FrameError, match="cannot be opened: permission denied"):
        check_frame("a.png", str(tmp_path), LIMITS)


PROJECT, INNER = r"C:\films\dawn", r"C:\films\dawn\act1"


@pytest.mark.parametrize(
    "reference",
    [
        r"\\host\share\a.png", "//host/share/a.png", r"\/host\share\a.png", r"\\?\UNC\host\share\a.png",
        r"\\?\C:\films\dawn\a.png", r"\\.\pipe\x", "file://host/share/a.png", r"file:\\host\a.png", r"D:\a.png",
        "D:a.png", "C:/other/a.png", r"\windows\a.png", "/windows/a.png", r"..\..\a.png", "../../a.png",
        r"..\..\dawn-2\a.png", "CON", "nul.png", "act1/NUL", "com1.txt", "LPT9", "aux .png", "CONIN$", "COM¹.png",
        "a.png:stream", r"a\..\..\..\a.png",
    ],
)  # fmt: skip
def test_windows_paths_that_are_not_even_looked_at(reference: str) -> None:
    """To look at them would send this user's name to another machine, or open a device."""
    assert disk.why_not_local(reference, INNER, PROJECT, ntpath) is not None


@pytest.mark.parametrize(
    ("reference", "root"),
    [
        ("a.png", PROJECT), ("frames/a.png", PROJECT), (r"..\a.png", PROJECT), (r"C:\FILMS\Dawn\a.png", PROJECT),
        ("C:a.png", PROJECT), ("console.png", PROJECT), ("com10.png", PROJECT), ("./a.b.png", PROJECT),
        ("a.png", r"C:\\"), ("a.png", r"\\host\share\dawn"),
    ],
)  # fmt: skip
def test_windows_paths_that_are(reference: str, root: str) -> None:
    """Those whose letters lead into the project, also where that itself lies on another machine."""
    folder = INNER if root == PROJECT else ntpath.join(root, "act1")
    assert disk.why_not_local(reference, folder, root, ntpath) is None


@pytest.mark.parametrize("reference", [r"\\host\share\a.png", "//host/share/a.png", "NUL", "file://host/a.png"])
def test_the_look_at_letters_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    """On Windows nothing of the system is asked about such a path, for a first frame and for any other file."""
    asked: list[str] = []
    real = os.path.realpath

    def realpath(path: str, **options: Any) -> str:
        asked.append(os.fspath(path))
        return real(path, **options)

    monkeypatch.setattr(os.path, "realpath", realpath)
    monkeypatch.setattr(frames, "why_not_local", partial(disk.why_not_local, paths=ntpath))
    with pytest.raises(FrameError):
        resolve_inside(reference, str(tmp_path))
    assert [path for path in asked if path not in (str(tmp_path), os.curdir)] == []


def test_other_machines_are_known_by_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for what a receipt, `.git` or a repository's settings name."""
    for path in (r"\\host\share", "//host/share", r"\\?\UNC\host\share", r"\\.\pipe"):
        assert not disk.is_of_other_machine(path)
        with monkeypatch.context() as windows:
            windows.setattr(os.path, "splitdrive", ntpath.splitdrive)
            assert disk.is_of_other_machine(path)
            assert receipts.source_of({"storyboard": path}, ".") is None
            assert not disk.is_of_other_machine(r"C:\films")
            assert not disk.is_of_other_machine("film.storyboard.yaml")
