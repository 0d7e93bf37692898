"""Texts made to crash or stall a reader end in one DocumentError, at once. Each runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECONDS = 5
# Expressions, so that the bytes are made where a crash would do no harm.
ATTACKS: dict[str, tuple[str, str]] = {
    "100,000 flow lists": ("b'a: ' + b'[' * 100_000", "levels deep"),
    "100,000 flow lists, closed": ("b'[' * 100_000 + b']' * 100_000", "levels deep"),
    "flow mappings": ("b'{a: ' * 50_000", "levels deep"),
    "100,000 dashes": ("b'- ' * 100_000", "levels deep"),
    "100,000 explicit keys": ("b'? ' * 100_000", "levels deep"),
    "500 block levels": ("b''.join(b' ' * n + b'a:\\n' for n in range(500))", "levels deep"),
    "dashes down the page": ("b''.join(b' ' * n + b'-\\n' for n in range(700))", "levels deep"),
    "33 levels": ("b'[' * 33 + b']' * 33", "levels deep"),
    "an alias bomb": ("chain(b'a0: &a0 [x]', b'aN: &aN [' + b'*aP, ' * 9 + b']', 40)", "aliases written out"),
    "an alias bomb of mappings": ("chain(b'a0: &a0 {k: v}', b'aN: &aN {l: *aP, r: *aP}', 60)", "aliases written out"),
    "a merge bomb": (
        "chain(b'a0: &a0 {k: v}', b'aN: &aN {<<: [' + b'*aP, ' * 9 + b'], kN: v}', 40)",
        "aliases written out",
    ),
    "a chain of merges": ("chain(b'a0: &a0 {k: v}', b'aN: &aN {<<: *aP, kN: v}', 2000)", "aliases written out"),
    "a long text for each name": (
        "b'a: &a ' + b'word ' * 20_000 + b'\\ncast: {' + b', '.join(b'n%d: *a' % n for n in range(6_000)) + b'}'",
        "characters, aliases written out",
    ),
    "a long text in lists of lists": (
        "b'a0: &a0 [' + b'x' * 9_000 + b']\\na1: &a1 [' + b'*a0, ' * 9 + b']\\na2: [' + b'*a1, ' * 9 + b']'",
        "characters, aliases written out",
    ),
    "a list that holds itself": ("b'a: &x [*x]'", "stands inside what it repeats"),
    "a mapping that merges itself": ("b'a: &x {<<: *x}'", "stands inside what it repeats"),
    "a mapping that is its own key": ("b'&x {*x : a}'", "stands inside what it repeats"),
    "many tiny nodes": ("b'- a\\n' * 65_536", "20000 values"),
    "many tiny flow nodes": ("b'[' + b'a,' * 120_000 + b']'", "20000 values"),
    "20,000 keys": ("b''.join(b'k%d: 1\\n' % n for n in range(20_000))", "20000 values"),
    "many empty explicit keys": ("b'? a\\n' * 60_000", "20000 values"),
    "many documents": ("b'--- a\\n' * 30_000", "more than one document"),
    "many directives": ("b''.join(b'%%TAG !%d! x\\n' % n for n in range(16_000)) + b'--- a'", "begin with %"),
    "directives between comments": ("b'# c\\n\\n%TAG !a! x\\r' * 9_000 + b'--- a'", "begin with %"),
    "a decimal number of 200,000 digits": ("b'a: ' + b'9' * 200_000", "digits"),
    "a hexadecimal number of 200,000 digits": ("b'a: 0x' + b'f' * 200_000", "digits"),
    "an octal number of 200,000 digits": ("b'a: 0o' + b'7' * 200_000", "digits"),
    "a key of 5,000 digits": ("b'9' * 5_000 + b': a'", "not YAML"),
    "an anchor without end": ("b'a: &' + b'&' * 200_000", "not YAML"),
    "a tag without end": ("b'!<' + b'a' * 200_000 + b'> x'", "not allowed"),
    "commas": ("b',' * 200_000", "not YAML"),
    "more than 256 KiB": ("b'#' * (256 * 1024 + 1)", "too large"),
}
HARMLESS: dict[str, str] = {
    "exactly 256 KiB": "b'a: ' + b'x' * (256 * 1024 - 3)",
    "32 levels": "b'[' * 32 + b']' * 32",
    "six long texts that are one": "b'a: &a ' + b'x' * 37_000 + b'\\nb: [' + b'*a, ' * 6 + b']'",
    "9,999 keys": "b''.join(b'k%d: 1\\n' % n for n in range(9_999))",
    "a long folded text": "b'a: >\\n' + b' a\\n' * 80_000",
    "a long quoted text over lines": "b'\"' + b'a\\n' * 130_000 + b'\"'",
    "escapes": "b'a: \"' + b'\\\\n' * 120_000 + b'\"'",
    "blank lines": "b'a: |\\n' + b'\\n' * 250_000",
    "comments": "b'#\\n' * 120_000",
    "ten directives": "b''.join(b'%%TAG !%d! x\\n' % n for n in range(10)) + b'--- a'",
}
_READ = """
from storyboard.document import Document, DocumentError
def chain(first, link, count):
    links = (link.replace(b'N', b'%d' % n).replace(b'P', b'%d' % (n - 1)) for n in range(1, count))
    return b'\\n'.join([first, *links])
data = {data}
try:
    document = Document.parse(data)
    assert document.to_bytes() == data
    list(document.duplicates())
    print("read")
except DocumentError as error:
    assert error.line >= 1 and error.column >= 1 and len(error.reason) < 300, error.reason
    print("refused:", error.reason)
"""


def _read_elsewhere(data: str) -> str:
    command = [sys.executable, "-c", _READ.format(data=data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused_at_once(name: str) -> None:
    """One DocumentError of a readable length; no crash, no stall, nothing else."""
    data, words = ATTACKS[name]
    answer = _read_elsewhere(data)
    assert answer.startswith("refused: ")
    assert words in answer


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_large_is_read(name: str) -> None:
    """The guards stop at what is too much and not before."""
    assert _read_elsewhere(HARMLESS[name]) == "read"


def test_the_guards_do_without_libyaml() -> None:
    """Where PyYAML has no libyaml, the same texts are refused by the same guards, and places are the same."""
    script = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        "from dataclasses import astuple\n"
        "import yaml; assert not yaml.__with_libyaml__\n"
        "from storyboard.document import Document, DocumentError\n"
        "for data in (b'[' * 100_000, b'- a\\n' * 30_000, b'a: &x [*x]', 'a: \U0001f3ac \\x1b'.encode()):\n"
        "    try: Document.parse(data)\n"
        "    except DocumentError as error: print(error.line, error.column, error.reason[:20])\n"
        "document = Document.parse('# c\\na: |\\n  \U0001f3ac\\n\\nb: [1, \"x\"]\\n'.encode())\n"
        "print(document.data, *astuple(document.span(('a',))))\n"
        "print(*astuple(document.span(('b', 1))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=2 * SECONDS, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "1 33 nested more than 32 ",
        "20001 3 more than 20000 valu",
        "1 8 the alias *x stands ",
        "1 6 not YAML: a control ",
        "{'a': '\U0001f3ac\\n', 'b': [1, 'x']} 2 4 3 4",
        "5 8 5 11",
    ]
