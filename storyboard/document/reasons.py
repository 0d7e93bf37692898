"""PyYAML's complaints in words that tell a writer what to do, at the place where the mistake was made."""

from __future__ import annotations

import re

import yaml

_NEVER_CLOSED = "unexpected end of stream"
_UNALIGNED = "this line does not line up with those above it, or a quote before it is not closed"
_TAB = "a tab stands here: indent with spaces"
_TAG = "the tag before this value does not fit it: delete the tag"
_ESCAPE = "not an escape of double quotes: write `\\\\` for a backslash, or use single quotes"
_DIRECTIVE = "a line that begins with % is an order to the parser: delete it"
_NAME = "letters or digits must follow a `&` or `*`: put a text that begins with one in quotes"
# A part of PyYAML's words, and ours.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        "a colon and a space stand inside a text: put the text in quotes, or write it below `>-`",
    ),
    ("found character '\\t'", _TAB),
    ("found a tab character", _TAB),
    ("could not find expected ':'", "a key without its colon, or a text that goes on without being indented"),
    ("did not find expected key", _UNALIGNED),
    ("expected <block end>", _UNALIGNED),
    ("did not find expected '-' indicator", "this line does not line up with the list above it"),
    (_NEVER_CLOSED, "the quote, bracket or brace that opens here is never closed"),
    ("did not find expected ',' or", "a comma, bracket or brace is missing here"),
    (
        "block sequence entries are not allowed",
        "a list cannot begin here: put the dash on a line of its own, or a text that begins with one in quotes",
    ),
    ("unhashable key", "a list or mapping cannot be a key: put the text in quotes"),
    ("expected comment or line break", "a text below `|` or `>` begins on the next line"),
    ("indentation indicator", "the number after `|` or `>` goes from 1 to 9: delete it"),
    ("unknown escape character", _ESCAPE),
    ("Unicode character escape", "half a character, or none: write the character itself instead of its escape"),
    ("expected hexdecimal number", _ESCAPE),
    ("expected node content", "a text cannot begin with this unquoted: put it in quotes"),
    ("expected <document start>", "the document has ended before this line: delete the line, or what ended it"),
    ("incompatible YAML document", _DIRECTIVE),
    ("unknown directive name", _DIRECTIVE),
    ("expected version number", _DIRECTIVE),
    ("%TAG directive", _DIRECTIVE),
    ("second occurrence", "this anchor's name was given before: rename one of the two"),
    ("for merging, but found", "`<<` takes the alias of a mapping, such as `<<: *base`"),
    ("expected a scalar node", _TAG),
    ("expected a mapping node", _TAG),
    ("expected a sequence node", _TAG),
    ("expected alphabetic or numeric character", _NAME),
)
_NO_START = {
    "@": "a text cannot begin with `@` unquoted: put it in quotes, or write it below `>-`",
    "`": "a text cannot begin with a backquote unquoted: put it in quotes, or write it below `>-`",
    "%": "a text cannot begin with `%` unquoted: put it in quotes, or write it below `>-`",
    "\t": _TAB,
}
_CLOSED = {'"': "quote", "'": "quote", "]": "bracket", "}": "brace"}
_LINE_BREAKS = re.compile("[\x85\u2028\u2029]")


def reason_and_index(error: yaml.YAMLError, text: str) -> tuple[str, int]:
    """What is wrong in words, and the index in `text` where it stands."""
    reason, index = _unreadable(error, text) if isinstance(error, yaml.reader.ReaderError) else _explain(error, text)
    return "not YAML: " + reason, index


def _unreadable(error: yaml.reader.ReaderError, text: str) -> tuple[str, int]:
    index = error.position
    if error.encoding != "unicode":
        # The C loader was given text as UTF-8 and counts bytes of it.
        index = len(text.encode()[:index].decode(errors="ignore"))
    if index < len(text):
        return f"a control character stands here (U+{ord(text[index]):04X}): delete it", index
    return str(error.reason), index


def _explain(error: yaml.YAMLError, text: str) -> tuple[str, int]:
    problem = getattr(error, "problem", None) or str(error)
    place = _index(getattr(error, "problem_mark", None), text)
    opened = _index(getattr(error, "context_mark", None), text)
    first = min((index for index in (place, opened) if index is not None), default=0)
    index = first if place is None or _NEVER_CLOSED in problem else place
    if "could not find expected ':'" in problem:
        if separator := _LINE_BREAKS.search(text, max(0, first - 1), index + 1):
            return _separator(separator[0]), separator.start()
        return _words(problem), first
    if "did not find expected ',' or" in problem:
        if not text[index:].strip():
            return _words(_NEVER_CLOSED), first
        return _words(problem) + f"; it belongs to the `{text[first]}` in line {_line(text, first)}", index
    return _after_a_close(problem, text, index) or _at_the_start(problem, text, index) or _words(problem), index


def _after_a_close(problem: str, text: str, index: int) -> str | None:
    before = text[:index].rstrip(" \t")
    unaligned = "expected key" in problem or "expected <block end>" in problem
    if not unaligned or before[-1:] not in _CLOSED or text[index : index + 1] in ("", "\n", "\r"):
        return None
    words = "put the whole text in other quotes, or write it below `>-`"
    return f"text goes on after the closing {_CLOSED[before[-1:]]}: {words}"


def _at_the_start(problem: str, text: str, index: int) -> str | None:
    return _NO_START.get(text[index : index + 1]) if "cannot start any token" in problem else None


def _index(mark: yaml.Mark | None, text: str) -> int | None:
    return None if mark is None else min(mark.index, len(text))


def _line(text: str, index: int) -> int:
    return len(re.findall(r"\r\n|\n|\r", text[:index])) + 1


def _separator(character: str) -> str:
    return f"a line separator (U+{ord(character):04X}) ends the text here: write a space instead"


def _words(problem: str) -> str:
    for part, words in _WORDS:
        if part in problem:
            return words
    return problem
