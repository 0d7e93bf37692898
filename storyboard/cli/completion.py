"""What a shell offers when Tab is pressed: storyboards, folders and codes; loaded only then."""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from storyboard.folders import SUFFIXES, is_looked_into
from storyboard.gitignore import ignored_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.jobs.rows import Job

_ENTRIES_AT_MOST = 2000
_JOBS_AT_MOST = 100
_SHOWN = 8
"""Digits of a UUID that tell jobs apart."""
_PLAIN = re.compile(r"[\w./+@%:~-]+")
_FILES = frozenset(("path", "paths", "versions", "base", "ours", "theirs"))
_FITTING: dict[str, Callable[[Job], bool]] = {
    "forget": lambda job: job.was_never_sent,
    "abandon": lambda job: job.can_be_given_up,
}
"""By command, which jobs it is for."""
_CODES = frozenset(("code", "select", "ignore"))


def complete_parameters(command: click.Command) -> None:
    """Gives the parameters of a command the types that know what to offer."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            complete_parameters(inner)
    for parameter in command.params:
        if parameter.name in _FILES:
            parameter.type = _Storyboards()
        elif parameter.name in _CODES:
            parameter.type = _Codes()
        elif parameter.name in ("file", "output"):
            parameter.type = click.Path()
        elif parameter.name in ("job", "jobs"):
            parameter.type = _Jobs(_FITTING.get(command.name or "", lambda _: True))
        elif parameter.name == "out":
            parameter.type = click.Path(file_okay=False)


class _Storyboards(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.3 on, for type checkers alone
    """Storyboards and folders below what is typed so far."""

    name = "path"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        found = _paths(incomplete)
        # Names that a shell would take apart are left to its own completion of files, which quotes them.
        if not all(map(_PLAIN.fullmatch, found)):
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(path) for path in found]


class _Codes(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.3 on, for type checkers alone
    """Codes; where several are taken, the one that is being typed behind the last comma."""

    name = "code"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from storyboard.checks.catalogue import explanations

        before, comma, begun = incomplete.rpartition(",") if param.name != "code" else ("", "", incomplete)
        return [
            CompletionItem(f"{before}{comma}{code}", help=one.title)
            for code, one in explanations().items()
            if code.startswith(begun.upper())
        ]


class _Jobs(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.3 on, for type checkers alone
    """The last jobs of the ledger, by how their UUIDs begin, with their storyboards."""

    name = "job"

    def __init__(self, fits: Callable[[Job], bool]) -> None:
        self._fits = fits

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from storyboard.jobs.ledger_errors import LedgerError
        from storyboard.submitting import books
        from storyboard.submitting.errors import SubmitError

        try:
            if not books.has_ledger():
                return []
            with books.open_ledger() as ledger:
                jobs = [job for job in ledger.all(_JOBS_AT_MOST) if self._fits(job)]
                begun = [job for job in jobs if job.uuid.startswith(incomplete.lower())]
                names = {job.uuid: [os.path.basename(order.shown) for order in ledger.orders(job)] for job in begun}
        except (SubmitError, LedgerError):
            return []
        length = max(_SHOWN, len(incomplete))
        return [
            CompletionItem(uuid[:length], help=" ".join(name for name in files if name.isprintable()))
            for uuid, files in names.items()
        ]


def _paths(begun: str, levels: int = 6) -> list[str]:
    """Storyboards and folders whose names begin so; of a folder that is the only one, what is in it."""
    folder, name = os.path.split(begun)
    try:
        with os.scandir(folder or os.curdir) as entries:
            found = sorted(islice(entries, _ENTRIES_AT_MOST), key=lambda one: one.name)
    except OSError:
        return []
    begins = [entry for entry in found if entry.name.startswith(name)]
    ignored = ignored_in(folder or os.curdir).with_file_of(folder or os.curdir)
    files = [
        os.path.join(folder, entry.name)
        for entry in begins
        if entry.name.lower().endswith(SUFFIXES) and not ignored.leaves_out(entry.name, is_folder=False)
    ]
    folders = [
        os.path.join(folder, entry.name, "")
        for entry in begins
        if entry.is_dir() and is_looked_into(entry.name) and not ignored.leaves_out(entry.name, is_folder=True)
    ]
    if not files and len(folders) == 1 and levels:
        return _paths(folders[0], levels - 1) or folders
    return files + folders
