"""`storyboard jobs rebuild`: a ledger that cannot be used is kept aside, and a new one made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.refusals import as_ends
from storyboard.submitting.rebuilding import rebuild
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("rebuild")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False), metavar="[FOLDER]...")
@as_ends()
def rebuild_command(folders: Sequence[str]) -> int:
    """Make the ledger good from receipts.

    Those below FOLDER, or the current one, are read. A damaged ledger, or one of a newer version, is kept beside the
    new one, which takes over what can still be read. Jobs that no receipt tells of are found again, and not paid
    again, when their storyboards are submitted; those bought with --again, when that is said once more.
    """
    built = rebuild(folders or ["."])
    if built.kept is not None:
        say.words(f"the ledger {built.why}; it was kept as {built.kept}")
        say.words(f"{counted(built.saved, 'job')} of it {_are(built.saved)} in the new one")
    proven = built.proven
    say.words(f"{counted(proven.takes, 'receipt')} of {counted(proven.jobs, 'job')} {_are(proven.takes)} in the ledger")
    if proven.of_others:
        of_others = f"{counted(proven.of_others, 'receipt')} {_are(proven.of_others)} of another key"
        say.words(f"{of_others}, and in the ledger as paid with it")
    if proven.unproven:
        words = "set RUNWARE_API_KEY and RUNWARE_BASE_URL to theirs and run it again"
        say.words(f"{counted(proven.unproven, 'receipt')} {_are(proven.unproven)} of another key or service: {words}")
    if proven.unreadable:
        say.words(f"{counted(proven.unreadable, 'file')} named like a receipt {_are(proven.unreadable)} none")
    return Exit.DONE


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
