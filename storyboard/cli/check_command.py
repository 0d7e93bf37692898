"""`storyboard check`: everything that is wrong or weak, and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input
from storyboard.folders import storyboards_in
from storyboard.submitting.words import counted, text_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.checks import Diagnostic
    from storyboard.cli.fixing import Fixer


_CODE = re.compile(r"SB\d{0,3}\Z", re.ASCII)


def _codes(_context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Codes, or how they begin."""
    found = tuple(code.strip().upper() for code in (value or "").split(",") if code.strip())
    for code in found:
        if not _CODE.match(code):
            raise click.BadParameter(f"{code!r} is no code: write SB105, or SB1 for all that begin so", param=parameter)
    if value is not None and not found:
        raise click.BadParameter("name at least one code, as SB105", param=parameter)
    return found


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@click.option("--fix", is_flag=True, help="Write back what can be fixed, each fix in its own value; report the rest.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--select", callback=_codes, metavar="CODE,...", help="Report only codes that begin like these.")
@click.option("--ignore", callback=_codes, metavar="CODE,...", help="Leave codes out that begin like these.")
def command(
    paths: Sequence[str], form: str, *, fix: bool, strict: bool, select: tuple[str, ...], ignore: tuple[str, ...]
) -> int:
    """Say everything that is wrong or weak in storyboards, and where.

    A folder means the storyboards below it, - standard input, nothing the current folder. Exit code 1 means errors.
    """
    if fix and "-" in paths:
        raise click.UsageError("standard input cannot be fixed: name a file")
    fixer = _fixer(select, ignore) if fix else None
    files, reported, left_out = 0, [], 0
    for file in storyboards_in(paths or ["."]):
        files += 1
        found = (fixer.fix(file) if fixer else check_input(file)).diagnostics
        wanted = [one for one in found if _wanted(one.code, select, ignore)]
        reported += wanted
        left_out += len(found) - len(wanted)
        if form == "text":
            for diagnostic in wanted:
                say.data(text_line(diagnostic))
    if form == "json":
        say.json_data([diagnostic.to_json() for diagnostic in reported], indent=2)
    made = fixer.made if fixer else 0
    say.words(_summary(files, reported, left_out, made) if files else f"no storyboards below {', '.join(paths) or '.'}")
    if fixer and fixer.unwritten:
        return Exit.SERVICE
    if not fix and "-" not in paths and (fixable := sum(one.fix is not None for one in reported)):
        say.words(f"{fixable} of them can be fixed: storyboard check --fix")
    counts = ("error", "warning") if strict else ("error",)
    return Exit.STORYBOARD_ERRORS if any(one.severity in counts for one in reported) else Exit.DONE


def _fixer(select: tuple[str, ...], ignore: tuple[str, ...]) -> Fixer:
    from storyboard.cli.fixing import Fixer

    return Fixer(lambda found: _wanted(found.code, select, ignore))


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def _summary(files: int, reported: list[Diagnostic], left_out: int, fixed: int) -> str:
    kinds = {"error": "error", "warning": "warning", "info": "hint"}
    parts = [f"{fixed} fixed"] if fixed else []
    parts += [
        counted(number, word)
        for severity, word in kinds.items()
        if (number := sum(one.severity == severity for one in reported))
    ]
    if left_out:
        parts.append(f"{left_out} left out")
    return f"{counted(files, 'storyboard')}: {', '.join(parts) or 'nothing wrong'}"
