"""Whatever the bytes: a document that comes back as it was, or one DocumentError."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.document import Document, DocumentError
from tests.document.cases import BOARDS, CASES

SEEDS = [*BOARDS.values(), *(case.to_bytes() for case in CASES.values())]
PIECES = ["a", "b: ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "&x ", "*x", "!t ", "!!int ", "<<: ", "|\n", ">-\n"]
PIECES += [
    "'",
    '"',
    "\\",
    "#",
    " #",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "\r",
    "\t",
    "---\n",
    "...\n",
    "%TAG ! x\n",
    "=",
    "~",
]
PIECES += ["0x1f", "12:30", "1e400", "true", "🎬", "\u2028", "\x85", "\ufeff", "\0", "\x1b", "é", "`", "@", "%"]


def _read(data: bytes) -> None:
    try:
        document = Document.parse(data)
    except DocumentError as error:
        refused = error
    else:
        _look_at(document, data)
        return
    assert min(refused.line, refused.column) >= 1
    assert 0 < len(refused.reason) < 300


def _look_at(document: Document, data: bytes) -> None:
    assert document.to_bytes() == data
    for duplicate in document.duplicates():
        assert duplicate.first_line <= duplicate.span.line
    _walk(document, document.data, ())


def _walk(document: Document, value: Any, path: tuple[str | int, ...]) -> None:
    for span in (document.span(path), document.key_span(path)):
        assert (span.line, span.column) <= (span.end_line, span.end_column)
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(key, str):
                _walk(document, child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _walk(document, child, (*path, index))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_pieces_of_yaml_in_any_order(pieces: list[str]) -> None:
    """Anything put together from YAML's own signs is read or refused, never a crash."""
    _read("".join(pieces).encode())


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    """Bytes of any kind are read or refused, never a crash."""
    _read(data)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(SEEDS), st.data())
def test_documents_with_damage(seed: bytes, data: st.DataObject) -> None:
    """A document with a part cut out, doubled or replaced is read or refused, never a crash."""
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 40)))
    put = data.draw(
        st.one_of(st.binary(max_size=6), st.sampled_from(PIECES).map(str.encode), st.just(seed[start:end] * 2))
    )
    _read(seed[:start] + put + seed[end:])
