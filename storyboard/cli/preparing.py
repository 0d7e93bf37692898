"""From checked files to storyboards that can be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.cli.exits import Exit, Stop
from storyboard.compiler.prepare import CompileError, Prepared, prepare
from storyboard.frames import FrameError

if TYPE_CHECKING:
    from storyboard.checks import Report


def prepare_report(report: Report, texts: list[tuple[int, str]]) -> Prepared:
    """Makes a storyboard without errors ready to send; ends the command where that cannot be done."""
    from pydantic import ValidationError

    if report.document is None or report.draft is None:
        raise Stop(Exit.STORYBOARD_ERRORS, f"{report.file}: cannot be read")
    try:
        return prepare(report.document.data, texts, report.draft.folder)
    except (CompileError, FrameError, OSError) as error:
        raise Stop(Exit.STORYBOARD_ERRORS, f"{report.file}: {error}; nothing was sent") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "request"
        raise Stop(Exit.STORYBOARD_ERRORS, f"{report.file}: {place}: {first['msg']}; nothing was sent") from None
