"""`storyboard import`: a film in another notation becomes a storyboard."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard.checks import check_bytes
from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.inputs import standard_input
from storyboard.cli.options import file_to_write, whole
from storyboard.dialects.film import NotRead
from storyboard.dialects.importing import import_text
from storyboard.disk import is_misnamed, parents_made, reported, typed, words_of
from storyboard.document import DocumentError, read_bytes
from storyboard.document.saving import ChangedOnDisk, save
from storyboard.document.source import decode
from storyboard.folders import SUFFIXES
from storyboard.profiles import KLING_3_TURBO
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from storyboard.dialects.importing import Imported

_SECONDS = KLING_3_TURBO.total_seconds


@click.command("import")
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option(
    "-o",
    "--output",
    callback=file_to_write,
    metavar="PATH",
    help="Where to write the storyboard; a file that is there stays.",
)
@click.option(
    "--duration",
    type=int,
    callback=whole(_SECONDS.least, _SECONDS.most),
    metavar="S",
    help=f"Seconds in all, {_SECONDS.least} to {_SECONDS.most}, for shots that do not say how long they last.",
)
def command(file: str, output: str | None, duration: int | None) -> int:
    """Read a film in another notation and write it as a storyboard, to standard output or to a file.

    Knows the multi-shot template, JSON of Runware, Kling, fal, ComfyUI and others, labelled shots, time codes,
    tables, CSV, subtitles and Fountain. What changed on the way goes to standard error.
    """
    if output == "-":
        output = None
    if output is not None:
        _refuse_taken(output)
    try:
        data = standard_input() if file == "-" else read_bytes(file)
        imported = import_text(decode(data).text, duration)
    except DocumentError as error:
        place = f"line {error.line}: " if error.line > 1 else ""
        raise Stop(Exit.STORYBOARD_ERRORS, f"{file}: {place}{error.reason}") from None
    except NotRead as error:
        raise Stop(Exit.STORYBOARD_ERRORS, f"{file}: {error}") from None
    except OSError as error:
        raise Stop(Exit.STORYBOARD_ERRORS, f"{file}: cannot be read: {words_of(error)}") from None
    _tell(file, imported, output)
    if output is None:
        for line in imported.data.decode().splitlines():
            say.exact(line)
        return Exit.DONE
    try:
        with parents_made(output):
            save(Path(output), imported.data, read=None)
    except ChangedOnDisk as error:
        raise Stop(Exit.SERVICE, str(error)) from None
    except OSError as error:
        code = Exit.USAGE if is_misnamed(error) else Exit.SERVICE
        raise Stop(code, f"{output} cannot be written: {words_of(error)}") from None
    say.data(reported(output))
    return Exit.DONE


def _refuse_taken(output: str) -> None:
    if os.path.isdir(output):
        example = os.path.join(output, f"film{SUFFIXES[0]}")
        raise click.UsageError(f"{output} is a folder: name a file in it, as -o {example}")
    if os.path.lexists(output):
        raise Stop(Exit.USAGE, f"{output} is there already; nothing was written")


def _tell(file: str, imported: Imported, output: str | None) -> None:
    say.words(f"{reported(file)}: {counted(imported.shots, 'shot')} read as {imported.notation}")
    for remark in imported.remarks:
        say.words(f"  {remark}")
    found = check_bytes(imported.data, output or "-", os.path.dirname(os.path.abspath(output or "."))).diagnostics
    if errors := sum(one.severity == "error" for one in found):
        place = typed(output) if output else "-"
        say.words(f"  {counted(errors, 'error')} to mend before it compiles: storyboard check {place}")
