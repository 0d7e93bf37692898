"""Keys at random, and what they make of a text: a text field of a few lines of Python to hold the real ones against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

LETTERS = "abc de fé日 "
PASTE = "\x1b[200~{}\x1b[201~"
LEFT, RIGHT, HOME, END, DELETE = "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x1b[3~"
SELECT_LEFT, SELECT_RIGHT, SELECT_HOME, SELECT_END = "\x1b[1;2D", "\x1b[1;2C", "\x1b[1;2H", "\x1b[1;2F"
BACKSPACE, CTRL_A, CTRL_E, CTRL_D, CTRL_W, CTRL_U, CTRL_K = "\x7f", "\x01", "\x05", "\x04", "\x17", "\x15", "\x0b"
_MOVES = (LEFT, RIGHT, HOME, END, CTRL_A, CTRL_E)
_SELECTS = (SELECT_LEFT, SELECT_RIGHT, SELECT_HOME, SELECT_END)
_DELETES = (BACKSPACE, BACKSPACE, BACKSPACE, DELETE, CTRL_D, CTRL_W, CTRL_U, CTRL_K)


@dataclass
class Model:
    """A text, a cursor, and the other end of what is selected."""

    text: str
    cursor: int
    anchor: int
    lines: bool
    """Whether Enter writes, and Home goes to a line's first word before it goes to its beginning."""

    @classmethod
    def of(cls, text: str, *, lines: bool) -> Model:
        """A text with the cursor at its end."""
        return cls(text, len(text), len(text), lines)

    def press(self, key: str) -> None:
        """What a key means."""
        begin, end = sorted((self.cursor, self.anchor))
        first = self.text.rfind("\n", 0, self.cursor) + 1
        last = len(self.text) if (found := self.text.find("\n", self.cursor)) < 0 else found
        if key in _SELECTS:
            left, right = max(self.cursor - 1, 0), min(self.cursor + 1, len(self.text))
            self.cursor = dict(zip(_SELECTS, (left, right, self._home(first, last), last), strict=True))[key]
            return
        if key in _MOVES:
            left = begin if begin < end else max(begin - 1, 0)
            right = end if begin < end else min(end + 1, len(self.text))
            home = self._home(first, last)
            self.cursor = dict(zip(_MOVES, (left, right, home, last, home, last), strict=True))[key]
            self.anchor = self.cursor
            return
        if key in _DELETES and begin == end:
            if key in (DELETE, CTRL_D):
                end += 1
            elif key == CTRL_K:
                end = last
            else:
                begin = {BACKSPACE: begin - 1, CTRL_U: first, CTRL_W: first + self._word(first)}[key]
        written = "" if key in _DELETES else _written(key)
        self.text = self.text[: max(begin, 0)] + written + self.text[end:]
        self.cursor = self.anchor = max(begin, 0) + len(written)

    def _home(self, first: int, last: int) -> int:
        line = self.text[first:last]
        word = first + len(line) - len(line.lstrip())
        return word if self.lines and line.strip() and (self.cursor == first or self.cursor > word) else first

    def _word(self, first: int) -> int:
        """Where the word before the cursor begins, in its line."""
        return self.text[first : self.cursor].rstrip().rfind(" ") + 1

    def means(self, key: str) -> bool:
        """Whether a key means the same in all fields of this kind, standing here: the rest is Textual's own matter."""
        selected = self.cursor != self.anchor
        if key in (SELECT_HOME, SELECT_END, CTRL_U, CTRL_K) and selected:
            return False
        begins = self.cursor == 0 or self.text[self.cursor - 1] == "\n"
        ends = self.cursor == len(self.text) or self.text[self.cursor] == "\n"
        if self.lines and ((key in (CTRL_U, CTRL_W) and begins) or (key == CTRL_K and ends)):
            return False
        return key != "\r" or self.lines


def keys(model: Model, random: Random, count: int) -> Iterator[str]:
    """So many keys, each pressed in the model as well."""
    pressed = 0
    while pressed < count:
        kind = random.random()
        if kind < 0.55:
            key = random.choice(LETTERS)
        elif kind < 0.58:
            key = PASTE.format(random.choice(("xy", "p q", "é")))
        elif kind < 0.6:
            key = "\r"
        else:
            key = random.choice(random.choice((_MOVES, _SELECTS, _DELETES, _DELETES)))
        if model.means(key):
            model.press(key)
            pressed += 1
            yield key


def writes(text: str, random: Random) -> Iterator[bytes]:
    """The bytes in a few pieces, cut anywhere, a character or a key in two."""
    data = text.encode()
    while data:
        size = random.choice((1, 2, 7, 30, len(data)))
        yield data[:size]
        data = data[size:]


def _written(key: str) -> str:
    if key == "\r":
        return "\n"
    return key.removeprefix("\x1b[200~").removesuffix("\x1b[201~")
