"""`storyboard merge`: three versions of a storyboard become one; made for git's merge driver."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard.checks import check_bytes
from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.options import whole
from storyboard.disk import ReadOnly, refuse_read_only, reported, unlocking, why_not_replaced, words_of
from storyboard.document import SIZE_LIMIT, DocumentError, read_bytes
from storyboard.document.saving import ChangedOnDisk, fingerprint, replace_file, save
from storyboard.versions.threeway import MergeError, NotText, merge

if TYPE_CHECKING:
    from storyboard.checks import Diagnostic

_UNJUDGED = ("SB113",)
"""Errors about other files: git may not have written them yet."""
_LARGEST = 20_000_000


@click.command("merge")
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.option(
    "--marker-size", type=int, default=7, callback=whole(1, 1000), metavar="N", help="Length of git's conflict markers."
)
@click.option("--path", "name", metavar="NAME", help="What to call the file in messages.")
def command(base: str, ours: str, theirs: str, marker_size: int, name: str | None) -> int:
    """Merge two versions that come from a third, shot by shot; OURS becomes the result.

    Exit code 1 means a conflict: OURS then holds git's own merge by lines, markers included. As git's merge driver:
    git config merge.storyboard.driver 'storyboard merge --marker-size=%L --path=%P -- %O %A %B',
    and in .gitattributes: *.storyboard.yaml merge=storyboard
    """
    data = [_read(path) for path in (base, ours, theirs)]
    try:
        merged = merge(data[0], data[1], data[2], ("ours", "base", "theirs"), marker_size)
        _write(Path(ours), merged.data, data[1])
    except NotText as error:
        raise Stop(Exit.USAGE, f"{name or ours}: {error}") from None
    except (MergeError, ChangedOnDisk) as error:
        raise Stop(Exit.SERVICE, f"{name or ours}: {error}") from None
    except ReadOnly as error:
        raise Stop(Exit.SERVICE, f"{name or ours} was not written: {words_of(error)}; {unlocking(ours)}") from None
    except OSError as error:
        raise Stop(Exit.SERVICE, f"{name or ours} cannot be written: {why_not_replaced(error)}") from None
    wrong = [] if merged.conflict else _new_errors(merged.data, data[1:], name or ours)
    for remark in merged.remarks:
        say.words(f"{reported(name or ours)}: {'conflict: ' if merged.conflict else ''}{remark}")
    for found in wrong:
        say.words(
            f"{reported(name or ours)}: merged, but together both sides make an error: {found.code} {found.message}"
        )
    return Exit.STORYBOARD_ERRORS if merged.conflict else Exit.DONE


def _new_errors(merged: bytes, sides: list[bytes], name: str) -> list[Diagnostic]:
    """Errors of kinds that neither side had, such as a seventh shot; none where a side could not be read."""
    folder = os.path.dirname(os.path.abspath(name))
    known, found = set(_UNJUDGED), []
    for data in (*sides, merged):
        found = [one for one in check_bytes(data, name, folder).diagnostics if one.severity == "error"]
        if data is not merged:
            known.update(one.code for one in found)
    return [] if "SB001" in known else [one for one in found if one.code not in known]


def _write(path: Path, merged: bytes, read: bytes) -> None:
    if max(len(merged), len(read)) > SIZE_LIMIT:
        refuse_read_only(path)
        replace_file(path, merged)
    else:
        save(path, merged, read=fingerprint(read))


def _read(path: str) -> bytes:
    try:
        return read_bytes(path, _LARGEST)
    except DocumentError as error:
        raise Stop(Exit.USAGE, f"{path}: {error.reason}") from None
