"""The animatic as a file: how long, how large, in what codec, cut where, and the same every time."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import av
import pytest
from PIL import Image

from storyboard.preview.animatic import Cut, render_animatic
from storyboard.preview.errors import PreviewError
from storyboard.preview.plan import plan_card
from storyboard.preview.timeline import blocks
from storyboard.profiles import KLING_3_TURBO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = (320, 240)
CUTS = (Cut(1, 1, "She opens the door."), Cut(2, 2, "Snow."), Cut(3, 1, "He is gone."))


def render(target: Path, *, cuts: tuple[Cut, ...] = CUTS, size: tuple[int, int] = SMALL, **wishes: Any) -> Path:
    """A film of three shots and four seconds, small unless it matters."""
    render_animatic(target, cuts=cuts, width=size[0], height=size[1], title="Winter", **wishes)
    return target


def frames(path: Path) -> Iterator[Image.Image]:
    """Its frames as pictures."""
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            yield frame.to_image()  # type: ignore[no-untyped-call]


def picture(kind: str, colour: tuple[int, int, int] = (220, 30, 30), size: tuple[int, int] = (400, 300)) -> bytes:
    """A picture of one colour as a file."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("size", sorted(KLING_3_TURBO.sizes.values()))
def test_every_size_of_the_service_comes_out_exactly(tmp_path: Path, size: tuple[int, int]) -> None:
    """Width, height, codec, pixel format and length are what was asked for, in all six sizes."""
    path = render(tmp_path / "film.mp4", cuts=(Cut(1, 1, "One."),), size=size)
    with av.open(str(path)) as film:
        video = film.streams.video[0]
        assert (video.width, video.height) == size
        assert video.codec_context.name == "h264"
        assert video.codec_context.pix_fmt == "yuv420p"
        assert film.duration == 1_000_000


def test_fifteen_seconds_are_fifteen_seconds(tmp_path: Path) -> None:
    """Container, picture and sound of the longest film last exactly 15 seconds, with 24 frames in each."""
    path = render(tmp_path / "film.mp4", cuts=tuple(Cut(n, s, "…") for n, s in ((1, 7), (2, 3), (3, 5))))
    with av.open(str(path)) as film:
        assert film.duration == 15_000_000
        for stream in (film.streams.video[0], film.streams.audio[0]):
            assert stream.duration is not None
            assert stream.time_base is not None
            assert stream.duration * stream.time_base == 15
        assert film.streams.video[0].frames == 360
        assert film.streams.video[0].average_rate == 24


@pytest.mark.parametrize(
    ("container", "format_name", "video", "sound"),
    [("MP4", "mp4", "h264", "aac"), ("MOV", "mov", "h264", "aac"), ("WEBM", "webm", "vp9", "opus")],
)
def test_each_container_holds_what_its_name_says(
    tmp_path: Path, container: str, format_name: str, video: str, sound: str
) -> None:
    """MP4 and MOV hold H.264 and AAC, WEBM holds VP9 and Opus; all last as long as the shots, to the frame."""
    path = render(tmp_path / "film", container=container)
    with av.open(str(path)) as film:
        assert format_name in film.format.name.split(",")
        assert film.streams.video[0].codec_context.name == video
        assert film.streams.audio[0].codec_context.name == sound
        assert film.duration == 4_000_000
    assert sum(1 for _ in frames(path)) == 96


@pytest.mark.parametrize("container", ["MP4", "WEBM"])
def test_the_film_can_be_entered_at_every_cut(tmp_path: Path, container: str) -> None:
    """Each shot begins with a keyframe and has a chapter of its own."""
    path = render(tmp_path / "film", container=container)
    with av.open(str(path)) as film:
        chapters = [(float(each["start"] * (each["time_base"] or 0)), each["metadata"]) for each in film.chapters()]
        keys = [
            packet.pts * packet.time_base
            for packet in film.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert {0, 1, 3} <= set(keys)
    assert chapters == [(0, {"title": "Shot 1"}), (1, {"title": "Shot 2"}), (3, {"title": "Shot 3"})]


def test_subtitles_are_there_and_off(tmp_path: Path) -> None:
    """Every shot's text is a subtitle for as long as the shot lasts, and is not shown unasked over the card."""
    path = render(tmp_path / "film.mp4")
    with av.open(str(path)) as film:
        track = film.streams.subtitles[0]
        assert not track.disposition & track.disposition.default
        told = [
            (float(packet.pts * packet.time_base), bytes(packet)[2:].decode())
            for packet in film.demux(track)
            if packet.pts is not None
        ]
    assert [each for each in told if each[1]] == [(0, CUTS[0].text), (1, CUTS[1].text), (3, CUTS[2].text)]


def test_playback_can_start_before_the_whole_file_is_there(tmp_path: Path) -> None:
    """The index stands before the pictures."""
    data = render(tmp_path / "film.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("container", ["MP4", "MOV", "WEBM"])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, container: str) -> None:
    """Nothing in the file depends on when, where or how often it was made."""
    wishes: dict[str, Any] = {"container": container, "banner": "SANDBOX", "first_frame": picture("JPEG")}
    first, second = render(tmp_path / "a", **wishes), render(tmp_path / "b", **wishes)
    assert first.read_bytes() == second.read_bytes()


def test_the_playhead_moves_along_the_timeline(tmp_path: Path) -> None:
    """It stands at the left in the first frame and at the right in the last, and a frame has just one."""
    row = plan_card(*SMALL, picture=False).timeline
    lines = [
        [image.getpixel((x, row.top - 2)) for x in range(row.left, row.right)]
        for image in frames(render(tmp_path / "film.mp4"))
    ]
    bright = [[x for x, pixel in enumerate(line) if isinstance(pixel, tuple) and min(pixel) > 150] for line in lines]
    places = [sum(each) / len(each) for each in bright]
    assert all(max(each) - min(each) < 4 for each in bright)
    assert places == sorted(places)
    assert places[0] < 4
    assert places[-1] > row.width - 5
    assert abs(places[24] - row.width / 4) < 5


def test_the_first_frame_is_sharp_on_the_first_card_only(tmp_path: Path) -> None:
    """Shot 1 shows the picture in its own colours; behind the other shots it is dark."""
    path = render(tmp_path / "film.mp4", first_frame=picture("PNG"))
    box = plan_card(*SMALL, picture=True).picture
    assert box is not None
    shots = list(frames(path))
    spot = (box.right - 20, box.top + 20)
    red, dark = shots[12].getpixel(spot), shots[48].getpixel(spot)
    assert isinstance(red, tuple)
    assert isinstance(dark, tuple)
    assert red[0] > 200
    assert max(red[1:]) < 60
    assert 40 < dark[0] < 110


def test_a_cut_stands_where_its_seconds_put_it() -> None:
    """Blocks are as wide as their seconds and fill the row from end to end."""
    row = plan_card(1280, 720, picture=False).timeline
    first, second, third = blocks(row, [3, 9, 3], 4)
    assert first.left == row.left
    assert second.left == row.left + round(row.width * 3 / 15)
    assert third.left == row.left + round(row.width * 12 / 15)
    assert third.right == row.right


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        picture("PNG")[:200],
        picture("JPEG")[:200],
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        picture("GIF"),
    ],
    ids=["empty", "text", "cut PNG", "cut JPEG", "hollow PNG", "GIF"],
)
def test_a_broken_picture_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    """A first frame that cannot be decoded is a PreviewError that says what to do, and leaves no file behind."""
    with pytest.raises(PreviewError, match="save it again as PNG or JPEG"):
        render(tmp_path / "film.mp4", first_frame=data)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    """A small file that unpacks to more pixels than anyone needs is refused by its header."""
    file = BytesIO()
    Image.new("1", (12_000, 12_000)).save(file, "PNG")
    with pytest.raises(PreviewError, match="million"):
        render(tmp_path / "film.mp4", first_frame=file.getvalue())


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16", "1"])
def test_every_kind_of_png_is_taken(tmp_path: Path, mode: str) -> None:
    """Grey, palette, transparent and 16-bit pictures all become a first frame."""
    file = BytesIO()
    Image.new(mode, (64, 48)).save(file, "PNG")
    assert render(tmp_path / "film.mp4", cuts=(Cut(1, 1, "x"),), first_frame=file.getvalue()).exists()


def test_a_failure_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If writing breaks off, the earlier file is untouched and no half file stays."""
    target = tmp_path / "film.mp4"
    target.write_bytes(b"the film of yesterday")
    monkeypatch.setattr("storyboard.preview.tracks.SoundTrack.finish", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        render(target)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"the film of yesterday"]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"cuts": ()}, "at least one shot"),
        ({"cuts": (Cut(1, 0, "x"),)}, "at least one second"),
        ({"size": (641, 480)}, "both sides are even"),
        ({"size": (64, 64)}, "from 240"),
        ({"container": "AVI"}, "MP4, MOV, WEBM"),
    ],
)
def test_what_makes_no_film_is_refused_in_words(tmp_path: Path, wish: dict[str, Any], words: str) -> None:
    """Wishes that no file can fulfil are told before anything is drawn."""
    with pytest.raises(PreviewError, match=words):
        render(tmp_path / "film.mp4", **wish)


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyAV is not installed, the error says how to install it."""
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.delitem(sys.modules, "storyboard.preview.tracks", raising=False)
    with pytest.raises(PreviewError, match=r"pip install 'multishot-storyboard\[preview\]'"):
        render(tmp_path / "film.mp4")
