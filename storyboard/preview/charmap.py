"""Which characters a font file can draw, read from the file's own tables without loading a glyph."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

# Platform and encoding of the Unicode subtables, the fullest first (OpenType specification, "cmap").
_UNICODE_SUBTABLES = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
_TABLE_BYTES_AT_MOST = 4_000_000


class UnreadableFontError(Exception):
    """The file is no OpenType font, is damaged, or is of a kind that Pillow cannot draw."""


@dataclass(frozen=True, slots=True)
class Charmap:
    """Ranges of code points that lead to a glyph, both ends included, in rising order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, code_point: int) -> bool:
        place = bisect_right(self.starts, code_point) - 1
        return place >= 0 and code_point <= self.ends[place]


@dataclass(frozen=True, slots=True)
class FontTables:
    """What one face of a font file has: its characters, and how it colours them."""

    charmap: Charmap
    bitmaps: bool
    """Glyphs are pictures of one size (Noto Color Emoji, Apple Color Emoji)."""
    colour: bool
    """Glyphs bring their own colours."""


def read_tables(file: BinaryIO, index: int = 0) -> FontTables:
    """The tables of face number `index`; raises UnreadableFontError."""
    try:
        tables = _directory(file, index)
        charmap = _charmap(_table(file, tables, b"cmap"))
        bitmaps = b"CBDT" in tables or b"sbix" in tables
        layers = b"COLR" in tables
        if layers and not bitmaps and _u16(_table(file, tables, b"COLR"), 0) > 0:
            raise UnreadableFontError("its colours are gradients (COLR 1), which Pillow leaves blank")
    except (OSError, struct.error, KeyError, ValueError) as error:
        raise UnreadableFontError(str(error)) from error
    return FontTables(charmap, bitmaps, bitmaps or layers)


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">I", data, at)[0])


def _directory(file: BinaryIO, index: int) -> dict[bytes, tuple[int, int]]:
    """Table name to (offset, length) of one face of a font or collection."""
    file.seek(0)
    start = 0
    head = file.read(12)
    if head[:4] == b"ttcf":
        if index >= _u32(head, 8):
            raise UnreadableFontError(f"the collection has no face number {index}")
        file.seek(12 + 4 * index)
        start = _u32(file.read(4), 0)
        file.seek(start)
        head = file.read(12)
    count = _u16(head, 4)
    rows = file.read(16 * count)
    return {rows[at : at + 4]: (_u32(rows, at + 8), _u32(rows, at + 12)) for at in range(0, 16 * count, 16)}


def _table(file: BinaryIO, tables: dict[bytes, tuple[int, int]], name: bytes) -> bytes:
    offset, length = tables[name]
    file.seek(offset)
    return file.read(min(length, _TABLE_BYTES_AT_MOST))


def _charmap(table: bytes) -> Charmap:
    subtables = {
        (_u16(table, at), _u16(table, at + 2)): _u32(table, at + 4) for at in range(4, 4 + 8 * _u16(table, 2), 8)
    }
    for kind in _UNICODE_SUBTABLES:
        if kind not in subtables:
            continue
        at = subtables[kind]
        if (form := _u16(table, at)) == 12:
            return _merged(_groups(table, at))
        if form == 4:
            return _merged(_segments(table, at))
    raise UnreadableFontError("it has no Unicode character map")


def _groups(table: bytes, at: int) -> list[tuple[int, int]]:
    """Ranges of a format 12 subtable."""
    count = _u32(table, at + 12)
    flat = struct.unpack_from(f">{3 * count}I", table, at + 16)
    return list(zip(flat[0::3], flat[1::3], strict=True))


def _segments(table: bytes, at: int) -> list[tuple[int, int]]:
    """Ranges of a format 4 subtable, without the code points inside a segment that lead to no glyph."""
    count = _u16(table, at + 6) // 2
    ends = struct.unpack_from(f">{count}H", table, at + 14)
    starts = struct.unpack_from(f">{count}H", table, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", table, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", table, offsets_at)
    ranges: list[tuple[int, int]] = []
    for place, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        if start > end or start == 0xFFFF:
            continue
        if offset == 0:
            hole = -delta & 0xFFFF
            ranges += [(start, min(end, hole - 1)), (max(start, hole + 1), end)] if hole else [(start, end)]
            continue
        glyphs_at = offsets_at + 2 * place + offset
        ranges += [
            (code, code)
            for code in range(start, end + 1)
            if glyphs_at + 2 * (code - start) + 2 <= len(table) and _u16(table, glyphs_at + 2 * (code - start))
        ]
    return [(start, end) for start, end in ranges if start <= end]


def _merged(ranges: list[tuple[int, int]]) -> Charmap:
    """The ranges in order, neighbours joined."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(ranges):
        if ends and start <= ends[-1] + 1:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return Charmap(tuple(starts), tuple(ends))
