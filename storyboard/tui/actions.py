"""What the board's commands do, but for shots, files and money: one method for each, named after its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.tui import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.tui.board import Board


class BoardActions:
    """Commands that look around, write, copy and go back."""

    def __init__(self, board: Board) -> None:
        self.board = board

    # panels

    def do_help(self) -> None:
        """All keys and fields."""
        from storyboard.tui.help import Help

        self.board.app.push_screen(Help(profile=self.board.profile))

    def do_palette(self) -> None:
        """Every command by its name."""
        self.board.app.action_command_palette()

    def do_jump(self) -> None:
        """A label on every place."""
        from storyboard.tui.jump import Jump

        self.board.app.push_screen(Jump(self.board))

    async def do_settings(self) -> None:
        """The settings panel."""
        await self.board.open_panel("settings")

    async def do_problems(self) -> None:
        """The problems panel."""
        await self.board.open_panel("problems")

    async def do_compiled(self) -> None:
        """The compiled prompt and the request."""
        await self.board.open_panel("compiled")

    async def do_cast(self) -> None:
        """The cast panel."""
        await self.board.open_panel("cast")

    async def do_changes(self) -> None:
        """The difference to the file on disk."""
        await self.board.open_panel("changes")

    async def do_jobs(self) -> None:
        """The jobs panel."""
        await self.board.open_panel("jobs")

    async def do_back(self) -> None:
        """No names offered; else the prompt again, and the problems take the panel's place."""
        if self.board.completion.takes("escape"):
            return
        if self.board.panel is not None and self.board.panel.name != "problems":
            await self.board.open_panel("problems", focus=False)
        self.board.place.give_way(self.board.editor)

    # text

    def do_note(self) -> None:
        """The note's field."""
        self.board.place.give_way(self.board.note)

    def do_fix(self) -> None:
        """What the problems panel stands on, else the first fix of the current shot, else the first of all."""
        panel = self.board.panel
        chosen = panel.chosen if panel is not None and panel.has_focus_within else None
        found = self.board.session.diagnostics
        fixable = [chosen] if chosen is not None else [*wording.of_shot(found, self.board.current), *found]
        one = next((one for one in fixable if one.fix is not None), None)
        if one is None:
            self.board.say("nothing here can be fixed by itself: F3 says what to change")
            return
        self.board.edit(lambda session: session.fix(one))
        self.board.say(f"{one.code}: {one.fix.title if one.fix else ''}")

    def do_external(self) -> None:
        """In the writer's own editor."""
        from storyboard.tui.external import edit_elsewhere

        index = self.board.current
        old = self.board.prompt_of(index)
        new = edit_elsewhere(self.board.app, old)
        if new is not None and new != old:
            self.board.edit(lambda session: session.set(("shots", index, "prompt"), new))

    def do_copy_prompt(self) -> None:
        """To every clipboard that can be reached."""
        prompt = self.board.session.prompt
        if prompt is None:
            self.board.say("there are errors: F3 shows them; nothing was copied", "warning")
            return
        self.board.copy(prompt, "the compiled prompt")

    def do_copy_request(self) -> None:
        """To every clipboard that can be reached."""
        from storyboard.tui.panels.compiled import request_text

        text = request_text(self.board.session)
        if text is None:
            self.board.say("there are errors: F3 shows them; nothing was copied", "warning")
            return
        self.board.copy(text, "the request")

    # history

    def do_undo(self) -> None:
        """One step back, wherever it was."""
        self._travel(self.board.session.undo, "nothing to undo")

    def do_redo(self) -> None:
        """One step forward."""
        self._travel(self.board.session.redo, "nothing to redo")

    def _travel(self, go: Callable[[], bool], none: str) -> None:
        before = self._shots()
        if not go():
            self.board.say(none)
            return
        after = self._shots()
        changed = [i for i in range(min(len(before), len(after))) if before[i] != after[i]]
        if changed and self.board.current not in changed:
            self.board.current = changed[0]
        self.board.follow(travel=True)

    def _shots(self) -> list[Any]:
        data = self.board.session.document.data
        shots = data.get("shots") if isinstance(data, dict) else None
        return list(shots) if isinstance(shots, list) else []
