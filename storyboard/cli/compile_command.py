"""`storyboard compile`: the prompt that would be sent, or the whole request."""

from __future__ import annotations

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, one_storyboard
from storyboard.cli.preparing import compiled_texts, prepare_report
from storyboard.cli.report import refuse_errors
from storyboard.compiler.template import write_template


@click.command("compile")
@click.argument("path")
@click.option("--request", is_flag=True, help="Print the JSON array that would be POSTed, with a fresh taskUUID.")
def command(path: str, *, request: bool) -> int:
    """Print the multi-shot prompt of a storyboard (- is standard input)."""
    report = check_input(one_storyboard(path))
    refuse_errors([report], "nothing was compiled")
    if request:
        from uuid import uuid4

        say.json_data([prepare_report(report).request(str(uuid4())).task()], indent=2)
    else:
        say.exact(write_template(compiled_texts(report)))
    return Exit.DONE
