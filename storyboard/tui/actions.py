"""What the board's commands do to its session: one method for each, named after its id."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from storyboard.tui import wording
from storyboard.tui.dialogs import Ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from storyboard.submitting.offers import Offer
    from storyboard.tui.board import Board


class BoardActions:
    """Commands that edit, copy and look around."""

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
        """The prompt again; the problems take the panel's place."""
        if self.board.panel is not None and self.board.panel.name != "problems":
            await self.board.open_panel("problems", focus=False)
        self.board.place.give_way(self.board.editor)

    async def do_submit(self) -> None:
        """What is on disk, once it is sound: shown with its price before anything is sent."""
        board = self.board
        if board.session.report.has_errors:
            await board.open_panel("problems")
            board.say("there are errors: nothing can be sent before they are gone", "warning")
        elif board.session.dirty:
            self._ask_to_save()
        else:
            self._show_offer()

    def _ask_to_save(self) -> None:
        from storyboard.tui.dialogs import Choice
        from storyboard.tui.differences import summary

        def decide(answer: str | None) -> None:
            if answer == "save":
                self.board.files.save(self._show_offer)

        choices = [("cancel", "Cancel"), ("save", "Save and go on")]
        question = "What is sent is what is saved"
        self.board.app.push_screen(Choice(question, summary(self.board.session), choices), decide)

    def _show_offer(self) -> None:
        from storyboard.submitting.accounts import has_key
        from storyboard.tui.submitting import Submit

        desk = self.board.desk
        if desk is None:
            return

        def decide(answer: tuple[Offer, Decimal | None] | None) -> None:
            if answer is not None:
                desk.submit(*answer)
                self.board.run_command("jobs")

        known = has_key()
        self.board.app.push_screen(Submit(desk, os.fspath(self.board.session.path), has_key=known), decide)
        if not known:
            self.board.say("RUNWARE_API_KEY is not set: export it to pay; the sandbox needs none")

    # shots

    def do_add(self) -> None:
        """A shot behind the current one."""
        index = self.board.current + 1 if self.board.session.seconds else 0
        self._go_there(self.board.edit(lambda session: session.add_shot(index)))

    def do_split(self) -> None:
        """Cut at the cursor."""
        index, position = self.board.current, self.board.editor.position
        self._go_there(self.board.edit(lambda session: session.split_shot(index, position)))

    def do_merge(self) -> None:
        """With the next."""
        index = self.board.current
        self._go_there(self.board.edit(lambda session: session.merge_with_next(index)))

    def do_duplicate(self) -> None:
        """A copy behind it."""
        index = self.board.current
        self._go_there(self.board.edit(lambda session: session.duplicate_shot(index)))

    def do_delete(self) -> None:
        """The seconds go to the neighbour before, of the first shot to the one after."""
        index, count = self.board.current, len(self.board.session.seconds)
        taker = index - 1 if index else 1 if count > 1 else None
        self._go_there(self.board.edit(lambda session: session.delete_shot(index, give_seconds_to=taker)))

    def do_cut(self) -> None:
        """The seconds go too."""
        index = self.board.current
        self._go_there(self.board.edit(lambda session: session.delete_shot(index)))

    def do_move_up(self) -> None:
        """Towards the beginning."""
        self._move(-1)

    def do_move_down(self) -> None:
        """Towards the end."""
        self._move(1)

    def _move(self, step: int) -> None:
        index, place = self.board.current, self.board.current + step
        if 0 <= place < len(self.board.session.seconds):
            self._go_there(self.board.edit(lambda session: session.move_shot(index, place)))

    def do_previous(self) -> None:
        """The shot before."""
        self.board.action_go(max(self.board.current - 1, 0))

    def do_next(self) -> None:
        """The shot after."""
        self.board.action_go(min(self.board.current + 1, max(len(self.board.session.seconds) - 1, 0)))

    def _go_there(self, index: int | None) -> None:
        if index is not None:
            self.board.action_go(index)

    # seconds

    def do_longer(self) -> None:
        """One second more."""
        self._change_seconds(1)

    def do_shorter(self) -> None:
        """One second less."""
        self._change_seconds(-1)

    def _change_seconds(self, change: int) -> None:
        seconds = list(self.board.session.seconds)
        if not seconds:
            return
        seconds[self.board.current] += change
        if seconds[self.board.current] < 1:
            self.board.say("a shot needs at least one second", "warning")
            return
        path = ("shots", self.board.current, "seconds")
        self.board.edit(lambda session: session.set(path, seconds[self.board.current]))

    def do_take(self) -> None:
        """From the neighbours."""
        self.board.edit(lambda session: session.steal(self.board.current, 1))

    def do_give(self) -> None:
        """To the neighbour."""
        self.board.edit(lambda session: session.steal(self.board.current, -1))

    def do_fit(self) -> None:
        """Asks for the total."""
        bounds = self.board.profile.total_seconds

        def fault(answer: str) -> str | None:
            sound = re.fullmatch("[0-9]{1,4}", answer.strip()) and int(answer) in bounds
            return None if sound else f"whole seconds from {bounds.least} to {bounds.most}"

        def fit(answer: str | None) -> None:
            if answer:
                self.board.edit(lambda session: session.fit(int(answer)))

        self.board.app.push_screen(Ask("Fit all shots to so many seconds", str(self.board.session.total), fault), fit)

    def do_even(self) -> None:
        """Evenly."""
        self.board.edit(lambda session: session.even_out())

    def do_lock(self) -> None:
        """Locks or frees."""
        index = self.board.current
        self.board.edit(lambda session: session.lock(index, locked=index not in session.locked))

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
        """By OSC 52."""
        prompt = self.board.session.prompt
        if prompt is None:
            self.board.say("there are errors: F3 shows them; nothing was copied", "warning")
            return
        self.board.app.copy_to_clipboard(prompt)
        self.board.say("the compiled prompt is on the clipboard")

    def do_copy_request(self) -> None:
        """By OSC 52."""
        from storyboard.tui.panels.compiled import request_text

        text = request_text(self.board.session)
        if text is None:
            self.board.say("there are errors: F3 shows them; nothing was copied", "warning")
            return
        self.board.app.copy_to_clipboard(text)
        self.board.say("the request is on the clipboard")

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
        self.board.refill(travel=True)
        self.board.show()

    def _shots(self) -> list[Any]:
        data = self.board.session.document.data
        shots = data.get("shots") if isinstance(data, dict) else None
        return list(shots) if isinstance(shots, list) else []
