"""WebM: elements, tracks, clusters, and when their pictures are shown."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from storyboard.jobs.boxes import CUT_OFF, MIXED, Damaged, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_EBML, _SEGMENT, _CLUSTER = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"
_INFO, _SCALE, _DURATION = b"\x15\x49\xa9\x66", b"\x2a\xd7\xb1", b"\x44\x89"
_TRACKS, _TRACK, _NUMBER, _TYPE, _PICTURES = b"\x16\x54\xae\x6b", b"\xae", b"\xd7", b"\x83", 1
_TIME, _SIMPLE_BLOCK, _GROUP, _BLOCK = b"\xe7", b"\xa3", b"\xa0", b"\xa1"
_NANOSECONDS_AT_MOST = 10**9


class Element(NamedTuple):
    """A part of the file: its name, and where its content starts and ends; `end` None where it does not say."""

    name: bytes
    start: int
    end: int | None


@dataclass(slots=True)
class _Film:
    """What is known of the whole file while its elements are read."""

    scale: int = 1_000_000
    """Nanoseconds of a tick."""
    duration: float | None = None
    """In ticks."""
    pictures: set[int] = field(default_factory=set)
    """Numbers of tracks."""
    cluster: int = 0
    """When the cluster begins that is being read, in ticks."""
    last: int | None = None
    """When the last picture is shown."""


def outline(stream: BinaryIO, size: int) -> None:
    """Raises Damaged where the file's segment does not end where the file ends, or is not there."""
    reader = Reader(stream, size)
    segment = _segment(reader)
    if segment.end is None and not any(one.name == _CLUSTER for one in _flat(reader, segment.start)):
        raise Damaged(CUT_OFF)


def look(stream: BinaryIO, size: int) -> tuple[float, bool]:
    """Seconds that the pictures are shown, and whether the file says itself where it ends. Raises Damaged."""
    reader, film = Reader(stream, size), _Film()
    segment = _segment(reader)
    for element in _flat(reader, segment.start):
        if element.name == _INFO:
            _read_info(reader, film, element)
        elif element.name == _TRACKS:
            _read_tracks(reader, film, element)
        elif element.name in (_TIME, _SIMPLE_BLOCK, _GROUP):
            _read_in_cluster(reader, film, element)
    if not film.pictures:
        raise Damaged("no video: it has no track of pictures")
    if film.last is None:
        raise Damaged("the video has no picture in it")
    says_its_end = segment.end is not None
    # What a stream says before its end may be what was planned.
    ticks = film.duration if film.duration is not None and says_its_end else film.last
    return ticks * film.scale / 1e9, says_its_end


def _segment(reader: Reader) -> Element:
    header = _element(reader, 0)
    if header is None or header.name != _EBML or header.end is None or header.end > reader.size:
        raise Damaged("no WebM video")
    segment = _element(reader, header.end)
    if segment is None or segment.name != _SEGMENT:
        raise Damaged("the video lacks its segment")
    if segment.end is not None and (segment.end != reader.size or segment.end == segment.start):
        raise Damaged(CUT_OFF)
    return segment


def _element(reader: Reader, position: int) -> Element | None:
    """The element at a place; None where there is none."""
    head = reader.head(position, 12)
    if not head or head[0] < 0x10:
        return None
    at = 9 - head[0].bit_length()
    if len(head) <= at or not head[at]:
        return None
    width = 9 - head[at].bit_length()
    if len(head) < at + width:
        return None
    value = int.from_bytes(head[at : at + width], "big") & ((1 << 7 * width) - 1)
    start = position + at + width
    return Element(head[:at], start, None if value == (1 << 7 * width) - 1 else start + value)


def _flat(reader: Reader, position: int) -> Iterator[Element]:
    """A segment's elements and those of its clusters, as they follow each other up to the file's end."""
    cluster_end: int | None = None
    while position < reader.size:
        if cluster_end is not None and position >= cluster_end:
            cluster_end = None
        element = _element(reader, position)
        if element is None or (element.end is None and element.name != _CLUSTER):
            raise Damaged(CUT_OFF)
        end = reader.size if element.end is None else element.end
        if end > (cluster_end if cluster_end is not None else reader.size):
            raise Damaged(CUT_OFF)
        if element.name == _CLUSTER:
            if cluster_end is not None:
                raise Damaged(MIXED)
            cluster_end, position = element.end, element.start
        else:
            position = end
        yield element


def _inside(reader: Reader, outer: Element) -> Iterator[Element]:
    position, last = outer.start, outer.end or outer.start
    while position < last:
        element = _element(reader, position)
        if element is None or element.end is None or element.end > last:
            raise Damaged(MIXED)
        yield element
        position = element.end


def _value(reader: Reader, element: Element) -> bytes:
    """A number as it is written: at most eight bytes."""
    if element.end is None or element.end - element.start > 8:
        raise Damaged(MIXED)
    return reader.table(element.start, element.end)


def _read_info(reader: Reader, film: _Film, info: Element) -> None:
    for element in _inside(reader, info):
        if element.name == _SCALE:
            film.scale = int.from_bytes(_value(reader, element), "big")
            if not 0 < film.scale <= _NANOSECONDS_AT_MOST:
                raise Damaged("no video: its times make no sense")
        elif element.name == _DURATION:
            data = _value(reader, element)
            found = struct.unpack(">d" if len(data) == 8 else ">f", data)[0] if len(data) in (4, 8) else math.nan
            film.duration = found if math.isfinite(found) and found > 0 else None


def _read_tracks(reader: Reader, film: _Film, tracks: Element) -> None:
    for track in _inside(reader, tracks):
        if track.name != _TRACK:
            continue
        number = kind = 0
        for element in _inside(reader, track):
            if element.name == _NUMBER:
                number = int.from_bytes(_value(reader, element), "big")
            elif element.name == _TYPE:
                kind = int.from_bytes(_value(reader, element), "big")
        if kind == _PICTURES:
            film.pictures.add(number)


def _read_in_cluster(reader: Reader, film: _Film, element: Element) -> None:
    if element.name == _TIME:
        film.cluster = int.from_bytes(_value(reader, element), "big")
        return
    blocks = [element] if element.name == _SIMPLE_BLOCK else _inside(reader, element)
    for block in blocks:
        if block.name not in (_SIMPLE_BLOCK, _BLOCK):
            continue
        head = reader.head(block.start, min(10, (block.end or block.start) - block.start))
        width = 9 - head[0].bit_length() if head and head[0] else len(head)
        if len(head) < width + 3:
            raise Damaged(MIXED)
        number = int.from_bytes(head[:width], "big") & ((1 << 7 * width) - 1)
        if number in film.pictures:
            time = film.cluster + int.from_bytes(head[width : width + 2], "big", signed=True)
            film.last = time if film.last is None else max(film.last, time)
