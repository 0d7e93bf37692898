"""What the board's commands do to its session: one method for each, named after its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.tui import wording
from storyboard.tui.dialogs import Ask
from storyboard.tui.guarding import report_failure

if TYPE_CHECKING:
    from storyboard.tui.board import Board


class BoardActions:
    """Commands that edit, copy and look around."""

    def run_command(self: Any, name: str) -> None:
        """Runs a command; whatever goes wrong in it is told, and the editor goes on."""
        self.call_later(self.action_command, name)

    async def action_command(self: Any, name: str) -> None:
        """Runs a command by its id."""
        try:
            done = getattr(self, f"do_{name}")()
            if done is not None:
                await done
        except Exception as error:  # noqa: BLE001 - no failing command ends the editor
            report_failure(self.app, error)

    # panels

    def do_help(self: Any) -> None:
        """All keys and fields."""
        from storyboard.tui.help import Help

        self.app.push_screen(Help())

    def do_jump(self: Any) -> None:
        """A label on every place."""
        from storyboard.tui.jump import Jump

        self.app.push_screen(Jump(self))

    async def do_settings(self: Any) -> None:
        """The settings panel."""
        await self.open_panel("settings")

    async def do_problems(self: Any) -> None:
        """The problems panel."""
        await self.open_panel("problems")

    async def do_compiled(self: Any) -> None:
        """The compiled prompt and the request."""
        await self.open_panel("compiled")

    async def do_cast(self: Any) -> None:
        """The cast panel."""
        await self.open_panel("cast")

    async def do_changes(self: Any) -> None:
        """The difference to the file on disk."""
        await self.open_panel("changes")

    async def do_jobs(self: Any) -> None:
        """The jobs panel."""
        await self.open_panel("jobs")

    async def do_back(self: Any) -> None:
        """The prompt again; the problems take the panel's place."""
        if self.panel is not None and self.panel.name != "problems":
            await self.open_panel("problems", focus=False)
        self.set_class(False, "-panel-open")
        self.editor.focus()

    # shots

    def do_add(self: Board) -> None:
        """A shot behind the current one."""
        index = self.current + 1 if self.session.seconds else 0
        self._go_there(self.edit(lambda session: session.add_shot(index)))

    def do_split(self: Board) -> None:
        """Cut at the cursor."""
        index, position = self.current, self.editor.position
        self._go_there(self.edit(lambda session: session.split_shot(index, position)))

    def do_merge(self: Board) -> None:
        """With the next."""
        index = self.current
        self._go_there(self.edit(lambda session: session.merge_with_next(index)))

    def do_duplicate(self: Board) -> None:
        """A copy behind it."""
        index = self.current
        self._go_there(self.edit(lambda session: session.duplicate_shot(index)))

    def do_delete(self: Board) -> None:
        """The seconds go to the neighbour before, of the first shot to the one after."""
        index, count = self.current, len(self.session.seconds)
        taker = index - 1 if index else 1 if count > 1 else None
        self._go_there(self.edit(lambda session: session.delete_shot(index, give_seconds_to=taker)))

    def do_cut(self: Board) -> None:
        """The seconds go too."""
        index = self.current
        self._go_there(self.edit(lambda session: session.delete_shot(index)))

    def do_move_up(self: Board) -> None:
        """Towards the beginning."""
        self._move(-1)

    def do_move_down(self: Board) -> None:
        """Towards the end."""
        self._move(1)

    def _move(self: Board, step: int) -> None:
        index, place = self.current, self.current + step
        if 0 <= place < len(self.session.seconds):
            self._go_there(self.edit(lambda session: session.move_shot(index, place)))

    def do_previous(self: Board) -> None:
        """The shot before."""
        self.action_go(max(self.current - 1, 0))

    def do_next(self: Board) -> None:
        """The shot after."""
        self.action_go(min(self.current + 1, max(len(self.session.seconds) - 1, 0)))

    def _go_there(self: Board, index: int | None) -> None:
        if index is not None:
            self.action_go(index)

    # seconds

    def do_longer(self: Board) -> None:
        """One second more."""
        self._change_seconds(1)

    def do_shorter(self: Board) -> None:
        """One second less."""
        self._change_seconds(-1)

    def _change_seconds(self: Board, change: int) -> None:
        seconds = list(self.session.seconds)
        if not seconds:
            return
        seconds[self.current] += change
        if seconds[self.current] < 1:
            self.say("a shot needs at least one second", "warning")
            return
        self.edit(lambda session: session.set(("shots", self.current, "seconds"), seconds[self.current]))

    def do_take(self: Board) -> None:
        """From the neighbours."""
        self.edit(lambda session: session.steal(self.current, 1))

    def do_give(self: Board) -> None:
        """To the neighbour."""
        self.edit(lambda session: session.steal(self.current, -1))

    def do_fit(self: Board) -> None:
        """Asks for the total."""

        def fault(answer: str) -> str | None:
            draft = self.session.outlook.draft
            bounds = draft.profile.total_seconds if draft else range(1, 100)
            if answer.strip().isdecimal() and int(answer.strip()[:4]) in bounds:
                return None
            return f"whole seconds from {bounds.least} to {bounds.most}" if draft else "whole seconds"

        def fit(answer: str | None) -> None:
            if answer:
                self.edit(lambda session: session.fit(int(answer)))

        self.app.push_screen(Ask("Fit all shots to so many seconds", str(self.session.total), fault), fit)

    def do_even(self: Board) -> None:
        """Evenly."""
        self.edit(lambda session: session.even_out())

    def do_lock(self: Board) -> None:
        """Locks or frees."""
        index = self.current
        self.edit(lambda session: session.lock(index, locked=index not in session.locked))

    # text

    def do_note(self: Board) -> None:
        """The note's field."""
        self.note.focus()

    def do_fix(self: Board) -> None:
        """What the problems panel stands on, else the first fix of the current shot, else the first of all."""
        chosen = getattr(self.panel, "chosen", None) if self.panel is not None and self.panel.has_focus_within else None
        found = self.session.diagnostics
        fixable = [chosen] if chosen is not None else [*wording.of_shot(found, self.current), *found]
        one = next((one for one in fixable if one.fix is not None), None)
        if one is None:
            self.say("nothing here can be fixed by itself: F3 says what to change")
            return
        self.edit(lambda session: session.fix(one))
        self.say(f"{one.code}: {one.fix.title if one.fix else ''}")

    def do_external(self: Board) -> None:
        """In the writer's own editor."""
        from storyboard.tui.external import edit_elsewhere

        index = self.current
        old = self.prompt_of(index)
        new = edit_elsewhere(self.app, old)
        if new is not None and new != old:
            self.edit(lambda session: session.set(("shots", index, "prompt"), new))

    def do_copy_prompt(self: Board) -> None:
        """By OSC 52."""
        prompt = self.session.prompt
        if prompt is None:
            self.say("there are errors: F3 shows them; nothing was copied", "warning")
            return
        self.app.copy_to_clipboard(prompt)
        self.say("the compiled prompt is on the clipboard")

    def do_copy_request(self: Board) -> None:
        """By OSC 52."""
        from storyboard.tui.panels.compiled import request_text

        text = request_text(self.session)
        if text is None:
            self.say("there are errors: F3 shows them; nothing was copied", "warning")
            return
        self.app.copy_to_clipboard(text)
        self.say("the request is on the clipboard")

    # history

    def do_undo(self: Board) -> None:
        """One step back, wherever it was."""
        self._travel(self.session.undo, "nothing to undo")

    def do_redo(self: Board) -> None:
        """One step forward."""
        self._travel(self.session.redo, "nothing to redo")

    def _travel(self: Any, go: Any, none: str) -> None:
        before = self._shots()
        if not go():
            self.say(none)
            return
        after = self._shots()
        changed = [i for i in range(min(len(before), len(after))) if before[i] != after[i]]
        if changed and self.current not in changed:
            self.current = changed[0]
        self.refill()
        self.show()

    def _shots(self: Any) -> list[Any]:
        data = self.session.document.data
        shots = data.get("shots") if isinstance(data, dict) else None
        return list(shots) if isinstance(shots, list) else []
