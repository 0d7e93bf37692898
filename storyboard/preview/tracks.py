"""The tracks of an animatic's file: cards as video, tones as sound, shot texts as subtitles and chapters."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import av
from av.codec.context import Flags as CodecFlags
from av.video.frame import PictureType
from av.video.reformatter import Colorspace

from storyboard.preview.sound import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from av.container import OutputContainer
    from PIL import Image

    from storyboard.preview.playhead import Playhead

FRAMES_A_SECOND = 24
_BT709 = 1
_NARROW_RANGE = 1
# mov_text takes its styles from an ASS header; players then use their own.
_SUBTITLE_HEADER = b"[Script Info]\r\nScriptType: v4.00+\r\n\r\n[Events]\r\nFormat: Layer, Start, End, Style, Text\r\n"


@dataclass(frozen=True, slots=True)
class Format:
    """How one container is written."""

    muxer: str
    video: Literal["libx264", "libvpx-vp9"]
    sound: Literal["aac", "libopus"]
    subtitles: bool
    options: Mapping[str, str]
    video_options: Mapping[str, str]
    sound_options: Mapping[str, str]


# Constant quantizer without lookahead: cards hardly change, and anything cleverer costs time and gains little.
# Two slices a frame are worked on at once; the number is fixed, because the bytes depend on it.
_H264 = {"preset": "ultrafast", "tune": "zerolatency", "qp": "20", "g": "250", "threads": "2"}
_VP9 = {"deadline": "realtime", "cpu-used": "8", "crf": "24", "b": "0", "g": "250", "lag-in-frames": "0",
        "row-mt": "1", "tile-columns": "2", "threads": "2"}  # fmt: skip
_FAST_START = {"movflags": "+faststart", "fflags": "+bitexact"}
FORMATS: Mapping[str, Format] = {
    "MP4": Format("mp4", "libx264", "aac", True, _FAST_START, _H264, {"aac_coder": "fast"}),
    "MOV": Format("mov", "libx264", "aac", True, _FAST_START, _H264, {"aac_coder": "fast"}),
    "WEBM": Format("webm", "libvpx-vp9", "libopus", False, {"fflags": "+bitexact"}, _VP9, {"compression_level": "0"}),
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the film in whole seconds, its name, and what is shown as its subtitle."""

    start: int
    seconds: int
    name: str
    text: str


class VideoTrack:
    """Cards, one after another, with the playhead on each frame."""

    def __init__(self, file: OutputContainer, form: Format, size: tuple[int, int], playhead: Playhead) -> None:
        """Add the track to a file that has no packets yet."""
        self._file = file
        self._stream = file.add_stream(form.video, rate=FRAMES_A_SECOND, options=dict(form.video_options))
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.flags |= CodecFlags.bitexact
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _NARROW_RANGE
        self._playhead = playhead
        self._next = 0

    def seconds_of(self, card: Image.Image, seconds: int) -> Iterator[None]:
        """Write the card for so many seconds, one at each step, beginning with a keyframe."""
        picture = av.VideoFrame.from_image(card)  # type: ignore[no-untyped-call]
        frame = picture.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
        first = self._next
        for _ in range(seconds):
            for _ in range(FRAMES_A_SECOND):
                frame.pts = self._next
                frame.pict_type = PictureType.I if self._next == first else PictureType.NONE
                with self._playhead.drawn_on(frame, self._next):
                    self._file.mux(self._stream.encode(frame))
                self._next += 1
            yield

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._file.mux(self._stream.encode())


class SoundTrack:
    """Samples, a second at a time."""

    def __init__(self, file: OutputContainer, form: Format, samples: bytes) -> None:
        """Add the track to a file that has no packets yet; `samples` are int16 at `sound.RATE`, one channel."""
        self._file = file
        self._stream = file.add_stream(form.sound, rate=RATE, layout="mono", options=dict(form.sound_options))
        self._stream.codec_context.bit_rate = 64_000
        self._stream.codec_context.flags |= CodecFlags.bitexact
        self._samples = samples
        self._next = 0

    def write_second(self) -> None:
        """Write the next second."""
        frame = av.AudioFrame(format="s16", layout="mono", samples=RATE)
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._next * RATE
        start = 2 * RATE * self._next
        frame.planes[0].update(self._samples[start : start + 2 * RATE])
        self._file.mux(self._stream.encode(frame))
        self._next += 1

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._file.mux(self._stream.encode())


class SubtitleTrack:
    """Each shot's text for as long as the shot lasts; off unless the viewer turns it on."""

    def __init__(self, file: OutputContainer) -> None:
        """Add the track to a file that has no packets yet."""
        self._file = file
        self._stream = file.add_stream("mov_text")
        self._stream.codec_context.subtitle_header = _SUBTITLE_HEADER

    def write(self, chapter: Chapter) -> None:
        """Write one shot's text."""
        text = chapter.text.encode("utf-8", "replace")
        packet = av.Packet(len(text).to_bytes(2, "big") + text)
        packet.stream = self._stream
        packet.time_base = Fraction(1, 1000)
        packet.pts = packet.dts = 1000 * chapter.start
        packet.duration = 1000 * chapter.seconds
        self._file.mux(packet)


def set_chapters(file: OutputContainer, chapters: list[Chapter]) -> None:
    """Name the shots, so that players can jump to them."""
    file.set_chapters(
        [
            {
                "id": number,
                "start": chapter.start * 1000,
                "end": (chapter.start + chapter.seconds) * 1000,
                "time_base": Fraction(1, 1000),
                "metadata": {"title": chapter.name},
            }
            for number, chapter in enumerate(chapters, 1)
        ]
    )
