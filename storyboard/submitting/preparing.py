"""From checked files to storyboards that can be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from storyboard.checks import Report
    from storyboard.compiler.prepare import Prepared


def compiled_texts(report: Report) -> list[tuple[int, str]]:
    """Seconds and text of each shot of a storyboard without errors."""
    shots = report.draft.shots if report.draft is not None else []
    return [(shot.seconds or 0, shot.text.text if shot.text is not None else "") for shot in shots]


def prepare_report(report: Report) -> Prepared:
    """Makes a storyboard without errors ready to send; SubmitError where that cannot be done."""
    from pydantic import ValidationError

    from storyboard.compiler.prepare import CompileError, prepare
    from storyboard.frames import FrameError

    if report.document is None or report.draft is None:
        raise SubmitError(Kind.STORYBOARD, f"{report.file}: cannot be read")
    try:
        return prepare(report.document.data, compiled_texts(report), report.draft.folder)
    except (CompileError, FrameError, OSError) as error:
        raise SubmitError(Kind.STORYBOARD, f"{report.file}: {error}; nothing was sent") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "request"
        raise SubmitError(Kind.STORYBOARD, f"{report.file}: {place}: {first['msg']}; nothing was sent") from None
