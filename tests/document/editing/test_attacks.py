"""Hostile documents and values: an edit is made or refused, at once, and nothing crashes."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECONDS = 20
# Expressions: the bytes are made in the process that a crash would end.
DOCUMENTS: dict[str, str] = {
    "32 levels in brackets": "b'a: ' + b'[' * 31 + b']' * 31 + b'\\nshots: [{p: x}, {p: y}]\\n'",
    "32 levels of keys": (
        "b''.join(b' ' * n + b'k:\\n' for n in range(30)) + b' ' * 31 + b'x\\nshots: [{p: x}, {p: y}]\\n'"
    ),
    "thousands of keys": "b''.join(b'k%d: 1\\n' % n for n in range(1500)) + b'shots:\\n- p: x\\n- p: y\\n'",
    "thousands of shots": "b'shots:\\n' + b''.join(b'- p: %d\\n' % n for n in range(800))",
    "thousands of aliases": "b'a: &a {k: v}\\nl: [' + b'*a, ' * 2500 + b']\\nshots:\\n- p: x\\n- p: y\\n'",
    "a chain of aliases": (
        "b'a0: &a0 [x]\\n' + b''.join(b'a%d: &a%d [*a%d]\\n' % (n, n, n-1) for n in range(1, 150))"
        " + b'shots:\\n- p: x\\n- p: y\\n'"
    ),
    "nothing but comments": "b'# c\\n' * 40000",
    "blank lines": "b'shots:\\n' + b'\\n' * 20000 + b'- p: x\\n' + b'\\n' * 20000 + b'- p: y\\n'",
    "a prompt of 80 KB": "b'shots:\\n- p: >-\\n    ' + b'word\\n    ' * 9000 + b'\\n- p: y\\n'",
    "one line of 250 KB": "b'shots: [{p: x}, {p: \"' + b'a ' * 120000 + b'\"}]'",
    "old Mac line ends": "b'title: x\\rshots:\\r- p: |\\r    x\\r- p: y\\r'",
    "mixed line ends": "b'title: x\\r\\nshots:\\n- p: |\\r\\n    x\\r- p: y\\n'",
    "line breaks of other readers": "'title: x\\u2028shots: y\\x85\\nshots:\\n- p: \"a\\u2029b\"\\n- p: y\\n'.encode()",
}
VALUES: dict[str, str] = {
    "a lone surrogate": "'\\ud800'",
    "control characters": "'\\0\\x01\\x1b\\x7f\\x9f'",
    "a byte order mark": "'\\ufeffx\\ufffe'",
    "more than a file may have": "'x ' * 140_000",
    "a nested value": "nested(31)",
    "too many levels": "nested(5_000)",
    "a value that holds itself": "cyclic()",
    "an object": "object()",
    "a set": "{1, 2}",
    "a huge number": "10 ** 900",
    "odd numbers": "[1e22, -0.0, 1e-300, float('nan'), float('-inf'), 0.1]",
    "odd keys": "{'': 1, 'a: b': 2, 5: 3, True: 4, None: 5, '<<': 6, '? x': 7, 'x' * 2000: 8}",
}
_RUN = """
import sys
from storyboard.document import Document, DocumentError, EditRefused
def nested(levels):
    value = "x"
    for _ in range(levels): value = [value]
    return value
def cyclic():
    value = []
    value.append(value)
    return value
edits = (
    lambda d, v: d.set(["title"], v), lambda d, v: d.set(["shots", 0, "p"], v), lambda d, v: d.unset(["shots", 1, "p"]),
    lambda d, v: d.insert_shot(1, {{"p": v}}), lambda d, v: d.delete_shot(0), lambda d, v: d.move_shot(0, 1),
)
document = {document}
for value in ({values},):
    done = 0
    for edit in edits:
        opened = Document.parse(document)
        try:
            edit(opened, value)
            done += 1
            assert Document.parse(opened.to_bytes()).to_bytes() == opened.to_bytes()
            assert opened.undo() and opened.to_bytes() == document
        except EditRefused:
            assert opened.to_bytes() == document
    print(done)
"""


def _run(document: str, *values: str) -> list[int]:
    """How many of six edits were made, for each value."""
    program = _RUN.format(document=document, values=", ".join(values))
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [int(line) for line in ran.stdout.split()]


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_hostile_document_is_edited_or_left_alone(document: str) -> None:
    """The process ends well and in time."""
    _run(document, "'new'")


def test_a_hostile_value_is_written_or_refused() -> None:
    """What does not concern the value works in any case."""
    done = _run("b'title: x\\nshots:\\n- p: x\\n  q: 1\\n- p: y\\n  q: 2\\n'", *VALUES.values())
    assert {name: count for name, count in zip(VALUES, done, strict=True) if count < 3} == {}
