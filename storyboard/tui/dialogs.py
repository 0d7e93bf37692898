"""Questions that cover the board: a choice, or a line of text; Escape is always no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

_CSS = """
{name} {{ align: center middle; }}
{name} > VerticalScroll {{
    width: 90%; max-width: 90; height: auto; max-height: 90%;
    padding: 1 2; border: round $primary; background: $surface;
}}
{name} #body {{ height: auto; margin-bottom: 1; }}
{name} Horizontal {{ height: auto; align: right middle; }}
{name} Button {{ margin-left: 2; }}
"""


class Choice(ModalScreen[str]):
    """Asks which of a few things to do; the first is the harmless one and has the focus. Gives "" for none."""

    DEFAULT_CSS = _CSS.format(name="Choice")
    AUTO_FOCUS = "Button"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "none", "Cancel"),
        ("left", "app.focus_previous"),
        ("right", "app.focus_next"),
    ]

    def __init__(self, title: str, body: str | Content, choices: Sequence[tuple[str, str]]) -> None:
        """`choices`: what is given back, and the words on the button."""
        super().__init__()
        self._title = title
        self._body = body if isinstance(body, Content) else Content(body)
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The words, then the buttons."""
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content(self._title)
            yield Static(self._body, id="body")
            with Horizontal():
                for index, (answer, words) in enumerate(self._choices):
                    yield Button(Content(words), id=f"answer-{answer}", variant="default" if index == 0 else "primary")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Gives the answer."""
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_none(self) -> None:
        """No answer."""
        self.dismiss("")


class Ask(ModalScreen[str]):
    """Asks for a line of text; gives "" for none. `fault` says in words what is wrong with an answer."""

    DEFAULT_CSS = _CSS.format(name="Ask")
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "none", "Cancel")]

    def __init__(self, title: str, value: str = "", fault: Callable[[str], str | None] = lambda _: None) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._fault = fault

    def compose(self) -> ComposeResult:
        """One field."""
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content(self._title)
            yield Input(self._value)
            yield Static(Content("Enter takes it, Escape does not"), id="body")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Gives the answer, or says what is wrong with it."""
        if (fault := self._fault(event.value)) is not None:
            self.query_one("#body", Static).update(Content.styled(fault, "bold red"))
        else:
            self.dismiss(event.value)

    def action_none(self) -> None:
        """No answer."""
        self.dismiss("")
