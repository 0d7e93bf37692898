"""The pixels of a JPEG, decoded where Pillow is installed, to know that all of them are there."""

from __future__ import annotations

import os
import struct
import sys
import warnings
from importlib.util import find_spec
from io import BytesIO
from operator import ne
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.pictures import PictureError, look

if TYPE_CHECKING:
    from PIL.JpegImagePlugin import JpegImageFile

    from storyboard.pictures import Picture

PIXELS_AT_MOST = 89_000_000
"""Pixels up to which pictures are decoded: Pillow warns from here on, and no video model wants more."""
_VISITS_AT_ONCE = 250_000_000
"""Pixels times scans up to which a picture is decoded in this process: a quarter of a second's work."""
SECONDS_AT_MOST = 20
"""What a helper may take of a processor to decode a larger one."""
_WAIT_AT_MOST = 60.0
_VISITS_OF_BYTES = 2_000_000_000, 1_000
"""Visits up to which a picture may hold next to nothing, and as many for each of its bytes beyond.

A photo has some twenty for each byte and scans that say nothing have thousands: two seconds' work in 200 kB.
"""
_LIGHTER = "save it anew as a usual JPEG, or smaller"
_MORE = bytes(37 * place * place % 251 for place in range(8192))
"""Bytes that pass for a picture's, with no mark among them."""
_UNLIKE_AT_MOST = 0.002
"""The part of a picture's bytes that may be missing: some cameras save the last bits."""


def decode_whole(data: bytes, picture: Picture) -> None:
    """Decodes the scans of a JPEG and forgets them; raises PictureError where that fails or a part is missing.

    Does nothing for a PNG, which `pictures.look` has unpacked already, for a picture too large to decode, and where
    Pillow is not installed. One that takes long is decoded by a helper process, which ends after SECONDS_AT_MOST.
    """
    if picture.media_type != "image/jpeg" or picture.pixels > PIXELS_AT_MOST:
        return
    if find_spec("PIL") is None:
        return
    refuse_empty_scans(data, picture)
    if is_slow(picture):
        if trouble := in_helper("storyboard.pixels", [], data).decode(errors="replace"):
            raise PictureError(*trouble.split("\n", 1))
        return
    _decode_whole(data, picture)


def is_slow(picture: Picture) -> bool:
    """Whether decoding may take longer than a person waits: a decoder cannot be stopped but with its process."""
    return picture.pixels * picture.scans > _VISITS_AT_ONCE


def refuse_empty_scans(data: bytes, picture: Picture) -> None:
    """PictureError for scans that say nothing, over and over again."""
    visits = picture.pixels * picture.scans
    most, of_bytes = _VISITS_OF_BYTES
    if visits > most and visits > of_bytes * len(data):
        raise PictureError(f"a JPEG of {picture.scans} scans with next to nothing in them", _LIGHTER)


def in_helper(module: str, arguments: list[str], data: bytes) -> bytes:
    """What `python -m module SECONDS ARGUMENTS` prints for these bytes; PictureError where it takes too long.

    The module begins with `limit_seconds`, prints all that is to be known, and ends with 0. It is killed after
    `_WAIT_AT_MOST` seconds: those of a busy machine, and of systems that do not limit a process themselves.
    """
    import subprocess

    # What is imported there is what runs here, also where it is not installed; never what lies in this folder.
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", module, str(SECONDS_AT_MOST), *arguments]
    environment = os.environ | {"PYTHONPATH": path}
    try:
        done = subprocess.run(  # noqa: S603 - this program
            command, input=data, capture_output=True, timeout=_WAIT_AT_MOST, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise PictureError("it takes too long to decode", _LIGHTER) from None
    except OSError as error:
        raise PictureError(f"no process can be started to decode it ({error})", "close other programs") from None
    if done.returncode < 0:  # by the system, for its time or its memory
        raise PictureError("it takes too long to decode", _LIGHTER)
    if done.returncode:
        raise PictureError("its decoder ended before it was done", _LIGHTER)
    return done.stdout


def limit_seconds() -> None:
    """In a helper: it ends once it has used as many seconds of a processor as its first argument says."""
    if sys.platform != "win32":
        import resource

        seconds = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _decode_whole(data: bytes, picture: Picture) -> None:
    from PIL.JpegImagePlugin import JpegImageFile

    shown = _shown(JpegImageFile, data)
    # What decodes the scans makes grey of what is missing, without a word. More bytes before the end show the gap: they
    # change nothing but a picture that lacks some.
    more = _MORE * (1 + len(data) // 8 // len(_MORE))
    other = _shown(JpegImageFile, data[: picture.end] + more + data[picture.end :])
    if shown != other and sum(map(ne, shown, other)) > len(shown) * _UNLIKE_AT_MOST:
        raise PictureError("a damaged JPEG, a part of its picture is missing")


def quiet_pillow() -> None:
    """Lets Pillow's warnings pass, say of EXIF that is cut short: what is wrong with a picture is said in findings.

    For the whole process, because `warnings.catch_warnings` is not safe where several threads open pictures.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")


def _shown(reader: type[JpegImageFile], data: bytes) -> bytes:
    quiet_pillow()
    try:
        with reader(BytesIO(data)) as decoded:
            # An eighth of the size: every scan is read to its end all the same, in a third of the time.
            decoded.draft("L", (1, 1))
            return decoded.tobytes()
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error) as error:
        raise PictureError(f"a damaged JPEG, it cannot be decoded ({error})") from None


def _help() -> None:
    """In a helper: what is wrong with the picture on standard input, its reason and its advice a line each."""
    limit_seconds()
    data = sys.stdin.buffer.read()
    try:
        _decode_whole(data, look(data))
    except PictureError as error:
        words = str(error).removeprefix(f"{error.reason}: ")
        sys.stdout.buffer.write(f"{' '.join(error.reason.split())}\n{words}".encode(errors="replace"))


if __name__ == "__main__":
    _help()
