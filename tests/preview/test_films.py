"""Films of several storyboards, and drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from storyboard.preview.animatic import Cut, Scene, render_film
from storyboard.preview.errors import PreviewError
from storyboard.preview.previews import make_animatic
from tests.preview.boards import HOSTILE, board_of, plain_board

if TYPE_CHECKING:
    from pathlib import Path

SCENES = [
    Scene([Cut(1, 2, "She opens the door."), Cut(2, 1, "Snow.")], "Winter"),
    Scene([Cut(1, 1, "Rain.")], "Spring"),
]


def render(target: Path, scenes: list[Scene] = SCENES, *, draft: bool = False) -> Path:
    """A film of these storyboards."""
    render_film(target, scenes, width=320, height=240, draft=draft)
    return target


def frame_times(path: Path) -> list[float]:
    """When each frame is shown, in seconds."""
    with av.open(str(path)) as film:
        return [frame.time or 0.0 for frame in film.decode(video=0)]


@pytest.mark.parametrize("draft", [False, True])
def test_scenes_follow_one_another(tmp_path: Path, draft: bool) -> None:
    """The film lasts as long as all of them, and each chapter says which storyboard it belongs to."""
    with av.open(str(render(tmp_path / "film.mp4", draft=draft))) as film:
        assert film.duration == 4_000_000
        named = [
            (float(each["start"] * (each["time_base"] or 0)), each["metadata"]["title"]) for each in film.chapters()
        ]
        told = [
            bytes(packet)[2:].decode() for packet in film.demux(film.streams.subtitles[0]) if packet.pts is not None
        ]
    assert named == [
        (0, "1 of 2 – Winter – Shot 1"),
        (2, "1 of 2 – Winter – Shot 2"),
        (3, "2 of 2 – Spring – Shot 1"),
    ]
    assert [each for each in told if each] == ["She opens the door.", "Snow.", "Rain."]


def test_a_draft_has_few_frames_and_every_cut(tmp_path: Path) -> None:
    """Two frames a second, one exactly at each cut, and a last one that gives the film its length to the frame."""
    path = render(tmp_path / "film.mp4", draft=True)
    assert frame_times(path) == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, pytest.approx(95 / 24)]
    with av.open(str(path)) as film:
        video, sound = film.streams.video[0], film.streams.audio[0]
        for stream in (video, sound):
            assert stream.duration is not None
            assert stream.time_base is not None
            assert stream.duration * stream.time_base == 4
        keys = [float(p.pts * p.time_base) for p in film.demux(video) if p.is_keyframe and p.pts is not None]
    assert {0.0, 2.0, 3.0} <= set(keys)


def test_drafts_are_the_same_bytes(tmp_path: Path) -> None:
    """As is every preview."""
    one, other = render(tmp_path / "a.mp4", draft=True), render(tmp_path / "b.mp4", draft=True)
    assert one.read_bytes() == other.read_bytes()


def test_a_long_film_is_refused_in_words(tmp_path: Path) -> None:
    """Before anything is drawn."""
    with pytest.raises(PreviewError, match="3600 seconds at most"):
        render(tmp_path / "film.mp4", [Scene([Cut(1, 3601, "x")], "long")])


def test_the_usual_size_wins(tmp_path: Path) -> None:
    """A film of several formats has the one that most seconds are in, and says so."""
    tall = plain_board(2, more="aspect_ratio: '9:16'\n")
    made = make_animatic([tall, plain_board(3), tall], tmp_path / "film.mp4", draft=True)
    with av.open(str(made.path)) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (720, 1280)
        assert film.duration == 14_000_000
    assert "1 of 3 storyboards have another size" in made.remarks[-1]


def test_hostile_text_is_only_text_in_a_player(tmp_path: Path) -> None:
    """Subtitles and chapters hold no control characters and nothing that players take for a style."""
    made = make_animatic([board_of(HOSTILE)], tmp_path / "film.mp4", draft=True)
    with av.open(str(made.path)) as film:
        told = [bytes(p)[2:].decode() for p in film.demux(film.streams.subtitles[0]) if p.pts is not None]
        assert film.duration == 15_000_000
    text = "".join(told)
    assert "｛\\an8｝hidden" in text
    assert "{" not in text
    assert "👩‍🚀" in text
