"""`storyboard check`: everything that is wrong or weak, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, storyboards_in
from storyboard.cli.report import counted, text_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.checks import Diagnostic


def _codes(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in (value or "").split(",") if code.strip())


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--select", callback=_codes, metavar="CODE,...", help="Report only codes that begin like these.")
@click.option("--ignore", callback=_codes, metavar="CODE,...", help="Leave codes out that begin like these.")
def command(paths: Sequence[str], form: str, *, strict: bool, select: tuple[str, ...], ignore: tuple[str, ...]) -> int:
    """Say everything that is wrong or weak in storyboards, and where.

    A folder means the storyboards below it, - standard input, nothing the current folder. Exit code 1 means errors.
    """
    files = list(storyboards_in(paths or ["."]))
    found: list[Diagnostic] = []
    for file in files:
        of_file = [one for one in check_input(file).diagnostics if _wanted(one.code, select, ignore)]
        found += of_file
        if form == "text":
            for diagnostic in of_file:
                say.data(text_line(diagnostic))
    if form == "json":
        say.json_data([diagnostic.to_json() for diagnostic in found], indent=2)
    say.words(_summary(len(files), found) if files else f"no storyboards below {', '.join(paths) or 'this folder'}")
    counts = ("error", "warning") if strict else ("error",)
    return Exit.STORYBOARD_ERRORS if any(one.severity in counts for one in found) else Exit.DONE


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def _summary(files: int, found: list[Diagnostic]) -> str:
    kinds = {"error": "error", "warning": "warning", "info": "hint"}
    parts = [
        counted(number, word)
        for severity, word in kinds.items()
        if (number := sum(one.severity == severity for one in found))
    ]
    return f"{counted(files, 'storyboard')}: {', '.join(parts) or 'nothing wrong'}"
