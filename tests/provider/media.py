"""Small video files: one picture of 16 × 16 pixels that lasts as long as the video, and noise that fills the file."""

import random
import struct
from functools import lru_cache

SIDE = 16
# Grey pictures as FFmpeg's libx264 and libvpx encode them, and the parameter sets of the first.
_AVC_SPS = bytes.fromhex("6742c00ada7a1000000300100000030320f1226a")
_AVC_PPS = bytes.fromhex("68ce0fc8")
_AVC_PICTURE = bytes.fromhex("000000066588843a2780")
_VP8_PICTURE = bytes.fromhex("1002009d012a100010000047088585888584880202000619680000")


@lru_cache(maxsize=32)
def video(name: str, ending: str, size: int, seconds: int) -> bytes:
    """A file of its own for each `name`, with `size` bytes of noise; `ending` is mp4, mov or webm."""
    payload = random.Random(name).randbytes(size)
    if ending == "webm":
        return _ebml(payload, seconds)
    brand = b"qt  " if ending == "mov" else b"isom"
    ftyp = box(b"ftyp", brand + struct.pack(">I", 512) + brand + b"mp41")
    start = len(ftyp) + len(moov(seconds, 0)) + 8
    return ftyp + moov(seconds, start) + box(b"mdat", _AVC_PICTURE + payload)


def video_of_before(name: str, ending: str, size: int, seconds: int) -> bytes:
    """An MP4 or MOV as this stand-in once made it, when parts alone made a video: it has no track."""
    brand = b"qt  " if ending == "mov" else b"isom"
    ftyp = box(b"ftyp", brand + struct.pack(">I", 512) + brand + b"mp41")
    return ftyp + box(b"moov", _mvhd(seconds * 1000)) + box(b"mdat", random.Random(name).randbytes(size))


def box(name: bytes, *contents: bytes) -> bytes:
    """A box of an MP4."""
    content = b"".join(contents)
    return struct.pack(">I", len(content) + 8) + name + content


def moov(seconds: float, start: int) -> bytes:
    """The tables of a film of one picture, whose bytes lie at `start` in the file."""
    length = round(seconds * 1000)
    stbl = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), _avc1()),
        box(b"stts", struct.pack(">IIII", 0, 1, 1, length)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stsz", struct.pack(">IIII", 0, 0, 1, len(_AVC_PICTURE))),
        box(b"stco", struct.pack(">III", 0, 1, start)),
    )
    dinf = box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", struct.pack(">I", 1))))
    minf = box(b"minf", box(b"vmhd", struct.pack(">I8x", 1)), dinf, stbl)
    mdhd = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, length, 0x55C4, 0))
    hdlr = box(b"hdlr", struct.pack(">I4s4s12x", 0, b"mhlr", b"vide") + b"\0")
    tkhd = struct.pack(">IIIIII8xHHHH", 7, 0, 0, 1, 0, length, 0, 0, 0, 0) + _MATRIX
    trak = box(
        b"trak",
        box(b"tkhd", tkhd + struct.pack(">II", SIDE << 16, SIDE << 16)),
        box(b"mdia", mdhd, hdlr, minf),
    )
    return box(b"moov", _mvhd(length), trak)


_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _mvhd(length: int) -> bytes:
    """The movie header, with the duration in milliseconds."""
    times = struct.pack(">IIIII", 0, 0, 0, 1000, length)
    return box(
        b"mvhd", times + struct.pack(">IH", 0x10000, 0x100) + bytes(10) + _MATRIX + bytes(24) + struct.pack(">I", 2)
    )


def _avc1() -> bytes:
    avcc = b"\x01" + _AVC_SPS[1:4] + b"\xff\xe1" + struct.pack(">H", len(_AVC_SPS)) + _AVC_SPS
    avcc += b"\x01" + struct.pack(">H", len(_AVC_PPS)) + _AVC_PPS
    head = struct.pack(">6xH16xHHIIIH32xHh", 1, SIDE, SIDE, 0x480000, 0x480000, 0, 1, 24, -1)
    return box(b"avc1", head, box(b"avcC", avcc))


def _ebml(payload: bytes, seconds: float) -> bytes:
    """A WebM: header, and a segment with its duration, its picture and one void element that holds the payload."""
    info = element(
        "1549a966", element("2ad7b1", (10**6).to_bytes(3)) + element("4489", struct.pack(">d", seconds * 1000))
    )
    return EBML_HEADER + element("18538067", info + TRACKS + CLUSTER + element("ec", payload))


def element(name: str, content: bytes) -> bytes:
    """An element of a WebM."""
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8) + content


EBML_HEADER = element("1a45dfa3", element("4282", b"webm") + element("4287", b"\x04") + element("4285", b"\x02"))
TRACKS = element(
    "1654ae6b",
    element(
        "ae",
        element("d7", b"\x01")
        + element("73c5", b"\x01")
        + element("83", b"\x01")
        + element("86", b"V_VP8")
        + element("e0", element("b0", bytes((SIDE,))) + element("ba", bytes((SIDE,)))),
    ),
)
_PICTURE_BLOCK = element("e7", b"\0") + element("a3", b"\x81\0\0\x80" + _VP8_PICTURE)
CLUSTER = element("1f43b675", _PICTURE_BLOCK)
BLOCK = b"\xa3\x86\x81\0\0\0xy"
LIVE = EBML_HEADER + bytes.fromhex("18538067ff") + TRACKS + bytes.fromhex("1f43b675ff") + _PICTURE_BLOCK + BLOCK * 50
"""A WebM as streams have it: whole after any of its blocks, as far as the file itself can tell."""
