"""Versions that are made to be slow to compare: what changed is said at once, if not as finely."""

from __future__ import annotations

from difflib import unified_diff
from random import Random
from time import process_time

import pytest

from storyboard.document import Document
from storyboard.tui.differences import difference as shown
from storyboard.versions.alignment import changed_lines
from storyboard.versions.difference import difference, text_difference

SECONDS = 2
"""Less than one on a machine of its own; others work on this one."""


def _random(count: int, kinds: int, seed: int) -> list[str]:
    random = Random(seed)
    return [f"{random.randrange(kinds):x}" for _ in range(count)]


def _turns(count: int, *kinds: str) -> list[str]:
    return [kinds[index % len(kinds)] for index in range(count)]


LINES = {
    "a few lines again and again": (_random(80_000, 100, 1), _random(80_000, 100, 2)),
    "two lines": (_random(1000, 2, 1), _random(1000, 2, 2)),
    "each second line is the same": (
        [f"{n}a"[: 99 * (n % 2 + 1)] if n % 2 else str(n) for n in range(30_000)],
        [f"{n}b" if n % 2 else str(n) for n in range(30_000)],
    ),
    "one line": (["x"] * 1000, _turns(1000, "x", "q")),
    "in turns": (_turns(1000, "x", "a"), _turns(1000, "b", "x", "c")),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_are_compared_at_once(name: str) -> None:
    """As git asks for it, and as the editor shows a file that another program changed; the lines are all there."""
    old, new = LINES[name]
    begun = process_time()
    said = text_difference("\n".join(old), "\n".join(new))
    shown("\n".join(old).encode(), "\n".join(new).encode(), "on disk", "here")
    assert process_time() - begun < SECONDS
    assert sum(line[:1] in " +" for line in said) <= len(new)
    assert sum(line.startswith("-") for line in said) <= len(old)


@pytest.mark.parametrize("kinds", [2, 10])
@pytest.mark.parametrize("where", ["keys", "shots"])
def test_words_are_compared_at_once(where: str, kinds: int) -> None:
    """Of all texts of a file together."""
    begins = {"keys": "x-{}: '{}'\n", "shots": "- {{seconds: 3, note: n{}, prompt: '{}'}}\n"}
    texts = [
        "".join(begins[where].format(n, " ".join(_random(990, kinds, seed + n))) for n in range(60))
        for seed in (1000, 2000)
    ]
    old, new = (Document.parse((("shots:\n" if where == "shots" else "") + text).encode()) for text in texts)
    begun = process_time()
    said = difference(old, new)
    assert process_time() - begun < SECONDS
    assert len([line for line in said if not line.startswith("    ")]) == 60


def test_changed_lines_are_those_of_difflib() -> None:
    """Where there are not too many, and none comes often."""
    for seed in range(200):
        random = Random(seed)
        old = [str(n) for n in range(random.randrange(30))]
        new = [line if random.random() < 0.8 else f"new {line}" for line in old if random.random() < 0.9]
        assert list(changed_lines(old, new)) == list(unified_diff(old, new, n=2, lineterm=""))[2:]


def test_what_is_too_much_is_one_change() -> None:
    """Between what both begin and end with."""
    old, new = ["same", *_random(2000, 3, 1), "end"], ["same", *_random(2000, 3, 2), "end"]
    said = list(changed_lines(old, new))
    assert said[0] == "@@ -1,2002 +1,2002 @@"
    assert [line[1:] for line in said[1:] if line[0] in " -"] == old
    assert [line[1:] for line in said[1:] if line[0] in " +"] == new
