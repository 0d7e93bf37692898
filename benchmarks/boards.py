"""Storyboards made for measuring: six shots each, no two alike."""

from __future__ import annotations

import sys
from pathlib import Path

STORYBOARD = str(Path(sys.executable).with_name("storyboard"))
"""The command that is measured."""

_SHOT = """\
  - seconds: {seconds}
    # shot {number} of board {board}
    prompt: >-
      Wide shot {number} of a harbour at dawn number {board}, mist over still water, @keeper walks along the
      pier with a lamp in hand; the boards are wet and the ropes creak. Slow push in towards the light.
      [Ambient: gulls far away, water against wood, a bell buoy]
"""
_SECONDS = (3, 2, 2, 3, 2, 3)


def write_boards(folder: Path, count: int) -> list[Path]:
    """Writes `count` storyboards that differ from each other; their paths."""
    folder.mkdir(parents=True)
    files = []
    for board in range(count):
        shots = "".join(
            _SHOT.format(seconds=seconds, number=number, board=board).replace("; the", ", the")
            for number, seconds in enumerate(_SECONDS, start=1)
        )
        file = folder / f"board-{board:05}.storyboard.yaml"
        file.write_text(
            f"title: Board {board}\nduration: 15\ncast:\n  keeper: an old keeper in a yellow oilskin\n"
            f"look: soft dawn light, fine film grain\nshots:\n{shots}",
            encoding="utf-8",
        )
        files.append(file)
    return files
