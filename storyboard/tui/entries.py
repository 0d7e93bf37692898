"""One storyboard in a line of the folder's list: which columns there are, and what stands in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from storyboard.checks.diagnostic import SEVERITY_WORDS
from storyboard.compiler.price import dollars
from storyboard.filing import USUAL_ENDING
from storyboard.submitting.words import counted
from storyboard.tui.masking import line_of
from storyboard.tui.wording import MARKS, STYLES, first_words

if TYPE_CHECKING:
    from storyboard.overview import Overview

_MARK, _SECONDS, _PRICE, _PROBLEMS, _PAID = 3, 8, 10, 10, 14
_LONGEST_NAME = 48
_SHORT = {
    "being rendered": "rendering",
    "paid, downloading": "downloading",
    "not sent yet": "not sent",
    "not known": "not known",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A storyboard, what it is called in its folder, and whether its present request was paid for, in words."""

    overview: Overview
    name: str
    paid: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 for a column that there is no room for."""

    name: int
    title: int
    seconds: int
    price: int
    problems: int
    paid: int


def columns(width: int, *, paid: bool) -> Columns:
    """What fits into so many cells; `paid` is whether anything was."""
    if width < 60:
        price = _PRICE if width >= 36 else 0
        return Columns(max(width - _MARK - _SECONDS - price, 1), 0, _SECONDS, price, 0, 0)
    paid_width = _PAID if paid or width >= 100 else 0
    rest = width - _MARK - _SECONDS - _PRICE - _PROBLEMS - paid_width
    name = min(rest // 2, _LONGEST_NAME)
    return Columns(name, rest - name, _SECONDS, _PRICE, _PROBLEMS, paid_width)


def heading(widths: Columns) -> Content:
    """What stands in each column."""
    parts = [
        " " * _MARK,
        _left("storyboard", widths.name),
        _left("title", widths.title),
        _right("seconds", widths.seconds),
        _right("price", widths.price),
        _right("problems", widths.problems),
        _left("  paid", widths.paid),
    ]
    return Content.styled("".join(parts), "dim")


def line(entry: Entry, widths: Columns, *, here: bool = False) -> Content:
    """An entry as wide as its columns are together."""
    seen = entry.overview
    severity = seen.worst
    style = STYLES[severity] if severity else ""
    count = str(len(seen.severities)) if seen.severities and not seen.unreadable else ""
    locked = _locked(widths.name) if seen.read_only else ""
    seconds = f"{seen.seconds} s" if seen.seconds is not None else ""
    if seen.unreadable:
        across = widths.title + widths.seconds + widths.price if widths.title else 0
        middle = [(_left(line_of(seen.unreadable), across), "red")] if across else []
        middle.append((" " * (widths.title + widths.seconds + widths.price - across), ""))
    else:
        middle = [
            (_left(line_of(seen.title or seen.first), widths.title), "dim" if seen.title else "red"),
            (_right(seconds, widths.seconds), ""),
            (_right(_price(seen), widths.price), ""),
        ]
    return Content.assemble(
        (f"{'▌' if here else ' '}{MARKS[severity] if severity else ' '} ", style),
        (end_of(entry.name, widths.name - len(locked)), "" if not seen.unreadable else "dim"),
        (locked, "cyan"),
        *middle,
        (_right(count, widths.problems), style),
        (_left(f"  {_in_short(entry.paid)}", widths.paid), "green"),
    )


def name_in(folder: str, file: str) -> str:
    """What a file is called in its folder; the usual ending goes without saying."""
    inside = os.path.join(folder, "")
    name = file.removeprefix(inside)
    return line_of(name.removesuffix(USUAL_ENDING) if name != USUAL_ENDING else name)


def sums(entries: list[Entry], *, short: bool = False) -> str:
    """How many, how long, how much, how many problems."""
    seen = [entry.overview for entry in entries]
    parts = [
        counted(len(seen), "storyboard"),
        f"{sum(one.seconds or 0 for one in seen):,} s",
        dollars(sum((one.price for one in seen if one.price is not None), Decimal(0))),
    ]
    found = [severity for one in seen for severity in one.severities]
    if short:
        return " · ".join([str(len(seen)), *parts[1:], counted(len(found), "problem")])
    problems = [counted(found.count(severity), word) for severity, word in SEVERITY_WORDS.items() if severity in found]
    return " · ".join([*parts, ", ".join(problems) or "nothing wrong"])


def _locked(width: int) -> str:
    """That a file is read-only, in as many words as its name leaves room for."""
    return "read-only " if width >= 24 else "r/o " if width >= 12 else ""


def _in_short(paid: str) -> str:
    """How a request stands, in a narrow column."""
    return next((short for long, short in _SHORT.items() if paid.startswith(long)), line_of(paid))


def _price(seen: Overview) -> str:
    """With its point below the points of the others."""
    if seen.price is None:
        return ""
    text = dollars(seen.price)
    return text + " " * (3 - len(text.partition(".")[2]))


def _left(text: str, width: int) -> str:
    """With a space behind it, where there is room for more than that."""
    return set_cell_size(first_words(text, max(width - 1, 0)), width)


def _right(text: str, width: int) -> str:
    """At the right, with a space before it; what does not fit is no number any more."""
    if not width:
        return ""
    fitting = text if cell_len(text) < width else "…"
    return " " * (width - cell_len(fitting)) + fitting


def end_of(text: str, width: int) -> str:
    """As much of a path as fits, from its end."""
    if cell_len(text) < width:
        return set_cell_size(text, width)
    tail = text[-width:]
    while tail and cell_len(tail) > width - 2:
        tail = tail[1:]
    return set_cell_size(f"…{tail}", width)
