"""Every regular expression of the package, and texts that are made to be slow for each, from its own parts."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from functools import cache
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from time import thread_time
from typing import TYPE_CHECKING, Any, NamedTuple

import storyboard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
_ANCHORED = frozenset(("match", "fullmatch"))
_MOST = 8_000
"""Characters of the longest text."""
SECONDS_AT_MOST = 0.03
"""What one pattern may take for a text of that length. Linear ones take a few ms, quadratic 50 or more."""
_SIZES = (1000, _MOST)
_TIMES = (12, 18, 24)
"""Small steps first: what doubles with each character is stopped before it is seen by the clock of a person."""
_SAMPLES = 2
_IN_TABLES = ("_CORE",)
"""Tables of patterns that are only matched, as YAML readers do with those of plain scalars."""
_BRANCHES = 8


class Used(NamedTuple):
    """A pattern, where it stands in the package, and how it is used where it is only tried at one place of a text."""

    where: str
    pattern: re.Pattern[Any]
    anchored: frozenset[str] = frozenset()


class Unread(NamedTuple):
    """A call of `re` whose pattern is made of what only the running function knows."""

    where: str
    source: str


# all of them


def modules() -> Iterator[ModuleType]:
    """Every module of the package."""
    for found in pkgutil.walk_packages(storyboard.__path__, "storyboard."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


@cache
def every_pattern() -> tuple[list[Used], list[Unread]]:
    """The patterns of module globals, of functions that only make one, and of calls of `re`; and the calls unread."""
    used: dict[tuple[Any, int, frozenset[str]], Used] = {}
    unread = []
    for module in modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for one in (*_of_globals(module, source), *_of_calls(module, source)):
            if isinstance(one, Unread):
                unread.append(one)
            else:
                used.setdefault((one.pattern.pattern, one.pattern.flags, one.anchored), one)
    return list(used.values()), unread


def _of_globals(module: ModuleType, source: str) -> Iterator[Used]:
    for name, value in vars(module).items():
        made = getattr(value, "__wrapped__", value)
        if inspect.isfunction(made) and made.__module__ == module.__name__:
            if "re.Pattern" in str(made.__annotations__.get("return")) and not made.__code__.co_argcount:
                yield Used(f"{module.__name__}.{name}()", value())
            continue
        for pattern in _patterns_in(value, 3):
            yield Used(f"{module.__name__}.{name}", pattern, _anchored(name, source))


def _patterns_in(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, (tuple, list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _patterns_in(one, depth - 1)


def _anchored(name: str, source: str) -> frozenset[str]:
    """Whether a module only matches its pattern, and how; a name that is passed on counts as searched for."""
    uses = re.findall(rf"(?<![\w.]){re.escape(name)}\b(?:\.(\w+))?", source)
    ways = frozenset(uses) - {""}
    if name in _IN_TABLES:
        return frozenset(("match",))
    return ways if ways <= _ANCHORED and uses.count("") == 1 else frozenset()


def _of_calls(module: ModuleType, source: str) -> Iterator[Used | Unread]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in _METHODS):
            continue
        where = f"{module.__name__}:{node.lineno}"
        flags = next((word.value for word in node.keywords if word.arg == "flags"), None)
        if flags is None and node.func.attr in ("match", "fullmatch", "search", "findall", "finditer"):
            flags = node.args[2] if len(node.args) > 2 else None
        try:
            pattern, flag = (_evaluated(one, module) if one is not None else 0 for one in (node.args[0], flags))
        except NameError:
            yield Unread(module.__name__, ast.unparse(node.args[0]))
            continue
        yield Used(where, re.compile(pattern, flag), _ANCHORED & {node.func.attr})


def _evaluated(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))


# texts that are made to be slow


def hostile_texts(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """A beginning, a piece to be repeated and an end: of all that the pattern has, what may make it try again."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    pieces: dict[tuple[str, str], None] = {}
    for begin, piece in _repeated(list(tree), ""):
        pieces[begin, piece] = None
        pieces["", piece] = None
    for begun in _begun(list(tree)):
        pieces["", begun] = None
    for one in dict.fromkeys((*_alphabet(tree), *" a1-\n")):
        pieces["", one] = None
    ends = ("", "\0", "\n!", *dict.fromkeys(_banned(tree)))
    texts = [(begin, piece, end) for begin, piece in pieces if piece for end in ends]
    if isinstance(pattern.pattern, bytes):
        return [one for one in texts if "".join(one).isascii() or max(map(ord, "".join(one))) < 256]
    return texts


def _samples(item: tuple[Any, Any]) -> list[str]:
    """Some texts that one part of a pattern takes."""
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return [chr(value)]
    if name == "NOT_LITERAL":
        return [one for one in ("a", " ", "\n", '"') if ord(one) != value][:_SAMPLES]
    if name == "ANY":
        return ["a", " "]
    if name == "IN":
        return _of_class(value)
    if name == "BRANCH":
        return [text for branch in value[1][:_BRANCHES] for text in _of_sequence(list(branch))[:_SAMPLES]]
    if name == "SUBPATTERN":
        return _of_sequence(list(value[3]))
    if name == "ATOMIC_GROUP":
        return _of_sequence(list(value))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, inner = value
        return [one * max(1, least) for one in _of_sequence(list(inner))]
    return [""]


def _of_class(parts: list[tuple[Any, Any]]) -> list[str]:
    found = []
    negated = str(parts[0][0]) == "NEGATE"
    for kind, value in parts:
        if str(kind) == "LITERAL":
            found.append(chr(value))
        elif str(kind) == "RANGE":
            found += [chr(value[0]), chr(value[1])]
        elif str(kind) == "CATEGORY":
            found += {"DIGIT": "1", "SPACE": " \n", "WORD": "a1"}.get(str(value).removeprefix("CATEGORY_"), "!-")
    if not negated:
        return list(dict.fromkeys(found))[: 2 * _SAMPLES]
    banned = re.compile(re.escape("") + "|".join(map(re.escape, found)) if found else "$^")
    others = [one for one in 'a \n1-"<[' if not banned.fullmatch(one)]
    return others[:_SAMPLES]


def _of_sequence(items: list[tuple[Any, Any]]) -> list[str]:
    """As many texts as the part with the most ways has."""
    ways = [_samples(item) or [""] for item in items]
    most = max(map(len, ways), default=0)
    return list(dict.fromkeys("".join(way[count % len(way)] for way in ways) for count in range(most)))[: 4 * _SAMPLES]


def _inside(item: tuple[Any, Any]) -> Iterator[list[tuple[Any, Any]]]:
    name, value = str(item[0]), item[1]
    if name == "BRANCH":
        yield from map(list, value[1])
    elif name == "SUBPATTERN":
        yield list(value[3])
    elif name == "ATOMIC_GROUP":
        yield list(value)
    elif name in ("ASSERT", "ASSERT_NOT"):
        yield list(value[1])
    elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        yield list(value[2])


def _repeated(items: list[tuple[Any, Any]], begin: str) -> Iterator[tuple[str, str]]:
    """What stands before each repetition, and what it repeats."""
    for index, item in enumerate(items):
        before = begin + next(iter(_of_sequence(items[:index])), "")
        if str(item[0]).endswith("_REPEAT"):
            for one in _of_sequence(list(item[1][2])):
                yield before, one
        for inner in _inside(item):
            yield from _repeated(inner, before)


def _begun(items: list[tuple[Any, Any]]) -> Iterator[str]:
    """How the pattern's matches begin, up to each of its parts."""
    for index, item in enumerate(items):
        yield from _of_sequence(items[: index + 1])[:_SAMPLES]
        for inner in _inside(item):
            yield from _begun(inner)


def _banned(tree: Any) -> Iterator[str]:
    """What classes such as `[^"]` leave out."""
    for item in tree:
        if str(item[0]) == "NOT_LITERAL":
            yield chr(item[1])
        if str(item[0]) == "IN" and str(item[1][0][0]) == "NEGATE":
            yield from [chr(value) for kind, value in item[1] if str(kind) == "LITERAL"][:2]
        for inner in _inside(item):
            yield from _banned(inner)


def _alphabet(tree: Any) -> Iterator[str]:
    for item in tree:
        if str(item[0]) in ("LITERAL", "IN"):
            yield from _samples(item)
        for inner in _inside(item):
            yield from _alphabet(inner)


# how long it takes


def slow_text(used: Used, longest: int = _MOST) -> tuple[str, str, str, int, float] | None:
    """The first text up to `longest` that takes the pattern too long: its parts, its length, seconds; None without."""
    at_most = SECONDS_AT_MOST
    for text in hostile_texts(used.pattern):
        for size in (*(times * len(text[1]) for times in _TIMES), *(one for one in _SIZES if one < longest), longest):
            seconds = _seconds(used, text, size)
            if seconds > at_most:
                seconds = min(seconds, _seconds(used, text, size))
            if seconds > at_most:
                return (*text, size, seconds)
            if size >= 1000 and seconds < at_most * (size / _MOST) ** 2 / 4:
                break  # even if it grew with the square of the length it would not get there
    return None


def _seconds(used: Used, text: tuple[str, str, str], size: int) -> float:
    begin, piece, end = text
    whole: Any = begin + piece * (size // len(piece) + 1) + end
    if isinstance(used.pattern.pattern, bytes):
        whole = whole.encode("latin-1")
    start = thread_time()
    for way in used.anchored:
        getattr(used.pattern, way)(whole)
    for _ in () if used.anchored else used.pattern.finditer(whole):
        pass
    return thread_time() - start
