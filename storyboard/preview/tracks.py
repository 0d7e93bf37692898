"""The tracks of an animatic's file: cards as video, tones as sound, shot texts as subtitles and chapters."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import av
from av.codec.context import Flags as CodecFlags
from av.video.frame import PictureType
from av.video.reformatter import Colorspace

from storyboard.preview.clusters import is_hidden, split_clusters
from storyboard.preview.sound import RATE, one_second
from storyboard.writing import open_made

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream
    from PIL import Image

    from storyboard.preview.playhead import Playhead

FRAMES_A_SECOND = 24
_HEADER_BYTES_AT_MOST = 1_000_000
# Chapters take any rational number; PyAV's types name Fraction up to 18 and AVRational from 19 on.
_MILLISECOND: Any = Fraction(1, 1000)
_BT709 = 1
_NARROW_RANGE = 1
# mov_text takes its styles from an ASS header; players then use their own.
_SUBTITLE_HEADER = b"[Script Info]\r\nScriptType: v4.00+\r\n\r\n[Events]\r\nFormat: Layer, Start, End, Style, Text\r\n"


# Players hide or obey what stands in braces in a subtitle.
_NO_STYLES = str.maketrans("{}", "｛｝")


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
    sound_early: int
    """Samples by which the sound ends before the picture, where the codec's last packet would outlast it."""


# Constant quantizer without lookahead: cards hardly change, and anything cleverer costs time and gains little.
# One thread an encoder: the bytes would depend on their number, and pieces are encoded side by side anyway.
_H264 = {"preset": "ultrafast", "tune": "zerolatency", "qp": "20", "g": "250", "threads": "1"}
_VP9 = {"deadline": "realtime", "cpu-used": "8", "crf": "24", "b": "0", "g": "250", "lag-in-frames": "0",
        "row-mt": "1", "tile-columns": "2", "threads": "2"}  # fmt: skip
_FAST_START = {"movflags": "+faststart", "fflags": "+bitexact"}
FORMATS: Mapping[str, Format] = {
    "MP4": Format("mp4", "libx264", "aac", True, _FAST_START, _H264, {"aac_coder": "fast"}, 0),
    "MOV": Format("mov", "libx264", "aac", False, _FAST_START, _H264, {"aac_coder": "fast"}, 0),
    "WEBM": Format(
        "webm", "libvpx-vp9", "libopus", False, {"fflags": "+bitexact"}, _VP9, {"compression_level": "0"}, 960
    ),
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the film in whole seconds, its name, and what is shown as its subtitle."""

    start: int
    seconds: int
    name: str
    text: str


class VideoTrack:
    """The cards' track; its packets come from `encode_card`, which many threads can run at once."""

    def __init__(self, file: OutputContainer, form: Format, size: tuple[int, int]) -> None:
        """Add the track to a file that has no packets yet."""
        self._file = file
        self._stream = file.add_stream(form.video, rate=FRAMES_A_SECOND, options=dict(form.video_options))
        _set_up(self._stream.codec_context, size)

    def write(self, packets: Iterable[Packet[VideoStream]]) -> None:
        """Write the next packets."""
        for packet in packets:
            packet.stream = self._stream
            self._file.mux(packet)


def encode_card(
    card: Image.Image, form: Format, frames: Sequence[int], playhead: Playhead
) -> list[Packet[VideoStream]]:
    """The card as the film's frames of these numbers, beginning with a keyframe, with the playhead on each of them."""
    context = av.CodecContext.create(form.video, "w")
    _set_up(context, card.size)
    context.options = dict(form.video_options)
    # The track's own encoder writes the header once, for all pieces: same settings, same header.
    context.flags |= CodecFlags.global_header
    picture = av.VideoFrame.from_image(card)  # type: ignore[no-untyped-call]
    frame = picture.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
    packets: list[Packet[VideoStream]] = []
    for number in frames:
        frame.pts = number
        frame.time_base = context.time_base
        frame.pict_type = PictureType.I if number == frames[0] else PictureType.NONE
        with playhead.drawn_on(frame, number):
            packets += context.encode(frame)
    return packets + context.encode()


def _set_up(context: VideoCodecContext, size: tuple[int, int]) -> None:
    context.width, context.height = size
    context.pix_fmt = "yuv420p"
    context.framerate = Fraction(FRAMES_A_SECOND)
    context.time_base = Fraction(1, FRAMES_A_SECOND)
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _NARROW_RANGE
    context.flags |= CodecFlags.bitexact


class SoundTrack:
    """Samples, a second at a time."""

    def __init__(self, file: OutputContainer, form: Format, *, cuts: Collection[int], seconds: int) -> None:
        """Add the track to a file that has no packets yet: a tone at each second in `cuts`, `seconds` in all."""
        self._file = file
        self._stream = file.add_stream(form.sound, rate=RATE, layout="mono", options=dict(form.sound_options))
        self._stream.codec_context.bit_rate = 64_000
        self._stream.codec_context.flags |= CodecFlags.bitexact
        self._cuts = cuts
        self._seconds = seconds
        self._early = form.sound_early
        self._next = 0

    def write_seconds(self, seconds: int) -> None:
        """Write the next seconds."""
        for _ in range(seconds):
            self._write_second()

    def _write_second(self) -> None:
        samples = one_second(tone=self._next in self._cuts)
        if self._next == self._seconds - 1:
            samples = samples[: len(samples) - 2 * self._early]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples) // 2)
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._next * RATE
        frame.planes[0].update(samples.ljust(frame.planes[0].buffer_size, b"\0"))
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
        text = plain(chapter.text).translate(_NO_STYLES).encode("utf-8", "replace")
        packet = av.Packet(len(text).to_bytes(2, "big") + text)
        packet.stream = self._stream
        packet.time_base = _MILLISECOND
        packet.pts = packet.dts = 1000 * chapter.start
        packet.duration = 1000 * chapter.seconds
        self._file.mux(packet)


def turn_subtitles_off(path: Path) -> None:
    """
    Clear the "enabled" flag of a finished MP4's subtitle track, so that no player covers the cards with it.

    The muxer sets it for the first track of every kind, and has no option against that.
    """
    with open_made(path) as file:
        head = file.read(_HEADER_BYTES_AT_MOST)
        # With fast start the headers come first: the track's own header is the last one before its kind is named.
        flags_at = head.rfind(b"tkhd", 0, max(0, head.find(b"sbtl"))) + 7
        if flags_at > 7:
            file.seek(flags_at)
            file.write(bytes([head[flags_at] & 0xFE]))


def plain(text: str) -> str:
    """The text without what a player could obey: control characters, and marks that turn the writing direction."""
    return "".join(" " if is_hidden(cluster) else cluster for cluster in split_clusters(text))


def set_chapters(file: OutputContainer, chapters: list[Chapter]) -> None:
    """Name the shots, so that players can jump to them."""
    file.set_chapters(
        [
            {
                "id": number,
                "start": chapter.start * 1000,
                "end": (chapter.start + chapter.seconds) * 1000,
                "time_base": _MILLISECOND,
                "metadata": {"title": plain(chapter.name)},
            }
            for number, chapter in enumerate(chapters, 1)
        ]
    )
