"""Bytes in order are edits in order: keys that come together do what they do one by one, in every field."""

from __future__ import annotations

import asyncio
import sys
from codecs import getincrementaldecoder
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual._time import get_time
from textual.app import App

from storyboard.document import Document
from storyboard.tui.dialogs import Choice, Line
from storyboard.tui.keyboard import Keyboard
from storyboard.tui.panels.fields import LineField, LongField
from storyboard.tui.prompt import PromptEditor, _ends
from storyboard.tui.sequences import Sequences
from storyboard.tui.submitting import Submit
from tests.tui.emulator import Emulator
from tests.tui.studio import drive, editing, screen_text
from tests.tui.typist import Model, keys, writes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from textual.app import ComposeResult
    from textual.message import Message
    from textual.pilot import Pilot

    from storyboard.tui.board import Board

COMMAND = str(Path(sys.executable).with_name("storyboard"))
F2, F3, F5, F9, ESCAPE, TAB, BACKTAB = "\x1bOQ", "\x1bOR", "\x1b[15~", "\x1b[20~", "\x1b", "\t", "\x1b[Z"


class Fields(App[None]):
    """Every kind of field that the editor has, and nothing that takes time."""

    def __init__(self) -> None:
        super().__init__()
        self.keyboard = Keyboard(self, super().post_message)
        self.told = dict.fromkeys(("prompt", "long", "line"), "")

    def compose(self) -> ComposeResult:
        yield PromptEditor(lambda text: self.told.update(prompt=text), lambda _: None, id="prompt")
        for field in (
            LongField(lambda text: self.told.update(long=text), lambda _: None),
            LineField(lambda text: self.told.update(line=text)),
            Line(),
        ):
            field.id = type(field).__name__
            yield field

    def post_message(self, message: Message) -> bool:
        if isinstance(message, events.InputEvent | events.Paste) and not message.is_forwarded:
            return self.keyboard.take(message)
        return super().post_message(message)


class Terminal:
    """Types bytes into an app, through what reads them."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._sequences = Sequences()
        self._decode = getincrementaldecoder("utf-8")("surrogateescape").decode

    def send(self, pieces: Iterable[bytes]) -> None:
        """Each piece as it would be read; nothing is done between them."""
        for piece in pieces:
            for message in self._sequences.feed(self._decode(piece)):
                self._app._driver.process_message(message)

    async def type(self, *pieces: str | bytes) -> None:
        """Sends, and waits until all of it is done."""
        self.send(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
        await self.finish()

    async def finish(self) -> None:
        """Escape at the end is a key when nothing follows it; then everything is done."""
        for message in self._sequences.expire():
            self._app._driver.process_message(message)
        reached = asyncio.Event()
        asyncio.get_running_loop().call_soon(reached.set)
        await reached.wait()
        for _ in range(3):  # what is posted from a thread comes a turn later
            await asyncio.sleep(0)
        await self._app.keyboard.done()


@pytest.mark.parametrize("name", ["#prompt", "#LongField", "#LineField", "#Line"])
def test_bursts_do_what_their_keys_do(name: str) -> None:
    """Hundreds of them at random, cut anywhere: the field says what a text field of a few lines of Python says."""

    async def scene() -> None:
        random, app = Random(name), Fields()
        async with app.run_test(size=(120, 40)):
            terminal, field = Terminal(app), app.query_one(name)
            field.focus()
            await terminal.finish()
            for _ in range(600):
                lines = isinstance(field, PromptEditor)
                model = Model.of(start := random.choice(("", "Z", "foo bar", "日 x")), lines=lines)
                if isinstance(field, PromptEditor):
                    field.open(start)
                else:
                    field.say(start)  # type: ignore[attr-defined]
                    field.cursor_position = len(start)  # type: ignore[attr-defined]
                pressed = list(keys(model, random, random.randint(2, 9)))
                await terminal.type(*writes("".join(pressed), random))
                assert field.said == model.text, (start, pressed)  # type: ignore[attr-defined]

    drive(scene())


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Wide shto\x7f\x7fot of a harbour", "ZWide shot of a harbour"),
        ("abc\x7f\x7f\x7fxyz", "Zxyz"),
        ("world\x1b[Hhello ", "hello Zworld"),
        ("foo bar\x17baz", "Zfoo baz"),
        ("foo bar\x15baz qux", "baz qux"),
        ("ad\x1b[D\x1b[Dbc", "Zbcad"),
        ("ab\x1b[1;2D\x1b[1;2Dx", "Zx"),
        ("ab\x1a\x19c", "Zabc"),
        ("ab\x1b[D\x7f\x1a\x19c", "Zbc"),
        ("ab\x1bl\x7f\x1ac", "Zabc"),
        ("ab\x1b[D\x1bl\x7f\x1a\x1b[H\x19\x1ac", "Zacb"),
        ("a\x13b\x7fc", "Zac"),
        (f"a{F2}title\x1b[Hx{ESCAPE}\x1b[200~p\x1b[201~\x7fb", "Zab"),
        (f"{F3}\x1b[B{ESCAPE}\x1b[Ab", "bZ"),
        (f"q{TAB}note\x7f\x7fxt{BACKTAB}r", "Zqr"),
        ("\x1bnnote\x1b[Hx\x1b1r", "Zr"),
        (" @ke\ty", "Z @keepery"),
        (" @ke\x7f\x7f\x7f@k\ry", "Z @keepery"),
        ("a\x10Undo\rb", "Zb"),
        ("a\x10\x1b[200~zzz\x1b[201~\x1b\x1b[Db", "Zba"),
        ("\x07ax", "Zx"),
        ("a\x0e\x1b1b", "Zab"),
        ("\x1b7\x1b8\x1b9\x1b0\x1bд\x1b-\x1b§a", "Za"),
        ("a\u3000b\u200dc\xa0\ue0b0\x7f\u2028\U000e0041", "Za\u3000b\u200dc\xa0\u2028\U000e0041"),
        ("a\nb\x1b[13;2uc\x1bXd\x1b]e", "Za\nb\ncde"),
        ("a\x1b[O\x1b[200~p\x1b[201~\x1b[I\x1b[Ob", "Zapb"),
    ],
)
def test_commands_run_where_their_key_comes(tmp_path: Path, typed: str, text: str) -> None:
    """Whatever they open, write or go to; what is typed behind them goes to the field that then has the keys."""
    file = tmp_path / "y.storyboard.yaml"
    file.write_text('title: T\ncast:\n  keeper: a man\nshots:\n  - seconds: 3\n    prompt: "Z"\n', encoding="utf-8")

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            await _whole(pilot, board)
            terminal = Terminal(pilot.app)
            pieces = typed.encode().replace(b"\x1b\x1b", b"\x1b|\x1b").split(b"|")
            await terminal.type(*pieces)
            assert board.prompt_of(0) == text, screen_text(pilot)

    drive(scene())


BETWEEN = [
    ["\x1bl"],
    ["\x1be"],
    ["\x1b1"],
    ["\x1b2\x1b1"],
    ["\x1b[1;3B\x1b[1;3A"],
    [f"{F2}title{ESCAPE}"],
    [f"{F9}\x1b[B\x15b{ESCAPE}"],
    ["\x13"],
    ["\x1bd\x1bk\x1b1"],
    ["\x1bl\x15x\x1bl\x1a\x1a"],
    ["\x1a\x1a\x19\x19"],
    ["\x1b2q\x1a\x1b1"],
]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_break_that_was_typed_stays(tmp_path: Path, end: str) -> None:
    """Whatever is done before the next line is typed; one that the file has at the end stays behind it."""
    file = tmp_path / "y.storyboard.yaml"
    style = "|\n      Z" if end else '"Z"'
    film = f"title: T\ncast: {{keeper: a man}}\nshots:\n  - seconds: 3\n    prompt: {style}\n"
    file.write_text(film + "  - {seconds: 4, prompt: Y}\n", encoding="utf-8")

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            await _whole(pilot, board)
            terminal = Terminal(pilot.app)
            for between in BETWEEN:
                _ends.clear()
                board.edit(lambda session: session.set(("shots", 0, "prompt"), "Z" + end))
                board.go(0)
                for typed in ("abc\r", *between, "def"):
                    await terminal.type(typed)
                assert board.prompt_of(0) == "Zabc\ndef" + end, between

    drive(scene())


def test_a_line_break_that_was_typed_in_a_panel_stays(tmp_path: Path) -> None:
    """When the panel was closed and is open again."""
    file = tmp_path / "y.storyboard.yaml"
    file.write_text("title: T\ncast: {keeper: a}\nshots: [{seconds: 3, prompt: Z}]\n", encoding="utf-8")

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            await _whole(pilot, board)
            for typed in (f"{F9}\x1b[Bbc\r", ESCAPE, f"{F9}\x1b[Bdef"):
                await Terminal(pilot.app).type(typed)
            assert board.session.document.data["cast"]["keeper"] == "abc\ndef"

    drive(scene())


@pytest.mark.parametrize(
    ("into", "where"), [("\x1b1", "prompt"), ("\x1bn", "note"), (F2, "title"), (f"{F9}\x1b[B", "cast")]
)
def test_what_is_refused_takes_nothing_else_with_it(tmp_path: Path, into: str, where: str) -> None:
    """A paste that is more than a file may hold; what is typed before and behind it, in one write or in pieces."""
    file = tmp_path / "y.storyboard.yaml"
    film = 'title: ""\ncast:\n  keeper: ""\nshots:\n  - {seconds: 3, prompt: "", note: ""}\n'
    file.write_text(film, encoding="utf-8")
    paste = "\x1b[200~" + "p" * 300_000 + "\x1b[201~"

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            await _whole(pilot, board)
            terminal = Terminal(pilot.app)
            await terminal.type(into)
            for typed, text in (
                ("ab|qq\x7f", "abq"),
                ("ab\x1b[D|qq\x7f", "aqb"),
                ("ab\x1b[1;2D|q", "abq"),
                ("ab||q", "abq"),
            ):
                for pieces in ([typed.replace("|", paste)], typed.replace("|", f"|{paste}|").split("|")):
                    for piece in pieces:
                        await terminal.type(piece)
                    data: Any = board.session.document.data
                    said = {"title": data["title"], "cast": data["cast"]["keeper"], **data["shots"][0]}[where]
                    assert said == text, typed
                    assert pilot.app.focused.said == text  # type: ignore[union-attr]
                    await terminal.type("\x1b[F\x15")

    drive(scene())


@pytest.mark.parametrize(("into", "where"), [("\x1bn", "note"), (F2, "title"), (f"{F9}\x1b[B", "cast")])
def test_what_is_made_again_has_the_cursor_behind_it(tmp_path: Path, into: str, where: str) -> None:
    """In the other fields as in the prompt."""
    file = tmp_path / "y.storyboard.yaml"
    film = 'title: "Z"\ncast:\n  keeper: "Z"\nshots:\n  - {seconds: 3, prompt: "", note: "Z"}\n'
    file.write_text(film, encoding="utf-8")

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            await _whole(pilot, board)
            await Terminal(pilot.app).type(f"{into}\x1b[Fab\x1a\x19c")
            data: Any = board.session.document.data
            assert {"title": data["title"], "cast": data["cast"]["keeper"], **data["shots"][0]}[where] == "Zabc"

    drive(scene())


def test_each_field_gets_what_was_typed_for_it(tmp_path: Path) -> None:
    """One write that goes through dialogs, panels and fields."""
    file = tmp_path / "y.storyboard.yaml"
    file.write_text('title: T\nshots:\n  - seconds: 3\n    prompt: "Z"\n', encoding="utf-8")
    cast = f"{F9}\rtomas\x7f\x7f\ra maan\x1b[D\x1b[D\x7f\x1b[Fe"
    settings = f"{F2}\x15Film\x1biten\x7f\x7f\x7f5\r"
    shot = "\x1b1p\x1bnnooe\x1b[D\x7ft\x1b[Fs"

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            await _whole(pilot, board)
            await Terminal(pilot.app).type(*writes(cast + settings + shot, Random(1)))
            data = board.session.document.data
            assert data == {
                "title": "Film",
                "cast": {"tom": "a mane"},
                "shots": [{"seconds": 5, "prompt": "Zp", "note": "notes"}],
            }, screen_text(pilot)

    drive(scene())


def test_a_folder_opens_what_the_keys_choose(film: Path) -> None:
    """Enter opens; what follows it is the prompt's; Ctrl+O and a name make a new one."""

    async def scene() -> None:
        from storyboard.tui.app import Editor
        from storyboard.tui.preferences import Preferences

        app = Editor(film.parent, Preferences())
        async with app.run_test(size=(120, 40)):
            terminal = Terminal(app)
            await terminal.type("\rab\x1b[Dc")
            assert app.board is not None
            assert app.board.prompt_of(0).endswith("acb")
            await terminal.type("\x13\x0f\x0ewharf\x7fves\rx\x7f")
            assert app.board is not None
            assert app.board.session.path.name == "wharves.storyboard.yaml"
            app.board.session.close()

    drive(scene())


async def _price_shown(pilot: Pilot[int]) -> None:
    """Until the price of what is offered stands on the screen."""
    async with asyncio.timeout(60):
        while not (isinstance(pilot.app.screen, Submit) and pilot.app.screen._priced is not None):
            await pilot.pause()


@asynccontextmanager
async def _about_to_pay(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Pilot[int], Board, list[object]]]:
    """A board without faults, and with a key: the pilot, the board, and what was sent to be paid."""
    monkeypatch.setenv("RUNWARE_API_KEY", "key")
    film.write_text(film.read_text("utf-8").replace("it closes", "closing").replace("hand;", "hand"), encoding="utf-8")
    async with editing(film) as (pilot, board):
        await _whole(pilot, board)
        sent: list[object] = []
        assert board.desk is not None
        monkeypatch.setattr(board.desk, "submit", lambda *offer: sent.append(offer))
        yield pilot, board, sent


def test_nothing_is_paid_by_what_was_typed_blindly(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind F5 only Escape is obeyed until the price is in sight; what is typed then is an answer."""

    async def scene() -> None:
        async with _about_to_pay(film, monkeypatch) as (pilot, board, sent):
            terminal = Terminal(pilot.app)
            for typed in (
                "\t\r",
                " y\r\r",
                "\t\t\t\t\t\t\t\r",
                f"{BACKTAB}\r",
                "\x1b[C\r",
                "text of a prompt\twith tabs\r",
            ):
                await terminal.type(F5 + typed)
                assert isinstance(pilot.app.screen, Submit)
                await _price_shown(pilot)
                assert isinstance(pilot.app.screen, Submit)
                assert pilot.app.focused is not None
                assert pilot.app.focused.id == "cancel"
                await terminal.type(ESCAPE)
                assert not isinstance(pilot.app.screen, Submit)
            assert not sent
            await terminal.type(f"{F5}\r{ESCAPE}", ESCAPE, "\x1b[Cab\x7f")
            assert board.prompt_of(0).endswith("Slow push in.a")
            await terminal.type(f"{F5}no\t\r")
            assert isinstance(pilot.app.screen, Choice)
            await terminal.type(ESCAPE)
            assert board.session.dirty
            assert not sent

    drive(scene())


def test_a_price_that_was_seen_is_agreed_to(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tab and Enter, typed when the price stands there."""

    async def scene() -> None:
        async with _about_to_pay(film, monkeypatch) as (pilot, _, sent):
            await Terminal(pilot.app).type(F5)
            await _price_shown(pilot)
            await Terminal(pilot.app).type("\t\r")
            assert len(sent) == 1

    drive(scene())


def test_a_question_that_comes_by_itself_waits_for_a_pause(film: Path) -> None:
    """What is being typed is no answer; once nothing is, it is asked."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await _whole(pilot, board)
            await Terminal(pilot.app).type("mine")
            film.write_text(film.read_text("utf-8").replace("Harbour", "Theirs"), encoding="utf-8")
            keyboard: Keyboard = pilot.app.keyboard  # type: ignore[attr-defined]
            keyboard.came = get_time() + 60
            board.files.look_at_disk()
            assert not isinstance(pilot.app.screen, Choice)
            keyboard.came = 0.0
            board.files.look_at_disk()
            assert isinstance(pilot.app.screen, Choice)

    drive(scene())


def test_keys_behind_the_end_are_nobodys(film: Path) -> None:
    """What is typed behind Ctrl+Q changes nothing and leaves nothing behind."""
    with Emulator.start([COMMAND, "edit", str(film)], env={"STORYBOARD_STATE_DIR": str(film.parent / "state")}) as t:
        t.wait_for("Shot 1 · 5 s")
        t.send("\x11lost\x13")
        assert t.wait_end() == 0
    assert "lost" not in film.read_text("utf-8")
    assert not [one for one in (film.parent / "state").rglob("*") if one.is_file() and b"lost" in one.read_bytes()]


def test_bursts_on_a_terminal(tmp_path: Path) -> None:
    """The real editor on a real terminal: in prompt, note and look, what was typed is what is saved."""
    file = tmp_path / "y.storyboard.yaml"
    file.write_text('title: T\nlook: L\nshots:\n  - seconds: 3\n    prompt: "Z"\n    note: N\n', encoding="utf-8")
    random = Random(7)
    with Emulator.start([COMMAND, "edit", str(file)], env={"STORYBOARD_STATE_DIR": str(tmp_path / "state")}) as t:
        t.wait_for("Shot 1 · 3 s")
        for turn in range(24):
            into, wanted = (("\x1b1", "prompt"), ("\x1bn", "note"))[turn % 2]
            burst = "\r"
            while "\r" in burst:  # lines are more than Ctrl+U takes away before the next turn
                model = Model.of("Q", lines=wanted == "prompt")
                burst = "".join(keys(model, random, 10))
            model.press("\x05")
            model.press(".")
            for piece in writes(f"{into}\x05\x15Q{burst}\x05.\x13", random):
                t.send(piece)
            t.wait_for(partial(_says, file, wanted, model.text))


def _says(file: Path, key: str, text: str, _: list[str]) -> bool:
    """Whether this was saved."""
    data: Any = Document.parse(file.read_bytes()).data
    return bool(data["shots"][0].get(key) == text)


async def _whole(pilot: Pilot[int], board: Board) -> None:
    while not board.is_settled:
        await pilot.pause()
