"""PyYAML's C loader with the YAML 1.2 core rules: `12:30`, `yes` and dates are text, `010` is ten."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    from yaml import CSafeLoader as _BaseLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

_PREFIX = "tag:yaml.org,2002:"
NULL, BOOL, INT, FLOAT, STR = (_PREFIX + kind for kind in ("null", "bool", "int", "float", "str"))
MERGE = _PREFIX + "merge"

_DIGITS_LIMIT = 1000
_SHORT = 40
"""Characters up to which a scalar's tag is remembered: keys and numbers, not prompts."""

# Tag, pattern of the whole plain scalar, the characters it may begin with ("" stands for the empty scalar).
_CORE: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), tuple("tTfF")),
    (NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ("~", "n", "N", "")),
    (INT, re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z"), tuple("-+0123456789")),
    (
        FLOAT,
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
        ),
        tuple("-+0123456789."),
    ),
    (MERGE, re.compile(r"<<\Z"), ("<",)),
)


# What a plain scalar can begin with that is anything but text.
_NO_TEXT = frozenset(character for _, _, begins in _CORE for character in begins)


def scalar_value(text: str, tag: str | None, *, quoted: bool) -> Any:
    """What a scalar is in the data: `5` is a number, `"5"` a text; of scalars that the loader has read."""
    if tag == "!" or (tag is None and not quoted):  # libyaml lets `! "1"` be a number
        tag = plain_tag(text)
    return _FROM_TEXT.get(tag or STR, str)(text)


def plain_tag(text: str) -> str:
    """The tag that the core rules give a plain scalar."""
    if text[:1] not in _NO_TEXT:
        return STR
    return _short_tag(text) if len(text) <= _SHORT else _tag(text)


@lru_cache(maxsize=1024)
def _short_tag(text: str) -> str:
    return _tag(text)


def _tag(text: str) -> str:
    for tag, pattern, _ in _CORE:
        if pattern.match(text):
            return tag
    return STR


def to_bool(text: str) -> bool:
    """A boolean of the core rules; ValueError for anything else."""
    lowered = text.lower()
    if lowered not in ("true", "false"):
        raise ValueError("neither true nor false")
    return lowered == "true"


def to_int(text: str) -> int:
    """A whole number of the core rules; ValueError for anything else, or for one of over a thousand digits.

    Python refuses to write numbers of some thousands of digits; sums and messages must stay well below that.
    """
    if len(text) > _DIGITS_LIMIT:
        raise ValueError("too many digits")
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text, 10)


def to_float(text: str) -> float:
    """A number of the core rules; ValueError for anything else."""
    lowered = text.lower()
    if lowered.endswith(".inf"):
        return -math.inf if lowered.startswith("-") else math.inf
    if lowered == ".nan":
        return math.nan
    return float(text)


_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    NULL: lambda _: None,
    BOOL: to_bool,
    INT: to_int,
    FLOAT: to_float,
    STR: str,
    MERGE: str,  # `<<` as a value means nothing but itself
}
_KINDS = {BOOL: "true or false", INT: "a whole number", FLOAT: "a number"}


class CoreLoader(_BaseLoader):
    """Reads the core tags; a local tag such as `!foo` becomes plain data, any other tag is refused."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]
    yaml_constructors: ClassVar[dict[Any, Any]] = {}
    yaml_multi_constructors: ClassVar[dict[Any, Any]] = {}


def _scalar(loader: CoreLoader, node: yaml.ScalarNode) -> object:
    text = str(loader.construct_scalar(node))
    try:
        return _FROM_TEXT[node.tag](text)
    except ValueError:
        wrong = f"{text[:40]!r} cannot be read as {_KINDS.get(node.tag, 'text')}"
        if len(text) > _DIGITS_LIMIT:
            wrong = f"a number of {len(text)} digits stands here"
        words = f"{wrong}: put it in quotes if it is meant as text"
        raise yaml.constructor.ConstructorError(None, None, words, node.start_mark) from None


def _local_tag(loader: CoreLoader, _suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return str(loader.construct_scalar(node))  # type: ignore[arg-type]


def _refuse_tag(_loader: CoreLoader, node: yaml.Node) -> object:
    tag = str(node.tag)
    shown = "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else f"!<{tag}>"
    raise yaml.constructor.ConstructorError(
        None, None, f"the tag `{shown[:80]}` is not allowed: delete it", node.start_mark
    )


def _fill_tables() -> None:
    for tag, pattern, first in _CORE:
        CoreLoader.add_implicit_resolver(tag, pattern, list(first))
    for tag in _FROM_TEXT:
        CoreLoader.add_constructor(tag, _scalar)
    CoreLoader.yaml_constructors[_PREFIX + "map"] = CoreLoader.construct_yaml_map
    CoreLoader.yaml_constructors[_PREFIX + "seq"] = CoreLoader.construct_yaml_seq
    CoreLoader.add_constructor(None, _refuse_tag)
    CoreLoader.add_multi_constructor("!", _local_tag)


_fill_tables()
