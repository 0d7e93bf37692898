"""`storyboard check`: everything that is wrong or weak, and where."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import click

from storyboard.checks.diagnostic import SEVERITY_WORDS
from storyboard.checks.settings import Settings, SettingsError, begins_codes, settings_for
from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.inputs import check_input, nothing_in, refuse_gone, say_strays
from storyboard.cli.options import OfFiles
from storyboard.cores import on_all_cores
from storyboard.folders import storyboards_in
from storyboard.submitting.words import counted, text_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from storyboard.checks import Diagnostic, Report
    from storyboard.checks.diagnostic import Severity
    from storyboard.cli.fixing import Fixer


def _codes(_context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Codes, or how they begin."""
    found = tuple(code.strip().upper() for code in (value or "").split(",") if code.strip())
    for code in found:
        if not begins_codes(code):
            advice = "storyboard rule shows all; write SB105, or SB1 for all that begin so"
            raise click.BadParameter(f"no code begins with {code!r}: {advice}", param=parameter)
    if value is not None and not found:
        raise click.BadParameter("name at least one code, as SB105", param=parameter)
    return found


@click.command("check", cls=OfFiles)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", help="How to report."
)
@click.option("--fix", is_flag=True, help="Write back what can be fixed, each fix in its own value; report the rest.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--select", callback=_codes, metavar="CODE,...", help="Report only codes that begin like these.")
@click.option("--ignore", callback=_codes, metavar="CODE,...", help="Leave codes out that begin like these.")
def command(
    paths: Sequence[str], form: str, *, fix: bool, strict: bool, select: tuple[str, ...], ignore: tuple[str, ...]
) -> int:
    """Say everything that is wrong or weak in storyboards, and where.

    A folder means the storyboards below it, - standard input, nothing the current folder. Exit code 1 means errors,
    shown or not.
    """
    if fix and "-" in paths:
        raise click.UsageError("standard input cannot be fixed: name a file")
    refuse_gone(paths or [os.curdir])
    chosen = _Chosen(select, ignore, strict=strict)
    fixer = _fixer(chosen) if fix else None
    files, reported, hidden = 0, [], []
    empty: list[str] = []
    strays: list[str] = []
    listed = map(chosen.heed, storyboards_in(paths or ["."], empty=empty, strays=strays))
    for found, text in _checked(list(listed) if fixer else listed, fixer, shared="-" not in paths):
        files += 1
        wanted, others = chosen.parted(found)
        reported += wanted
        hidden += [one.severity for one in others]
        if form in _BY_LINE:
            _BY_LINE[form](wanted, text)
    _report_whole(form, reported)
    made = fixer.made if fixer else 0
    if files:
        say.words(_summary(files, reported, hidden, made))
    say_strays(strays)
    if empty:
        _say_empty(empty, named=bool(paths))
    if fixer and fixer.unwritten:
        return Exit.SERVICE
    if not fix and "-" not in paths and (fixable := sum(one.fix is not None for one in reported)):
        say.words(f"{fixable} of them can be fixed: storyboard check --fix")
    if "error" in hidden:
        say.words("an error counts whether it is shown or not: leave --select and --ignore out to see it")
    return Exit.STORYBOARD_ERRORS if "error" in hidden or any(map(chosen.counts, reported)) else Exit.DONE


def _report_whole(form: str, reported: list[Diagnostic]) -> None:
    if form == "json":
        say.json_data([diagnostic.to_json() for diagnostic in reported], indent=2)
    elif form == "sarif":
        from storyboard.checks.reports.sarif import sarif_log

        say.json_data(sarif_log(reported), indent=2)


def _say_empty(folders: list[str], *, named: bool) -> None:
    """A folder that was named and holds no storyboards is a wrong path; the current folder need not hold any."""
    if named:
        raise click.UsageError(nothing_in(folders))
    say.words("no storyboards here: storyboard new NAME begins one")


class _Chosen:
    """What is to be reported and what counts: options, and for each folder its project's settings."""

    def __init__(self, select: tuple[str, ...], ignore: tuple[str, ...], *, strict: bool) -> None:
        self._select, self._ignore, self._strict = select, ignore, strict
        self._in = cache(self._settings_in)

    def _settings_in(self, folder: str) -> Settings:
        try:
            found = settings_for(folder)
        except SettingsError as error:
            raise Stop(Exit.USAGE, str(error)) from None
        return Settings(self._select or found.select, self._ignore or found.ignore, self._strict or found.strict)

    def heed(self, file: str) -> str:
        """The file, once its project's settings are known to be sound: that is to be said even if nothing is found."""
        self._in(os.curdir if file == "-" else os.path.dirname(file))
        return file

    def _of(self, found: Diagnostic) -> Settings:
        """For warnings and hints; errors are no project's choice."""
        return self._in(os.curdir if found.file == "-" else os.path.dirname(found.file))

    def parted(self, found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
        """What is reported of these, and what is not."""
        parts: tuple[list[Diagnostic], list[Diagnostic]] = ([], [])
        for one in found:
            parts[0 if self.wants(one) else 1].append(one)
        return parts

    def wants(self, found: Diagnostic) -> bool:
        """Whether a finding is reported."""
        if found.severity == "error":
            return Settings(self._select, self._ignore).wants(found.code)
        return self._of(found).wants(found.code)

    def counts(self, found: Diagnostic) -> bool:
        """Whether a finding makes the command fail."""
        return found.severity == "error" or (found.severity == "warning" and self._of(found).strict)


def _fixer(chosen: _Chosen) -> Fixer:
    from storyboard.cli.fixing import Fixer

    return Fixer(chosen.wants)


class _Checked(NamedTuple):
    """What was found in a file, and the file's text where its lines are to be shown."""

    found: list[Diagnostic]
    text: str = ""


def _checked(files: Iterable[str], fixer: Fixer | None, *, shared: bool) -> Iterable[_Checked]:
    """Each file's findings; standard input and files that are fixed meanwhile are for this process alone."""
    if fixer:
        return map(_told, map(fixer.fix, files))
    return on_all_cores(_check, files) if shared else map(_check, files)


def _check(file: str) -> _Checked:
    return _told(check_input(file))


def _told(report: Report) -> _Checked:
    shown = report.document if report.diagnostics and sys.stdout.isatty() else None
    return _Checked(report.diagnostics, shown.text if shown is not None else "")


def _as_text(wanted: list[Diagnostic], text: str) -> None:
    lines_of = _source_lines() if wanted and text else None
    for found in wanted:
        say.data(text_line(found))
        if lines_of is not None:
            for line in lines_of(found, text):
                say.data(line)


def _source_lines() -> Callable[[Diagnostic, str], list[str]]:
    from storyboard.checks.reports.source import source_lines

    columns = os.get_terminal_size(sys.stdout.fileno()).columns or 80
    return lambda found, text: source_lines(found, text, columns)


def _as_annotations(wanted: list[Diagnostic], _text: str) -> None:
    from storyboard.checks.reports.github import annotation

    for found in wanted:
        say.order(annotation(found))


_BY_LINE: dict[str, Callable[[list[Diagnostic], str], None]] = {"text": _as_text, "github": _as_annotations}


def _summary(files: int, reported: list[Diagnostic], hidden: list[Severity], fixed: int) -> str:
    parts = [f"{fixed} fixed"] if fixed else []
    for found, remark in ([one.severity for one in reported], ""), (hidden, " not shown"):
        parts += [
            counted(number, word) + remark
            for severity, word in SEVERITY_WORDS.items()
            if (number := sum(one == severity for one in found))
        ]
    return f"{counted(files, 'storyboard')}: {', '.join(parts) or 'nothing wrong'}"
