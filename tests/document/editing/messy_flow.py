"""Messy documents wholly in braces: on one line, or laid out as JSON is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.document.editing.messy_values import flow_value

if TYPE_CHECKING:
    from tests.document.editing.messy_page import Page


def one_line(page: Page) -> None:
    """A whole document on one line, in flow style or as JSON."""
    json_like = page.chance(0.4)
    quote = '"' if json_like else ""
    shots = ", ".join(_shot(page, quote) for _ in range(3))
    parts = [
        f"{quote}title{quote}: {_text(page, quote)}",
        f"{quote}width{quote}: 640",
        f"{quote}negative_prompt{quote}: {_text(page, quote)}",
        f"{quote}shots{quote}: [{shots}]",
    ]
    page.random.shuffle(parts)
    labels = ["flow", "add", "t.title", "t.width", "t.negative_prompt"]
    labels += [label for index in range(3) for label in (str(index), f"{index}.s", f"{index}.p")]
    if page.chance(0.3):
        page.put(page.comment())
    if page.chance(0.2):
        page.put("---")
    page.put("{" + ", ".join(parts) + "}" + page.trailing(), *labels)


def pretty_flow(page: Page) -> None:
    """A whole document in braces over many lines, as JSON or nearly so."""
    quote = '"' if page.chance(0.6) else ""
    indent = " " * page.step
    page.put("{", "add")
    names = ["title", "width", "negative_prompt", "shots"]
    page.random.shuffle(names)
    for name in names:
        comma = "" if name == names[-1] else ","
        if name == "shots":
            _pretty_shots(page, quote, indent, comma)
        else:
            value = "640" if name == "width" else _text(page, quote)
            page.put(f"{indent}{quote}{name}{quote}: {value}{comma}", f"t.{name}", "add")
    page.put("}", "add")


def _pretty_shots(page: Page, quote: str, indent: str, comma: str) -> None:
    page.put(f"{indent}{quote}shots{quote}: [", "flow", "add")
    for index in range(3):
        labels = ("flow", "add", str(index), f"{index}.s", f"{index}.p")
        end = "," if index < 2 else ""
        if not quote:
            page.put(indent * 2 + _shot(page, quote) + end, *labels)
            continue
        page.put(indent * 2 + "{", *labels)
        page.put(f'{indent * 3}"seconds": {page.random.randint(1, 9)},', *labels)
        page.put(f'{indent * 3}"prompt": {_text(page, quote)}', *labels)
        page.put(indent * 2 + "}" + end, *labels)
    page.put(f"{indent}]{comma}", "flow", "add")


def _shot(page: Page, quote: str) -> str:
    seconds = f"{quote}seconds{quote}: {page.random.randint(1, 9)}"
    return f"{{{seconds}, {quote}prompt{quote}: {_text(page, quote)}}}"


def _text(page: Page, quote: str) -> str:
    return f'"{" ".join(page.words())}"' if quote else flow_value(page)
