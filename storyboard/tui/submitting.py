"""Before anything is paid: the exact prompt, takes, price and guard, and a button that says what it does."""

from __future__ import annotations

import os
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual._time import get_time
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from storyboard.compiler.price import dollars
from storyboard.jobs.paths import expanded
from storyboard.submitting.permission import lines
from storyboard.submitting.places import default_folder
from storyboard.submitting.words import counted
from storyboard.tui.dialogs import Line, Question
from storyboard.tui.masking import line_of, visible
from storyboard.tui.threads import forgetting

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.submitting.desk import JobDesk
    from storyboard.submitting.errors import SubmitError
    from storyboard.submitting.offers import Offer

_LEAST_WIDTH, _LEAST_HEIGHT = 40, 12
"""Cells of a window in which the sum and the answers are in sight whatever else is."""

_WOULD = {
    "buy": "",
    "go on": "sent before, not certain: it is asked for before anything is sent again",
    "reuse": "paid before: its videos are brought home, nothing is paid",
    "report": "its job ended badly before: only another job tries anew",
    "stop": "paid before with another key: only another job buys it anew",
}


class Submit(Question["tuple[Offer, Decimal | None] | None"]):
    """Gives the offer that was approved and its guard, or None."""

    DEFAULT_CSS = """
    Submit { align: center middle; }
    Submit > Vertical {
        width: 95%; max-width: 100; height: auto; max-height: 100%;
        border: round $primary; padding: 0 2; background: $surface;
    }
    Submit ToastHolder { display: none; }
    Submit Static { height: auto; }
    Submit #sent { height: auto; max-height: 50vh; margin: 1 0 0 0; }
    Submit #prompt-sent { color: $text-muted; margin-bottom: 1; }
    Submit Horizontal { height: auto; }
    Submit .label { width: 14; }
    Submit Input { width: 1fr; }
    Submit Button { margin-right: 2; }
    Submit #go { width: 32; }
    Submit #answers { align: right middle; margin-top: 1; }
    Submit.-small > Vertical { width: 100%; height: 100%; padding: 0 1; }
    Submit.-small #sent { height: 1fr; max-height: 100%; margin: 0; }
    Submit.-small #answers { margin: 0; }
    Submit.-small #answers Button { width: auto; min-width: 0; margin-right: 1; }
    Submit.-small #answers #go { width: 1fr; margin-right: 0; }
    Submit.-slim Horizontal.choice { layout: vertical; }
    """
    ASKS_FOR_MONEY = True
    AUTO_FOCUS = "#cancel"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "Cancel")]

    class _Offered(Message):
        def __init__(self, wish: object, offer: Offer | None, error: SubmitError | None) -> None:
            super().__init__()
            self.wish = wish
            self.offer = offer
            self.error = error

    def __init__(self, desk: JobDesk, file: str, *, has_key: bool) -> None:
        super().__init__()
        self._desk = desk
        self._file = file
        self._has_key = has_key
        self._sandbox = not has_key
        self._again = False
        self._offer: Offer | None = None
        self._error: SubmitError | None = None
        self._wish: object = None
        self._priced: float | None = None
        """When the price was drawn, by the clock of events; None where it is not known, or not in sight yet."""
        self._came: float | None = None
        """When the last key, paste or click came."""

    def refuses(self, event: events.Event) -> bool:
        """What was typed before it could be seen neither pays nor chooses."""
        self._came = event.time
        return self.came_unseen(event)

    def compose(self) -> ComposeResult:
        """What it is, where it goes, and two answers."""
        with Vertical() as box:
            box.border_title = Content(f"Submit {line_of(os.path.basename(self._file))}")
            yield Static(Content("reading…"), id="what")
            with VerticalScroll(id="sent"):
                yield Static(id="prompt-sent")
                with Horizontal(classes="choice"):
                    yield Static(Content("with"), classes="label")
                    yield Button(Content("Sandbox: an animatic, free"), id="sandbox", compact=True)
                    yield Button(Content("Runware: pays"), id="real", compact=True, disabled=not self._has_key)
                with Horizontal():
                    yield Static(classes="label")
                    yield Button(Content("another job"), id="again", compact=True)
                with Horizontal():
                    yield Static(Content("stop above $"), classes="label")
                    yield Line(id="guard", compact=True, placeholder="the price above")
                with Horizontal():
                    yield Static(Content("videos to"), classes="label")
                    yield Line(default_folder(sandbox=self._sandbox), id="out", compact=True)
            yield Static(id="fault")
            with Horizontal(id="answers"):
                yield Button(Content("Cancel"), id="cancel")
                yield Button(Content("…"), id="go", variant="primary", disabled=True)

    def on_mount(self) -> None:
        """Asks what it would cost."""
        self._ask()

    def _ask(self) -> None:
        self._wish = wish = object()
        self._offer = self._error = self._priced = None
        self._show()
        out, sandbox, again = self._out, self._sandbox, self._again
        self.run_worker(
            forgetting(partial(self._make_offer, wish, out, sandbox, again)), thread=True, exit_on_error=False
        )

    @property
    def _out(self) -> str:
        named = expanded(self._named_folder() or default_folder(sandbox=self._sandbox))
        return os.path.join(os.path.dirname(os.path.abspath(self._file)), named)

    def _named_folder(self) -> str:
        return self.query_one("#out", Line).said.strip()

    def _choose(self, *, sandbox: bool) -> None:
        """Who renders; the usual folder is another one then, one that a person named stays."""
        is_usual = self._named_folder() == default_folder(sandbox=self._sandbox)
        self._sandbox = sandbox
        if is_usual:
            self.query_one("#out", Line).value = default_folder(sandbox=sandbox)

    def _make_offer(self, wish: object, out: str, sandbox: bool, again: bool) -> None:
        from storyboard.submitting.errors import SubmitError

        try:
            offer = self._desk.offer([self._file], out, sandbox=sandbox, again=again)
        except SubmitError as error:
            self.post_message(self._Offered(wish, None, error))
        else:
            self.post_message(self._Offered(wish, offer, None))

    def on_submit__offered(self, message: _Offered) -> None:
        """Shows what was found, unless something else was wished for meanwhile."""
        if message.wish is self._wish:
            self._offer, self._error = message.offer, message.error
            self._show()
            self.call_after_refresh(self._note_price, message.offer)

    def _note_price(self, offer: Offer | None) -> None:
        if offer is self._offer:
            self._priced = get_time()

    @property
    def _is_too_small(self) -> bool:
        """Whether sum, what is told to whom, and answers have no room."""
        return self.app.size.width < _LEAST_WIDTH or self.app.size.height < self._least_height

    @property
    def _least_height(self) -> int:
        """Rows of a window in which all of that is in sight."""
        room = max(self._room, 1)
        return _LEAST_HEIGHT + sum(cell_len(line) // room + 1 + (cell_len(line) > room) for line in self._told)

    @property
    def _told(self) -> list[str]:
        """A line for each value of the environment that would leave."""
        offer = self._offer
        return [] if offer is None else [line_of(line) for line in lines(offer.told, offer.untold)]

    def on_resize(self) -> None:
        """What is not scrolled is always in sight: the sum, what is wrong, the answers."""
        small = self.app.size.width < 60 or self.app.size.height < 30
        self.set_class(small, "-small")
        for name in ("cancel", "go"):
            self.query_one(f"#{name}", Button).compact = small
        self._show()
        self.set_class(self._widest_choice > self._room, "-slim")

    @property
    def _room(self) -> int:
        """Cells in a row of what is scrolled."""
        box, sent = self.query_one("Submit > Vertical"), self.query_one("#sent", VerticalScroll)
        width = self.app.size.width if self.has_class("-small") else min(self.app.size.width * 95 // 100, 100)
        return width - box.gutter.width - sent.gutter.width - sent.styles.scrollbar_size_vertical

    @property
    def _widest_choice(self) -> int:
        """Cells that the answers to who renders take side by side, with what stands before them."""
        size, label = self.app.size, 14
        buttons = [self.query_one(f"#{name}", Button) for name in ("sandbox", "real")]
        inside = (one.get_content_width(size, size) + one.gutter.width for one in buttons)
        return label + sum(inside) + buttons[0].styles.margin.width

    def _say_fault(self, words: str) -> None:
        """What keeps this from being sent; nothing takes no room."""
        fault = self.query_one("#fault", Static)
        fault.update(Content.styled(words, "bold red"))
        fault.display = bool(words)

    def _show(self) -> None:
        self._say()
        self.query_one("#sent").display = not self._is_too_small
        if self._is_too_small:
            words = (
                f"needs {_LEAST_WIDTH}×{self._least_height}, Esc: this window is too small to show what would be sent"
            )
            self.query_one("#what", Static).update(Content.styled(words, "bold red"))
            self._say_fault("")
            self.query_one("#go", Button).disabled = True

    def _say(self) -> None:
        offer, error = self._offer, self._error
        for name, words, chosen in (
            ("sandbox", "Sandbox: an animatic, free", self._sandbox),
            ("real", "Runware: pays", not self._sandbox),
            ("again", "another job", self._again),
        ):
            self.query_one(f"#{name}", Button).label = Content(f"({'•' if chosen else ' '}) {words}")
        go = self.query_one("#go", Button)
        if offer is None:
            go.label, go.disabled = Content("…"), True
            words = visible("\n".join([*error.lines, error.message])) if error else ""
            self._say_fault(words)
            if error:
                self.query_one("#what", Static).update(Content("nothing was sent"))
            return
        one = offer.storyboards[0]
        shots = one.prompt.count("; shot ") + 1
        price = "free" if offer.sandbox else f"about {dollars(offer.total)}" if offer.total else "nothing to pay"
        head = f"{counted(shots, 'shot')} · {one.seconds} s · {one.size} · {counted(one.takes, 'take')}    {price}"
        remark = (
            "made before: its videos are brought home" if offer.sandbox and one.would == "reuse" else _WOULD[one.would]
        )
        key = "" if self._has_key else "\nRUNWARE_API_KEY is not set: export it to pay; the sandbox needs none"
        note = f"\n{visible(one.note)}" if one.note else ""
        told = "".join(f"\n{line}" for line in self._told)
        rest = (f"\n{remark}" if remark else "", (note, "yellow"), (key, "yellow"), (told, "yellow"))
        what = Content.assemble((head, "bold"), *rest)
        self.query_one("#what", Static).update(what)
        self.query_one("#prompt-sent", Static).update(Content(visible(one.prompt.replace("; shot ", ";\nshot "))))
        self._say_fault(visible(offer.words or ""))
        go.label, go.disabled = Content(what_it_does(offer)), offer.words is not None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another folder, another offer."""
        if event.input.id == "out":
            self._ask()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Chooses, or answers."""
        if event.button.id == "cancel":
            self.dismiss(None)
        elif event.button.id == "go":
            self._answer()
        else:
            if event.button.id == "again":
                self._again = not self._again
            else:
                self._choose(sandbox=event.button.id == "sandbox")
            self._ask()

    def _answer(self) -> None:
        if self._offer is None or self._is_too_small or self._priced is None:
            return
        if self._came is not None and self._came < self._priced:
            return  # a price that could not be seen is agreed to by no key
        text = self.query_one("#guard", Line).said.strip().removeprefix("$")
        try:
            guard = Decimal(text) if text else None
        except InvalidOperation:
            guard = Decimal(-1)
        if guard is not None and (not guard.is_finite() or guard < 0):
            words = "“stop above” takes a sum in dollars, such as 5"
        elif guard is not None and self._offer.total > guard:
            words = f"this costs {dollars(self._offer.total)}, more than {dollars(guard)}: nothing was sent"
        else:
            self.dismiss((self._offer, guard))
            return
        self._say_fault(words)

    def action_cancel(self) -> None:
        """Nothing is sent."""
        self.dismiss(None)


def what_it_does(offer: Offer) -> str:
    """The words on the button."""
    would = offer.storyboards[0].would
    if would == "reuse":
        return "Bring the videos home"
    if would == "stop":
        return "Paid before"
    if would == "report":
        return "Show what came of it"
    return "Render in the sandbox" if offer.sandbox else f"Pay {dollars(offer.total)} and render"
