"""`storyboard compile`: the prompt that would be sent, or the whole request."""

from __future__ import annotations

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, one_storyboard
from storyboard.cli.refusals import as_ends
from storyboard.compiler.template import write_template
from storyboard.submitting.preparing import compiled_texts, prepare_report
from storyboard.submitting.words import refuse_errors


@click.command("compile")
@click.argument("path")
@click.option("--request", is_flag=True, help="Print the JSON array that would be POSTed, with a fresh taskUUID.")
@as_ends()
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
