"""`storyboard schema`: JSON Schema for editors and other programs."""

from __future__ import annotations

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit


@click.command("schema")
@click.argument("what", type=click.Choice(["storyboard", "diagnostics", "job"]), default="storyboard")
def command(what: str) -> int:
    """Print the JSON Schema of storyboards, of diagnostics, or of a job's JSON line."""
    from storyboard.schemas import SCHEMAS

    say.json_data(SCHEMAS[what](), indent=2)
    return Exit.DONE
