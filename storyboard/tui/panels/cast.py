"""Who the names in prompts are, what each costs and where it is said; adds, renames and deletes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.widget import Widget

from storyboard.compiler.expand import is_cast_name, same_name
from storyboard.tui.dialogs import Ask, Choice
from storyboard.tui.masking import line_of
from storyboard.tui.painted import Painted
from storyboard.tui.panels.cast_entries import CastEntry, Name
from storyboard.tui.panels.panel import Panel
from storyboard.tui.panels.setting_rows import as_it_is, value_at
from storyboard.tui.panels.uses import Use, uses
from storyboard.tui.wording import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.checks.diagnostic import Path
    from storyboard.tui.board import Board

_SHOWN_AT_MOST = 60
_NAME_RULE = "a letter, then letters and their marks, digits, _ or -, and no - at the end"


class Adder(Widget, can_focus=True):
    """The line that adds a name."""

    DEFAULT_CSS = """
    Adder { height: 1; width: auto; color: $text-muted; }
    Adder:focus { background: $surface-lighten-1; color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "app.focus_previous"),
        ("down", "app.focus_next"),
        ("enter,space", "add"),
    ]

    def __init__(self, add: Callable[[], None]) -> None:
        super().__init__()
        self._add = add

    def render(self) -> Content:
        """What it does."""
        return Content("+ add a name (Enter)")

    def on_click(self) -> None:
        """Adds."""
        self._add()

    def action_add(self) -> None:
        """Adds."""
        self._add()


class Cast(Panel):
    """An entry for each name, in the order of the file."""

    DEFAULT_CSS = """
    Cast #cast-head { height: auto; margin-bottom: 1; }
    """
    TITLE = "Cast"
    HELP = "`@name` in a prompt or the look stands for the text. Enter on a name renames it, Delete takes it out."

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._head = Painted(id="cast-head")
        self._adder = Adder(self._ask_to_add)
        self._entries: dict[object, CastEntry] = {}

    def compose(self) -> ComposeResult:
        """What there is to say of the whole, the names, the line that adds one."""
        yield self._head
        yield self._adder

    @property
    def entries(self) -> list[CastEntry]:
        """The names that are shown."""
        return list(self._entries.values())

    # what is shown

    def show(self) -> None:
        """Shows what the session says now."""
        if not self.is_attached:
            return
        draft, given = self.session.outlook.draft, value_at(self.session.document.data, ("cast",))
        from_file = draft.cast_file if draft is not None else None
        found: dict[Any, Any] = dict(given) if isinstance(given, dict) else {}
        if from_file is not None and draft is not None:
            found = dict(draft.cast or {})
        shown = dict(list(found.items())[:_SHOWN_AT_MOST])
        self._make_entries(list(shown))
        self._fill(shown, from_file=from_file is not None)
        self._adder.display = given is None or isinstance(given, dict)
        self._show_head(given, from_file, len(found))

    def _make_entries(self, names: list[object]) -> None:
        """One entry for each name; those that are there already stay."""
        if names == list(self._entries):
            return
        for name in [one for one in self._entries if one not in names]:
            self._entries.pop(name).remove()
        old = self._entries
        self._entries = {}
        before: Widget = self._head
        for name in names:
            entry = old.get(name)
            if entry is None:
                entry = CastEntry(self.board, name if isinstance(name, str) else as_it_is(name), self._writer(name))
                self.mount(entry, after=before)
            else:
                self.move_child(entry, after=before)
            self._entries[name] = before = entry

    def _fill(self, found: dict[object, object], *, from_file: bool) -> None:
        session = self.session
        used = uses(session)
        for name, value in found.items():
            path = ("cast", name) if isinstance(name, str) else ("cast",)
            problems = [one for one in session.diagnostics if path[1:] and one.path == path]
            own = isinstance(name, str) and session.document.is_own(("cast", name))
            use = used.get(name, Use()) if isinstance(name, str) else Use()
            self._entries[name].show(value, use, problems, own=own, from_file=from_file)

    def _show_head(self, given: object, from_file: str | None, count: int) -> None:
        named = {("cast", name) for name in self._entries}
        found = [one for one in self.session.diagnostics if one.path[:1] == ("cast",) and one.path not in named]
        lines = [problem(one) for one in found]
        if from_file is not None:
            lines.append(Content.assemble("from ", (line_of(from_file), "bold"), ": change it there"))
        elif given is not None and not isinstance(given, dict):
            lines.append(Content(line_of(as_it_is(given))))
        elif not count:
            lines.append(
                Content.styled("nobody yet: @name in a prompt would stand for a text that is kept here", "dim")
            )
        if count > _SHOWN_AT_MOST:
            lines.append(Content.styled(f"{count - _SHOWN_AT_MOST} more names stand in the file", "dim"))
        self._head.display = bool(lines)
        self._head.paint(Content("\n").join(lines))

    # what is changed

    def _writer(self, name: object) -> Callable[[str], None]:
        def write(text: str) -> None:
            if isinstance(name, str):
                self.board.edit(lambda session: session.set(("cast", name), text, typing=True))

        return write

    def _fault(self, answer: str, but: str | None = None) -> str | None:
        """`but` is the name that goes for it."""
        name = answer.strip().removeprefix("@")
        if not is_cast_name(name):
            return f"no name: {_NAME_RULE}"
        taken = (same_name(one) for one in self._entries if isinstance(one, str) and one != but)
        return f"@{name} is there already" if same_name(name) in taken else None

    def _ask_to_add(self) -> None:
        def add(answer: str | None) -> None:
            if answer:
                name = answer.strip().removeprefix("@")
                self.board.edit(lambda session: session.set(("cast", name), ""))
                self.call_after_refresh(self._focus_text, name)

        self.app.push_screen(Ask("Add a name to the cast", fault=self._fault), add)

    def _focus_text(self, name: str) -> None:
        if name in self._entries:
            self.board.set_focus(self._entries[name].field)

    def on_name_wanted(self, message: Name.Wanted) -> None:
        """Renames or deletes, asking where prompts say the name."""
        message.stop()
        if message.delete:
            self._delete(message.name)
        else:
            self._rename(message.name)

    def _places(self, name: str) -> str:
        return uses(self.session).get(name, Use()).places

    def _rename(self, old: str) -> None:
        def fault(answer: str) -> str | None:
            return None if answer.strip().removeprefix("@") == old else self._fault(answer, old)

        def named(answer: str | None) -> None:
            new = (answer or "").strip().removeprefix("@")
            if new and new != old:
                self._rename_to(old, new)

        self.app.push_screen(Ask(f"Another name for @{line_of(old)}", old, fault), named)

    def _rename_to(self, old: str, new: str) -> None:
        def rename(answer: str | None) -> None:
            if answer in ("all", "key"):
                self.board.edit(lambda session: session.rename_cast(old, new, everywhere=answer == "all"))
                self.call_after_refresh(self._focus_name, new)

        if not (places := self._places(old)):
            rename("key")
            return
        choices = [("stay", "Cancel"), ("all", "Change it there too"), ("key", "Only in the cast")]
        body = f"@{line_of(old)} is said in {places}."
        self.app.push_screen(Choice(f"Rename @{line_of(old)} to @{new}", body, choices), rename)

    def _focus_name(self, name: str) -> None:
        if name in self._entries:
            self.board.set_focus(self._entries[name].heading)

    def _delete(self, name: str) -> None:
        def delete(answer: str | None) -> None:
            if answer == "delete":
                self.board.edit(lambda session: session.unset(("cast", name)))
                self.take_focus()

        if not (places := self._places(name)):
            delete("delete")
            return
        choices = [("stay", "Cancel"), ("delete", "Delete it")]
        body = f"@{line_of(name)} is said in {places}, which would be an error."
        self.app.push_screen(Choice(f"Delete @{line_of(name)}", body, choices), delete)

    # finding one's way

    def go_to(self, path: Path) -> None:
        """A name's text where it can be changed here, else the name; of the whole cast, what is used first."""
        entry = self._entries.get(path[1]) if len(path) > 1 else None
        if entry is None:
            self.take_focus()
        else:
            field = entry.heading if entry.field.disabled else entry.field
            self.board.set_focus(field)
            self.call_after_refresh(self.scroll_to_widget, field, animate=False)  # in a new panel it has no place yet

    def take_focus(self) -> None:
        """The first name, else the line that adds one."""
        if self._entries:
            self.board.set_focus(next(iter(self._entries.values())).heading)
        elif self._adder.display:
            self.board.set_focus(self._adder)
        else:
            self.board.set_focus(self)


PANEL = Cast
