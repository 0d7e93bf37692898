"""`storyboard farm wait`: waits for the farm's jobs and says what came of each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.farming import own_queue, require_farm
from storyboard.cli.inputs import some_storyboards
from storyboard.cli.refusals import as_ends
from storyboard.disk import reported
from storyboard.jobs.states import ENDS, State
from storyboard.submitting.outcome import in_words, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("wait")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
@as_ends()
def command(paths: Sequence[str], *, as_json: bool) -> int:
    """Wait for the last job of each storyboard, or for all jobs that have not ended.

    Ends with 4 where a job failed, with 3 where the farm gave one up that can be carried on.
    """
    require_farm()
    files = [os.path.realpath(file) for file in some_storyboards(paths)] if paths else []
    with interrupts.saying("interrupted; the farm goes on, and can be waited for again"):
        return interrupts.run(_wait(files, as_json=as_json))


async def _wait(files: list[str], *, as_json: bool) -> Exit:
    from storyboard.farm.schema import ensure_schema
    from storyboard.farm.watching import outcomes

    await ensure_schema()
    states = set()
    async for line in outcomes(own_queue(), files, say.words):
        states.add(line["state"])
        _say(line, as_json=as_json)
    if not states:
        say.words("nothing to wait for")
    if states - ENDS:
        return Exit.SERVICE
    return Exit.JOB_FAILED if states - {State.DONE} else Exit.DONE


def _say(line: dict[str, Any], *, as_json: bool) -> None:
    for take in line["takes"]:
        take["path"] = None if take["path"] is None else shown_path(take["path"])
    if as_json:
        say.json_data(line)
        say.flush()
        return
    for take in line["takes"]:
        if take["path"] is not None:
            say.data(reported(take["path"]))
    say.words(in_words(line))
