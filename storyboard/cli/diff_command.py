"""`storyboard diff`: what changed between two versions, shot by shot; also as git's diff driver."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.options import OfFiles
from storyboard.disk import reported
from storyboard.document import Document, DocumentError, read_bytes
from storyboard.versions.difference import difference, text_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_GIT = (1, 7, 9)
"""How many arguments git gives a diff driver: of an unmerged file, of any other, of one that was renamed."""


class _Unread(Exception):
    """A version that there are no bytes of."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason


@click.command("diff", cls=OfFiles)
@click.argument("versions", nargs=-1, required=True, metavar="OLD NEW")
def command(versions: Sequence[str]) -> int:
    """Say what changed between two versions of a storyboard, shot by shot.

    As git's diff driver: git config diff.storyboard.command 'storyboard diff --',
    and in .gitattributes: *.storyboard.yaml diff=storyboard
    """
    if len(versions) == 1 and "GIT_DIFF_PATH_TOTAL" in os.environ:
        say.data(f"* Unmerged path {versions[0]}")
        return Exit.DONE
    if len(versions) == 2:
        old, new = versions
        name = None
    elif len(versions) in _OF_GIT[1:]:
        old, new = versions[1], versions[4]
        name = versions[7] if len(versions) == 9 else versions[0]
    else:
        raise click.UsageError("name two versions: storyboard diff OLD NEW")
    try:
        lines = _lines(old, new)
    except _Unread as error:
        if name is None:
            raise Stop(Exit.USAGE, f"{error.path}: {error.reason}") from None
        lines = [f"not compared: {error.reason}"]  # git would end here, and show no other file
    if name is not None and versions[3] != versions[6] and "." not in (versions[3], versions[6]):
        lines.insert(0, f"mode {versions[3]} → {versions[6]}")  # else a change of rights alone would show nothing
    if name is not None and lines:
        say.data(reported(f"{versions[0]} → {name}" if name != versions[0] else name))
    for line in lines:
        say.data(line if name is None else f"  {line}")
    return Exit.DONE


def _lines(old: str, new: str) -> list[str]:
    before, after = _read(old), _read(new)
    try:
        return difference(Document.parse(before), Document.parse(after))
    except DocumentError:
        texts = [data.decode(errors="backslashreplace") for data in (before, after)]
        return text_difference(*texts) if before != after else []


def _read(path: str) -> bytes:
    if path == os.devnull:
        return b""
    try:
        return read_bytes(path)
    except DocumentError as error:
        raise _Unread(path, error.reason) from None
