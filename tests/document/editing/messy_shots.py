"""Lists of shots of messy documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.document.editing.cases import Line
from tests.document.editing.messy_page import put_pair
from tests.document.editing.messy_values import Value, flow_list, flow_value, number, text_value

if TYPE_CHECKING:
    from tests.document.editing.messy_page import Page


def shots(page: Page, column: int, *, last: bool) -> None:
    """The list of shots."""
    kind = page.random.random()
    if kind < 0.14:
        flow_shots(page, column)
        return
    dash = column + page.random.choice([0, page.step, page.step, page.step])
    page.put(" " * column + "shots:" + page.trailing())
    if page.chance(0.15):
        page.gap()
        page.put(" " * dash + page.comment())
        page.put("")
    spaces = page.random.choice([1, 1, 1, 1, 2, 3, page.step])
    gaps = page.chance(0.5)
    for index in range(3):
        if index and gaps:
            page.gap()
        _shot(page, index, dash, spaces)
        page.careful = True
        if index < 2 and page.chance(0.08):
            page.put("")
            page.put(" " * dash + page.comment())
            page.put("")
        elif page.chance(0.06) and dash:
            page.put(page.comment())
    if last and page.chance(0.1):
        page.put(" " * dash + page.comment())


def _shot(page: Page, index: int, dash: int, spaces: int) -> None:
    own = f"{index}?"
    for _ in range(page.random.choice([0, 0, 0, 1, 2])):
        page.put(" " * dash + page.comment(), own)
    kind = page.random.random()
    if kind < 0.15:
        _flow_shot(page, index, dash, spaces)
    else:
        _block_shot(page, index, dash, spaces)
    if page.chance(0.1) and not page.careful:
        if page.chance(0.3):
            page.put("")
        for at in range(len(page.lines) - 1, 0, -1):
            if page.lines[at].text.strip() or page.lines[at].labels != {"."}:
                break
            page.lines[at] = Line(frozenset({own}), page.lines[at].text)
        page.put(" " * (dash + page.random.choice([1, 2, 4])) + page.comment(), own)


def _flow_shot(page: Page, index: int, dash: int, spaces: int) -> None:
    labels = (str(index), f"{index}.s", f"{index}.p")
    seconds = f"seconds: {page.random.randint(1, 9)}"
    prompt = f"prompt: {flow_value(page)}"
    parts = [seconds, prompt] + ([f"x-seed: {page.random.randint(0, 99)}"] if page.chance(0.3) else [])
    page.random.shuffle(parts)
    pad = page.random.choice(["", "", " "])
    begin = " " * dash + "-" + " " * spaces
    if page.chance(0.75):
        inside = ", ".join(parts) + page.random.choice(["", "", ",", " ,"])
        page.put(f"{begin}{{{pad}{inside}{pad}}}" + page.trailing(), *labels)
        return
    page.put(begin + "{", *labels)
    for part in parts[:-1]:
        page.put(" " * (dash + 4) + part + "," + page.trailing(), *labels)
    page.put(" " * (dash + 4) + parts[-1] + page.random.choice(["", ","]) + page.trailing(), *labels)
    page.put(" " * (dash + 2) + "}" + page.trailing(), *labels)


def _block_shot(page: Page, index: int, dash: int, spaces: int) -> None:
    mine = str(index)
    column = dash + 1 + spaces
    begin = " " * dash + "-" + " " * spaces
    alone = page.chance(0.12)
    if alone:
        column = dash + page.random.choice([1, 2, 4])
        head = " " * dash + "-"
        if page.chance(0.3):
            head += page.random.choice([f" &shot{index}", " !shot", " !!map"])
        page.put(head + page.trailing(), mine)
        begin = " " * column
        if page.chance(0.2):
            page.put(begin + page.comment(), mine)
    names = ["seconds", "prompt"] + [n for n in ("note", "x-meta", "x-tags", "<<", "x-style") if page.chance(0.15)]
    if "base" not in page.anchors:
        names = [name for name in names if name not in ("<<", "x-style")]
    page.random.shuffle(names)
    if not alone and names[0] in ("<<", "x-meta"):
        names.sort(key=lambda name: name in ("<<", "x-meta"))
    for place, name in enumerate(names):
        after = (mine,) if place + 1 < len(names) else ()
        page.around = (mine,) if name == "x-meta" else after
        start = begin if place == 0 else " " * column
        if place and page.chance(0.1):
            columns = [column, 0] if page.careful else [column, column, 0, column + 3]
            page.put(" " * page.random.choice(columns) + page.comment(), mine)
        if place and page.chance(0.05):
            page.put(page.random.choice(["", "  "]), mine)
        _shot_key(page, name, start, column, index, after)
    page.around = ()


def _shot_key(page: Page, name: str, start: str, column: int, index: int, after: tuple[str, ...]) -> None:
    label = {"seconds": f"{index}.s", "prompt": f"{index}.p"}.get(name, f"{index}.{name}")
    labels = (str(index), label)
    if name in ("<<", "x-style"):
        page.put(f"{start}{name}: *base" + page.trailing(), *labels)
    elif name == "x-meta":
        _meta(page, start, column, labels, after)
    elif name == "x-tags":
        _tags(page, start, column, labels)
    else:
        value = number(page, column) if name == "seconds" else text_value(page, column)
        put_pair(page, start, name, value, *labels)


def _meta(page: Page, start: str, column: int, labels: tuple[str, str], after: tuple[str, ...]) -> None:
    """A mapping in a shot; `after` labels blank lines below it."""
    if page.chance(0.5):
        page.around = after
        put_pair(page, start, "x-meta", Value(" {a: 1, b: 'two'}"), *labels, f"{labels[1]}.a")
        return
    page.put(f"{start}x-meta:" + page.trailing(), *labels)
    inner = column + page.step
    for name in ("a", "b"):
        page.around = labels[:1] if name == "a" else after
        put_pair(page, " " * inner, name, text_value(page, inner), *labels, f"{labels[1]}.{name}")


def _tags(page: Page, start: str, column: int, labels: tuple[str, str]) -> None:
    """A list in a shot."""
    if page.chance(0.5):
        put_pair(page, start, "x-tags", flow_list(page, column), *labels)
        return
    page.put(f"{start}x-tags:" + page.trailing(), *labels)
    indent = " " * (column + page.random.choice([0, 2]))
    for item in ("a", "'b: c'", "- d"):
        page.put(f"{indent}- {item}" + page.trailing(), *labels)


def flow_shots(page: Page, column: int) -> None:
    """A list of shots in brackets."""
    texts = [f"{{seconds: {page.random.randint(1, 9)}, prompt: {flow_value(page)}}}" for _ in range(3)]
    labels = [(str(index), f"{index}.s", f"{index}.p") for index in range(3)]
    if page.chance(0.35):
        everything = [label for three in labels for label in three]
        page.put(" " * column + "shots: [" + ", ".join(texts) + "]" + page.trailing(), "flow", *everything)
        return
    indent = " " * (column + page.step)
    page.put(" " * column + "shots: [" + page.trailing(), "flow")
    for index, text in enumerate(texts):
        if page.chance(0.1):
            page.put(indent + page.comment(), "flow")
        comma = "," if index < 2 or page.chance(0.3) else ""
        page.put(indent + text + comma + page.trailing(), "flow", *labels[index])
    page.put(" " * max(column, page.random.choice([0, 1])) + "]" + page.trailing(), "flow")
