"""What a terminal sends, read as keys, pastes and clicks; whatever is none of these is dropped, and types nothing."""

from __future__ import annotations

import re
import unicodedata
from time import monotonic
from typing import TYPE_CHECKING

from textual import constants, events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import IS_ITERM, XTermParser
from textual.keys import Keys, _character_to_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textual.message import Message

    _Read = Callable[[str, int], tuple[int, Iterable[Message]]]

_ESC = "\x1b"
_PASTE_END = "\x1b[201~"
_LEAD, _NEXT = "[\udcc2-\udcf4]", "[\udc80-\udcbf]"
_BROKEN = f"(?:(?<={_LEAD})|(?<={_LEAD}{_NEXT})|(?<={_LEAD}{_NEXT}{_NEXT}))"
"""Where a byte is part of a character that is no UTF-8, and no control by itself."""
_TEXT = re.compile(f"(?:[^\x1b\x80-\x9f\udc80-\udc9f]|{_BROKEN}[\udc80-\udc9f])+")
_STRINGS = {"P": re.compile("[0-9>!+$]"), "]": re.compile("[0-9]"), "_": re.compile("G")}
"""What follows Escape where a string begins, and what terminals begin it with: DCS, OSC, APC; all else is Alt."""
_C1_STRINGS = "PX]^_"
"""The same where it begins with one character, which no keyboard sends: with SOS and PM."""
_STRING_END = re.compile(f"[\x07\x18\x1a\x1b\x9c]|(?<!{_NEXT})(?<!{_LEAD})\udc9c")
_PARAMETERS = re.compile("[ -?]*")
_KEY = re.compile(r"(\d{0,7})(?::(\d{0,7})[\d:]*)?(?:;(\d{0,3})(?::(\d{0,3}))?(?:;([\d:]*))?)?")
_MOUSE = re.compile(r"<\d{1,3};\d{1,5};\d{1,5}")
_MODE = re.compile(r"\?(\d{1,4});(\d)\$")
_SIZE = re.compile(r"48;(\d{1,4})(?::\d*)?;(\d{1,4})(?::\d*)?;(\d{1,5})(?::\d*)?;(\d{1,5})(?::\d*)?")
_OTHER_KEY = re.compile(r"27;(\d{1,3});(\d{1,7})")
_BYTES = re.compile("[\ud800-\udfff]")
_LONGEST = 64
"""Characters of a sequence that is looked at; a longer one is none that is known."""
MOST_CELLS = 2000
"""Columns or rows of a terminal; a size beyond is none."""
_MOST_MODIFIERS = 256
_LOCKS = 0b11000000
"""Caps lock and num lock, as modifiers are counted."""
_AS_ALONE = {"13u": 0b101, "57414u": 0b101, "127u": 0b001}
"""Enter with Shift or Ctrl, Backspace with Shift: other terminals send them as without, so they are the same."""
_SPACE = 0x20
_PRIVATE = range(0xE000, 0xF900)
_NO_TEXT = ("Cc", "Cs")

PATIENCE = 1.0
"""Seconds from the beginning of a sequence to its end, where no person can have typed what came so far."""
PASTE_PATIENCE = 5.0
"""Seconds without a byte after which a paste is over, although its end did not come."""


class Sequences:
    """Reads in whatever pieces it comes; `seconds` says how long an end may be waited for, `expire` that it is over.

    A person who presses Escape, or Alt with a bracket, sends what a sequence begins with: for that, and for a
    sequence whose end never comes, the next keys wait a moment and are keys again.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._textual = XTermParser()
        self._keys = self._textual._sequence_to_key_events  # noqa: SLF001 - what Textual knows of keys
        self._read: _Read = self._ground
        self._begun = ""
        """A sequence that may go on."""
        self._since: float | None = None
        """When it began; None where nothing has begun."""
        self._patience = 0.0
        self._pasted: list[str] = []
        self._tells_size = False
        self._returned = 0.0
        """Until when a line feed is the same Enter as the carriage return right before it."""

    @property
    def seconds(self) -> float | None:
        """How long the rest of what has begun may be waited for; None where nothing has."""
        return max(self._since + self._patience - self._clock(), 0.0) if self._since is not None else None

    def feed(self, data: str) -> Iterator[Message]:
        """What came, decoded with `surrogateescape`; bytes that are no UTF-8 are dropped, in pastes they are �."""
        if self._read in (self._string, self._overlong) and self.seconds == 0:
            yield from self.expire()
        data, self._begun = self._begun + data, ""
        place = 0
        while place < len(data):
            if place and self._read == self._ground:
                self._since = None
            place, found = self._read(data, place)
            yield from found
        if self._read == self._ground and not self._begun:
            self._since = None

    def expire(self) -> Iterator[Message]:
        """The end of what has begun did not come in time: an Escape was just that, all else is dropped."""
        if self._read == self._pasting:
            yield from self._paste(self._begun)
        elif self._begun == _ESC and self._read == self._ground:
            yield events.Key("escape", _ESC)
        elif len(self._begun) == 2 and self._begun[0] == _ESC and self._read == self._ground:
            yield from self._with_alt(self._begun[1])
        self._read, self._begun, self._since = self._ground, "", None

    # one way of reading each: from a place in the text to where it stops, and what was found

    def _ground(self, data: str, place: int) -> tuple[int, Iterable[Message]]:
        if match := _TEXT.match(data, place):
            return match.end(), self._typed(match[0])
        if data[place] != _ESC:
            return self._sequence(data, place, chr((ord(data[place]) & 0xFF) - 0x40), place + 1)
        if place + 1 == len(data):
            return self._hold(data, place, constants.ESCAPE_DELAY), ()
        return self._sequence(data, place, data[place + 1], place + 2)

    def _sequence(  # noqa: PLR0911 - a table of what can begin
        self, data: str, start: int, kind: str, place: int
    ) -> tuple[int, Iterable[Message]]:
        """What begins at `start` and has its own characters from `place` on."""
        self._returned = 0.0
        if kind == _ESC:
            return place - 1, [events.Key("escape", _ESC)]
        is_alt, is_string = data[start] == _ESC, kind in (_STRINGS if data[start] == _ESC else _C1_STRINGS)
        if kind not in "[O" and not is_string:
            return place, self._with_alt(kind) if is_alt else ()
        if place == len(data):
            return self._hold(data, start, constants.ESCAPE_DELAY), ()
        if is_string:
            if is_alt and not _STRINGS[kind].match(data, place):
                return place, self._with_alt(kind)
            self._begin(self._string, PATIENCE)
            return place, ()
        end = _match_end(_PARAMETERS, data, place)
        if end == len(data):
            if end - place <= _LONGEST:
                return self._hold(data, start, PATIENCE), ()
            self._begin(self._overlong, PATIENCE)
            return end, ()
        if not "@" <= data[end] <= "~":
            return end, ()  # broken off: what broke it is read by itself
        if kind == "O":
            return end + 1, self._known(f"{_ESC}O{data[place : end + 1]}")
        return self._finished(data, start, place, end)

    def _finished(self, data: str, start: int, place: int, end: int) -> tuple[int, Iterable[Message]]:
        """A control sequence whose last character is at `end`; two kinds have more behind it."""
        more = {"[": 1, "M": 3}.get(data[end], 0) if end == place else 0
        if end + more >= len(data):
            return self._hold(data, start, PATIENCE), ()
        if data[place : end + 1] == "200~":
            self._begin(self._pasting, PASTE_PATIENCE)
            return end + 1, ()
        end += more
        return end + 1, self._control(data[place:end], data[end]) if end - place <= _LONGEST else ()

    def _string(self, data: str, place: int) -> tuple[int, Iterable[Message]]:
        """To the end of a string; the answer to a question that was not asked."""
        end = _STRING_END.search(data, place)
        if end is None:
            return len(data), ()
        if end[0] == _ESC:
            if end.end() == len(data):
                self._begun = _ESC
                return len(data), ()
            if data[end.end()] != "\\":
                self._read = self._ground
                return end.start(), ()
        self._read = self._ground
        return end.end() + (end[0] == _ESC), ()

    def _overlong(self, data: str, place: int) -> tuple[int, Iterable[Message]]:
        end = _match_end(_PARAMETERS, data, place)
        if end < len(data):
            self._read = self._ground
            end += "@" <= data[end] <= "~"
        return end, ()

    def _pasting(self, data: str, place: int) -> tuple[int, Iterable[Message]]:
        end = data.find(_PASTE_END, place)
        if end >= 0:
            self._read = self._ground
            return end + len(_PASTE_END), self._paste(data[place:end])
        self._begun = _begun_end(data[place:])
        self._pasted.append(data[place : len(data) - len(self._begun)])
        self._since = self._clock()
        return len(data), ()

    def _begin(self, read: _Read, patience: float) -> None:
        self._read = read
        self._wait(patience)

    def _hold(self, data: str, start: int, patience: float) -> int:
        """Keeps what begins here until its rest is there."""
        self._begun = data[start:]
        self._wait(patience)
        return len(data)

    def _wait(self, patience: float) -> None:
        """So long from the beginning: that it goes on is no reason to wait longer."""
        self._patience = patience
        if self._since is None:
            self._since = self._clock()

    # what was found

    def _typed(self, text: str) -> Iterator[Message]:
        for character in _BYTES.sub("", text):
            if character != "\n":
                yield from map(_written, self._keys(character))
            elif self._clock() >= self._returned:  # as Enter comes that was typed before the terminal was the editor's
                yield from self._keys("\r")
            self._returned = self._clock() + constants.ESCAPE_DELAY if character == "\r" else 0.0

    def _with_alt(self, character: str) -> Iterator[Message]:
        """Alt with a key writes nothing, whatever sign a keyboard or a table has for it."""
        known = ANSI_SEQUENCES_KEYS.get(_ESC + character)
        if isinstance(known, tuple):
            yield from (events.Key(key.value, None) for key in known)
        elif character < " " and character != "\r":
            yield events.Key("escape", _ESC)
            yield from self._typed(character)  # a command right behind Escape: no keyboard has Alt and Ctrl for us
        elif character.isprintable():
            name = _character_to_key(character)
            shift = "shift+" if character.isascii() and character.isupper() else ""
            yield events.Key(f"alt+{shift}{name.lower() if shift else name}", None)

    def _known(self, sequence: str) -> Iterator[Message]:
        """A key that has this sequence, where there is one."""
        known = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(known, tuple):
            yield from (events.Key(key.value, None) for key in known if key is not Keys.Ignore)
        elif isinstance(known, str) and sequence.startswith(f"{_ESC}O"):
            yield from self._typed(known)  # the keypad's signs

    def _control(self, body: str, final: str) -> Iterator[Message]:
        """A whole control sequence."""
        if final in "IO" and not body:
            yield events.AppFocus() if final == "I" else events.AppBlur()
        elif final in "Mm":
            if _MOUSE.fullmatch(body) and (click := self._textual.parse_mouse_code(f"{_ESC}[{body}{final}")):
                yield click
        elif final == "y":
            yield from self._mode(body)
        elif final == "t":
            yield from self._resized(body)
        elif final == "~" and (match := _OTHER_KEY.fullmatch(body)):
            yield from self._key(f"{match[2]};{match[1]}", "u")
        elif final in "u~ABCDEFHPQRS" and body:
            yield from self._key(body, final)
        else:
            yield from self._known(f"{_ESC}[{body}{final}")

    def _key(self, body: str, final: str) -> Iterator[Message]:
        """A key with its modifiers, by the keyboard protocol or by the table; what is let go of is no key."""
        match = _KEY.fullmatch(body)
        if match is None or constants.DISABLE_KITTY_KEY:
            yield from self._known(f"{_ESC}[{body}{final}")
            return
        code, shifted, modifiers, kind, text = (group or "" for group in match.groups())
        if kind not in ("", "1", "2") or (final == "R" and modifiers in ("", "1")):  # let go of, or the cursor's place
            return
        if modifiers and not 1 <= int(modifiers) <= _MOST_MODIFIERS:
            return
        number = int(code or 1)
        if f"{number}{final}" not in FUNCTIONAL_KEYS:
            if final != "u":
                yield from self._known(f"{_ESC}[{body}{final}")
                return
            if not _is_writable(number) or number in _PRIVATE:
                return
        if not text and modifiers and (int(modifiers) - 1) & ~_LOCKS == 1:
            text = shifted or (str(number) if number == _SPACE else "")  # with Shift alone, this is what is written
        alone = _AS_ALONE.get(f"{number}{final}")
        if alone is not None and modifiers and (int(modifiers) - 1) & ~(_LOCKS | alone) == 0:
            modifiers = ""
        said = ":".join(one for one in text.split(":") if 0 < len(one) < 8 and _is_writable(int(one)))
        yield from map(_written, self._keys(f"{_ESC}[{number};{modifiers};{said}{final}"))

    def _mode(self, body: str) -> Iterator[Message]:
        """Which of the modes that were asked for the terminal has."""
        match = _MODE.fullmatch(body)
        if match is None or match[2] == "0":
            return
        if match[1] == "2026":
            yield messages.TerminalSupportsSynchronizedOutput()
        elif match[1] == "2048" and constants.SMOOTH_SCROLL and not IS_ITERM:
            self._tells_size = True
            yield messages.InBandWindowResize.from_setting_parameter(int(match[2]))

    def _resized(self, body: str) -> Iterator[Message]:
        """A size, from a terminal that said it would tell it; one that no terminal has is none."""
        match = _SIZE.fullmatch(body)
        if match is None or not self._tells_size:
            return
        height, width, pixel_height, pixel_width = map(int, match.groups())
        if not (0 < height <= MOST_CELLS and 0 < width <= MOST_CELLS):
            return
        in_pixels = pixel_height >= height and pixel_width >= width
        event = events.Resize.from_dimensions((width, height), (pixel_width, pixel_height) if in_pixels else None)
        self._textual.terminal_size, self._textual.terminal_pixel_size = event.size, event.pixel_size
        self._textual.mouse_pixels = True
        yield event

    def _paste(self, rest: str) -> Iterator[Message]:
        text = "".join([*self._pasted, rest]).replace("\r\n", "\n").replace("\r", "\n")
        self._pasted = []
        if text:
            yield events.Paste(_BYTES.sub("\ufffd", text))


def _match_end(pattern: re.Pattern[str], text: str, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def _begun_end(text: str) -> str:
    """What may be the beginning of a paste's end."""
    return next((text[-size:] for size in range(len(_PASTE_END) - 1, 0, -1) if text.endswith(_PASTE_END[:size])), "")


def _is_writable(code: int) -> bool:
    """Whether this number is that of a character which can be written."""
    return code <= 0x10FFFF and unicodedata.category(chr(code)) not in _NO_TEXT


class Key(events.Key):
    """A key that writes a character which Python calls not printable: spaces, joiners, private and new ones."""

    @property
    def is_printable(self) -> bool:
        """It writes."""
        return True

    def copy(self) -> Key:
        """Another one."""
        return Key(self.key, self.character)


def _written(key: events.Key) -> events.Key:
    """The key, as one that writes its character where that is text."""
    character = key.character
    if character is None or len(character) != 1 or key.is_printable or not _is_writable(ord(character)):
        return key
    return Key(key.key, character)
