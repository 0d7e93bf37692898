"""Ways of writing a scalar, best first; which of them is right the proof decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.document.folding import can_fold, can_stay_folded, rewrap, wrap
from storyboard.document.quoting import UNPRINTABLE, flow_text, is_plain, quoted, single_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_WIDTH = 88
"""Columns that new lines fill."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A value as text: what follows the key, and further lines with their indentation.

    A comment behind the value goes behind the first line of a block, behind the last line of anything else.
    """

    head: str
    body: tuple[str, ...] = ()
    block: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value is written: the column of its mapping's keys or list's dashes; inside brackets or not."""

    column: int
    flow: bool = False
    step: int = 2
    """Columns that a nested line is indented further."""
    taken: int = 0
    """Columns of the line that are used before the value."""


@dataclass(frozen=True, slots=True)
class Old:
    """How a value was written before."""

    style: str = ""
    header: str = ""
    """Of a block: its indicators, such as "|2-"."""
    lines: tuple[str, ...] = ()
    """Of a block, its lines without indentation; of text over several lines, all of them stripped."""
    indent: int = 0
    """Columns that its further lines are indented."""
    breaks: int = 0
    """Line breaks that its text ended with."""
    escaped: bool = False
    """Whether it stands on one line with characters written as escapes."""
    unclosed: bool = False
    """Whether it ends a text without final newline, so that a reader finds no line break to keep."""

    @property
    def block(self) -> bool:
        """Whether it was a literal or folded block."""
        return self.style in ("|", ">")

    @property
    def indicator(self) -> bool:
        """Whether its header tells its indentation."""
        return any(character.isdigit() for character in self.header)

    @property
    def chomp(self) -> str:
        """The `-` or `+` of its header."""
        return next((character for character in self.header if character in "+-"), "")


def writings(value: Any, spot: Spot, old: Old | None) -> Iterator[Writing]:
    """Ways of writing a value at a spot, best first."""
    if isinstance(value, str) and old is not None:
        yield from refolded(value, spot, old)
    yield from other_writings(value, spot, old)


def refolded(text: str, spot: Spot, old: Old, spelled: str | None = None) -> Iterator[Writing]:
    """Ways of writing a text in the folded lines that it had, breaking those that changed anew.

    `spelled` is the text as `respelled` writes it, its quotes included.
    """
    if old.style == ">" and not spot.flow:
        yield from _folded(text, spot, old.indent, old)
    elif not old.block and len(old.lines) > 1:
        yield from _same_lines(text, old, spelled, flow=spot.flow)


def other_writings(value: Any, spot: Spot, old: Old | None, spelled: str | None = None) -> Iterator[Writing]:
    """Ways of writing a value that do without its old lines, best first; `spelled` as for `refolded`."""
    if not isinstance(value, str):
        yield Writing(flow_text(value))
        return
    if old is not None and old.block and not spot.flow:
        yield from _literal(value, spot, old.indent, old)
    if not spot.flow and not (old is not None and old.escaped and "\n" in value):
        yield from _new_block(value, spot, old)
    yield from _one_line(value, old.style if old is not None else "", spelled, flow=spot.flow)


def _new_block(text: str, spot: Spot, old: Old | None) -> Iterator[Writing]:
    """A block where a text has line breaks, or is too long for the line it had or would have."""
    indent = old.indent if old is not None and old.block else spot.column + spot.step
    if "\n" in text:
        yield from _literal(text, spot, indent)
        return
    taken, lines = spot.taken, old.lines if old is not None else ()
    was_short = old is None or (not old.style and len(lines) == 1 and taken + len(lines[0]) <= LINE_WIDTH)
    if was_short and taken + len(text) > LINE_WIDTH:
        yield from _folded(text, spot, indent)


def _one_line(text: str, style: str, spelled: str | None, *, flow: bool) -> Iterator[Writing]:
    single = not UNPRINTABLE.search(text) and "\n" not in text
    if style == "'" and single:
        yield Writing(single_quoted(text))
    if style == '"' and spelled is not None:
        yield Writing(spelled.replace("\n", "\\n"))
    if style == '"':
        yield Writing(quoted(text))
    if is_plain(text, flow=flow):
        yield Writing(text)
    if single and '"' in text and "'" not in text:
        yield Writing(single_quoted(text))
    yield Writing(quoted(text))


def _same_lines(text: str, old: Old, spelled: str | None, *, flow: bool) -> Iterator[Writing]:
    """The same quotes, or none, over several lines; breaks are kept where they still fit."""
    if any(line.endswith("\\") for line in old.lines) or (old.style == "" and not is_plain(_in_one(text), flow=flow)):
        return
    if spelled is None:
        spelled = {"'": single_quoted, '"': quoted}.get(old.style, str)(text)
    if not can_fold(spelled) or UNPRINTABLE.search(spelled):
        return
    first, *rest = rewrap(spelled, list(old.lines))
    yield Writing(first, tuple(" " * old.indent + line if line else "" for line in rest))


def _in_one(text: str) -> str:
    return text.replace("\n", " ")


def _literal(text: str, spot: Spot, indent: int, old: Old | None = None) -> Iterator[Writing]:
    body = text.rstrip("\n")
    if not body.strip(" \t\n") or UNPRINTABLE.search(text):
        return
    lines = body.split("\n")
    needs_indicator = lines[0][:1] in ("", " ", "\t") or (old is not None and old.indicator)
    for chomp in _chomps(text, old):
        yield _block("|", lines, text, spot, indent, chomp, old, needs_indicator=needs_indicator)


def _folded(text: str, spot: Spot, indent: int, old: Old | None = None) -> Iterator[Writing]:
    body = text.rstrip("\n")
    fits = can_fold(body) if old is None else can_stay_folded(body)
    if not fits or UNPRINTABLE.search(text):
        return
    keeps_breaks = old is not None and not any(line[:1] in (" ", "\t") for line in old.lines)
    for keep in (True, False) if keeps_breaks else (False,):
        lines = rewrap(body, list(old.lines)) if old is not None and keep else wrap(body, LINE_WIDTH - indent)
        for chomp in _chomps(text, old):
            yield _block(">", lines, text, spot, indent, chomp, old, needs_indicator=old is not None and old.indicator)


def _block(  # noqa: PLR0917 - the parts of a block's header
    kind: str,
    lines: list[str],
    text: str,
    spot: Spot,
    indent: int,
    chomp: str,
    old: Old | None,
    *,
    needs_indicator: bool,
) -> Writing:
    extra = [""] * max(len(text) - len(text.rstrip("\n")) - 1, 0) if chomp == "+" else []
    relative = indent - spot.column
    indicator = str(relative) if needs_indicator and 1 <= relative <= 9 else ""
    body = tuple(" " * indent + line if line else "" for line in (*lines, *extra))
    header = f"{kind}{indicator}{chomp}"
    if old is not None and sorted(old.header) == sorted(header):
        header = old.header
    return Writing(header, body, block=True)


def _chomps(text: str, old: Old | None) -> list[str]:
    """The chomping indicators that can stand for a text's last line breaks, best first."""
    breaks = len(text) - len(text.rstrip("\n"))
    fitting = ["-"] if breaks == 0 else ["", "+"] if breaks == 1 else ["+"]
    if old is not None and old.header:
        if old.unclosed and breaks == 0:
            return [old.chomp, "-"]
        # With another number of kept breaks, blank lines below would have to come or go.
        if old.chomp != "+" or breaks in (0, old.breaks):
            fitting.sort(key=lambda chomp: chomp != old.chomp)
    return fitting
