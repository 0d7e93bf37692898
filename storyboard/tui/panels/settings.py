"""Everything about a storyboard that is not a shot or its cast: title, size, first frame, look, output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from storyboard.profiles import (
    ASPECT_RATIOS,
    DEFAULT_ASPECT_RATIO,
    DEFAULT_FORMAT,
    DEFAULT_MODEL,
    DEFAULT_QUALITY,
    DEFAULT_RESOLUTION,
    DEFAULT_TAKES,
    FORMATS,
    PROFILES,
    RESOLUTIONS,
    SAFETY_MODES,
)
from storyboard.tui import wording
from storyboard.tui.painted import Painted
from storyboard.tui.panels.panel import Panel
from storyboard.tui.panels.setting_rows import Setting, SettingRow

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from storyboard.checks import Diagnostic
    from storyboard.checks.diagnostic import Path
    from storyboard.session import Session
    from storyboard.tui.board import Board

_MODEL = PROFILES[DEFAULT_MODEL]
"""Whose limits are named beside fields."""


def _file_name(session: Session) -> str:
    return f"{wording.name(str(session.path))}, the file's name"


def _sum_of_shots(session: Session) -> str:
    return f"{sum(session.seconds)}, the sum of the shots"


def _negative(session: Session) -> str:
    draft = session.outlook.draft
    return "what must not be seen" if draft is not None and draft.framed else "only with a first frame"


FILM = (
    Setting(("title",), "Title", _file_name),
    Setting(("duration",), "Duration", _sum_of_shots, number=True),
    Setting(("aspect_ratio",), "Aspect ratio", choices=ASPECT_RATIOS, usual=DEFAULT_ASPECT_RATIO),
    Setting(("resolution",), "Resolution", choices=RESOLUTIONS, usual=DEFAULT_RESOLUTION),
    Setting(("first_frame",), "First frame", lambda _: "none: a path, an address or a UUID"),
    Setting(("negative_prompt",), "Negative prompt", _negative),
    Setting(("look",), "Look", lambda _: "said at the end of every shot", long=True),
    Setting(("model",), "Model", choices=tuple(PROFILES), usual=DEFAULT_MODEL),
)
OUTPUT = (
    Setting(("output", "format"), "Format", choices=FORMATS, usual=DEFAULT_FORMAT),
    Setting(
        ("output", "quality"),
        "Quality",
        lambda _: f"{DEFAULT_QUALITY}, of {_MODEL.quality.least} to {_MODEL.quality.most}",
        number=True,
    ),
    Setting(("output", "takes"), "Takes", choices=_MODEL.takes.numbers, usual=DEFAULT_TAKES),
    Setting(("output", "safety"), "Safety check", choices=SAFETY_MODES),
    Setting(
        ("output", "ttl"),
        "Seconds kept",
        lambda _: f"as the provider likes; {_MODEL.ttl_at_least} or more",
        number=True,
    ),
    Setting(("output", "upload_endpoint"), "Upload to", lambda _: "nowhere; https://…, with ${NAME}"),
    Setting(("output", "webhook_url"), "Webhook", lambda _: "nobody; https://…, with ${NAME}"),
)
_OTHERS = ("shots", "cast")


class Settings(Panel):
    """A row for each key; what is emptied is taken out of the file."""

    DEFAULT_CSS = """
    Settings .heading { height: auto; margin-top: 1; }
    Settings #settings-film { margin-top: 0; }
    """
    TITLE = "Settings"
    HELP = "Each key is written as you type; an emptied one leaves the file. Delete leaves a choice to its default."

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self.rows = {setting.path: SettingRow(board, setting) for setting in (*FILM, *OUTPUT)}
        self._film = Painted(id="settings-film", classes="heading")
        self._output = Painted(id="settings-output", classes="heading")

    def compose(self) -> ComposeResult:
        """The film's rows, then the output's."""
        yield self._film
        for setting in FILM:
            yield self.rows[setting.path]
        yield self._output
        for setting in OUTPUT:
            yield self.rows[setting.path]

    def show(self) -> None:
        """Shows what the session says now."""
        diagnostics = self.session.diagnostics
        for row in self.rows.values():
            row.show(diagnostics)
        rest = [one for one in diagnostics if self._is_nobodys(one)]
        film = [wording.problem(one) for one in rest if one.path[:1] != ("output",)]
        output = [wording.problem(one) for one in rest if one.path[:1] == ("output",)]
        self._film.display = bool(film)
        self._film.paint(Content("\n").join(film))
        self._output.paint(Content("\n").join([Content.styled("Output", "bold"), *output]))

    def _is_nobodys(self, found: Diagnostic) -> bool:
        """Whether a problem belongs to the top of the file or to `output`, and to none of the rows."""
        path = found.path
        return bool(path) and path[0] not in _OTHERS and path[:1] not in self.rows and path[:2] not in self.rows

    @property
    def chosen(self) -> Diagnostic | None:
        """What can be fixed where the cursor stands."""
        row = next((row for row in self.rows.values() if row.has_focus_within), None)
        return next((one for one in row.found if one.fix is not None), None) if row is not None else None

    def take_focus(self) -> None:
        """The title has it."""
        self._focus(self.rows[("title",)])

    def go_to(self, path: Path) -> None:
        """Goes to a key's field; where `output` itself is meant, to its first with a problem."""
        rows = [row for key, row in self.rows.items() if key == path[: len(key)]]
        rows = rows or [row for key, row in self.rows.items() if key[0] == path[0]]
        if rows:
            self._focus(next((row for row in rows if row.found), rows[0]))

    def _focus(self, row: SettingRow) -> None:
        if row.field.disabled:
            self.scroll_to_widget(row, animate=False)
            self.board.set_focus(self)
        else:
            self.board.set_focus(row.field)


PANEL = Settings
