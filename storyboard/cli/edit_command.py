"""`storyboard edit`: the terminal editor, on a file or a folder."""

from __future__ import annotations

import click

from storyboard.cli.editing import open_editor


@click.command("edit")
@click.argument("path", default=".", metavar="[PATH]")
def command(path: str) -> int:
    """Open a storyboard, or the folder that holds some, in the terminal editor."""
    return open_editor(path)
