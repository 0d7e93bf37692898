"""Edits at the edges of what YAML can say: what comes out, byte for byte, or why it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from storyboard.document import Document, EditRefused

P = ("shots", 0, "p")

DONE: dict[str, tuple[str, tuple[Any, ...], str]] = {
    # moves in files without final newline: blank lines never end up at the end
    "a blank line of spaces": (
        "shots:\n  - p: a\n \n  - p: >-\n      b",
        ("move_shot", 0, 1),
        "shots:\n \n  - p: >-\n      b\n  - p: a",
    ),
    "a blank line above a keeping text": (
        "shots:\n  - p: a\n\n  - p: |+\n      b",
        ("move_shot", 0, 1),
        "shots:\n\n  - p: |+\n      b\n  - p: a",
    ),
    "old Mac line ends": (
        "shots:\r  - p: a\r\r  - p: |+\r      b",
        ("move_shot", 0, 1),
        "shots:\r\r  - p: |+\r      b\r  - p: a",
    ),
    # mixed line ends: every line keeps its own
    "a key below a line of the other kind": (
        "title: x\r\nwidth: 5\nshots:\r\n  - p: a\n",
        ("set", ("seed",), 1),
        "title: x\r\nwidth: 5\nseed: 1\r\nshots:\r\n  - p: a\n",
    ),
    "a move among lines of both kinds": (
        "title: x\r\nshots:\r\n  - p: a\n  - p: b\r\n  - p: c\n",
        ("move_shot", 0, 1),
        "title: x\r\nshots:\r\n  - p: b\r\n  - p: a\n  - p: c\n",
    ),
    "a word in a literal of the other kind": (
        "title: x\r\np: |\n  a\n  b\n  c d\n",
        ("set", ("p",), "a\nb\nc D\n"),
        "title: x\r\np: |\n  a\n  b\n  c D\n",
    ),
    # tags that the new value does not fit go; comments between them and the value stay
    "a comment behind a tag": (
        "title: !!str   # c\n  text\nb: 1\n",
        ("set", ("title",), 7),
        "title: # c\n  7\nb: 1\n",
    ),
    "a tagged mapping in braces": ("a: !loc {b: 1}\nc: 1\n", ("set", ("a",), 5), "a: 5\nc: 1\n"),
    "a tagged mapping on lines": ("a: !loc\n  b: 1\nc: 1\n", ("set", ("a",), 5), "a: 5\nc: 1\n"),
    "an anchor before a tag": ("a: &n !!int 3\nb: *n\n", ("set", ("a",), "x"), "a: &n x\nb: *n\n"),
    # a definition that goes to its first use is written as it can be there
    "a definition over two lines": (
        "n: &a one\n  two\nshots:\n  - p: *a\n",
        ("unset", ("n",)),
        "shots:\n  - p: &a one two\n",
    ),
    "a definition into braces": (
        "shots:\n  - p: &a one, two\n  - cam: {t: *a}\n",
        ("delete_shot", 0),
        'shots:\n  - cam: {t: &a "one, two"}\n',
    ),
    "a key without a colon": (
        "shots:\n  - ? p\n    : a\n  - ? p\n  - p: b\n",
        ("delete_shot", 1),
        "shots:\n  - ? p\n    : a\n  - p: b\n",
    ),
    # the same text elsewhere does not excuse a lost line break
    "a text with a line break, last": ('a: "x"', ("set", ("b",), "x\n"), 'a: "x"\nb: "x\\n"'),
    "a shot with a line break, last": (
        'shots:\n  - p: "b"',
        ("insert_shot", 1, {"p": "b\n"}),
        'shots:\n  - p: "b"\n  - p: "b\\n"',
    ),
    "a shot put where it is": ("shots: [{p: a}]", ("move_shot", 0, 0), "shots: [{p: a}]"),
    "a long text beside short ones": (
        "shots:\n  - p: short\n",
        ("insert_shot", 1, {"p": "word " * 20 + "end"}),
        "shots:\n  - p: short\n  - p: >-\n      " + "word " * 15 + "word\n      word word word word end\n",
    ),
}

SAME_WORDS_STAY: dict[str, tuple[str, str, str, str]] = {
    "a list inside a folded text": (
        "p: >\n  A list of things\n    - a bullet\n\n  back to text\n  and on\n", "text", "prose",
        "p: >\n  A list of things\n    - a bullet\n\n  back to prose\n  and on\n",
    ),
    "paragraphs in double quotes": (
        'p: "One \\"two\\" \\u00e9\n\n  three four\n  five"\nq: 1\n', "four", "4",
        'p: "One \\"two\\" \\u00e9\n\n  three 4\n  five"\nq: 1\n',
    ),
    "a continued line": ('p: "one \\\n  two three\n  four"\n', "three", "3", 'p: "one \\\n  two 3\n  four"\n'),
    "line breaks as escapes": ('p: "two lines\\nin one"\n', "one", "1", 'p: "two lines\\nin 1"\n'),
    "paragraphs in single quotes": (
        "p: 'one it''s long enough\n\n  two three four five six\n  seven'\n", "three", "3",
        "p: 'one it''s long enough\n\n  two 3 four five six\n  seven'\n",
    ),
    "plain paragraphs": (
        "p: one two three four five\n\n  six seven\n  eight # c\n", "six", "6",
        "p: one two three four five\n\n  6 seven\n  eight # c\n",
    ),
    "blank lines of spaces in a literal": ("p: |\n  a b\n   \n  c d\n", "d", "D", "p: |\n  a b\n   \n  c D\n"),
    "a keeping literal": ("p: |+\n  a b\n  c d\n\n\nq: 1\n", "b", "B", "p: |+\n  a B\n  c d\n\n\nq: 1\n"),
}  # fmt: skip

REFUSED: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "shots from elsewhere": (
        "base: &b {shots: [{p: a}]}\n<<: *b\n", ("insert_shot", 0, {"p": "x"}), "merged in from another place"
    ),
    "inside a mapping from elsewhere": (
        "base: &b {cam: {lens: 35}}\nshots:\n  - <<: *b\n    s: 2\n", ("set", ("shots", 0, "cam", "move"), "pan"),
        "`cam` is merged in from another place",
    ),
    "a key that would still be there": (
        "base: &b {s: 1}\nshots:\n  - <<: *b\n    s: 2\n", ("unset", ("shots", 0, "s")), "would still be there"
    ),
    "a list as a key": ("k: &k seconds\nshots:\n  - *k : 2\n", ("set", ("k",), [1]), "repeated as a key"),
    "a list on the way": ("output: []\n", ("set", ("output", "takes"), 3), "a list stands where"),
    "an anchor below its alias": ("shots:\n  - p: &a x\n  - p: *a\n", ("move_shot", 0, 1), "below what repeats it"),
    "a mapping that others repeat": ("a: &a\n  b: 1\nc: *a\n", ("unset", ("a",)), "repeated elsewhere"),
    "line breaks at the end of a file without": (
        "shots:\n  - p: |+\n      a\n\n  - p: b", ("move_shot", 0, 1), "add one first"
    ),
    "more than can be read again": ("a: 1\n", ("set", ("a",), "x" * 300_000), "too large"),
    "a shot that is not there": ("shots: [{p: a}]", ("move_shot", 5, 5), "no place 5"),
}  # fmt: skip


@pytest.mark.parametrize("name", DONE)
def test_what_comes_out(name: str) -> None:
    """Exactly these bytes, and undo gives the old ones."""
    before, (call, *arguments), after = DONE[name]
    document = Document.parse(before.encode())
    getattr(document, call)(*arguments)
    assert document.to_bytes().decode() == after
    assert document.undo() == (before != after)
    assert document.to_bytes().decode() == before


@pytest.mark.parametrize("name", SAME_WORDS_STAY)
def test_a_changed_word_is_a_changed_word(name: str) -> None:
    """Of a text over several lines, nothing else is written anew, however it is written."""
    before, old, new, after = SAME_WORDS_STAY[name]
    document = Document.parse(before.encode())
    document.set(("p",), document.data["p"].replace(old, new))
    assert document.to_bytes().decode() == after


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_changes_nothing(name: str) -> None:
    """In words that lead on."""
    before, (call, *arguments), reason = REFUSED[name]
    document = Document.parse(before.encode())
    with pytest.raises(EditRefused) as refused:
        getattr(document, call)(*arguments)
    assert reason in refused.value.reason
    assert document.to_bytes().decode() == before
    assert not document.undo()
