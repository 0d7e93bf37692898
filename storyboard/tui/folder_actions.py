"""What the folder's commands do: one method for each, named after its id."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import filing, recovery
from storyboard.checks import check_file
from storyboard.disk import why_read_only
from storyboard.folder_names import ending_of, fault_of_name, file_named, without_ending
from storyboard.tui.dialogs import Ask
from storyboard.tui.masking import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.checks import Report
    from storyboard.tui.entries import Entry
    from storyboard.tui.folder import Folder


class FolderActions:
    """Commands that open, make, copy and rename."""

    def __init__(self, screen: Folder) -> None:
        self.screen = screen

    def do_help(self) -> None:
        """All keys."""
        from storyboard.tui.help import Help

        self.screen.app.push_screen(Help(self.screen.OWN_COMMANDS))

    def do_palette(self) -> None:
        """Every command by its name."""
        self.screen.app.action_command_palette()

    def do_refresh(self) -> None:
        """All files anew."""
        self.screen.read({})

    def do_quit(self) -> None:
        """Nothing here is unsaved."""
        self.screen.app.exit(0)

    def do_open_file(self) -> None:
        """What the cursor stands on; the app says why where that cannot be."""
        if (entry := self._current()) is not None:
            self.screen.post_message(self.screen.Chosen(Path(entry.overview.file)))

    def do_new_file(self) -> None:
        """Asks for a name, and opens what was made."""

        def make(file: Path) -> None:
            filing.start(file)
            self.screen.post_message(self.screen.Chosen(file))

        self._ask("A new storyboard: its name", "", filing.USUAL_ENDING, make)

    def do_duplicate_file(self) -> None:
        """Asks for the copy's name."""
        if (entry := self._current()) is None:
            return
        old = Path(entry.overview.file)

        def copy(file: Path) -> None:
            filing.duplicate(old, file)
            locked = why_read_only(old) is not None
            self._made(file, f"{line_of(entry.name)} copied{'; the copy is not read-only' if locked else ''}")

        self._ask(f"Duplicate {entry.name} as", f"{self._typed(entry)}-copy", ending_of(old.name), copy)

    def do_rename_file(self) -> None:
        """Asks for the new name; the ending stays."""
        if (entry := self._current()) is None:
            return
        old = Path(entry.overview.file)
        if recovery.find(old) is not None:
            self.screen.say(
                "unsaved work of an earlier session belongs to this name: open it and decide first", "warning"
            )
            return

        def rename(file: Path) -> None:
            filing.rename(old, file)
            self._made(file, "renamed")

        self._ask(f"Rename {entry.name} to", self._typed(entry), ending_of(old.name), rename)

    async def to_draw(self) -> Report | None:
        """What previews are made of: the file that the cursor stands on."""
        if (entry := self._current()) is None:
            return None
        report = check_file(entry.overview.file)
        if report.has_errors:
            self.screen.say(f"{entry.name} has errors: nothing can be drawn before they are gone", "warning")
            return None
        return report

    def _ask(self, title: str, value: str, ending: str, then: Callable[[Path], None]) -> None:
        folder = self.screen.folder

        def fault(answer: str) -> str | None:
            found = fault_of_name(folder, answer, ending)
            return line_of(found) if found is not None else None

        def answered(answer: str | None) -> None:
            if not answer:
                return
            try:
                then(file_named(folder, answer, ending))
            except filing.NotMade as error:
                self.screen.say(str(error).replace(os.path.join(folder, ""), ""), "error")
                self.screen.read(self.screen.scouted.stamps)

        self.screen.app.push_screen(Ask(line_of(title), value, fault), answered)

    def _made(self, file: Path, words: str) -> None:
        self.screen.say(words)
        self.screen.look_for(os.fspath(file))

    def _current(self) -> Entry | None:
        entry = self.screen.list.current
        if entry is None:
            self.screen.say("there is no storyboard here")
        return entry

    def _typed(self, entry: Entry) -> str:
        """A file's name as it can be typed: what cannot be seen is shown as a picture, and refused as it is."""
        return line_of(without_ending(os.path.relpath(entry.overview.file, self.screen.folder)))
