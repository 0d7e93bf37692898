"""Boards for previews, from storyboards as people write them."""

from __future__ import annotations

from pathlib import Path

from storyboard.checks import check_bytes
from storyboard.preview.boards import Board, read_board

SAMPLES = Path(__file__).parents[2] / "samples"

HOSTILE = """\
title: "<script>alert(1)</script> \\"quoted\\" & 'title' שלום"
first_frame: frames/paper-harbour.png
negative_prompt: "<iframe src=//evil>"
cast:
  keeper: '<img src=x onerror=alert(1)> old & "wise"'
look: "</style><script>alert(2)</script> {{look}}"
shots:
  - seconds: 3
    prompt: '<b>Wide shot</b> of @keeper & [Ana" onload="x]: "the sea is rising tonight" ${HOME} `ls` {\\an8}hidden'
    note: "<a href='javascript:alert(1)'>note</a> %s"
  - {seconds: 2, prompt: "WIDE"}
  - {seconds: 2, prompt: "السلام عليكم يا صديقي، \\"אל תלך הלילה\\" הים רוגש 12:30 (Ishmael)"}
  - {seconds: 3, prompt: "特写 👩‍🚀🇯🇵👋🏽 宇航员。「今夜は行かないでください。」 한국어 😀"}
  - {seconds: 3, prompt: "Extreme close-up of ﷽ a̷̛͎b̸c ́́́́́́́ https://example.com/a-very-long-address-without-any-space"}
  - {seconds: 2, prompt: x}
""".replace("WIDE", "W" * 460)


def board_of(text: str, folder: Path = SAMPLES, file: str = "film.storyboard.yaml") -> Board:
    """The board of a storyboard in a folder."""
    return read_board(check_bytes(text.encode(), file, str(folder)))


def plain_board(shots: int = 2, *, more: str = "", shot_more: str = "", prompt: str = "Wide shot of a pier.") -> Board:
    """A board of shots of two seconds each; `more` stands at its top level, `shot_more` in each shot."""
    lines = "".join(f"  - {{seconds: 2, prompt: {prompt!r}{shot_more}}}\n" for _ in range(shots))
    return board_of(f"title: Pier\n{more}shots:\n{lines}")
