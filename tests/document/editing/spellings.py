"""Texts spelled in every way that YAML has, with the place of each character known without any reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

STYLES = ('"', "'", "", "|", ">")
_LETTERS = "abcdefghijklm nop qrst uvw xyz ,.éñ漢🎬"
_ESCAPES = {
    "é": ("\\u00e9", "\\xe9", "\\U000000e9"), "a": ("\\x61", "\\u0061"), "\t": ("\\t", "\\x09"), '"': ('\\"', "\\x22"),
    "/": ("\\/",), "\x85": ("\\N",), "\xa0": ("\\_", "\\xa0"), "\\": ("\\\\",), "\n": ("\\n", "\\x0a"),
    "\u2028": ("\\L", "\\u2028"), "\u2029": ("\\P",), "\x1b": ("\\e",), "\0": ("\\0",), "🎬": ("\\U0001f3ac",),
    " ": ("\\x20",),
}  # fmt: skip


class Spelled(NamedTuple):
    """A scalar's text and the source that says it, with the stretch of source that each character stands in."""

    text: str
    source: str
    places: list[tuple[int, int]]

    @property
    def document(self) -> str:
        """A file in which it is the value of `p`."""
        return (
            f"title: T  # one\np: {self.source}  # note\nq: 1\n"
            if self.source[0] not in "|>"
            else (f"title: T  # one\np: {self.source}\nq: 1\n")
        )


def spelled(random: Random, style: str) -> Spelled:
    """A text in a style, with escapes, folds, continued lines and odd indentation where the style has them."""
    return _block(random, style) if style in ("|", ">") else _inline(random, style)


def _inline(random: Random, style: str) -> Spelled:
    over_lines = random.random() < 0.6
    text, source, places = "", style, []

    def put(said: str, written: str) -> None:
        nonlocal text, source
        places.extend([(len(source), len(source) + len(written))] * len(said))
        text, source = text + said, source + written

    for number in range(random.randint(3, 9)):
        if number:
            _put_space(random, style, put, over_lines=over_lines)
        for character in _word(random, style):
            put(character, _unit(random, style, character))
    return Spelled(text, source + style, places)


def _put_space(random: Random, style: str, put: object, *, over_lines: bool) -> None:
    assert callable(put)
    kind = random.random() if over_lines else 1.0
    indent = " " * random.randint(2, 6)
    if kind < 0.15:
        put("\n", f"\n{' ' * random.randint(0, 3)}\n{indent}")
    elif kind < 0.3 and style == '"':
        put(" ", " ")
        put("", f"\\\n{indent}")
    elif kind < 0.5:
        put(" ", f"{' ' * random.randint(0, 2)}\n{indent}")
    elif style == '"' and kind < 0.6:
        put(" ", "\\x20")
    else:
        put(" ", " ")


def _word(random: Random, style: str) -> str:
    letters = re.sub(r"\s", "", _LETTERS) + {'"': "".join(_ESCAPES).replace(" ", "") * 2, "'": "''''\"\\"}.get(
        style, ""
    )
    word = "".join(random.choices(letters, k=random.randint(1, 9)))
    return word if style else f"w{word}w"


def _unit(random: Random, style: str, character: str) -> str:
    if style == "'":
        return "''" if character == "'" else character
    if style != '"':
        return character
    must = character in '\t"\x85\\\n\u2028\u2029\x1b\0'
    return (
        random.choice(_ESCAPES[character]) if must or (character in _ESCAPES and random.random() < 0.6) else character
    )


def _block(random: Random, style: str) -> Spelled:
    header = style + random.choice(["", "-"])
    header = {0: header, 1: f"{style}2{header[1:]}", 2: f"{style}{header[1:]}2"}[random.randint(0, 2)]
    header += random.choice(["", "  # note"])
    text, source, places = "", header + "\n", []
    lines = random.randint(1, 5)
    for number in range(lines):
        line = " ".join(_word(random, "") for _ in range(random.randint(1, 5)))
        source += "  "
        places += [(len(source) + index, len(source) + index + 1) for index in range(len(line))]
        text, source = text + line, source + line
        blank = random.choice(["", "\n", " \n"]) if number < lines - 1 else ""
        said = ("\n\n" if blank else "\n") if style == "|" else "\n" if blank else " "
        if number == lines - 1:
            break
        if style == "|" and blank:
            places += [(len(source), len(source) + 1), (len(source) + 1, len(source) + 1 + len(blank) + 2)]
        else:
            places += [(len(source), len(source) + 1 + len(blank) + 2)]
        text, source = text + said, source + "\n" + blank
    text += "" if "-" in header.partition("#")[0] else "\n"
    places += [(len(source), len(source))] * (len(text) - len(places))
    return Spelled(text, source, places)
