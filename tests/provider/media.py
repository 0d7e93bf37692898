"""Small video files: their structure is right, their pictures are noise."""

import random
import struct
from functools import lru_cache


@lru_cache(maxsize=32)
def video(name: str, ending: str, size: int, seconds: int) -> bytes:
    """A file of its own for each `name`, with `size` bytes of payload; `ending` is mp4, mov or webm."""
    payload = random.Random(name).randbytes(size)
    if ending == "webm":
        return _ebml(payload, seconds)
    brand = b"qt  " if ending == "mov" else b"isom"
    ftyp = _box(b"ftyp", brand + struct.pack(">I", 512) + brand + b"mp41")
    return ftyp + _box(b"moov", _mvhd(seconds)) + _box(b"mdat", payload)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def _mvhd(seconds: int) -> bytes:
    """The movie header, with the duration in milliseconds."""
    times = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    return _box(
        b"mvhd", times + struct.pack(">IH", 0x10000, 0x100) + bytes(10) + matrix + bytes(24) + struct.pack(">I", 2)
    )


def _ebml(payload: bytes, seconds: int) -> bytes:
    """A WebM: header, and a segment with its duration and one void element that holds the payload."""
    header = _element("1a45dfa3", _element("4282", b"webm") + _element("4287", b"\x04") + _element("4285", b"\x02"))
    info = _element(
        "1549a966", _element("2ad7b1", (10**6).to_bytes(3)) + _element("4489", struct.pack(">d", seconds * 1000))
    )
    return header + _element("18538067", info + _element("ec", payload))


def _element(name: str, content: bytes) -> bytes:
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8) + content
