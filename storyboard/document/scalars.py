"""Ways of writing a value, best first; which of them is right the proof decides."""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from storyboard.document.folding import can_fold, rewrap, wrap
from storyboard.document.loader import STR, plain_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_WIDTH = 88
"""Columns that new lines fill."""

_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_YAML_1_1 = yaml.resolver.Resolver.yaml_implicit_resolvers
# What readers of other dialects take for numbers and times.
_NUMBER_LIKE = re.compile(r"[-+]?[.0-9][0-9_.,:eExXoObBaAcCdDfF+-]*\Z|[0-9]{4}-[0-9].*\Z")


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
    """Where a value is written: the column of its mapping's keys, or -1 at the top; inside brackets or not."""

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


def writings(value: Any, spot: Spot, old: Old | None) -> Iterator[Writing]:
    """Ways of writing a value at a spot, best first."""
    if isinstance(value, str):
        yield from _text_writings(value, spot, old)
    else:
        yield Writing(flow_text(value))


def flow_text(value: Any) -> str:
    """Any value on one line, as YAML's flow style."""
    if isinstance(value, str):
        return value if is_plain(value, flow=True) else quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow_text(key)}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow_text(item) for item in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return json.dumps(value)


def _text_writings(text: str, spot: Spot, old: Old | None) -> Iterator[Writing]:
    style = old.style if old is not None else ""
    if not spot.flow:
        if old is not None and style in ("|", ">"):
            yield from _same_block(text, spot, old)
        if "\n" in text:
            yield from _literal(text, spot, _block_indent(spot, old))
        elif old is None and spot.taken + len(text) > LINE_WIDTH:
            yield from _folded(text, spot, _block_indent(spot, None))
    if old is not None and len(old.lines) > 1 and style not in ("|", ">"):
        yield from _same_lines(text, old, flow=spot.flow)
    yield from _one_line(text, style, flow=spot.flow)


def _block_indent(spot: Spot, old: Old | None) -> int:
    return old.indent if old is not None and old.style in ("|", ">") else max(spot.column, 0) + spot.step


def _one_line(text: str, style: str, *, flow: bool) -> Iterator[Writing]:
    single = not _UNPRINTABLE.search(text) and "\n" not in text
    if style == "'" and single:
        yield Writing(single_quoted(text))
    if style == '"':
        yield Writing(quoted(text))
    if is_plain(text, flow=flow):
        yield Writing(text)
    if single and '"' in text and "'" not in text:
        yield Writing(single_quoted(text))
    yield Writing(quoted(text))


def _same_lines(text: str, old: Old, *, flow: bool) -> Iterator[Writing]:
    """The same quotes over several lines, breaks kept where they still fit."""
    if not can_fold(text) or _UNPRINTABLE.search(text) or any(line.endswith("\\") for line in old.lines):
        return
    if old.style == "" and not is_plain(" ".join(text.split("\n")), flow=flow):
        return
    quote = old.style
    inner = text.replace("'", "''") if quote == "'" else quoted(text.replace("\n", " "))[1:-1] if quote else text
    if quote == '"' and "\n" in text:
        return
    first, *rest = rewrap(quote + inner + quote, list(old.lines))
    yield Writing(first, tuple(" " * old.indent + line if line else "" for line in rest))


def _same_block(text: str, spot: Spot, old: Old) -> Iterator[Writing]:
    if old.style == ">":
        yield from _folded(text, spot, old.indent, old)
    yield from _literal(text, spot, old.indent, old)


def _literal(text: str, spot: Spot, indent: int, old: Old | None = None) -> Iterator[Writing]:
    body, chomps = _body_and_chomps(text, old)
    if not body.strip(" \t\n") or _UNPRINTABLE.search(text):
        return
    lines = body.split("\n")
    needs_indicator = lines[0][:1] in ("", " ", "\t") or _has_indicator(old)
    for chomp in chomps:
        yield _block("|", lines, text, spot, indent, chomp, needs_indicator=needs_indicator)


def _folded(text: str, spot: Spot, indent: int, old: Old | None = None) -> Iterator[Writing]:
    body, chomps = _body_and_chomps(text, old)
    if not can_fold(body) or _UNPRINTABLE.search(text):
        return
    ways = [wrap(body, LINE_WIDTH - indent)]
    if old is not None and not any(line[:1] in (" ", "\t") for line in old.lines):
        ways.insert(0, rewrap(body, list(old.lines)))
    for lines in ways:
        for chomp in chomps:
            yield _block(">", lines, text, spot, indent, chomp, needs_indicator=_has_indicator(old))


def _has_indicator(old: Old | None) -> bool:
    return old is not None and any(character.isdigit() for character in old.header)


def _block(  # noqa: PLR0917 - the parts of a block's header
    kind: str, lines: list[str], text: str, spot: Spot, indent: int, chomp: str, *, needs_indicator: bool
) -> Writing:
    extra = [""] * max(len(text) - len(text.rstrip("\n")) - 1, 0) if chomp == "+" else []
    relative = indent - max(spot.column, 0)
    indicator = str(relative) if needs_indicator and 1 <= relative <= 9 else ""
    body = tuple(" " * indent + line if line else "" for line in (*lines, *extra))
    return Writing(f"{kind}{indicator}{chomp}", body, block=True)


def _body_and_chomps(text: str, old: Old | None) -> tuple[str, list[str]]:
    """The text without its last line breaks, and the chomping indicators that can stand for those, best first."""
    body = text.rstrip("\n")
    breaks = len(text) - len(body)
    fitting = ["-"] if breaks == 0 else ["", "+"] if breaks == 1 else ["+"]
    kept = next((character for character in (old.header if old is not None else "") if character in "+-"), "")
    if old is not None and kept in fitting:
        fitting.sort(key=lambda chomp: chomp != kept)
    return body, fitting


def is_plain(text: str, *, flow: bool) -> bool:
    """Whether a text can stand without quotes and every reader takes it for this text."""
    if not text or plain_tag(text) != STR or _NUMBER_LIKE.match(text) or _UNPRINTABLE.search(text):
        return False
    for _, pattern in [*_YAML_1_1.get(text[0], []), *_YAML_1_1.get(None, [])]:
        if pattern.match(text):
            return False
    analysis = yaml.emitter.Emitter(io.StringIO(), allow_unicode=True).analyze_scalar(text)
    return bool(analysis.allow_flow_plain if flow else analysis.allow_block_plain) and not analysis.multiline


def single_quoted(text: str) -> str:
    """A text of one line in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def quoted(text: str) -> str:
    """Any text on one line in double quotes."""
    plain = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: _escape(match[0]), plain)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
