"""Where keys and values stand: line and column from 1, in code points, the end just behind the last character."""

from __future__ import annotations

import pytest

from storyboard.document import Document, Span
from tests.document.marked import unmarked

Path = tuple[str | int, ...]

VALUES: dict[str, tuple[str, Path]] = {
    "plain": ("a: ⟦two words⟧  # note\n", ("a",)),
    "plain over lines": ("a: ⟦one\n  two\n\n  three⟧\nb: 1\n", ("a",)),
    "plain that holds #": ("a: ⟦x#y⟧ # z\n", ("a",)),
    "single quotes": ("a: ⟦'it''s'⟧ # c\n", ("a",)),
    "double quotes over lines": ('a: ⟦"one \\\n  two"⟧\nb: 1\n', ("a",)),
    "literal": ("a: ⟦|\n  one\n  two⟧\nb: 1\n", ("a",)),
    "literal with keep": ("a: ⟦|+\n  one⟧\n\n\nb: 1\n", ("a",)),
    "literal with an indicator": ("a: ⟦|2-\n    one⟧\nb: 1\n", ("a",)),
    "folded with a comment on its header": ("a: ⟦>-  # note\n  one\n\n  two⟧\n\n# end\n", ("a",)),
    "literal without content": ("a: ⟦|⟧\nb: 1\n", ("a",)),
    "literal at the end of the file": ("a: ⟦|\n  one⟧", ("a",)),
    "literal that ends in a wide space": ("a: ⟦|\n  one\u3000⟧\nb: 1\n", ("a",)),
    "nothing": ("a:⟦⟧\nb: 1\n", ("a",)),
    "nothing before a comment": ("a:⟦⟧  # later\nb: 1\n", ("a",)),
    "nothing at a dash": ("a:\n  -⟦⟧\n  - x\n", ("a", 0)),
    "a number": ("a: ⟦0x1F⟧\n", ("a",)),
    "a value below its key": ("a:\n  # c\n  ⟦x⟧\n", ("a",)),
    "a list": ("a:\n  ⟦- x\n  -  y⟧\n\nb: 1\n", ("a",)),
    "a list that is not indented": ("a:\n⟦- x\n- y⟧\nb: 1\n", ("a",)),
    "a mapping": ("a:\n  ⟦b: 1\n  c: |\n    x⟧\n\n\nd: 1\n", ("a",)),
    "an item": ("a:\n  - ⟦b: 1\n    c: 2⟧\n  - b: 3\n", ("a", 0)),
    "an item whose dash stands alone": ("a:\n  -\n    ⟦b: 1⟧\n  - b: 3\n", ("a", 0)),
    "a flow list": ("a: ⟦[1,\n  2 ]⟧ # c\n", ("a",)),
    "in a flow list": ("a: [1, ⟦two⟧ , 3]\n", ("a", 1)),
    "a flow mapping": ("a: [⟦{b: 1, c: 2}⟧]\n", ("a", 0)),
    "in a flow mapping": ("a: {b: 1, c: ⟦'x'⟧}\n", ("a", "c")),
    "an empty flow list": ("a: ⟦[]⟧\n", ("a",)),
    "an anchor belongs to its value": ("a: ⟦&x 5⟧\nb: *x\n", ("a",)),
    "a tag belongs to its value": ("a: ⟦!foo\n  - x⟧\nb: 1\n", ("a",)),
    "an alias stands where it is used": ("a: &x 5\nb: ⟦*x⟧ # c\n", ("b",)),
    "what is in an alias stands at its anchor": ("a: &x\n  c: ⟦5⟧\nb: *x\n", ("b", "c")),
    "a merged value": ("a: &x {c: ⟦5⟧}\nb:\n  <<: *x\n  d: 1\n", ("b", "c")),
    "a merged value of a list": ("a: &x {c: 1}\nz: &z {c: 2, e: ⟦3⟧}\nb: {<<: [*x, *z]}\n", ("b", "e")),
    "the first of merged values": ("a: &x {c: ⟦1⟧}\nz: &z {c: 2}\nb: {<<: [*x, *z]}\n", ("b", "c")),
    "merged twice over": ("a: &x {c: ⟦1⟧}\nz: &z {<<: *x}\nb: {<<: *z}\n", ("b", "c")),
    "the mapping's own counts more than a merged one": ("a: &x {c: 1}\nb: {c: ⟦2⟧, <<: *x}\n", ("b", "c")),
    "the last of equal keys counts": ("a: 1\na: ⟦2⟧\n", ("a",)),
    "a whole number as key": ("5: ⟦x⟧\n", (5,)),
    "a written number as key": ("'5': 1\n5: ⟦x⟧\n", (5,)),
    "true as key": ("true: ⟦x⟧\n", ("true",)),
    "a float as key": ("1.50: ⟦x⟧\n", ("1.5",)),
    "null as key": ("~: ⟦x⟧\n", ("null",)),
    "an explicit key": ("? a\n: ⟦x⟧\n", ("a",)),
    "astral characters count as one": ("🎬🎬: {👩‍👩‍👧: ⟦🌅🌅⟧}\n", ("🎬🎬", "👩‍👩‍👧")),
    "astral characters before": ('x: "🎬🎬" # 🎬\ny: ["🎬", ⟦z⟧]\n', ("y", 1)),
    "after a BOM": ("\ufeffa: ⟦x⟧\n", ("a",)),
    "CRLF": ("# c\r\na: ⟦x⟧\r\nb: 1\r\n", ("a",)),
    "a block with CRLF": ("a: ⟦|\r\n  x\r\n  y⟧\r\n\r\nb: 1\r\n", ("a",)),
    "lone CR": ("# c\ra: ⟦x⟧\rb: 1\r", ("a",)),
    "a NEL is no line of an editor": ('a: "x\x85\u2028 y"\nb: ⟦z⟧\n', ("b",)),
    "after a document's start": ("%YAML 1.2\n--- # c\na: ⟦x⟧\n...\n", ("a",)),
    "what is missing is placed at what is there": ("a:\n  ⟦b: 1⟧\n", ("a", "zz", 3)),
    "an index past the end": ("a: ⟦[x]⟧\n", ("a", 1)),
    "a path through a scalar": ("a: ⟦x⟧\n", ("a", "b")),
    "the whole document": ("# c\n\n⟦a: 1\nb: 2⟧\n\n", ()),
}

KEYS: dict[str, tuple[str, Path]] = {
    "plain": ("x: 1\n⟦two words⟧ : 1\n", ("two words",)),
    "quoted": ('⟦"a\\tb"⟧: 1\n', ("a\tb",)),
    "explicit": ("? ⟦a⟧\n: 1\n", ("a",)),
    "in a flow mapping": ("{a: 1, ⟦b⟧: 2}\n", ("b",)),
    "without a value": ("{a: 1, ⟦b⟧}\n", ("b",)),
    "in an item": ("a:\n- ⟦b⟧: 1\n", ("a", 0, "b")),
    "after a multi-line value": ("a: |\n  🎬\n  x\n⟦b⟧: 1\n", ("b",)),
    "with an anchor": ("⟦&k a⟧: 1\n", ("a",)),
    "an alias": ("a: &k b\n⟦*k⟧ : 1\n", ("b",)),
    "of another type": ("a: 1\n⟦0x10⟧: 1\n", (16,)),
    "tagged": ("a: 1\n⟦!!int '5'⟧: 1\n", (5,)),
    "merged": ("a: &x {⟦c⟧: 5}\nb: {<<: *x}\n", ("b", "c")),
    "the merge itself": ("a: &x {c: 5}\nb: {⟦<<⟧: *x}\n", ("b", "<<")),
    "a list's item has none": ("a: [1, ⟦2⟧]\n", ("a", 1)),
    "missing": ("⟦a: 1⟧\n", ("zz",)),
}


@pytest.mark.parametrize("name", VALUES)
def test_where_values_stand(name: str) -> None:
    """A value stands from its first character, anchor and tag included, to its last, comments and gaps left out."""
    marked, path = VALUES[name]
    text, expected = unmarked(marked.removeprefix("\ufeff"))
    bom = b"\xef\xbb\xbf" if marked.startswith("\ufeff") else b""
    assert Document.parse(bom + text.encode()).span(path) == expected


@pytest.mark.parametrize("name", KEYS)
def test_where_keys_stand(name: str) -> None:
    """A key stands where it is written; where there is none, its value or what is around it does."""
    marked, path = KEYS[name]
    text, expected = unmarked(marked)
    assert Document.parse(text.encode()).key_span(path) == expected


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_document_stands_at_its_start(text: str) -> None:
    """There is always a place to point at."""
    document = Document.parse(text.encode())
    assert document.data is None
    assert document.span(("a",)) == document.key_span(()) == Span(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("marked", "path", "first"),
    [
        ("a: 1\n⟦a⟧: 2\n", ("a",), 1),
        ("x: [{b: 1, c: 1,\n  ⟦b⟧: 2}]\n", ("x", 0, "b"), 1),
        ("a: 1\n⟦'a'⟧: 2\n", ("a",), 1),
        ("5: 1\n⟦0x5⟧: 2\n", (5,), 1),
        ("&k a: 1\n⟦*k⟧ : 2\n", ("a",), 1),
        ("! '1': 1\n⟦1⟧: 2\n", (1,), 1),
        ("a: &x {c: 1}\nb: {<<: *x, ⟦<<⟧: *x}\n", ("b", "<<"), 2),
    ],
)
def test_a_key_given_twice(marked: str, path: Path, first: int) -> None:
    """The second of equal keys is told with its place and the line of the first."""
    text, span = unmarked(marked)
    (found,) = Document.parse(text.encode()).duplicates()
    assert (found.path, found.span, found.first_line) == (path, span, first)


@pytest.mark.parametrize("text", ["5: 1\n'5': 2\n", "a: &x {c: 1}\nb: {<<: *x, c: 2}\n", "a: {b: 1}\nc: {b: 1}\n"])
def test_keys_that_differ_are_no_duplicates(text: str) -> None:
    """A number and its text differ; a merged key may be said again; other mappings have their own keys."""
    assert list(Document.parse(text.encode()).duplicates()) == []
