"""A process of its own that decodes the first pictures of videos: strangers' bytes meet no decoder in ours.

It is run as a file, alone: it must import nothing of storyboard. Each line that it reads is a JSON array of a path and
an FFmpeg format; each line that it writes is what came of it: "drawn", "broken", or "unknown" where it cannot tell.
"""

import json
import signal
import sys
from typing import Any, BinaryIO

_SECONDS = 30
"""After which it ends by itself, should nobody be there any more to end it."""
_MEMORY = 2 << 30
_BYTES_AT_MOST = 64 << 20
"""Of a video that are read: tables, and the bytes of a few pictures."""
_PIXELS_AT_MOST = 8192 * 4320
_PACKETS_AT_MOST = 64


class _Bounded:
    """A file to read, of which no more than some bytes come."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, _BYTES_AT_MOST
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, count: int) -> bytes:
        data = self._stream.read(min(count, self._left))
        self._left -= len(data)
        return data


def _limit() -> None:
    """This process may neither write files nor take all memory."""
    try:
        import resource
    except ImportError:  # not on this platform
        return
    for limit, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):  # the system allows less, or knows no such limit
            continue


def _first_picture(av: Any, path: str, form: str) -> str:
    with open(path, "rb") as stream, av.open(_Bounded(stream), format=form) as file:
        if not file.streams.video:
            return "broken"
        video = file.streams.video[0]
        if video.codec_context is None:
            return "unknown"
        if not 0 < video.codec_context.width * video.codec_context.height <= _PIXELS_AT_MOST:
            return "broken"
        video.thread_type = "NONE"
        for count, packet in enumerate(file.demux(video)):
            if packet.decode():
                return "drawn"
            if count == _PACKETS_AT_MOST:
                break
    return "broken"


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _main() -> None:
    import av

    av.logging.set_level(av.logging.PANIC)
    _limit()
    _say("ready")
    for line in sys.stdin:
        if hasattr(signal, "alarm"):
            signal.alarm(_SECONDS)
        try:
            told = _first_picture(av, *json.loads(line))
        except av.error.DecoderNotFoundError:
            told = "unknown"
        except (av.error.FFmpegError, ValueError):
            told = "broken"
        except OSError:
            told = "unknown"
        _say(told)
        if hasattr(signal, "alarm"):
            signal.alarm(0)


if __name__ == "__main__":
    _main()
