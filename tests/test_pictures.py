"""What a picture's file says of it: its size as it is seen, and whether all of it is there."""

from __future__ import annotations

import random
import struct
import sys
import zlib
from io import BytesIO
from time import process_time
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import pytest
from PIL import Image, ImageOps

from storyboard.checks import check_file
from storyboard.frames import FrameError, check_frame, judge
from storyboard.pictures import Picture, PictureError, look
from storyboard.pixels import decode_whole
from storyboard.preview.boards import read_board
from storyboard.preview.picture import decode
from storyboard.preview.thumbnail import make_thumbnail
from storyboard.profiles import KLING_3_TURBO
from storyboard.sandbox.first_frame import check_first_frame
from storyboard.sandbox.plan import plan_video
from tests.checks.boards import GOOD
from tests.sandbox.twin import data_uri, image_to_video
from tests.test_frames import chunk, jpeg, png, segment

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = KLING_3_TURBO.frame


def tiff(value: int = 6, *, order: str = ">", kind: int = 3, count: int = 1, before: int = 0) -> bytes:
    """EXIF's TIFF with an orientation behind `before` other entries."""
    head = struct.pack(f"{order}2sHI", b"MM" if order == ">" else b"II", 42, 8)
    others = b"".join(struct.pack(f"{order}HHIHH", 0x0100 + n, 3, 1, 7, 0) for n in range(before))
    entry = struct.pack(f"{order}HHI", 0x0112, kind, count)
    number = struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value)
    return head + struct.pack(f"{order}H", before + 1) + others + entry + number + bytes(4)


def exif(content: bytes) -> bytes:
    """A JPEG's segment of EXIF."""
    return segment(0xE1, b"Exif\0\0" + content)


def marked(data: bytes, content: bytes, *, last: bool = False) -> bytes:
    """A PNG with EXIF before its pixels, or behind them."""
    place = data.index(b"IEND" if last else b"IDAT") - 4
    return data[:place] + chunk(b"eXIf", content) + data[place:]


def photograph(kind: str = "JPEG", size: tuple[int, int] = (600, 400), mode: str = "RGB", **options: object) -> bytes:
    """A picture with something in it, as Pillow writes it."""
    file = BytesIO()
    noise = Image.frombytes("L", (60, 40), random.Random(7).randbytes(2400)).resize(size)
    picture = noise.convert("I").point(lambda value: value * 256).convert("I;16") if mode == "I;16" else noise
    picture = picture if mode == "I;16" else picture.convert("RGB").convert(mode)
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "PNG, at its end"])
def test_pictures_are_measured_and_drawn_as_they_are_seen(kind: str, order: str, orientation: int) -> None:
    """Every orientation, in both byte orders: the size of what Pillow shows, and its very pixels."""
    content = tiff(orientation, order=order, before=3)
    if kind == "JPEG":
        data = photograph(quality=95)
        data = data[:2] + exif(content) + data[2:]
    else:
        data = marked(photograph("PNG"), content, last=kind != "PNG")
    picture = look(data)
    assert picture.orientation == orientation
    assert (picture.width, picture.height) == ((600, 400) if orientation < 5 else (400, 600))
    with Image.open(BytesIO(data)) as opened:
        opened.load()
        shown = ImageOps.exif_transpose(opened).convert("RGB")
    assert decode(data, (2000, 2000)).tobytes() == shown.tobytes()


MALFORMED = {
    "nothing": b"",
    "no TIFF": b"Orientation: 6",
    "another byte order": tiff().replace(b"MM", b"MI", 1),
    "cut in its header": tiff()[:7],
    "cut in its entry": tiff()[:20],
    "an offset behind its end": tiff()[:4] + b"\xff\xff\xff\xff" + tiff()[8:],
    "more entries than there are": tiff(1)[:8] + b"\xff\xff" + tiff(1)[10:],
    "orientation 0": tiff(0),
    "orientation 9": tiff(9),
    "orientation 65535": tiff(65535),
    "of another kind": tiff(6, kind=4),
    "two of them": tiff(6, count=2),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_exif_that_makes_no_sense_turns_nothing(name: str) -> None:
    """As image viewers take it: such a picture is upright."""
    assert look(jpeg(800, 450, exif(MALFORMED[name]))) == Picture("image/jpeg", 800, 450)
    assert look(marked(png(800, 450), MALFORMED[name])) == Picture("image/png", 800, 450)


def test_the_first_exif_counts() -> None:
    """Behind XMP, a comment and another maker's segment; a second EXIF, and what follows the picture, turn nothing."""
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<tiff:Orientation>8</tiff:Orientation>")
    before = (segment(0xFE, b"Exif\0\0" + tiff(3)), xmp, segment(0xE1, b"Exif"), exif(tiff(6)), exif(tiff(8)))
    assert look(jpeg(800, 450, *before)).orientation == 6
    assert look(jpeg(800, 450) + jpeg(800, 450, exif(tiff(6)))).orientation == 1
    assert look(jpeg(800, 450, xmp)).orientation == 1


WHOLE = {
    "baseline": photograph(),
    "progressive": photograph(progressive=True),
    "grey": photograph(mode="L"),
    "CMYK": photograph(mode="CMYK"),
    "restart marks": photograph(restart_marker_blocks=1),
    "a thumbnail in EXIF": jpeg(800, 450, segment(0xE1, b"Exif\0\0" + tiff(1) + jpeg(160, 120))),
    "filling bytes": jpeg(800, 450, b"\xff" * 9 + exif(tiff(1))[1:]),
    **{f"PNG {mode}": photograph("PNG", mode=mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")},
    "PNG with words": marked(photograph("PNG"), b"?"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_pictures_are_taken(name: str) -> None:
    """Whatever their kind, with or without data behind their end; Pillow agrees."""
    for data in (WHOLE[name], WHOLE[name] + b"\0more\xff\xd8\xff" + bytes(100)):
        picture = judge(data, LIMITS)
        with Image.open(BytesIO(data)) as opened:
            opened.load()
            assert opened.size == (picture.width, picture.height)


def test_two_pictures_in_one_file(tmp_path: Path) -> None:
    """A camera's MPO is its first picture."""
    first, second = Image.new("RGB", (800, 450), "red"), Image.new("RGB", (320, 320), "blue")
    first.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[second])
    assert check_frame("a.jpg", str(tmp_path), LIMITS) == Picture("image/jpeg", 800, 450)


@pytest.mark.parametrize("name", WHOLE)
def test_no_beginning_of_a_picture_is_taken_for_the_picture(name: str) -> None:
    """Cut at any byte, it is damaged or cut off, and says what to do; no decoder is needed to know."""
    data = WHOLE[name]
    ends = {*range(min(60, len(data))), *range(len(data) - 60, len(data)), *range(0, len(data), 97)}
    for end in ends:
        with pytest.raises(PictureError, match=r"save it (anew|as one of them)"):
            look(data[:end])


def test_no_byte_of_a_png_can_change() -> None:
    """Checksums hold all of it: whichever bit is turned, it is refused."""
    data = photograph("PNG", size=(300, 300))
    for place in {*range(80), *range(len(data) - 80, len(data)), *range(0, len(data), 211)}:
        with pytest.raises(PictureError):
            look(data[:place] + bytes((data[place] ^ 4,)) + data[place + 1 :])


def test_a_jpeg_that_cannot_be_decoded_is_found_by_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Pillow it is a reason; without it nothing is decoded, and nothing else is said."""
    data = photograph(size=(900, 600), quality=90)
    tables = data.replace(b"\xff\xdb", b"\xff\xee")
    with pytest.raises(FrameError, match=r"damaged JPEG, it cannot be decoded.*: copy it again"):
        judge(tables, LIMITS)
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.JpegImagePlugin", None)
    assert judge(tables, LIMITS).width == 900


@pytest.mark.parametrize("part", [0.3, 0.9, 0.98])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_an_end_behind_half_a_picture_is_no_whole_picture(mode: str, part: float) -> None:
    """What saves the beginning of a download with an end of its own leaves the rest grey."""
    data = photograph(size=(900, 600), mode=mode, quality=90)
    cut = data[: int(len(data) * part)].rstrip(b"\xff") + b"\xff\xd9"
    assert look(cut).width == 900
    with pytest.raises(FrameError, match="damaged JPEG, a part of its picture is missing: copy it again"):
        judge(cut, LIMITS)


def replaced(data: bytes, kind: bytes, content: bytes) -> bytes:
    """A PNG with another piece in the place of one, its checksum right."""
    place = data.index(kind) - 4
    end = place + 12 + int.from_bytes(data[place : place + 4], "big")
    return data[:place] + (chunk(kind, content) if content else b"") + data[end:]


def header(width: int, height: int, depth: int = 8, kind: int = 2, tail: bytes = b"\0\0\0") -> bytes:
    """The content of a PNG's header."""
    return struct.pack(">IIBB", width, height, depth, kind) + tail


ROWS = bytes(901 * 300)
PLAIN = replaced(replaced(png(300, 300), b"IHDR", header(300, 300)), b"IDAT", zlib.compress(ROWS))
DAMAGED = {
    "no pixels": (replaced(PLAIN, b"IDAT", b""), "there is no picture in it"),
    "too few": (replaced(PLAIN, b"IDAT", zlib.compress(bytes(901 * 299))), "some of its pixels are missing"),
    "a stream cut off": (replaced(PLAIN, b"IDAT", zlib.compress(ROWS)[:-40]), "some of its pixels are missing"),
    "not zlib": (replaced(PLAIN, b"IDAT", b"pixels" * 99), "cannot be unpacked"),
    "another sum": (replaced(PLAIN, b"IDAT", zlib.compress(ROWS)[:-4] + b"sums"), "cannot be unpacked"),
    "no filter": (replaced(PLAIN, b"IDAT", zlib.compress(b"\5" * 901 * 300)), "its pixels make no picture"),
    "no filter in its last row": (
        replaced(PLAIN, b"IDAT", zlib.compress(bytes(901 * 299) + b"\5" + bytes(900))),
        "its pixels make no picture",
    ),
    "a longer header": (replaced(PLAIN, b"IHDR", header(300, 300) + b"\0"), "its header is missing"),
    "seven bits": (replaced(PLAIN, b"IHDR", header(300, 300, 7)), "its header says what no PNG has"),
    "interlace 2": (replaced(PLAIN, b"IHDR", header(300, 300, tail=b"\0\0\2")), "its header says what no PNG has"),
    "no palette": (replaced(photograph("PNG", mode="P"), b"PLTE", b""), "its colours are missing"),
    "torn apart": (
        PLAIN[:-12] + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", b"") + PLAIN[-12:],
        "its pixels are torn apart",
    ),
    "arithmetic coding": (photograph().replace(b"\xff\xc0", b"\xff\xc9"), "with arithmetic coding, which few programs"),
    "lossless": (photograph().replace(b"\xff\xc0", b"\xff\xc3"), "of the lossless or hierarchical kind"),
    "12 bits": (photograph().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"), "with 12 bits a colour"),
    "no scan": (photograph().partition(b"\xff\xda")[0] + b"\xff\xd9", "there is no picture in it"),
    "a second start": (photograph()[:-2] + b"\xff\xd8\xff\xd9", "is not part of one"),
    "a mark that there is not": (photograph()[:-2] + b"\xff\x02\0\x02\xff\xd9", "is not part of one"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_pictures_that_are_damaged_in_themselves(name: str) -> None:
    """Though every length and checksum is right."""
    data, words = DAMAGED[name]
    with pytest.raises(PictureError, match=words):
        look(data)


def interlaced(width: int, height: int) -> bytes:
    """A black PNG in Adam7's seven passes."""
    rows = bytearray()
    for left, top, across, down in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)):
        columns = len(range(left, width, across))
        rows += bytes(len(range(top, height, down)) * (1 + columns * 3) if columns else 0)
    rows += bytes(len(range(1, height, 2)) * (1 + width * 3))
    head = header(width, height, tail=b"\0\0\1")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(300, 301), (8, 8), (1, 1), (3, 5), (5, 1)])
def test_interlaced_pictures(size: tuple[int, int]) -> None:
    """All passes are counted, those without pixels left out; a row less is missing."""
    data = interlaced(*size)
    assert look(data) == Picture("image/png", *size)
    with Image.open(BytesIO(data)) as opened:
        opened.load()
    with pytest.raises(PictureError, match="some of its pixels are missing"):
        look(replaced(data, b"IHDR", header(size[0], size[1] + 1, tail=b"\0\0\1")))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (photograph("WEBP"), "a WebP, neither a PNG nor a JPEG picture: save it as one of them"),
        (photograph("GIF"), "a GIF, neither"),
        (photograph("TIFF"), "a TIFF, neither"),
        (photograph("BMP"), "a BMP, neither"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC, neither"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "an AVIF, neither"),
        (b"\0\0\0\x18ftypmp42", "^neither"),
        (b"<svg/>", "^neither"),
        (b"", "^neither"),
    ],
)
def test_other_kinds_are_named(data: bytes, words: str) -> None:
    """Whatever the file's name says."""
    with pytest.raises(PictureError, match=words):
        look(data)


@pytest.mark.parametrize("name", ["pieces", "marks", "filling", "bomb", "empty pixels"])
def test_a_strangers_file_takes_no_time(name: str) -> None:
    """A file of 16 MB that is all parts, marks or filling, and pixels that unpack without end."""
    data = {
        "pieces": png(300, 300)[:33] + chunk(b"tEXt", b"") * 1_300_000,
        "marks": jpeg(300, 300)[:-2] + b"\xff\xd0\xff" * 5_000_000,
        "filling": jpeg(300, 300)[:-2] + b"\xff" * 16_000_000,
        "bomb": replaced(PLAIN, b"IDAT", zlib.compress(bytes(2_000_000_000 // 10), 1) * 20),
        "empty pixels": png(300, 300)[:33] + chunk(b"IDAT", b"") * 1_300_000,
    }[name]
    begun = process_time()
    if name == "bomb":
        assert look(data).width == 300
    else:
        with pytest.raises(PictureError):
            look(data)
    assert process_time() - begun < 3


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A storyboard that begins from a phone's portrait, stored as a landscape."""
    data = photograph(size=(1200, 600))
    (tmp_path / "portrait.jpg").write_bytes(data[:2] + exif(tiff(6, order="<")) + data[2:])
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(f"first_frame: portrait.jpg\n{GOOD}", encoding="utf-8")
    return file


def test_a_phones_portrait_is_a_portrait_everywhere(portrait: Path) -> None:
    """In the check, in previews, in the editor's corner and in the sandbox; the check warns before anything is paid."""
    report = check_file(str(portrait))
    (found,) = report.diagnostics
    assert (found.code, found.severity, found.path) == ("SB246", "warning", ("first_frame",))
    assert "turned to 600×1200 by its EXIF mark only" in found.message
    assert found.message.endswith("the service may not turn it: save it upright")
    board = read_board(report)
    assert (board.width, board.height) == (640, 1280)
    thumbnail = make_thumbnail("portrait.jpg", str(portrait.parent), LIMITS)
    assert thumbnail is not None
    assert (thumbnail.width, thumbnail.height, thumbnail.picture.size) == (600, 1200, (80, 160))
    image = data_uri((portrait.parent / "portrait.jpg").read_bytes(), "jpeg")
    plan = plan_video(image_to_video(image), 1, lambda text: text)
    assert (plan.width, plan.height) == (640, 1280)


def test_a_mirrored_picture_is_warned_of_too(portrait: Path) -> None:
    """Its sides stay as they are."""
    (portrait.parent / "portrait.jpg").write_bytes(jpeg(800, 450, exif(tiff(2))))
    (found,) = check_file(str(portrait)).diagnostics
    assert (found.code, "turned or mirrored by its EXIF mark only" in found.message) == ("SB246", True)


@pytest.mark.parametrize("name", ["cut off", "without tables"])
def test_a_damaged_picture_is_no_first_frame(portrait: Path, name: str) -> None:
    """The check refuses it with the next step, as a file and as a data URI; so does the sandbox."""
    data = photograph()
    data = data[:3000] if name == "cut off" else data.replace(b"\xff\xdb", b"\xff\xee")
    (portrait.parent / "portrait.jpg").write_bytes(data)
    for reference in ("portrait.jpg", data_uri(data, "jpeg")):
        portrait.write_text(f"first_frame: {reference}\n{GOOD}", encoding="utf-8")
        (found,) = check_file(str(portrait)).diagnostics
        assert (found.code, found.path) == ("SB113", ("first_frame",))
        assert "copy it again, or save it anew in an image program" in found.message
    (refusal,) = check_first_frame(image_to_video(data_uri(data, "jpeg"))["inputs"], LIMITS, lambda _: None)
    assert "JPEG" in refusal.message


def test_a_picture_is_decoded_once_and_again_when_it_changes(portrait: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that checks with every key reads it when the file is another, not before."""
    import storyboard.pictures

    looks = []

    def noted(data: bytes) -> Picture:
        looks.append(len(data))
        return look(data)

    monkeypatch.setattr(storyboard.pictures, "look", noted)
    for _ in range(5):
        check_file(str(portrait))
    assert len(looks) == 1
    (portrait.parent / "portrait.jpg").write_bytes(photograph()[:3000])
    for _ in range(3):
        assert [one.code for one in check_file(str(portrait)).diagnostics] == ["SB113"]
    assert looks[1:] == [3000]
    (portrait.parent / "portrait.jpg").write_bytes(photograph())
    assert check_file(str(portrait)).diagnostics == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("content", [tiff()[:14], tiff()[:20], tiff(6, count=9, before=2)])
def test_what_pillow_warns_of_reaches_no_one(kind: str, content: bytes) -> None:
    """EXIF that is cut short: decoded as it is, without a word of a library."""
    data = photograph(kind)
    data = data[:2] + exif(content) + data[2:] if kind == "JPEG" else marked(data, content)
    with catch_warnings(record=True) as warnings:
        simplefilter("always")
        decode_whole(data, look(data))
        decode(data, (600, 400))
    assert warnings == []
