"""Draws what follows from a board's session: status, timeline, cards, counters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from storyboard.disk import words_of
from storyboard.tui import wording
from storyboard.tui.masking import visible
from storyboard.tui.painted import Painted
from storyboard.tui.shots import Card, ShotList
from storyboard.tui.timeline import Timeline, Times

if TYPE_CHECKING:
    from storyboard.tui.board import Board


class Drawing:
    """Puts a session's words into the parts of its board that are always in sight."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def draw(self) -> None:
        """All of them; each draws only what changed."""
        session, current = self.board.session, self.board.current
        count = len(session.seconds)
        marks = tuple(wording.mark(wording.of_shot(session.diagnostics, index)) for index in range(count))
        times = Times(tuple(session.seconds), current, session.total, session.locked, marks)
        self.board.query_one(Timeline).show(times)
        self.board.query_one(ShotList).show(tuple(self._card(index) for index in range(count)), current)
        self.status()
        self._prompt()
        self._budget()

    def _card(self, index: int) -> Card:
        session = self.board.session
        found = wording.of_shot(session.diagnostics, index)
        severity = wording.worst(found)
        prompt = self.board.prompt_of(index)
        return Card(
            session.seconds[index],
            prompt or "(empty)",
            self.board.characters(index),
            wording.mark(found),
            wording.STYLES[severity] if severity else "",
            index in session.locked,
        )

    def status(self) -> None:
        """Title, kind, price; how the seconds stand."""
        session = self.board.session
        locked = " read-only" if session.file.read_only is not None else ""
        unsaved = " ● unsaved" if session.dirty else ""
        if session.file.unkept is not None:
            unsaved += f" (no copy against a crash: {words_of(session.file.unkept)})"
        name, kind = wording.title(session), f"  {wording.kind(session)}"
        right = f"{wording.cost(session)}{' · ' + self.board.paid if self.board.paid and not session.dirty else ''}"
        room = self.board.app.size.width - 4 - len(locked) - len(unsaved) - len(right)
        if cell_len(name) + len(kind) > room:
            kind = ""
        name = wording.first_words(name, max(room - len(kind), 1))
        gap = " " * max(room + 2 - cell_len(name) - len(kind), 1)
        parts = ((name, "bold"), (locked, "bold cyan"), (unsaved, "bold yellow"), kind, gap, right)
        self.board.query_one("#status", Painted).paint(Content.assemble(*parts))
        self.board.query_one("#clock", Painted).paint(wording.clock(session))

    def _prompt(self) -> None:
        session, index, editor = self.board.session, self.board.current, self.board.editor
        if not session.seconds:
            editor.border_title, editor.border_subtitle = Content("no shot"), Content("Ctrl+N adds one")
            editor.disabled = True
            self.board.query_one("#sends", Painted).paint(Content())
            return
        editor.disabled = False
        most = self.board.profile.shot_characters
        count = self.board.characters(index)
        found = wording.of_shot(session.diagnostics, index)
        lock = " · locked" if index in session.locked else ""
        title = f"Shot {index + 1} · {session.seconds[index]} s{lock}"
        over = f"{count - most} too many · " if count > most else ""
        subtitle = f"{wording.mark(found)} {over}{count} of {most}".strip()
        editor.show_border(title, subtitle, "bold red" if over else "")
        editor.paint(count - most, self.board.cast())
        text = session.texts[index][: 4 * max(editor.size.width, 40)]  # more is not in sight
        sends = Content.assemble(("sends ", "dim"), (visible(text), "dim")) if text else Content()
        self.board.query_one("#sends", Painted).paint(sends)

    def _budget(self) -> None:
        draft = self.board.session.outlook.draft
        if draft is None:
            self.board.query_one("#budget", Painted).paint(Content())
            return
        from storyboard.checks.texts import prompt_characters

        count, most = prompt_characters(draft), draft.profile.prompt_limit(framed=draft.framed).most
        if count is None:
            self.board.query_one("#budget", Painted).paint(Content.styled("prompt not whole yet", "dim"))
            return
        width = 24 if self.board.app.size.width >= 80 else 8
        full = min(round(width * count / most), width)
        bar = "▇" * full + "░" * (width - full)
        style = "bold red" if count > most else "yellow" if count > draft.profile.recommended_prompt_characters else ""
        words = f"{count:,} of {most:,}" + (f": {count - most} too many" if count > most else "")
        self.board.query_one("#budget", Painted).paint(
            Content.assemble(("prompt ", "dim"), (bar, style or "dim"), (f" {words}", style))
        )
