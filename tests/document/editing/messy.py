"""Random messy storyboards, every line labelled with what it belongs to, as in `cases.txt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.document import Document, DocumentError
from tests.document.editing.cases import Case
from tests.document.editing.messy_flow import one_line, pretty_flow
from tests.document.editing.messy_page import Page, put_pair
from tests.document.editing.messy_shots import shots
from tests.document.editing.messy_values import Value, flow_list, number, text_value

if TYPE_CHECKING:
    from random import Random

OTHER_KEYS = ["x-base", "cast", "output", "x-tags", "look", "duration", "x-empty", "naïve key"]


def messy(random: Random) -> Case:
    """A document with three shots and the keys that the edits of `cases` touch."""
    page = Page(random, step=random.choice([1, 2, 2, 2, 3, 4, 6]))
    kind = random.random()
    if kind < 0.05:
        one_line(page)
    elif kind < 0.1:
        pretty_flow(page)
    else:
        block(page)
    newline, bom = random.choice(["\n", "\n", "\r\n"]), page.chance(0.1)
    final = page.chance(0.85) or page.lines[-1].text.strip() == ""
    return Case("messy", tuple(page.lines), newline, bom, final)


def is_readable(case: Case) -> bool:
    """Whether chance has made a document that YAML allows; a few are not."""
    try:
        Document.parse(case.data)
    except DocumentError:
        return False
    return True


def block(page: Page) -> None:
    """A document in block style."""
    _head(page)
    names = ["title", "width", "negative_prompt", "shots"]
    names += [name for name in OTHER_KEYS if page.chance(0.4)]
    page.random.shuffle(names)
    if page.chance(0.6):
        names.remove("shots")
        names.append("shots")
    column = 0 if page.chance(0.95) else 2
    for name in names:
        _between_keys(page, column)
        page.careful = False
        if name == "shots":
            shots(page, column, last=name == names[-1])
        elif name == "x-base":
            _nested(page, name, column, anchor="base")
        elif name in ("cast", "output"):
            _nested(page, name, column)
        else:
            top_key(page, name, column)
    _tail(page)


def _head(page: Page) -> None:
    for _ in range(page.random.choice([0, 0, 0, 1, 2])):
        page.put(page.comment())
    if page.chance(0.06):
        page.put(page.random.choice(["%YAML 1.1", "%YAML 1.2", "%TAG !e! tag:example.test,2000:"]))
        page.put("---" + page.trailing())
    elif page.chance(0.12):
        page.put("---" + page.trailing())
        page.gap()


def _tail(page: Page) -> None:
    if page.chance(0.25):
        page.gap()
        page.put(page.comment())
    if page.chance(0.06):
        page.put("..." + page.trailing())
    if page.chance(0.1):
        page.gap()


def _between_keys(page: Page, column: int) -> None:
    if page.chance(0.3):
        page.gap()
    if page.chance(0.2):
        columns = [column, column, 0] if page.careful else [column, 0, column + 2]
        page.put(" " * page.random.choice(columns) + page.comment())


def top_key(page: Page, name: str, column: int) -> None:
    """A key of the document and its value."""
    if name in ("width", "duration"):
        value = number(page, column)
    elif name == "x-empty":
        value = Value(page.random.choice(["", " ~", " null", " {}", " []", " ''"]))
    elif name == "x-tags":
        value = flow_list(page, column)
    else:
        value = text_value(page, column)
    put_pair(page, " " * column, name, value, f"t.{name}")


def _nested(page: Page, name: str, column: int, anchor: str | None = None) -> None:
    """A mapping below a key."""
    label = f"t.{name}"
    page.put(" " * column + f"{name}:" + (f" &{anchor}" if anchor else "") + page.trailing(), label)
    inner = column + page.step
    for inner_name in page.random.sample(["ana", "kim", "takes", "é b"], page.random.randint(1, 3)):
        if page.chance(0.15):
            page.put(" " * inner + page.comment(), label)
        value = text_value(page, inner) if page.chance(0.7) else number(page, inner)
        put_pair(page, " " * inner, inner_name, value, label, f"{label}.{inner_name}")
    if anchor:
        page.anchors[anchor] = "map"
