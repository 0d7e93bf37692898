"""Questions that cover the board: a choice, or a line of text; Escape is always no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events
from textual._time import get_time
from textual.await_complete import AwaitComplete
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from storyboard.tui.composing import PresentCompositor
from storyboard.tui.guarding import report_worker
from storyboard.tui.masked_input import MaskedInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.worker import Worker

_CSS = """
{name} {{ align: center middle; }}
{name} > Vertical {{
    width: 95%; max-width: 90; height: auto; max-height: 95%;
    padding: 0 2; border: round $primary; background: $surface;
}}
{name} VerticalScroll {{ height: auto; max-height: 60vh; margin: 1 0; }}
{name} #body {{ height: auto; }}
{name} #answers {{ height: auto; width: auto; layout: horizontal; }}
{name} Button {{ margin-right: 2; }}
{name}.-narrow #answers {{ layout: vertical; }}
{name}.-narrow VerticalScroll {{ max-height: 35vh; margin: 0; }}
"""


_Answer = TypeVar("_Answer")


class Question(ModalScreen[_Answer]):
    """Covers the board until it is answered, once: what comes after the first answer is none."""

    # Buttons are at the bottom; what is told in passing must not lie over them.
    DEFAULT_CSS = "Question ToastRack { dock: top; align: right top; }"

    ASKS_FOR_MONEY = False
    """Whether nothing may be told in passing while it is in sight; it is told afterwards."""

    _answered = False

    _seen: float | None = None
    """When it was drawn, by the clock of events."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = PresentCompositor()

    def on_mount(self) -> None:
        """Notes when it can be seen."""
        self.call_after_refresh(self._note_seen)

    def _note_seen(self) -> None:
        self._seen = get_time()

    def refuses(self, event: events.Event) -> bool:
        """Whether it leaves out something that was typed or clicked; called with all that comes, in its order."""
        del event
        return False

    def came_unseen(self, event: events.Event) -> bool:
        """Whether this was typed or clicked before the question could be seen; Escape is no answer to it."""
        if not isinstance(event, events.Key | events.Paste | events.MouseDown):
            return False
        is_escape = isinstance(event, events.Key) and event.key == "escape"
        return not is_escape and (self._seen is None or event.time < self._seen)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What fails behind it is told."""
        report_worker(self.app, event)

    def dismiss(self, result: _Answer | None = None) -> AwaitComplete:
        """Gives the answer."""
        if self._answered:
            return AwaitComplete()
        self._answered = True
        return super().dismiss(result)


class Line(MaskedInput):
    """A field of one line that leaves Alt with a letter to others."""

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Whether this key writes something."""
        return not key.startswith("alt+") and super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        if event.key.startswith("alt+"):
            event.prevent_default()


class Choice(Question[str]):
    """Asks which of a few things to do; the first is the harmless one and has the focus. Gives "" for none."""

    DEFAULT_CSS = _CSS.format(name="Choice")
    AUTO_FOCUS = "Button"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012 - as Textual declares it
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

    def refuses(self, event: events.Event) -> bool:
        """What was typed before it could be seen is no answer."""
        return self.came_unseen(event)

    def compose(self) -> ComposeResult:
        """The words, then the buttons."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            with VerticalScroll():
                yield Static(self._body, id="body")
            with Vertical(id="answers"):
                for index, (answer, words) in enumerate(self._choices):
                    button = Button(Content(f" {words} "), id=f"answer-{answer}", compact=True)
                    button.variant = "primary" if index else "default"
                    yield button

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Gives the answer."""
        self.dismiss((event.button.id or "").removeprefix("answer-"))

    def action_none(self) -> None:
        """No answer."""
        self.dismiss("")


class Ask(Question[str]):
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
        with Vertical() as box:
            box.border_title = Content(self._title)
            yield Line(self._value)
            yield Static(Content("Enter takes it, Escape does not"), id="body")

    def on_input_submitted(self) -> None:
        """Gives the answer, or says what is wrong with it."""
        answer = self.query_one(Line).said
        if (fault := self._fault(answer)) is not None:
            self.query_one("#body", Static).update(Content.styled(fault, "bold red"))
        else:
            self.dismiss(answer)

    def action_none(self) -> None:
        """No answer."""
        self.dismiss("")
