"""Animatics beside ffmpeg's own encode of the same cards as still pictures, which has no playhead, sound or text."""

from __future__ import annotations

import subprocess
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.figures import Skipped
from benchmarks.pairs import ratio_of
from benchmarks.peers import PeerMissing, environment
from storyboard.preview.animatic import Cut, Scene, render_film

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.figures import Figure

_TEXT = (
    "Wide shot of a misty harbour at dawn, an old keeper in a yellow oilskin walks along the pier with a lamp, "
    'gulls crying overhead. [Keeper, low]: "Not tonight, old friend." Slow push in.'
)
_SECONDS = (3, 2, 2, 3, 2, 3)
_RUNS = 5
_SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}


def preview_lines(folder: Path) -> Iterator[Figure]:
    """15 seconds in six shots, whole and as a draft, in both sizes."""
    try:
        tell = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"
        python = str(environment("ffmpeg") / "python")
    except PeerMissing as missing:
        yield Skipped("animatics / ffmpeg", str(missing))
        return
    ffmpeg = subprocess.run([python, "-c", tell], capture_output=True, text=True, check=True).stdout.strip()
    scene = Scene([Cut(number, seconds, _TEXT) for number, seconds in enumerate(_SECONDS, start=1)], "Harbour")
    for name, size in _SIZES.items():
        stills = _write_stills(folder / name, scene, size)
        for draft, aim in ((False, 1.0), (True, 0.4)):
            pairs = []
            for _ in range(_RUNS + 1):
                begin = perf_counter()
                render_film(folder / "ours.mp4", [scene], width=size[0], height=size[1], draft=draft)
                middle = perf_counter()
                _encode_stills(ffmpeg, stills, folder / "theirs.mp4")
                pairs.append((middle - begin, perf_counter() - middle))
            kind = "draft animatic" if draft else "animatic"
            yield ratio_of(f"{kind}, 15 s at {name} / ffmpeg", pairs[1:], aim)


def _write_stills(folder: Path, scene: Scene, size: tuple[int, int]) -> Path:
    """The cards as PNG files, and the list of them that ffmpeg reads."""
    from storyboard.preview.cards import CardPainter, CardShot

    folder.mkdir()
    shots, start = [], 0
    for cut in scene.cuts:
        shots.append(CardShot(cut.number, start, cut.seconds, cut.text))
        start += cut.seconds
    painter = CardPainter(shots, size=size, title=scene.title, banner="", first_frame=None)
    lines = []
    for place, shot in enumerate(shots):
        painter.draw(place).image.save(folder / f"{place}.png")
        lines += [f"file '{place}.png'", f"duration {shot.seconds}"]
    listed = folder / "list.txt"
    # The last picture has to be named twice, else its duration does not count.
    listed.write_text("\n".join([*lines, f"file '{len(shots) - 1}.png'"]), encoding="utf-8")
    return listed


def _encode_stills(ffmpeg: str, listed: Path, target: Path) -> None:
    arguments = ["-y", "-v", "error", "-f", "concat", "-i", str(listed), "-t", str(sum(_SECONDS))]
    coding = ["-vf", "fps=24,format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage"]
    subprocess.run([ffmpeg, *arguments, *coding, str(target)], check=True)
