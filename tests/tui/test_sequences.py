"""What a terminal sends: keys are read as keys, pastes as text, and nothing else types, ends or hangs anything."""

from __future__ import annotations

import unicodedata
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

from storyboard.tui.sequences import PASTE_PATIENCE, PATIENCE, Sequences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.message import Message


class Reader:
    """Reads bytes at times of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.found: list[Message] = []
        self._sequences = Sequences(lambda: self.now)
        self._decode = getincrementaldecoder("utf-8")("surrogateescape").decode

    def read(self, *pieces: str | bytes | float) -> Reader:
        """A number is a pause of so many seconds."""
        for piece in pieces:
            if isinstance(piece, int | float):
                self.now += piece
                if self._sequences.seconds == 0:
                    self.found += self._sequences.expire()
            else:
                data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")
                self.found += self._sequences.feed(self._decode(data))
        return self

    @property
    def waits(self) -> bool:
        """Whether something has begun."""
        return self._sequences.seconds is not None

    @property
    def keys(self) -> list[str]:
        """The names of the keys; a paste is its text."""
        return [
            one.key if isinstance(one, events.Key) else f"paste {one.text!r}"
            for one in self.found
            if isinstance(one, events.Key | events.Paste)
        ]

    @property
    def typed(self) -> str:
        """What they write in a field."""
        return "".join(one.character or "" for one in self.found if isinstance(one, events.Key) and one.is_printable)


def read(*pieces: str | bytes | float) -> Reader:
    """What comes of it in the end."""
    return Reader().read(*pieces, 2 * PATIENCE)


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("a日\x13\r\x7f", ["a", "日", "ctrl+s", "enter", "backspace"]),
        ("\x1b", ["escape"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        (
            "\x1b[A\x1bOP\x1b[15~\x1b[1;3C\x1b[3~\x1b[Z\x1b[[A",
            ["up", "f1", "f5", "alt+right", "delete", "shift+tab", "f1"],
        ),
        ("\x1bl\x1b1\x1bA\x1b-", ["alt+l", "alt+1", "alt+shift+a", "alt+minus"]),
        ("\x1b\x13", ["escape", "ctrl+s"]),
        ("\x1b\x7f\x1bb\x1b\t", ["ctrl+w", "ctrl+left", "shift+tab"]),
        # the keyboard protocol: press, repeat, release; alternates; text
        ("\x1b[97;1:1u\x1b[97;1:2u\x1b[97;1:3u", ["a", "a"]),
        ("\x1b[1;1:1A\x1b[1;1:2A\x1b[1;1:3A", ["up", "up"]),
        ("\x1b[97:65;2u\x1b[97:65;2;65u\x1b[97::113;5u", ["A", "A", "ctrl+a"]),
        ("\x1b[13;1:3u\x1b[13;1:1u\x1b[27;1:1u\x1b[9;2:1u", ["enter", "escape", "shift+tab"]),
        ("\x1b[3;5:2~\x1b[3;5:3~\x1b[57441;2:1u", ["ctrl+delete", "left_shift"]),
        ("\x1b[115;5u\x1b[115;133u\x1b[27;5;9~", ["ctrl+s", "ctrl+s", "ctrl+tab"]),
        # what is none
        ("\x1b[1114112u\x1b[55296u\x1b[97;0u\x1b[97;999u\x1b[97;1:4u\x1b[99~\x1b[3u\x1b[57299;1;55296u", []),
        ("\x1b[99999999999999999999u\x1b[1;99999999A\x1b[;;;;u\x1b[::;::;::u", []),
        ("\x1b[12;44R\x1b[1;1R\x1b[?1;2c\x1b[>0;95;0c\x1b[0n\x1b[8;40;120t\x1b[48;0;0;0;0t\x1b[?2026;0$y\x1b[?1u", []),
        ("\x1b]11;rgb:1e/1e/1e\x1b\\\x1b]52;c;YQ==\x07\x1bP>|term 1\x1b\\\x1b_Gi=1;OK\x1b\\\x1bP!|0\x1b\\", []),
        ("\x1bP1$r0m\x1b\\\x1bP0+r\x9c\x9ex\x9c\x98y\x1b\\\x9fz\x07", []),
        ("\x9b31m\x9d0;title\x9c\x90q\x9c", []),
        ("\udc9b31m\udc9d0;title\udc9c\udc90q\udc9c\udc9b5~", ["pageup"]),
        ("\udce6\udc9bx\udcf0\udc9f\udc9by", ["x", "y"]),
        # Alt, where a string might begin
        (
            "ab\x1bXhe\x1b^l\x1bPlo\x1b]w\x1b_o\x13",
            [
                *"ab",
                "alt+shift+x",
                *"he",
                "alt+circumflex_accent",
                "l",
                "alt+shift+p",
                *"lo",
                "alt+right_square_bracket",
                "w",
                "alt+underscore",
                "o",
                "ctrl+s",
            ],
        ),
        ("\x1b]\x1bP\x1b_", ["alt+right_square_bracket", "alt+shift+p", "alt+underscore"]),
        # Enter, however it comes
        ("a\nb\r\nc\r\r\n\n\x1b\n", ["a", "enter", "b", "enter", "c", *["enter"] * 3, "escape", "enter"]),
        ("\x1b[13;2u\x1b[13;5u\x1b[13;6u\x1b[27;2;13~\x1b[57414;2u\x1b[13;130u", ["enter"] * 6),
        ("\x1b[127;2u\x1b[127;5u\x1b[32;2u", ["backspace", "ctrl+backspace", "shift+space"]),
        ("\x1b[<0;99999;99999999M\x1b[<999999;1;1M\x1b[<0;-5;2M\x1b[32;1;1M\x1b[M !!\x1b[<;;M\x1b[<0;0;0M", []),
    ],
)
def test_sequences_are_read(sent: str, keys: list[str]) -> None:
    """Those that are keys as these, all others as nothing; in one piece, in single bytes, and in between."""
    data = sent.encode("utf-8", "surrogateescape")
    for size in (1, 2, 3, 7, len(data)):
        pieces = [data[place : place + size] for place in range(0, len(data), size)]
        assert read(*pieces).keys == keys, size


def test_escape_is_a_key_when_nothing_follows() -> None:
    """Behind it a letter that comes apart in time is a letter; at once, Alt with it."""
    assert read("\x1b", 0.15, "l").keys == ["escape", "l"]
    assert read("\x1b", 0.01, "l").keys == ["alt+l"]
    assert read("\x1bl").keys == ["alt+l"]
    assert read("\r\n\r\x1b[A\n\r", 0.2, "\n").keys == ["enter", "enter", "up", "enter", "enter", "enter"]
    assert read("\x1b[", 0.5, "[A").keys == ["alt+left_square_bracket", "left_square_bracket", "A"]
    assert read("\x1bO", 0.5, "P").keys == ["alt+shift+o", "P"]


def test_every_character_can_be_typed() -> None:
    """Spaces and joiners of all scripts, private ones and those that are newer than this Python; no control."""
    text = "👩\u200d👧\u3000\u200c\xa0\u202f\xad\u200f\u2028\u2029\ue0b0\U000f0000\ufeff\U000e0041\U0001fae9\U0003fffd"
    assert read(text).typed == text
    assert read("".join(f"\x1b[97;;{ord(one)}u" for one in text)).typed == text
    assert read("\x00\x7f\x1c\x1b[97;5;133u\x1b[97;5;55296u").typed == ""
    assert [one.copy().is_printable for one in read(text).found if isinstance(one, events.Key)] == [True] * len(text)


def test_alt_types_nothing() -> None:
    """With any letter, digit or sign of any script, and with all that Textual's tables have a sign for."""
    signs = [chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable()] + list(
        "日本語한국어中文🎬👍🏽\U0001f468"
    )
    begin_something = set("[O")
    assert all(unicodedata.category(one)[0] != "C" for one in signs)
    for sign in signs:
        if sign not in begin_something:
            assert read(f"\x1b{sign}x").typed == "x", sign
        assert read(f"\x1b{sign}", 0.15, "x").typed == "x", sign
    for sequence in ANSI_SEQUENCES_KEYS:
        if len(sequence) == 2 and sequence[0] == "\x1b":
            assert read(sequence).typed == "", sequence


@pytest.mark.parametrize(
    "begun",
    [
        "\x1bP1",
        "\x1b]",
        "\x1b_G",
        "\x9e",
        "\x98",
        "\x9d",
        "\x1b]0;t",
        "\x1b[1;2",
        "\x1b[" + "1" * 100,
        "\x1b[M",
        "\x1b[<0;1",
    ],
)
def test_what_never_ends_swallows_no_more_than_a_moment(begun: str) -> None:
    """Neither with a pause behind it nor with keys that go on and on."""
    assert read(begun, 2 * PATIENCE, "hello").typed == "hello"
    on_and_on = [piece for letter in "abcdefghij" * 5 for piece in (0.05, letter)]
    typed = read(begun, *on_and_on).typed
    assert typed.endswith("abcdefghij" * 2)


def test_a_paste_whose_end_never_comes_is_over_some_time() -> None:
    """What came of it is pasted, and keys are keys again."""
    assert read("\x1b[200~ab\x1b[20", 2 * PASTE_PATIENCE, "\x13").keys == [repr_of("ab\x1b[20"), "ctrl+s"]


@given(st.text("ab\x1b[20~1\n\x11é\x9b", max_size=30), st.lists(st.integers(1, 5), max_size=12))
def test_a_paste_is_kept_whole_in_whatever_pieces_it_comes(text: str, sizes: list[int]) -> None:
    """Between the marks nothing is a key, and what is behind them is."""
    text = text.replace("\x1b[201~", "").replace("\x1b[20", "")
    data, reader, place = f"x\x1b[200~{text}\x1b[201~y\x1b[A".encode(), Reader(), 0
    for size in [*sizes, len(data)]:
        reader.read(data[place : place + size])
        place += size
    assert reader.keys == ["x", *([repr_of(text)] if text else []), "y", "up"]


def test_bytes_that_are_no_text_are_seen_in_a_paste_and_nowhere_else() -> None:
    """Dropped as keys; in a paste they are words that something did not know how to send."""
    assert read(b"a\xff\xfe\xc3(b\xed\xa0\x80c").typed == "a(bc"
    assert read(b"\x1b[200~caf\xe9 x\x1b[201~").keys == [repr_of("caf\ufffd x")]


def test_a_size_is_believed_from_a_terminal_that_tells_sizes() -> None:
    """One that no terminal has is none."""
    sizes = [
        one.size
        for one in read("\x1b[48;10;20;0;0t\x1b[?2048;2$y\x1b[48;0;20;1;1t\x1b[48;9999;9999;1;1t").found
        if isinstance(one, events.Resize)
    ]
    assert sizes == []
    found = read("\x1b[?2048;2$y\x1b[48;10;20;0;0t\x1b[<0;5;5M\x1b[48;30;90;600;900t\x1b[<0;5;5M").found
    assert [(one.size.width, one.size.height) for one in found if isinstance(one, events.Resize)] == [
        (20, 10),
        (90, 30),
    ]


_NUMBERS = st.one_of(
    st.just(""), st.integers(0, 300).map(str), st.integers(0, 10**30).map(str), st.text("0123456789:", max_size=8)
)
_PARAMETERS = st.builds(
    lambda private, numbers, between: private + ";".join(numbers) + between,
    st.sampled_from(["", "", "?", "<", ">", "="]),
    st.lists(_NUMBERS, max_size=6),
    st.sampled_from(["", "", "$", " ", "!", "$$", "*+"]),
)
_CONTROLS = st.builds(
    lambda begin, parameters, final: begin + parameters + final,
    st.sampled_from(["\x1b[", "\x9b"]),
    _PARAMETERS,
    st.characters(min_codepoint=0x40, max_codepoint=0x7E),
)
_STRINGS = st.builds(
    lambda begin, text, end: begin + text + end,
    st.sampled_from(["\x1bP0", "\x1bP>", "\x1b]9", "\x1b_G", "\x90", "\x98", "\x9d", "\x9e", "\x9f"]),
    st.text(st.characters(blacklist_characters="\x07\x18\x1a\x1b\x9c", blacklist_categories=["Cs"]), max_size=20),
    st.sampled_from(["\x1b\\", "\x07", "\x9c"]),
)


def _is_text(sequence: str) -> bool:
    """Whether the keyboard protocol says that a character was written, or a press of its key does."""
    return (
        sequence.endswith("u") or "200~" in sequence or "[M" in sequence or "\x9bM" in sequence or sequence[1:2] == "[["
    )


@settings(max_examples=600)
@given(
    st.lists(st.one_of(_CONTROLS.filter(lambda one: not _is_text(one)), _STRINGS), max_size=6),
    st.lists(st.integers(1, 9), max_size=30),
)
def test_no_sequence_types_anything(sequences: list[str], sizes: list[int]) -> None:
    """Any control sequence and any string, cut anywhere; what is typed behind them is typed."""
    data, reader, place = ("".join(sequences) + "ok").encode(), Reader(), 0
    for size in [*sizes, len(data)]:
        reader.read(data[place : place + size])
        place += size
    assert reader.typed == "ok"
    assert not reader.waits


@settings(max_examples=600)
@given(
    st.lists(
        st.one_of(_CONTROLS, _STRINGS, st.binary(max_size=12), st.sampled_from([0.05, 0.2, 1.5, 9.0])), max_size=12
    )
)
def test_no_bytes_end_or_hang_the_reading(pieces: list[str | bytes | float]) -> None:
    """Whatever comes, at whatever time: after a while keys are keys."""
    reader = Reader().read(*pieces, 2 * PASTE_PATIENCE, b"\x18", 2 * PATIENCE)
    before = len(reader.keys)
    reader.read("ok\x13")
    assert reader.keys[before:] == ["o", "k", "ctrl+s"]


def test_much_is_read_in_time_that_grows_with_it() -> None:
    """Millions of characters of whatever kind, in pieces as they are read: seconds, not minutes."""
    for piece in ("1", "\x1b", "\x1b[", "\x1b]x", "\x1b[1;", "\x1b[200~x", "a\x9b"):
        reader = Reader()
        for part in _cut(piece * (200_000 // len(piece))):
            reader.read(part)
    reader = Reader()
    for part in _cut("\x1b[200~" + "\x1b[201" * 200_000 + "\x1b[201~z"):
        reader.read(part)
    assert reader.keys[1:] == ["z"]


def _cut(text: str) -> Iterable[bytes]:
    data = text.encode()
    return (data[place : place + 4096] for place in range(0, len(data), 4096))


def repr_of(text: str) -> str:
    """A paste, as `keys` tells it."""
    return f"paste {text!r}"
