"""Rules on the first frame and the cast's file: SB111 to SB113."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.checks.diagnostic import Finding
from storyboard.checks.structure import read_cast
from storyboard.document import Document, DocumentError, read_bytes
from storyboard.frames import FrameError, check_frame, resolve_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.draft import Draft


def negative_needs_frame(draft: Draft) -> Iterator[Finding]:
    """SB111: the provider takes a negative prompt only beside a first frame."""
    if "negative_prompt" in draft.given and not draft.framed:
        yield Finding(
            "SB111",
            ("negative_prompt",),
            "`negative_prompt` works only with `first_frame`: add one, or delete this key",
        )


def frame_decides_aspect(draft: Draft) -> Iterator[Finding]:
    """SB112: with a first frame the picture decides the aspect ratio."""
    if "aspect_ratio" in draft.given and draft.framed:
        yield Finding(
            "SB112", ("aspect_ratio",), "with `first_frame` the picture decides the aspect ratio: delete this key"
        )


def frame_is_fit(draft: Draft) -> Iterator[Finding]:
    """SB113, SB246: the first frame is there, inside the project, a whole picture that the model takes, and upright."""
    reference = draft.text("first_frame")
    if reference is None:
        return
    try:
        picture = check_frame(reference, draft.folder, draft.profile.frame)
    except (FrameError, OSError) as error:
        yield Finding("SB113", ("first_frame",), f"first frame {reference[:80]!r}: {error}")
        return
    if picture is not None and picture.orientation != 1:
        turned = f"turned to {picture.width}×{picture.height}" if picture.orientation >= 5 else "turned or mirrored"
        yield Finding(
            "SB246",
            ("first_frame",),
            f"first frame {reference[:80]!r}: the picture is {turned} by its EXIF mark only; "
            "the service may not turn it: save it upright",
            severity="warning",
        )


def load_cast_file(draft: Draft) -> Iterator[Finding]:
    """SB113: the cast's file is there, inside the project, and a mapping of names to texts."""
    if draft.cast_file is None:
        return
    shown = repr(draft.cast_file[:80])
    try:
        path = resolve_inside(draft.cast_file, draft.folder)
        document = Document.parse(read_bytes(path))
    except FrameError as error:
        yield Finding("SB113", ("cast",), f"cast file {shown}: {error}")
        return
    except DocumentError as error:
        place = f" (line {error.line})" if error.line > 1 else ""
        yield Finding("SB113", ("cast",), f"cast file {shown}: {error.reason}{place}")
        return
    if not isinstance(document.data, dict):
        yield Finding("SB113", ("cast",), f"cast file {shown}: it must hold a mapping of names to texts")
        return
    name = os.path.basename(draft.cast_file)
    for duplicate in document.duplicates():
        words = (
            f"the key `{duplicate.key[:80]}` is given twice (lines {duplicate.first_line} and {duplicate.span.line})"
        )
        yield Finding("SB004", ("cast",), f"{name}: {words}")
    for step, words, _ in read_cast(document.data, draft):
        yield Finding("SB003", ("cast",), f"{name}, line {document.key_span((step,)).line}: {words}")
