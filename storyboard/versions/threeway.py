"""Three texts become one: by lines where that means the same as by shots, by shots where lines conflict."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import Any, NamedTuple

from storyboard.addresses import environment_without_key
from storyboard.document import Document, DocumentError, EditRefused
from storyboard.document.wanted import same
from storyboard.versions.merging import Conflict, Meaning, NotComparable, merge_meanings
from storyboard.versions.rewriting import keeps_comments, rewrite
from storyboard.writing import make_file

_SECONDS_AT_MOST = 60
_LOOKED_AT = 8000
"""Bytes in which git looks for a NUL character."""


class MergeError(Exception):
    """Nothing could be merged, not even by lines; the text says why."""


class NotText(MergeError):
    """A version that git takes for binary."""


class Merged(NamedTuple):
    """The merged bytes, whether a person has to look at them, and what to tell."""

    data: bytes
    conflict: bool
    remarks: list[str]


def merge(base: bytes, ours: bytes, theirs: bytes, labels: tuple[str, str, str], marker_size: int = 7) -> Merged:
    """Merges three versions; `labels` name ours, base and theirs at git's conflict markers. Raises MergeError.

    A result without a conflict says what both sides mean and holds every comment; else git's own text is given.
    """
    lines, clean = _by_lines(base, ours, theirs, labels, marker_size)
    try:
        versions = Document.parse(base), Document.parse(ours), Document.parse(theirs)
        meaning = merge_meanings(*(_mapping(version) for version in versions))
    except DocumentError as error:
        return Merged(lines, not clean, [f"merged by lines: a version cannot be read ({error.reason})"])
    except NotComparable as reason:
        return Merged(lines, not clean, [] if clean else [str(reason)])
    except Conflict as conflict:
        why = str(conflict)
    else:
        # Only a merge by lines knows what two changes to one text make together.
        edited = () if meaning.unsettled else (ours, theirs)
        for candidate in (*([lines] if clean else []), *edited):
            if (document := _saying(candidate, meaning)) is not None and keeps_comments(*versions, document):
                return Merged(document.to_bytes(), False, meaning.remarks)
        if meaning.unsettled:
            why = f"{meaning.unsettled[0]} was changed on both sides"
        elif clean:
            why = "lines merge, but not to what both sides mean"
        else:
            why = "shots merge, but not with every comment in its place"
    if clean:
        # Without a common version each line that differs is a conflict: marked, and there from both sides.
        lines, _ = _by_lines(b"", ours, theirs, labels, marker_size)
    return Merged(lines, True, [why])


def _saying(candidate: bytes, meaning: Meaning) -> Document | None:
    """The candidate, with edits where it needs them, if it says what both sides mean."""
    try:
        document = Document.parse(candidate)
        wanted = meaning.settled(document.data)
        if not _says(document, wanted) and not meaning.unsettled:
            rewrite(document, wanted)
    except (DocumentError, EditRefused):
        return None
    return document if _says(document, wanted) else None


def _mapping(document: Document) -> dict[Any, Any]:
    if document.data is None:
        return {}
    if not isinstance(document.data, dict) or any(document.duplicates()):
        raise NotComparable("a version is no mapping, or gives a key twice")
    return document.data


def _says(document: Document, wanted: dict[Any, Any]) -> bool:
    return same(document.data, wanted) and not any(document.duplicates())


def _by_lines(
    base: bytes, ours: bytes, theirs: bytes, labels: tuple[str, str, str], marker_size: int
) -> tuple[bytes, bool]:
    """What git makes of the three texts, and whether it found no conflict."""
    for name, data in (("base", base), ("ours", ours), ("theirs", theirs)):
        if b"\0" in data[:_LOOKED_AT]:
            raise NotText(f"{name} holds a NUL character, so git takes it for binary: delete that, or take one side")
    with tempfile.TemporaryDirectory(prefix="storyboard-") as folder:
        paths = [os.path.join(folder, name) for name in ("ours", "base", "theirs")]
        for path, data in zip(paths, (ours, base, theirs), strict=True):
            make_file(path, data, private=True)
        named = [part for label in labels for part in ("-L", label)]
        command = ["git", "merge-file", "-p", f"--marker-size={marker_size}", *named, *paths]
        try:
            done = subprocess.run(  # noqa: S603 - git, with words and files of ours
                command, capture_output=True, timeout=_SECONDS_AT_MOST, check=False, env=environment_without_key()
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MergeError(f"git, which merges lines, cannot be run: {error}") from None
    if done.returncode < 0 or done.returncode > 127:
        words = done.stderr.decode(errors="replace").replace(os.path.join(folder, ""), "")
        raise MergeError(f"git cannot merge these: {words.strip()[:200]}")
    return done.stdout, done.returncode == 0
