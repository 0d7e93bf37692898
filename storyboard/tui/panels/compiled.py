"""The prompt and the request exactly as they are sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from textual.content import Content
from textual.widgets import Static

from storyboard.tui.masking import visible
from storyboard.tui.panels.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from storyboard.session import Session
    from storyboard.tui.board import Board

_FRAME_SHOWN = 120


def request_text(session: Session) -> str | None:
    """The JSON array that would be POSTed, with a fresh taskUUID; None while there are errors."""
    from storyboard.compiler.prepare import prepare

    return _as_json(session, lambda data, texts, folder: prepare(data, texts, folder).request(str(uuid4())).task())


def shown_request(session: Session) -> str | None:
    """The same for people to look at: long data cut short, and no more read of a first frame than is shown."""
    from storyboard.compiler.glimpse import glimpse

    text = _as_json(session, lambda data, texts, folder: glimpse(data, texts, folder, str(uuid4())))
    return None if text is None else "\n".join(map(_cut, text.split("\n")))


def _as_json(session: Session, make: Callable[[Any, list[tuple[int, str]], str], dict[str, Any]]) -> str | None:
    from pydantic import ValidationError

    from storyboard.compiler.prepare import CompileError
    from storyboard.frames import FrameError

    outlook = session.outlook
    if outlook.report.has_errors or outlook.draft is None:
        return None
    texts = list(zip(outlook.seconds, outlook.texts, strict=True))
    try:
        task = make(session.document.data, texts, outlook.draft.folder)
    except (CompileError, FrameError, OSError, ValidationError):
        return None
    return json.dumps([task], indent=2, ensure_ascii=False)


def _cut(line: str) -> str:
    return line if len(line) < 4 * _FRAME_SHOWN or "base64," not in line else line[:_FRAME_SHOWN] + "…"


class Compiled(Panel):
    """One shot a line as it is sent, then the request as JSON."""

    DEFAULT_CSS = "Compiled Static { height: auto; }"
    TITLE = "Compiled: what is sent"
    HELP = "Alt+C copies the prompt, Alt+R the request."

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._text = Static(markup=False)
        self._request = Static(markup=False)

    def compose(self) -> ComposeResult:
        """Prompt, then request."""
        yield self._text
        yield self._request

    def show(self) -> None:
        """The prompt at once; the request when typing pauses."""
        outlook = self.session.outlook
        parts: list[Content] = []
        for index, (seconds, text) in enumerate(zip(outlook.seconds, outlook.texts, strict=True), start=1):
            parts.append(
                Content.assemble((f"shot {index}, {seconds}, ", "bold cyan"), visible(text), (";", "bold cyan"))
            )
        if outlook.report.has_errors:
            parts.append(Content.styled("there are errors: nothing can be sent (F3)", "bold red"))
            self._request.update("")
        self._text.update(Content("\n").join(parts))
        self.in_a_pause(self._show_request)

    def _show_request(self) -> None:
        if self.is_attached:
            text = shown_request(self.session)
            self._request.update(Content.styled(visible("\n" + text), "dim") if text is not None else "")


PANEL = Compiled
