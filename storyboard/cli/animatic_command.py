"""`storyboard animatic`: the timing of storyboards as a real video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli.options import file_to_write
from storyboard.cli.previewing import preview
from storyboard.cli.refusals import as_ends

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.preview.boards import Board
    from storyboard.preview.previews import Made


@click.command("animatic")
@click.argument("path")
@click.option(
    "-o",
    "--output",
    callback=file_to_write,
    metavar="FILE",
    help="An .mp4, .mov or .webm [default: renders/NAME.animatic.mp4].",
)
@click.option("--draft", is_flag=True, help="Two pictures a second: done at once, as long to the frame.")
@click.option("--force", is_flag=True, help="Replace the file even if it is no earlier animatic or sheet.")
@as_ends()
def command(path: str, *, output: str | None, draft: bool, force: bool) -> int:
    """Draw the timing of a storyboard as a video, free; a folder gives one film of all its storyboards.

    Cards with the text of each shot, a playhead, a tone at each cut, chapters, subtitles.
    """
    from storyboard.preview.previews import make_animatic

    def make(boards: list[Board], target: Path) -> Made:
        return make_animatic(boards, target, draft=draft, force=force)

    return preview(path, output, ".animatic.mp4", make)
