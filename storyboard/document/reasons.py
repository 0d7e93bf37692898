"""PyYAML's complaints in words that tell a writer what to do."""

from __future__ import annotations

import yaml

_NEVER_CLOSED = "unexpected end of stream"
# A part of PyYAML's words, and ours.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        "a colon and a space stand inside a text: put the text in quotes, or write it below `>-`",
    ),
    ("found character '\\t'", "a tab stands here: indent with spaces"),
    ("could not find expected ':'", "a key without its colon, or a text that goes on without being indented"),
    ("did not find expected key", "this line does not line up with those above it, or a quote before it is not closed"),
    ("expected <block end>", "this line does not line up with those above it, or a quote before it is not closed"),
    ("did not find expected '-' indicator", "this line does not line up with the list above it"),
    (_NEVER_CLOSED, "the quote, bracket or brace that opens here is never closed"),
    ("did not find expected ',' or", "a comma, bracket or brace is missing here"),
    ("block sequence entries are not allowed", "a list cannot begin here: put the dash on a line of its own"),
    ("control characters are not allowed", "a control character stands here: delete it"),
    ("special characters are not allowed", "a control character stands here: delete it"),
    ("unhashable key", "a list or mapping cannot be a key: put the text in quotes"),
)
_NO_START = {
    "@": "a text cannot begin with `@` unquoted: put it in quotes, or write it below `>-`",
    "`": "a text cannot begin with a backquote unquoted: put it in quotes, or write it below `>-`",
    "%": "a text cannot begin with `%` unquoted: put it in quotes, or write it below `>-`",
    "\t": "a tab stands here: indent with spaces",
}


def reason_and_index(error: yaml.YAMLError, text: str) -> tuple[str, int]:
    """What is wrong in words, and the index in `text` where it stands."""
    if isinstance(error, yaml.reader.ReaderError):
        # The C loader was given text as UTF-8 and counts bytes of it.
        index = len(text.encode()[: error.position].decode(errors="ignore"))
        return "not YAML: " + _words(error.reason or ""), index
    problem = getattr(error, "problem", None) or str(error)
    marks = [getattr(error, "problem_mark", None), getattr(error, "context_mark", None)]
    if _NEVER_CLOSED in problem:
        marks.reverse()
    index = next((min(mark.index, len(text)) for mark in marks if mark is not None), 0)
    if "cannot start any token" in problem and text[index : index + 1] in _NO_START:
        return "not YAML: " + _NO_START[text[index]], index
    return "not YAML: " + _words(problem), index


def _words(problem: str) -> str:
    for part, words in _WORDS:
        if part in problem:
            return words
    return problem
