"""Collections as lines of block style."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from storyboard.document.quoting import flow_text
from storyboard.document.scalars import LINE_WIDTH, Old, Spot, writings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Manner:
    """How new lines are written."""

    step: int = 2
    """Columns that a nested line is indented further."""
    likes: Mapping[str, Old] = field(default_factory=dict)
    """How keys of the same names are written by a sibling."""
    plainest: bool = False
    """Whether values stand on one line, in quotes where need be."""

    def nested(self) -> Manner:
        """The same for what stands further inside."""
        return replace(self, likes={})


def manners(step: int, likes: Mapping[str, Old] | None = None) -> Iterator[Manner]:
    """The manners to try, best first."""
    yield Manner(step, likes or {})
    yield Manner(step, plainest=True)


def mapping_lines(mapping: Mapping[Any, Any], column: int, manner: Manner) -> list[str]:
    """A mapping, its keys at `column`."""
    if not mapping:
        return [" " * column + "{}"]
    pairs = (pair_lines(flow_text(name), name, value, column, manner) for name, value in mapping.items())
    return [line for lines in pairs for line in lines]


def pair_lines(key: str, name: object, value: Any, column: int, manner: Manner) -> list[str]:
    """A key, as it is to be written, and its value."""
    head = f"{' ' * column}{key}:"
    if isinstance(value, dict) and value:
        return [head, *mapping_lines(value, column + manner.step, manner.nested())]
    if isinstance(value, list | tuple) and _needs_lines(value, column + len(key)):
        return [head, *list_lines(value, column + manner.step, manner.nested())]
    spot = Spot(column, step=manner.step, taken=len(head) + 1)
    first, *rest = _written(value, spot, manner, manner.likes.get(str(name)))
    return [f"{head} {first}", *rest]


def list_lines(values: Sequence[Any], dash: int, manner: Manner) -> list[str]:
    """A list, its dashes at `dash`."""
    lines: list[str] = []
    for value in values:
        if isinstance(value, dict):
            lines += behind_dash(mapping_lines(value, dash + 2, manner), dash)
        else:
            first, *rest = _written(value, Spot(dash, step=manner.step, taken=dash + 2), manner, None)
            lines += [f"{' ' * dash}- {first}", *rest]
    return lines


def behind_dash(lines: list[str], dash: int) -> list[str]:
    """An item's lines with the dash put before the first."""
    return [" " * dash + "-" + lines[0][dash + 1 :], *lines[1:]]


def _written(value: Any, spot: Spot, manner: Manner, old: Old | None) -> list[str]:
    choices = list(writings(value, spot, None if manner.plainest else old))
    choice = choices[-1] if manner.plainest else choices[0]
    return [choice.head, *choice.body]


def _needs_lines(values: Sequence[Any], taken: int) -> bool:
    """Whether a list is better read as lines than in brackets."""
    return any(isinstance(value, dict) and value for value in values) or taken + len(flow_text(values)) > LINE_WIDTH
