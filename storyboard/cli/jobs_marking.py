"""`storyboard jobs keep` and `storyboard jobs reject`: what a person thinks of a take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.refusals import as_ends
from storyboard.submitting.marking import mark_take
from storyboard.submitting.outcome import shown_path

if TYPE_CHECKING:
    from storyboard.jobs.marks import Verdict

_TAKE = click.argument("take", metavar="TAKE")
_WHY = click.option("--why", metavar="TEXT", help="The reason, kept with it.")


@click.command("keep")
@_TAKE
@_WHY
@as_ends()
def keep(take: str, why: str | None) -> int:
    """Mark TAKE as kept, in its receipt.

    TAKE is a video's path, its name in renders/ or renders/sandbox/, or how its UUID begins.
    A mark replaces the one before.
    """
    return _mark(take, "keep", why)


@click.command("reject")
@_TAKE
@_WHY
@as_ends()
def reject(take: str, why: str | None) -> int:
    """Mark TAKE as rejected, in its receipt.

    TAKE is a video's path, its name in renders/ or renders/sandbox/, or how its UUID begins. The video stays.
    """
    return _mark(take, "reject", why)


def _mark(take: str, verdict: Verdict, why: str | None) -> Exit:
    path, mark = mark_take(take, verdict, why)
    reason = f": {mark.why}" if mark.why else ""
    say.words(f"{shown_path(path)}: {'kept' if verdict == 'keep' else 'rejected'}{reason}")
    return Exit.DONE
