"""`storyboard sheet`: storyboards on paper."""

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


@click.command("sheet")
@click.argument("path")
@click.option(
    "-o",
    "--output",
    callback=file_to_write,
    metavar="FILE",
    help="A .png, .pdf or .html [default: renders/NAME.sheet.pdf].",
)
@click.option("--force", is_flag=True, help="Replace the file even if it is no earlier animatic or sheet.")
@as_ends()
def command(path: str, *, output: str | None, force: bool) -> int:
    """Put a storyboard on paper, to print or to send; a folder gives all its storyboards one after another.

    Frames, seconds, texts, notes, cast, look, total and price.
    """
    from storyboard.preview.previews import make_sheet

    def make(boards: list[Board], target: Path) -> Made:
        return make_sheet(boards, target, force=force)

    return preview(path, output, ".sheet.pdf", make)
