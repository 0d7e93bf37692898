"""Values of messy documents in every style that YAML has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.document.editing.messy_page import Page


@dataclass
class Value:
    """What stands behind a key's colon, and the lines below."""

    head: str
    body: list[str] = field(default_factory=list)
    block: bool = False
    """Whether a comment can stand behind the head, not behind the last line."""
    keeps: bool = False
    """Whether blank lines below are part of the value."""
    blank: int = 0
    """Blank lines below."""


def number(page: Page, column: int) -> Value:
    """A whole number, or what is written like one."""
    figure = page.random.randint(1, 15)
    kind = page.random.random()
    if kind < 0.75:
        return Value(f" {figure}")
    if kind < 0.8:
        return Value("", [" " * (column + 2) + str(figure)])
    return Value(
        page.random.choice(
            [
                f" '{figure}'",
                f' "{figure}"',
                f"   {figure}",
                f"\t{figure}",
                f" !!int {figure}",
                f" !!int '{figure}'",
                f" 0{figure}",
                f" {figure}.5",
                "",
                " ~",
                f" !sec {figure}",
            ]
        )
    )


def text_value(page: Page, column: int) -> Value:
    """A text in any style."""
    ways: list[Callable[[Page, int], Value]] = [
        _plain,
        _plain,
        _single,
        _double,
        _many_plain,
        _many_single,
        _many_double,
        _literal,
        _literal,
        _folded,
        _folded,
        _folded,
        _next_line,
        _odd,
    ]
    return page.random.choice(ways)(page, column)


def flow_value(page: Page) -> str:
    """A text inside brackets."""
    words = " ".join(page.words())
    return page.random.choice(
        [
            words,
            '"' + words + '"',
            "'" + words.replace("'", "''") + "'",
            '"a, b: {c}"',
            "'[x]'",
            '""',
            "http://x.test/a",
        ]
    )


def _plain(page: Page, column: int) -> Value:
    return Value(page.random.choice([" ", " ", " ", "   ", "\t"]) + " ".join(page.words()))


def _single(page: Page, column: int) -> Value:
    return Value(
        " '" + " ".join(page.words()).replace("'", "''") + page.random.choice(["", "", ": # {", ' "x"', " "]) + "'"
    )


def _double(page: Page, column: int) -> Value:
    return Value(
        ' "'
        + " ".join(page.words())
        + page.random.choice(["", "", ": # {", "\\n", "\\ttab", "\\u00e9", ' \\"q\\"', "\\\\"])
        + '"'
    )


def _further(page: Page, column: int) -> str:
    return " " * (column + page.random.choice([1, 2, 2, 4, page.step]))


def _lines(page: Page, column: int, least: int = 1) -> list[str]:
    indent = _further(page, column)
    lines = []
    for _ in range(page.random.randint(least, 3)):
        if page.chance(0.15):
            lines.append(page.random.choice(["", " " * column]))
        lines.append(indent + " ".join(page.words(5)))
        if page.chance(0.1):
            indent = _further(page, column)
    return lines


def _many_plain(page: Page, column: int) -> Value:
    return Value(" " + " ".join(page.words()), _lines(page, column))


def _many_single(page: Page, column: int) -> Value:
    lines = [line.replace("'", "''") for line in _lines(page, column)]
    return Value(" '" + " ".join(page.words()).replace("'", "''"), [*lines[:-1], lines[-1] + "'"])


def _many_double(page: Page, column: int) -> Value:
    lines = _lines(page, column)
    head = ' "' + " ".join(page.words())
    if page.chance(0.3):
        head += " \\"
    return Value(head, [*lines[:-1], lines[-1] + '"'])


def _block(page: Page, column: int, kind: str) -> Value:
    relative = page.random.choice([1, 2, 2, 2, 4, page.step])
    indent = " " * (column + relative)
    chomp = page.random.choice(["", "", "-", "-", "+"])
    indicator = str(relative) if page.chance(0.15) and column >= 0 else ""
    head = " " + kind + (indicator + chomp if page.chance(0.5) else chomp + indicator)
    lines = []
    if indicator and page.chance(0.5):
        lines.append(indent + "  deeper first")
    elif page.chance(0.08):
        lines.append("")
    for _ in range(page.random.randint(1, 4)):
        if lines and page.chance(0.15):
            lines.append(page.random.choice(["", "", " " * page.random.randint(0, len(indent))]))
        extra = page.random.choice(["  ", "- ", "# ", "key: "]) if page.chance(0.1) and lines else ""
        lines.append(
            indent + extra + " ".join(page.words(8)) + (page.random.choice([" ", "\t"]) if page.chance(0.05) else "")
        )
    blank = page.random.randint(1, 2) if page.chance(0.15) else 0
    return Value(head, lines, block=True, keeps=chomp == "+", blank=blank)


def _literal(page: Page, column: int) -> Value:
    return _block(page, column, "|")


def _folded(page: Page, column: int) -> Value:
    return _block(page, column, ">")


def _next_line(page: Page, column: int) -> Value:
    head = page.trailing()
    indent = _further(page, column)
    text = " ".join(page.words())
    return Value(head, [indent + page.random.choice([text, f'"{text}"', "'" + text.replace("'", "''") + "'"])])


def _odd(page: Page, column: int) -> Value:
    page.comments += 1
    name = f"a{page.comments}"
    text = " ".join(page.words())
    repeatable = [anchor for anchor, kind in page.anchors.items() if kind == "text"]
    if repeatable and page.chance(0.5):
        return Value(f" *{page.random.choice(repeatable)}")
    kind = page.random.random()
    if kind < 0.3:
        page.anchors[name] = "text"
        return Value(page.random.choice([f" &{name} {text}", f' &{name}  "{text}"']))
    if kind < 0.4:
        page.anchors[name] = "text"
        return Value(f" &{name} >-", [" " * (column + 2) + text], block=True)
    return Value(
        page.random.choice(
            [
                f" !!str {text}",
                " !!str 12",
                " ! 12",
                f" !note {text}",
                f" !!str '{text.replace(chr(39), '')}'",
                "",
                " ~",
                " ''",
                ' ""',
                " null",
                " yes",
                " 12:30",
                " 2001-01-01",
                f" {text}: x".replace(": x", ":x"),
                " long " * 40 + "end",
                " []",
                " {}",
            ]
        )
    )


def flow_list(page: Page, column: int) -> Value:
    """A list in brackets, on one line or on several."""
    if page.chance(0.5):
        return Value(" [a, 'b', {c: d}]")
    return Value(
        " [", [" " * (column + 2) + f"a,  {page.comment()}", " " * (column + 2) + '"b: c"', " " * max(column, 1) + "]"]
    )
