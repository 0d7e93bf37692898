"""MP4 and MOV: boxes, tracks, and where the bytes of their pictures lie."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from storyboard.jobs.boxes import CUT_OFF, MIXED, Damaged, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

_PICTURES, _SOUND = b"vide", b"soun"
_BAD_TABLES = "no video: its tables make no sense"


class Box(NamedTuple):
    """A part of the file: its kind, where it starts, and where its content starts and ends."""

    kind: bytes
    begin: int
    start: int
    end: int


@dataclass(slots=True)
class _Track:
    """A track of pictures or sound, and what of it was found in the file."""

    kind: bytes
    timescale: int
    samples: int = 0
    first: int = 0
    """When the first of its samples is shown, in ticks."""
    ticks: int = 0
    """When the last of them ends."""
    usual_ticks: int = 0
    usual_bytes: int = 0


@dataclass(slots=True)
class _Film:
    """What is known of the whole file while its boxes are read."""

    reader: Reader
    data: list[Box]
    tracks: dict[int, _Track] = field(default_factory=dict)

    def require_data(self, start: int, length: int) -> None:
        """Raises Damaged unless these bytes lie in the file's data."""
        place = bisect_right(self.data, start, key=lambda box: box.start) - 1
        if place < 0 or start + length > self.data[place].end:
            raise Damaged("the video is cut off: its tables name pictures that are not there")


def outline(stream: BinaryIO, size: int, *, must_begin_with_ftyp: bool) -> list[Box]:
    """The outermost boxes, which end where the file ends. Raises Damaged."""
    return _outline(Reader(stream, size), must_begin_with_ftyp=must_begin_with_ftyp)


def look(stream: BinaryIO, size: int, *, must_begin_with_ftyp: bool) -> tuple[float, bool]:
    """Seconds that the pictures are shown, and whether the file says itself where it ends. Raises Damaged."""
    reader = Reader(stream, size)
    boxes = _outline(reader, must_begin_with_ftyp=must_begin_with_ftyp)
    film = _Film(reader, [box for box in boxes if box.kind == b"mdat"])
    _read_movie(film, next(box for box in boxes if box.kind == b"moov"))
    pieces = [box for box in boxes if box.kind == b"moof"]
    for piece in pieces:
        _read_piece(film, piece)
    pictures = [track for track in film.tracks.values() if track.kind == _PICTURES]
    if not pictures:
        raise Damaged("no video: it has no track of pictures")
    if not any(track.samples for track in pictures):
        raise Damaged("the video has no picture in it")
    says_its_end = not pieces or any(box.kind == b"mfra" for box in boxes)
    return max((track.ticks - track.first) / track.timescale for track in pictures if track.samples), says_its_end


def _outline(reader: Reader, *, must_begin_with_ftyp: bool) -> list[Box]:
    boxes = list(_boxes(reader, 0, reader.size))
    if not boxes or (must_begin_with_ftyp and boxes[0].kind != b"ftyp"):
        raise Damaged("no MP4 video")
    if missing := {b"moov", b"mdat"} - {box.kind for box in boxes}:
        raise Damaged(f"the video lacks its {b' and '.join(sorted(missing)).decode()}")
    return boxes


def _boxes(reader: Reader, position: int, end: int) -> Iterator[Box]:
    while position < end:
        header = reader.head(position, 16)
        content, length = 8, int.from_bytes(header[:4], "big")
        if length == 1 and len(header) == 16:
            content, length = 16, int.from_bytes(header[8:], "big")
        elif length == 0 and len(header) >= 8:
            length = end - position
        kind = header[4:8]
        if len(header) < 8 or length < content or not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
            raise Damaged(MIXED)
        if position + length > end:
            raise Damaged(CUT_OFF)
        yield Box(kind, position, position + content, position + length)
        position += length


def _inner(reader: Reader, box: Box, *kinds: bytes) -> dict[bytes, Box]:
    """The first box of each of these kinds in another."""
    found: dict[bytes, Box] = {}
    for one in _boxes(reader, box.start, box.end):
        if one.kind in kinds:
            found.setdefault(one.kind, one)
    return found


def _number(data: bytes, at: int, size: int = 4) -> int:
    if len(data) < at + size:
        raise Damaged(_BAD_TABLES)
    return int.from_bytes(data[at : at + size], "big")


def _numbers(data: bytes, at: int, count: int, code: str = "I") -> array[int]:
    """A table of whole numbers without a sign."""
    found = array(code)
    if count * found.itemsize > len(data) - at:
        raise Damaged(_BAD_TABLES)
    found.frombytes(data[at : at + count * found.itemsize])
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _read_movie(film: _Film, moov: Box) -> None:
    usual: dict[int, tuple[int, int]] = {}
    for box in _boxes(film.reader, moov.start, moov.end):
        if box.kind == b"trak":
            _read_track(film, box)
        elif box.kind == b"mvex":
            for one in _boxes(film.reader, box.start, box.end):
                if one.kind == b"trex":
                    data = film.reader.table(one.start, one.end)
                    usual[_number(data, 4)] = _number(data, 12), _number(data, 16)
    for number, (ticks, size) in usual.items():
        if (track := film.tracks.get(number)) is not None:
            track.usual_ticks, track.usual_bytes = ticks, size


def _read_track(film: _Film, trak: Box) -> None:
    reader = film.reader
    parts = _inner(reader, trak, b"tkhd", b"mdia")
    media = _inner(reader, parts[b"mdia"], b"mdhd", b"hdlr", b"minf") if b"mdia" in parts else {}
    if b"tkhd" not in parts or len(media) < 3:
        return
    kind = reader.table(media[b"hdlr"].start, min(media[b"hdlr"].start + 12, media[b"hdlr"].end))[8:12]
    if kind not in (_PICTURES, _SOUND):
        return
    header, head = (reader.table(box.start, box.end) for box in (parts[b"tkhd"], media[b"mdhd"]))
    track = _Track(kind, _number(head, 20 if head[:1] == b"\1" else 12))
    if not track.timescale:
        raise Damaged(_BAD_TABLES)
    film.tracks[_number(header, 20 if header[:1] == b"\1" else 12)] = track
    tables = _inner(reader, media[b"minf"], b"stbl")
    if b"stbl" in tables:
        _read_samples(film, track, tables[b"stbl"])


def _read_samples(film: _Film, track: _Track, stbl: Box) -> None:
    """What the tables of a track say, and whether all of it lies in the file."""
    kinds = (b"stts", b"stsc", b"stsz", b"stz2", b"stco", b"co64")
    tables = {kind: film.reader.table(box.start, box.end) for kind, box in _inner(film.reader, stbl, *kinds).items()}
    if b"stts" in tables:
        times = _numbers(tables[b"stts"], 8, 2 * _number(tables[b"stts"], 4))
        track.samples = sum(times[::2])
        track.ticks = sum(count * ticks for count, ticks in zip(times[::2], times[1::2], strict=True))
    each, sizes = _sizes(tables)
    if b"co64" in tables:
        places = _numbers(tables[b"co64"], 8, _number(tables[b"co64"], 4), "Q")
    else:
        places = _numbers(tables.get(b"stco", bytes(8)), 8, _number(tables.get(b"stco", bytes(8)), 4))
    ends = list(accumulate(sizes, initial=0))
    sample, samples = 0, track.samples if each is not None else len(sizes)
    for place, count in zip(places, _counts(tables.get(b"stsc", bytes(8)), len(places)), strict=False):
        begin, sample = sample, sample + count
        if each is None and sample > samples:
            raise Damaged(_BAD_TABLES)
        film.require_data(place, each * count if each is not None else ends[sample] - ends[begin])
    # Older sound counts other things than what its tables place.
    if track.kind == _PICTURES and not sample == samples == track.samples:
        raise Damaged(_BAD_TABLES)


def _sizes(tables: dict[bytes, bytes]) -> tuple[int | None, Sequence[int]]:
    """Bytes of each sample, where all have as many; else the bytes of one after another."""
    if (table := tables.get(b"stsz")) is not None:
        each = _number(table, 4)
        return (each, ()) if each else (None, _numbers(table, 12, _number(table, 8)))
    if (table := tables.get(b"stz2")) is not None:
        bits, count = _number(table, 4) & 0xFF, _number(table, 8)
        if bits == 4:
            halves = [half for byte in _numbers(table, 12, (count + 1) // 2, "B") for half in (byte >> 4, byte & 15)]
            return None, halves[:count]
        if bits in (8, 16):
            return None, _numbers(table, 12, count, "B" if bits == 8 else "H")
        raise Damaged(_BAD_TABLES)
    return None, ()


def _counts(table: bytes, chunks: int) -> Iterator[int]:
    """How many samples each chunk has."""
    runs = _numbers(table, 8, 3 * _number(table, 4))
    firsts = [*runs[::3], chunks + 1]
    for place, count in enumerate(runs[1::3]):
        length = min(firsts[place + 1], chunks + 1) - firsts[place]
        if length < 0 or not count or firsts[0] != 1:
            raise Damaged(_BAD_TABLES)
        for _ in range(length):
            yield count


def _read_piece(film: _Film, moof: Box) -> None:
    """One piece of a film that comes in pieces, each with tables of its own."""
    after = moof.begin
    for traf in _boxes(film.reader, moof.start, moof.end):
        if traf.kind != b"traf":
            continue
        track, base, after_is_base = None, moof.begin, True
        ticks = size = 0
        for box in _boxes(film.reader, traf.start, traf.end):
            if box.kind == b"tfhd":
                data = film.reader.table(box.start, box.end)
                track = film.tracks.get(_number(data, 4))
                flags, at = _number(data, 0) & 0xFFFFFF, 8
                base, after_is_base = (moof.begin if flags & 0x20000 else after), True
                ticks, size = (track.usual_ticks, track.usual_bytes) if track is not None else (0, 0)
                if flags & 1:
                    base, at = _number(data, at, 8), at + 8
                at += 4 if flags & 2 else 0
                if flags & 8:
                    ticks, at = _number(data, at), at + 4
                if flags & 16:
                    size = _number(data, at)
            elif box.kind == b"tfdt" and track is not None:
                data = film.reader.table(box.start, box.end)
                track.ticks = _number(data, 4, 8 if data[:1] == b"\1" else 4)
                track.first = track.first if track.samples else track.ticks
            elif box.kind == b"trun" and track is not None:
                data = film.reader.table(box.start, box.end)
                after = _read_run(film, track, data, (base, base if after_is_base else after), (ticks, size))
                after_is_base = False


def _read_run(film: _Film, track: _Track, data: bytes, places: tuple[int, int], usual: tuple[int, int]) -> int:
    """Samples of a piece one after another; where the last of them ends."""
    flags, count, at = _number(data, 0) & 0xFFFFFF, _number(data, 4), 8
    (base, place), (ticks, size) = places, usual
    if flags & 1:
        offset = _number(data, at)
        place, at = base + (offset - 2**32 if offset & 0x80000000 else offset), at + 4
    at += 4 if flags & 4 else 0
    columns = [flag for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag]
    rows = _numbers(data, at, count * len(columns))
    of = {flag: rows[column :: len(columns)] for column, flag in enumerate(columns)}
    track.samples += count
    track.ticks += sum(of[0x100]) if 0x100 in of else count * ticks
    length = sum(of[0x200]) if 0x200 in of else count * size
    film.require_data(place, length)
    return place + length
