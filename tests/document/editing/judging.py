"""What makes an edit right: the data that was asked for, and no foreign line touched."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import yaml

from storyboard.document import Document, EditRefused
from storyboard.document.loader import CoreLoader
from tests.document.editing.cases import put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.document.editing.cases import Case, Edit

BOM = b"\xef\xbb\xbf"
REFUSED = "refused"

_COMMENT = re.compile(r"c\d+_")  # what every comment of a messy document holds


def verdict(case: Case, edit: Edit, document: Document | None = None) -> str | None:
    """What is wrong with an edit of a case, REFUSED, or None where it is right."""
    document = Document.parse(case.data) if document is None else document
    data = copy.deepcopy(document.data)
    try:
        edit.apply(document)
    except EditRefused:
        return REFUSED if document.to_bytes() == case.data else "refused, but changed"
    result = document.to_bytes()
    again = Document.parse(result).data
    if not same(document.data, again):
        return "the document says something else than its bytes"
    wanted = list(_wanted(case, edit, data))
    if not any(same(again, one, loose_ends=not case.final) for one in wanted):
        return "wrong data"
    if moves_definition(case, edit):
        return None  # the line of the alias must change
    return confinement(case, edit, result) or comments(case, edit, result)


def _wanted(case: Case, edit: Edit, data: Any) -> Iterator[Any]:
    """The data with the change; where a scalar's own anchor is edited, also with its aliases changed."""
    changed = copy.deepcopy(data)
    edit.change(changed)
    yield changed
    if edit.kind == "set" and (paths := _repeated(case.text, edit.path)):
        for path in paths:
            put(data, path, edit.value)
        yield data


def _repeated(text: str, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    """The paths of all values that are one with the value at a path, if the path is the first of them."""
    places: dict[int, list[tuple[str | int, ...]]] = {}
    identities: dict[tuple[str | int, ...], int] = {}
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), yaml.compose(text, Loader=CoreLoader))]
    while stack:
        here, node = stack.pop()
        places.setdefault(id(node), []).append(here)
        identities[here] = id(node)
        if isinstance(node, yaml.SequenceNode):
            stack += reversed([((*here, step), value) for step, value in enumerate(node.value)])
        elif isinstance(node, yaml.MappingNode):
            stack += reversed([((*here, step), value) for step, value in _pairs(node).items()])
    same_one = places.get(identities.get(path, 0), [])
    return same_one if same_one and same_one[0] == path else []


def _pairs(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The values of a mapping by their keys, merged ones among them."""
    own = {key.value: value for key, value in node.value if not key.tag.endswith(":merge")}
    bases = [value for key, value in node.value if key.tag.endswith(":merge")]
    merged: dict[str, yaml.Node] = {}
    for base in bases:
        merged |= _pairs(base) if isinstance(base, yaml.MappingNode) else {}
    return {**own, **{name: value for name, value in merged.items() if name not in own}}


def moves_definition(case: Case, edit: Edit) -> bool:
    """Whether lines go that define what another place repeats."""
    if edit.kind not in ("delete", "unset", "set") or (edit.kind == "set" and edit.label.endswith((".p", ".s"))):
        return False
    mine = set(_labelled(case, edit.label) if edit.label else _lines_of_shot(case, edit.index))
    inside = "\n".join(line.text for index, line in enumerate(case.lines) if index in mine)
    outside = "\n".join(line.text for index, line in enumerate(case.lines) if index not in mine)
    return any(re.search(rf"\*{name}\b", outside) for name in re.findall(r"&(\w+)", inside))


def _lines_of_shot(case: Case, number: int) -> list[int]:
    def is_its(label: str) -> bool:
        return label == str(number) or label.startswith((f"{number}.", f"{number}?"))

    return [index for index, line in enumerate(case.lines) if any(map(is_its, line.labels))]


def same(left: Any, right: Any, *, loose_ends: bool = False) -> bool:
    """Whether two values are equal in kind and content; `loose_ends` overlooks line breaks at the end of texts."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key], loose_ends=loose_ends) for key in left)
    if isinstance(left, list):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(same(one, other, loose_ends=loose_ends) for one, other in pairs)
    if loose_ends and isinstance(left, str):
        return left.rstrip("\n") == str(right).rstrip("\n")
    return bool(left == right) or repr(left) == repr(right) == "nan"


def comments(case: Case, edit: Edit, result: bytes) -> str | None:
    """Which comments went, or came twice."""
    old, new = _COMMENT.findall(case.text), _COMMENT.findall(result.decode())
    own = ""
    is_collection = edit.kind == "set" and len(edit.path) == 1  # comments between its keys go with them
    if edit.kind in ("delete", "unset") or is_collection:
        labels = {edit.label} if edit.label else {str(edit.index), f"{edit.index}?"}
        own = "\n".join(line.text for line in case.lines if line.labels & labels)
    if edit.kind == "move":
        old, new = sorted(old), sorted(new)
    kept = [comment for comment in old if comment not in own or comment in new]
    return None if new == kept else f"comments went: {set(old) ^ set(new)}"


def confinement(case: Case, edit: Edit, result: bytes) -> str | None:
    """What an edit touched beside its own lines; None where it touched nothing else."""
    if result.startswith(BOM) != case.bom:
        return "the byte order mark changed"
    text = result.decode("utf-8-sig")
    if text.endswith("\n") != case.final:
        return "the final newline changed"
    if case.newline == "\r\n" and text.replace("\r\n", "").count("\n"):
        return "a foreign line end"
    if case.newline == "\n" and "\r" in text:
        return "a foreign line end"
    new = text.removesuffix(case.newline).split(case.newline) if text else []
    old = [line.text for line in case.lines]
    return _RULES[edit.kind](case, edit, old, new)


def _labelled(case: Case, *labels: str) -> list[int]:
    return [index for index, line in enumerate(case.lines) if line.labels & set(labels)]


def _set_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    return _only_between(_labelled(case, edit.label), old, new)


def _only_between(mine: list[int], old: list[str], new: list[str]) -> str | None:
    before, after = mine[0], len(old) - mine[-1] - 1
    if new[:before] != old[:before] or (after and new[-after:] != old[-after:]):
        return "another line changed"
    return None


def _one_block(old: list[str], new: list[str]) -> str | None:
    begin = 0
    while begin < len(old) and begin < len(new) and old[begin] == new[begin]:
        begin += 1
    rest = len(old) - begin
    return None if new[len(new) - rest :] == old[begin:] or rest == 0 else "old lines are not all there"


def _add_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if mine := _labelled(case, edit.label or "add"):
        return _only_between(mine, old, new)
    return _one_block(old, new)


def _flow_stays(case: Case, old: list[str], new: list[str]) -> str | None:
    return _only_between(_labelled(case, "flow"), old, new)


def _unset_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if everything := _labelled(case, "add"):
        return _only_between(everything, old, new)
    # The next key of a shot may come up behind the dash; blank lines below may go.
    in_shot = edit.label[0].isdigit()
    mine = _lines_of_shot(case, int(edit.label[0])) if in_shot else _labelled(case, edit.label)
    solid = [[line for line in lines if line.strip()] for lines in (old, new)]
    mine = [len([line for line in old[:index] if line.strip()]) for index in mine if old[index].strip()]
    return _only_between(mine, *solid)


def _insert_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if _labelled(case, "flow"):
        return _flow_stays(case, old, new)
    for number in range(3):
        mine = _lines_of_shot(case, number)
        lines = old[mine[0] : mine[-1] + 1] if mine else []
        if not any(new[at : at + len(lines)] == lines for at in range(len(new))):
            return f"shot {number} is cut apart"
    return _one_block(old, new)


def _delete_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if _labelled(case, "flow"):
        return _flow_stays(case, old, new)
    number = str(edit.index)
    gone = set(_labelled(case, number, f"{number}.s", f"{number}.p"))
    may_go = set(_labelled(case, f"{number}?")) | {i for i, line in enumerate(old) if not line.strip()}
    position = 0
    for index, line in enumerate(old):
        if index in gone:
            continue
        if position < len(new) and new[position] == line:
            position += 1
        elif index not in may_go:
            return f"a line went or changed: {line!r}"
    return None if position == len(new) else f"lines came from nowhere: {new[position:]!r}"


def _move_stays(case: Case, edit: Edit, old: list[str], new: list[str]) -> str | None:
    if _labelled(case, "flow"):
        return _flow_stays(case, old, new)
    if sorted(old) != sorted(new):
        return "not the same lines"
    numbers = _lines_of_shot(case, edit.index)
    mine = [old[index] for index in numbers]
    others = [line for index, line in enumerate(old) if index not in numbers and line.strip()]
    for at in range(len(new) - len(mine) + 1):
        if new[at : at + len(mine)] == mine:
            rest = new[:at] + new[at + len(mine) :]
            if [line for line in rest if line.strip()] == others:
                return None
    return "the shot's lines do not stand together, or other lines changed their order"


_RULES = {
    "set": _set_stays,
    "add": _add_stays,
    "unset": _unset_stays,
    "insert": _insert_stays,
    "delete": _delete_stays,
    "move": _move_stays,
}
