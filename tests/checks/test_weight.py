"""Checking is light to load and linear in the size of the file, hostile files included."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECONDS = 5
HEAVY = (
    "pydantic",
    "httpx",
    "textual",
    "click",
    "sqlite3",
    "asyncio",
    "difflib",
    "unicodedata.name",
    "http",
    "av",
    "PIL",
)
SHOT = "'shots:\\n- seconds: 3\\n  prompt: '"
# Expressions for the storyboard's text, and a code that is found in it.
LARGE: dict[str, tuple[str, str]] = {
    "9,000 unknown keys": ("''.join(f'k{n}: 1\\n' for n in range(9000))", "SB002"),
    "9,000 unknown keys of a shot": (
        SHOT + " + 'x\\n' + ''.join(f'  k{n}: 1\\n' for n in range(9000))",
        "SB002",
    ),
    "9,000 keys that are true to no type": ("''.join(f'{n}.5: 1\\n' for n in range(9000))", "SB002"),
    "20,000 keys": ("''.join(f'k{n}: 1\\n' for n in range(20000))", "SB001"),
    "9,000 names that are no cast names": ("'cast:\\n' + ''.join(f'  {n}x: y\\n' for n in range(9000))", "SB003"),
    "4,000 names given twice": ("'cast:\\n' + ''.join(f'  n{n}: y\\n' for n in range(4000)) * 2", "SB004"),
    "60,000 unknown names": (SHOT + " + '\"' + '@zz ' * 60000 + '\"'", "SB110"),
    "30,000 different names": (
        SHOT + " + '\"' + ' '.join(f'@n{n:05}' for n in range(30000)) + '\"'",
        "SB110",
    ),
    "names to guess among 9,000": (
        f"'cast:\\n' + ''.join(f'  name{{n}}: y\\n' for n in range(9000)) + {SHOT} + '\"@nome1 @nime2 @nume3\"'",
        "SB110",
    ),
    "a name of 200,000 letters": (SHOT + " + '\"@' + 'z' * 200000 + '\"'", "SB110"),
    "hyphens after a name": (SHOT + " + '\"' + '@a' + '-' * 200000 + '\"'", "SB105"),
    "signs of names": (SHOT + " + '\"' + '@' * 200001 + '\"'", "SB105"),
    "a look of names in 50 shots": (
        "'look: \"' + '@zz ' * 40000 + '\"\\nshots:\\n' + '- {seconds: 3, prompt: x}\\n' * 50",
        "SB105",
    ),
    "9,000 shots": ("'shots:\\n' + '- {seconds: 3}\\n' * 4500", "SB103"),
    "a long text used 30,000 times": (
        "'cast: {a: ' + 'x' * 100000 + '}\\nshots: [{seconds: 3, prompt: \"' + '@a ' * 30000 + '\"}]'",
        "SB105",
    ),
    "blanks used 30,000 times": (
        "'cast: {a: \"' + ' ' * 100000 + '\"}\\nshots: [{seconds: 3, prompt: \"' + '@a ' * 30000 + '\"}]'",
        "SB109",
    ),
    "60,000 hidden characters": (SHOT + " + '\"' + 'a\\u200b' * 60000 + '\"'", "SB108"),
    "joiners": (SHOT + " + '\"' + '\\u200d' * 80000 + '\"'", "SB108"),
    "semicolons": (SHOT + " + '\"' + ';' * 200000 + '\"'", "SB107"),
    "closing brackets before a look": (
        "'look: x\\n' + " + SHOT + " + '\"' + ')' * 200000 + '\"'",
        "SB105",
    ),
}
_CHECK = """
from storyboard.checks import check_bytes
found = check_bytes(({text}).encode(), "a", "/nowhere").diagnostics
assert all(len(one.message) < 400 for one in found), max(found, key=lambda one: len(one.message))
print(*sorted({{one.code for one in found}}))
"""


def _run(script: str) -> str:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("name", LARGE)
def test_large_files_are_checked_in_no_time(name: str) -> None:
    """A file at the size limit is checked within seconds, whatever it repeats, and in messages of a readable length."""
    text, code = LARGE[name]
    assert code in _run(_CHECK.format(text=text)).split()


def test_checks_load_nothing_heavy() -> None:
    """Neither loading nor checking a sound storyboard loads the model, the wire, the terminal or a database."""
    script = (
        "import sys\n"
        "from storyboard.checks import check_bytes\n"
        "report = check_bytes(b'cast: {a: b}\\nlook: x\\nshots: [{seconds: 3, prompt: \"@a\"}]', 'a', '/nowhere')\n"
        "assert report.diagnostics == []\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    assert _run(script) == "[]\n"
