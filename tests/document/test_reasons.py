"""A mistake in YAML is told in a writer's words, at the place where it was made."""

from __future__ import annotations

import pytest

from storyboard.document import Document, DocumentError

HERE = "⟦"
MISTAKES: dict[str, tuple[str, str]] = {
    "a colon in a text": ("prompt: He says⟦: no\n", "a colon and a space stand inside a text: put the text in quotes"),
    "a name first": ("prompt: ⟦@bob walks\n", "cannot begin with `@` unquoted: put it in quotes"),
    "a backquote first": ("prompt: ⟦`x`\n", "cannot begin with a backquote"),
    "a percent sign first": ("prompt: ⟦%x\n", "cannot begin with `%`"),
    "a comma first": ("prompt: ⟦, x\n", "cannot begin with this unquoted: put it in quotes"),
    "a star first": ("prompt: *Crash⟦* and bang\n", "put a text that begins with one in quotes"),
    "an ampersand alone": ("prompt: &⟦ x\n", "letters or digits must follow a `&` or `*`"),
    "a dash first": ("prompt: ⟦- dash\n", "a list cannot begin here"),
    "text after a bracket": ("prompt: [Ambient, bells] ⟦wide shot\n", "text goes on after the closing bracket"),
    "text after a brace": ("prompt: {COLOUR} ⟦shoe\n", "text goes on after the closing brace"),
    "text after double quotes": ('prompt: "No," ⟦she says\n', "text goes on after the closing quote"),
    "text after single quotes": ("prompt: 'It'⟦s'\n", "text goes on after the closing quote"),
    "text on a block's header": ("prompt: | ⟦text\n", "a text below `|` or `>` begins on the next line"),
    "an open double quote": ('a: 1\nprompt: ⟦"no\nb: 1\n', "opens here is never closed"),
    "an open single quote": ("prompt: ⟦'no\nb: 1\n", "opens here is never closed"),
    "an open brace": ("a: ⟦{\n  b: 1\n", "opens here is never closed"),
    "a bracket closed by nothing": ("a: [1,\n  2\nb⟦: 3\n", "is missing here; it belongs to the `[` in line 1"),
    "a line without a colon": ("a: 1\n⟦b\nc: 2\n", "a key without its colon"),
    "a text that is not indented": ("a: one\n⟦two\nb: 1\n", "goes on without being indented"),
    "a line separator": ("a: one⟦\u2028two\nb: 1\n", "a line separator (U+2028) ends the text here"),
    "a NEL in a block": ("a: |\n  one⟦\x85two\nb: 1\n", "a line separator (U+0085) ends the text here"),
    "a tab as indentation": ("a:\n⟦\tb: 1\n", "a tab stands here: indent with spaces"),
    "a tab after a text": ("a: b\n⟦\tc: d\n", "a tab stands here: indent with spaces"),
    "too far out": ("a:\n  - b\n ⟦- c\n", "does not line up with those above it"),
    "a key one space in": ("shots:\n  - seconds: 3\n   ⟦prompt: x\n", "does not line up with the list above it"),
    "a wrong escape": (r'a: "C:⟦\win"', "write `\\\\` for a backslash"),
    "a surrogate as escape": (r'a: "\u⟦d83c"', "write the character itself instead of its escape"),
    "a list as key": ("⟦{{name}}: x\n", "cannot be a key: put the text in quotes"),
    "an anchor given twice": ("a: &x 1\nb: ⟦&x 2\n", "rename one of the two"),
    "an alias of nothing": ("a: ⟦*x\n", "has no anchor &x before it"),
    "two documents": ("a: 1\n⟦---\nb: 2\n", "more than one document: delete the `---`"),
    "a text after the end": ("a: 1\n...\n⟦b: 2\n", "the document has ended before this line"),
    "an unknown directive": ("%FOO⟦\n---\na: 1\n", "a line that begins with % is an order to the parser"),
    "a merge of nothing": ("<<: ⟦5\n", "`<<` takes the alias of a mapping"),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_explained_where_they_were_made(name: str, end: str) -> None:
    """The reason names the cause and the next step; line and column point at the mistake."""
    marked, words = MISTAKES[name]
    before = marked.split(HERE)[0]
    with pytest.raises(DocumentError) as caught:
        Document.parse(marked.replace(HERE, "").replace("\n", end).encode())
    assert words in caught.value.reason
    assert (caught.value.line, caught.value.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
