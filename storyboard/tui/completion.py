"""The names of the cast, offered below the cursor while one of them is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.geometry import Offset
from textual.widget import Widget

from storyboard.compiler.expand import begun_name, same_name
from storyboard.tui.wording import first_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events

    from storyboard.tui.prompt import PromptEditor

ROWS = 6
"""Names that are shown at once."""
_WIDTH = 46
_KEYS = ("up", "down", "tab", "enter", "escape")


class Completion(Widget):
    """A list that takes keys only while it is open, and is open only where a name can be completed."""

    DEFAULT_CSS = """
    Completion {
        display: none; position: absolute; overlay: screen; constrain: inside inflect;
        width: 46; height: auto; background: $surface-lighten-2;
    }
    """

    def __init__(self, cast: Callable[[], Mapping[str, str]]) -> None:
        """`cast`: the names there are, with their texts."""
        super().__init__(id="completion")
        self._cast = cast
        self._editor: PromptEditor | None = None
        self._begun = ""
        self._place = (0, 0)
        self._names: list[str] = []
        self._at = 0
        self._refused: tuple[int, int] | None = None
        """Where a name begins that is typed without help: Escape said so."""

    @property
    def is_open(self) -> bool:
        """Whether it is there, and takes keys."""
        return bool(self._names)

    @property
    def offered(self) -> list[str]:
        """The names it offers, the best first."""
        return list(self._names)

    # what the editor tells

    def typed(self, editor: PromptEditor) -> None:
        """A character was typed: opens, filters or closes."""
        row, column = editor.cursor_location
        line = editor.document.get_line(row)
        begun = begun_name(line[:column]) if "@" in line[:column] else None
        if begun is None:
            self._refused = None
            self.close()
            return
        place = (row, column - len(begun))
        if place == self._refused or begun_name(line[: column + 1]) not in (None, begun):
            self.close()
            return
        self._refused = None
        self._offer(editor, begun, place)

    def moved(self, editor: PromptEditor) -> None:
        """The cursor moved: closes where it left the name."""
        if self.is_open and editor.cursor_location != (self._place[0], self._place[1] + len(self._begun)):
            self.close()

    def takes(self, key: str) -> bool:
        """Does what a key means here; whether it meant anything."""
        if not self.is_open or key not in _KEYS:
            return False
        if key == "escape":
            self._refused = self._place
            self.close()
        elif key in ("up", "down"):
            self._at = (self._at + (1 if key == "down" else -1)) % len(self._names)
            self.refresh()
        else:
            self._take(self._names[self._at])
        return True

    def close(self) -> None:
        """Goes away."""
        if self._names:
            self._names = []
            self.display = False

    # what it does

    def _offer(self, editor: PromptEditor, begun: str, place: tuple[int, int]) -> None:
        start = same_name(begun).casefold()
        names = [name for name in self._cast() if same_name(name).casefold().startswith(start)]
        if not [name for name in names if name != begun]:
            self.close()
            return
        if (editor, place) != (self._editor, self._place) or not self.is_open or names != self._names:
            self._at = 0
        self._editor, self._begun, self._place, self._names = editor, begun, place, names
        cursor = editor.cursor_screen_offset
        self.absolute_offset = Offset(cursor.x - len(begun) - 2, cursor.y + 1)
        self.display = True
        self.refresh(layout=True)

    def _take(self, name: str) -> None:
        editor, (row, column) = self._editor, self._place
        end = (row, column + len(self._begun))
        self.close()
        if editor is not None:
            editor.replace(name, (row, column), end, maintain_selection_offset=False)
            editor.move_cursor((row, column + len(name)))
            self.close()

    def render(self) -> Content:
        """The names around the chosen one, each with the beginning of its text."""
        shown = list(enumerate(self._names))[self._first : self._first + ROWS]
        heads = [first_words(f" @{name}", _WIDTH // 2) for _, name in shown]
        column = max(map(cell_len, heads), default=0)
        return Content("\n").join(self._row(head, column, *one) for head, one in zip(heads, shown, strict=True))

    @property
    def _first(self) -> int:
        """Index of the name in the first row, so that the chosen one is in sight."""
        return max(min(self._at - ROWS + 1, len(self._names) - ROWS), 0)

    def _row(self, head: str, column: int, index: int, name: str) -> Content:
        here = "reverse" if index == self._at else ""
        text = first_words(self._cast().get(name, ""), _WIDTH - column - 3)
        row = Content.assemble((set_cell_size(head, column + 2), "bold"), (text, here or "dim"))
        return row.pad_right(max(_WIDTH - row.cell_length, 0)).stylize(here)

    def on_click(self, event: events.Click) -> None:
        """Takes what was clicked."""
        event.stop()
        index = self._first + event.y
        if index < len(self._names):
            self._take(self._names[index])
