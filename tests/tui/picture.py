"""What a terminal shows, and which of its modes are on: pyte for the drawing, our own book for the modes."""

from __future__ import annotations

import codecs
import re
import unicodedata

import pyte
from wcwidth import wcwidth

# Whole control sequences: CSI, OSC, strings to be ignored (DCS, APC, PM, SOS), and short escapes.
_SEQUENCE = re.compile(
    r"\x1b(?:\[(?P<private>[<-?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<system>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|[P_^X][^\x1b]*\x1b\\"
    r"|(?P<escape>[ -/]*[0-OQ-WYZ`-~=>]))"
)
_ALTERNATE = {47, 1047, 1049}
_DRAWN = {5, 6, 7, 25}
"""Private modes that pyte knows; 3 would change its size, and the others mean nothing to a picture."""
_NAMES = {
    1: "application cursor keys",
    7: "line wrap",
    9: "mouse presses",
    25: "cursor",
    47: "alternate screen",
    1000: "mouse buttons",
    1002: "mouse drags",
    1003: "mouse movement",
    1004: "focus events",
    1005: "mouse in UTF-8",
    1006: "mouse in SGR",
    1015: "mouse in urxvt",
    1016: "mouse in pixels",
    1047: "alternate screen",
    1049: "alternate screen",
    2004: "bracketed paste",
    2026: "synchronized output",
    2027: "grapheme clusters",
    2031: "colour scheme reports",
    2048: "in-band resize",
}
_ON_AT_FIRST = frozenset({7, 25})
_POINTER = "22;"


class Picture:
    """Two screens, main and alternate, as a terminal keeps them; nothing that a program sends raises."""

    def __init__(self, columns: int, rows: int) -> None:
        self._main = pyte.Screen(columns, rows)
        self._alternate = pyte.Screen(columns, rows)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._unfinished = ""
        self._show(self._main)
        self.queries: list[str] = []
        """Sequences that wanted an answer, in order."""
        self._reset()

    def _reset(self) -> None:
        self._on = set(_ON_AT_FIRST)
        self._keys = {"main": 0, "alternate": 0}
        self._pointer = ""

    def _show(self, screen: pyte.Screen) -> None:
        self._screen = screen
        self._stream = pyte.Stream(screen)

    def feed(self, data: bytes) -> None:
        """Draws what a program has written, in pieces of any size."""
        text = self._unfinished + self._decode(data)
        place = 0
        while (escape := text.find("\x1b", place)) >= 0:
            self._draw(text[place:escape])
            if (found := _SEQUENCE.match(text, escape)) is None:
                if len(text) - escape < 4096:  # the rest has not come yet
                    self._unfinished = text[escape:]
                    return
                place = escape + 1  # never to be finished: the escape is dropped
                continue
            self._obey(found)
            place = found.end()
        self._draw(text[place:])
        self._unfinished = ""

    def rows(self) -> list[str]:
        """The lines of the screen that is shown, blanks at their ends removed."""
        return [self._row(y).rstrip() for y in range(self._screen.lines)]

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def resize(self, columns: int, rows: int) -> None:
        """Both screens; what stood beyond the edge is gone."""
        for screen in (self._main, self._alternate):
            screen.resize(rows, columns)

    def left_behind(self) -> list[str]:
        """Everything that differs from a terminal nobody has touched, in words."""
        changed = sorted(self._on ^ _ON_AT_FIRST)
        found = [f"{_NAMES.get(mode, 'mode')} (?{mode}) {'on' if mode in self._on else 'off'}" for mode in changed]
        found += [f"kitty keys on the {name} screen" for name, depth in self._keys.items() if depth]
        if self._pointer not in {"", "default"}:
            found.append(f"mouse pointer {self._pointer!r}")
        if self._main.margins is not None:
            found.append("scroll region")
        attributes = self._main.cursor.attrs._replace(data=" ")
        if attributes != self._main.default_char:
            found.append("colours")
        return found

    def _draw(self, text: str) -> None:
        """Feeds text; pyte throws away what follows a character without width, so such characters are left out."""
        if text:
            self._stream.feed(text if text.isascii() else "".join(filter(_has_place, text)))

    def _row(self, y: int) -> str:
        """One line; the second half of a wide character counts for nothing, a half that was left alone is a blank."""
        parts: list[str] = []
        wide = False
        for x in range(self._screen.columns):
            data = self._screen.buffer[y][x].data
            parts.append(data if data or wide else " ")
            wide = bool(data) and wcwidth(data[0]) == 2
        return "".join(parts)

    def _obey(self, found: re.Match[str]) -> None:
        if found["final"]:
            self._control(found)
        elif found["system"] is not None:
            if found["system"].startswith(_POINTER):
                self._pointer = found["system"].removeprefix(_POINTER)
            elif found["system"].endswith(";?"):
                self.queries.append(found[0])
        elif found["escape"] == "c":
            self._main.reset()
            self._alternate.reset()
            self._show(self._main)
            self._reset()
        elif found["escape"] and found["escape"] in "78DEHM":
            self._stream.feed(found[0])

    def _control(self, found: re.Match[str]) -> None:
        """One CSI sequence; pyte sees those that it understands."""
        private, final, between = found["private"], found["final"], found["between"]
        numbers = [int(number) for number in re.findall(r"\d+", found["numbers"])]
        if private == "?" and final in "hl" and not between:
            for mode in numbers:
                self._set(mode, final == "h")
        elif final == "u" and private in {"<", ">"}:
            name = "alternate" if self._screen is self._alternate else "main"
            change = 1 if private == ">" else -(numbers[0] if numbers else 1)
            self._keys[name] = max(0, self._keys[name] + change)
        elif (between.endswith("$") and final == "p") or final in "cn" or (private == "?" and final == "u"):
            self.queries.append(found[0])
        elif not private and not between and ":" not in found["numbers"]:
            self._stream.feed(found[0])

    def _set(self, mode: int, on: bool) -> None:
        (self._on.add if on else self._on.discard)(mode)
        if mode in _DRAWN:
            self._stream.feed(f"\x1b[?{mode}{'h' if on else 'l'}")
        if mode in _ALTERNATE and on != (self._screen is self._alternate):
            self._show(self._alternate if on else self._main)
            if on:
                self._alternate.reset()


def _has_place(character: str) -> bool:
    """Whether pyte can put it somewhere: in cells, on the character before, or as a control it knows."""
    return character < " " or wcwidth(character) > 0 or bool(unicodedata.combining(character))
