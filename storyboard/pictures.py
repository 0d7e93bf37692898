"""PNG and JPEG as files hold them: kind, size as it is seen, and whether all of the picture is there."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_OTHERS = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"8BPS", "a Photoshop file"),
    (b"%PDF", "a PDF"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000"),
)
_BRANDS = ((b"avif", "an AVIF"), (b"avis", "an AVIF"), (b"heic", "a HEIC"), (b"heix", "a HEIC"), (b"mif1", "a HEIC"))

# Start-of-frame markers hold the size; C4, C8 and CC are tables and extensions between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_USUAL_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
_ARITHMETIC_FRAMES = frozenset((0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))
_START, _END, _SCAN, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_FILLING = re.compile(rb"\xff+")
# In a scan, FF 00 is a byte of the picture and FF D0 to FF D7 are restart marks.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_STEPS = 20_000
"""Segments and bare marks of a JPEG; a picture of 50 MB has no use for more."""

_SCANS_AT_MOST = 200
"""Scans of a JPEG; programs write one, ten, or for the smallest file some dozens."""
_EXIFS_AT_MOST = 100
"""Parts of EXIF, 64 kB each; decoders join them one by one."""

_PIECES = 500_000
"""Pieces of a PNG; the usual ones have 8 kB each or more."""
_PALETTE = 3
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# Adam7: where each pass begins and how far its pixels are apart, across and down.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_UNPACKED_AT_MOST = 1_000_000_000
"""Bytes of pixels up to which a PNG is unpacked to look for damage: some two seconds' work."""
_PACKED_AT_ONCE, _READ_AT_ONCE = 1 << 16, 1 << 20

_ORIENTATION, _SHORT = 0x0112, 3
_ANEW = "save it anew as a usual JPEG"
_AGAIN = "copy it again, or save it anew in an image program"


class PictureError(ValueError):
    """No PNG or JPEG, or one that is not all there; the text says why and what to do, `reason` says why."""

    def __init__(self, reason: str, advice: str = _AGAIN) -> None:
        super().__init__(f"{reason}: {advice}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture's file says of it; sides in pixels, as it is seen."""

    media_type: str
    width: int
    height: int
    orientation: int = 1
    """EXIF's number from 1 to 8: how the stored pixels are turned or mirrored before they are seen; 1 is not at all."""
    scans: int = 1
    """Times that a decoder goes over the picture."""
    end: int = field(default=0, compare=False)
    """Of a JPEG, the place of the mark that ends it."""

    @property
    def pixels(self) -> int:
        """How many it has."""
        return self.width * self.height


def look(data: bytes) -> Picture:
    """Kind, size and orientation of a PNG or JPEG whose parts are all there, to its end.

    A PNG is unpacked, a JPEG's scans are not decoded (`storyboard.pixels` does that). What follows the end is not
    looked at. Raises PictureError.
    """
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(_JPEG):
        return _Jpeg(data).read()
    found = next((name for magic, name in _OTHERS if data.startswith(magic)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = "a WebP"
    elif data[4:8] == b"ftyp":
        found = next((name for brand, name in _BRANDS if brand in data[8:64]), None)
    raise PictureError(f"{f'{found}, ' if found else ''}neither a PNG nor a JPEG picture", "save it as one of them")


def _seen(media_type: str, width: int, height: int, orientation: int, *, scans: int = 1, end: int = 0) -> Picture:
    if orientation >= 5:
        width, height = height, width
    return Picture(media_type, width, height, orientation, scans, end)


def _exif_orientation(exif: bytes) -> int:
    """The orientation in EXIF's own TIFF; 1 where it says none or is damaged, as image viewers take it."""
    if exif[:4] not in (b"II*\0", b"MM\0*"):
        return 1
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"

    def number(position: int, size: int) -> int:
        return int.from_bytes(exif[position : position + size], order)

    start = number(4, 4)
    if len(exif) < 8 or start + 2 > len(exif):
        return 1
    for entry in range(start + 2, min(start + 2 + 12 * number(start, 2), len(exif) - 11), 12):
        if number(entry, 2) == _ORIENTATION:
            fits = number(entry + 2, 2) == _SHORT and number(entry + 4, 4) == 1
            value = number(entry + 8, 2)
            return value if fits and 1 <= value <= 8 else 1
    return 1


class _Jpeg:
    """A JPEG on the way through its segments."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size: tuple[int, int] | None = None
        self._orientation: int | None = None
        self._scans = 0
        self._end = 0

    def read(self) -> Picture:
        """What it says, once its end is reached."""
        exifs = 0
        for marker, start, end in self._segments():
            if marker in _FRAMES and self._size is None:
                self._size = _frame_size(marker, self._data[start:end])
            elif marker == _APP1 and not self._scans and self._data[start : start + 6] == b"Exif\0\0":
                exifs += 1
                if exifs > _EXIFS_AT_MOST:
                    raise PictureError(f"a JPEG with more than {_EXIFS_AT_MOST} parts of EXIF", _ANEW)
                if self._orientation is None:
                    self._orientation = _exif_orientation(self._data[start + 6 : end])
            elif marker == _SCAN:
                self._scans += 1
                if self._scans > _SCANS_AT_MOST:
                    raise PictureError(f"a JPEG of more than {_SCANS_AT_MOST} scans, which takes long to decode", _ANEW)
        if self._size is None or not self._scans:
            raise self._broken(0)
        return _seen("image/jpeg", *self._size, self._orientation or 1, scans=self._scans, end=self._end)

    def _segments(self) -> Iterator[tuple[int, int, int]]:
        """Each marker with where its content starts and ends, up to the end of the picture."""
        data, position = self._data, 2
        for _ in range(_STEPS):
            filling = _FILLING.match(data, position)
            if filling is None or filling.end() == len(data):
                raise self._broken(position if filling is None else len(data))
            marker, position = data[filling.end()], filling.end() + 1
            if marker == _END:
                self._end = filling.start()
                return
            if marker in _BARE:
                continue
            end = position + int.from_bytes(data[position : position + 2], "big")
            if marker < 0xC0 or marker == _START or (marker == _SCAN and self._size is None):
                raise self._broken(position)
            if end < position + 2 or end > len(data):
                raise self._broken(end)
            yield marker, position + 2, end
            position = end
            if marker == _SCAN:
                after = _AFTER_SCAN.search(data, position)
                position = len(data) if after is None else after.start()
        raise self._broken(position)

    def _broken(self, position: int) -> PictureError:
        if self._size is None:
            return PictureError("a damaged JPEG, its size cannot be found", "save it anew")
        if position >= len(self._data) - 1:
            return PictureError("a JPEG that is cut off, its end is missing")
        if not self._scans:
            return PictureError("a damaged JPEG, there is no picture in it")
        return PictureError(f"a damaged JPEG, what stands at byte {position:,} is not part of one")


def _frame_size(marker: int, frame: bytes) -> tuple[int, int]:
    if len(frame) < 6:
        raise PictureError("a damaged JPEG, its size cannot be found", "save it anew")
    if marker in _ARITHMETIC_FRAMES:
        kind = "with arithmetic coding"
    elif marker not in _USUAL_FRAMES:
        kind = "of the lossless or hierarchical kind"
    elif frame[0] != 8:
        kind = f"with {frame[0]} bits a colour"
    else:
        return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
    raise PictureError(f"a JPEG {kind}, which few programs can read", "save it as a usual JPEG, or as PNG")


class _Head(NamedTuple):
    """A PNG's header."""

    width: int
    height: int
    depth: int
    kind: int
    interlaced: bool

    def rows(self) -> Iterator[tuple[int, int]]:
        """Of each pass, how many rows it has and their length in bytes, the filter's byte included."""
        bits = self.depth * _CHANNELS[self.kind]
        for left, top, across, down in _PASSES if self.interlaced else ((0, 0, 1, 1),):
            columns, rows = -(-max(self.width - left, 0) // across), -(-max(self.height - top, 0) // down)
            if columns and rows:
                yield rows, 1 + -(-columns * bits // 8)


def _png(data: bytes) -> Picture:
    chunks = _chunks(data)
    kind, content = next(chunks, (b"", memoryview(b"")))
    if kind != b"IHDR":
        raise _headless()
    head = _read_head(content)
    orientation, palette = 1, False
    pixels: list[memoryview] = []
    previous = kind
    for kind, content in chunks:
        if kind == b"IDAT":
            if pixels and previous != kind:
                raise _damaged("its pixels are torn apart")
            pixels.append(content)
        elif kind == b"PLTE":
            palette = True
        elif kind == b"eXIf":
            orientation = _exif_orientation(bytes(content))
        previous = kind
    if not pixels:
        raise _damaged("there is no picture in it")
    if head.kind == _PALETTE and not palette:
        raise _damaged("its colours are missing")
    _unpack(head, pixels)
    return _seen("image/png", head.width, head.height, orientation)


def _headless() -> PictureError:
    return PictureError("a damaged PNG, its header is missing", "save it anew")


def _damaged(what: str) -> PictureError:
    return PictureError(f"a damaged PNG, {what}")


def _cut_off() -> PictureError:
    return PictureError("a PNG that is cut off, its end is missing")


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and content of each piece, its checksum compared, up to the end of the picture."""
    view, position = memoryview(data), len(_PNG)
    for _ in range(_PIECES):
        content = position + 8
        end = content + int.from_bytes(view[position : position + 4], "big")
        if end + 4 > len(data):
            raise _cut_off() if position > len(_PNG) else _headless()
        kind = bytes(view[position + 4 : content])
        if zlib.crc32(view[position + 4 : end]) != int.from_bytes(view[end : end + 4], "big"):
            shown = kind.decode("ascii") if kind.isalpha() else "?"
            raise _damaged(f"the checksum of its part {shown} is wrong") if position > len(_PNG) else _headless()
        if kind == b"IEND":
            return
        yield kind, view[content:end]
        position = end + 4
    raise _damaged(f"it is in more than {_PIECES:,} parts")


def _read_head(content: memoryview) -> _Head:
    if len(content) != 13:
        raise _headless()
    width, height = int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big")
    depth, kind, packing, filtering, interlace = content[8:]
    if depth not in _DEPTHS.get(kind, ()) or packing or filtering or interlace > 1:
        raise _damaged("its header says what no PNG has")
    return _Head(width, height, depth, kind, interlace == 1)


def _unpack(head: _Head, pixels: list[memoryview]) -> None:
    """Whether the pixels unpack to as many rows as the header says; nothing of them is kept."""
    passes = list(head.rows())
    if sum(rows * length for rows, length in passes) > _UNPACKED_AT_MOST:
        return
    unpacked = filter(None, _unpacked(pixels))
    held, at = b"", 0
    for rows, length in passes:
        missing, place = rows * length, 0
        while missing:
            if at == len(held):
                held, at = next(unpacked, b""), 0
                if not held:
                    raise _damaged("some of its pixels are missing")
            part = held[at : at + missing]
            # The first byte of each row names its filter; there are five.
            if max(part[-place % length :: length], default=0) > 4:
                raise _damaged("its pixels make no picture")
            at, missing, place = at + len(part), missing - len(part), place + len(part)


def _unpacked(pixels: list[memoryview]) -> Iterator[bytes]:
    packed = zlib.decompressobj()
    try:
        for part in pixels:
            for start in range(0, len(part), _PACKED_AT_ONCE):
                rest: bytes | memoryview = part[start : start + _PACKED_AT_ONCE]
                while rest and not packed.eof:
                    yield packed.decompress(rest, _READ_AT_ONCE)
                    rest = packed.unconsumed_tail
        yield packed.flush()
    except zlib.error:
        raise _damaged("its pixels cannot be unpacked") from None
