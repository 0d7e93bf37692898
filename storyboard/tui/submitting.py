"""Before anything is paid: the exact prompt, takes, price and guard, and a button that says what it does."""

from __future__ import annotations

import os
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from storyboard.compiler.price import dollars
from storyboard.submitting.places import default_folder
from storyboard.submitting.words import counted
from storyboard.tui.dialogs import Line, Question
from storyboard.tui.masking import visible
from storyboard.tui.threads import forgetting

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.submitting.desk import JobDesk
    from storyboard.submitting.errors import SubmitError
    from storyboard.submitting.offers import Offer

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
    Submit > VerticalScroll {
        width: 95%; max-width: 100; height: auto; max-height: 95%;
        border: round $primary; padding: 0 2; background: $surface;
    }
    Submit Static { height: auto; }
    Submit #sent { height: auto; max-height: 40vh; margin: 1 0; }
    Submit #prompt-sent { color: $text-muted; }
    Submit Horizontal { height: auto; }
    Submit .label { width: 14; }
    Submit #go { width: 32; }
    Submit Input { width: 1fr; }
    Submit Button { margin-right: 2; }
    Submit #answers { align: right middle; margin-top: 1; }
    """
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
        self._sandbox = not has_key
        self._again = False
        self._offer: Offer | None = None
        self._wish: object = None

    def compose(self) -> ComposeResult:
        """What it is, where it goes, and two answers."""
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content(f"Submit {os.path.basename(self._file)}")
            yield Static(Content("reading…"), id="what")
            with VerticalScroll(id="sent"):
                yield Static(id="prompt-sent")
            with Horizontal():
                yield Static(Content("with"), classes="label")
                yield Button(Content("Sandbox: an animatic, free"), id="sandbox", compact=True)
                yield Button(Content("Runware: pays"), id="real", compact=True)
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
        self._offer = None
        self._show()
        out, sandbox, again = self._out, self._sandbox, self._again
        self.run_worker(
            forgetting(partial(self._make_offer, wish, out, sandbox, again)), thread=True, exit_on_error=False
        )

    @property
    def _out(self) -> str:
        named = os.path.expanduser(self._named_folder() or default_folder(sandbox=self._sandbox))
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
            self._offer = message.offer
            self._show(message.error)

    def _show(self, error: SubmitError | None = None) -> None:
        offer = self._offer
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
            self.query_one("#fault", Static).update(Content.styled(words, "bold red"))
            if error:
                self.query_one("#what", Static).update(Content("nothing was sent"))
            return
        one = offer.storyboards[0]
        shots = one.prompt.count("; shot ") + 1
        price = "free" if offer.sandbox else f"about {dollars(offer.total)}"
        head = f"{counted(shots, 'shot')} · {one.seconds} s · {one.size} · {counted(one.takes, 'take')}    {price}"
        remark = (
            "made before: its videos are brought home" if offer.sandbox and one.would == "reuse" else _WOULD[one.would]
        )
        self.query_one("#what", Static).update(Content.assemble((head, "bold"), f"\n{remark}" if remark else ""))
        self.query_one("#prompt-sent", Static).update(Content(visible(one.prompt.replace("; shot ", ";\nshot "))))
        self.query_one("#fault", Static).update(Content.styled(visible(offer.words or ""), "bold red"))
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
        if self._offer is None:
            return
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
        self.query_one("#fault", Static).update(Content.styled(words, "bold red"))

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
