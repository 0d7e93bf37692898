"""A version control system sees exactly the lines that an edit is about."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from storyboard.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOARD = """\
# Storyboard
title: Harbour        # working title
duration: 15

shots:
  # opening
  - seconds: 5
    prompt: >-
      A long tracking shot through the market in early morning light, past crates
      of oranges and a sleeping cat, until the camera finds the sea between two
      houses and stops there for a moment.

  # gulls
  - seconds: 4
    prompt: "Gulls over the quay"   # cc
  - {seconds: 6, prompt: Boats leave}
"""


def _prompt(document: Document) -> str:
    return str(document.data["shots"][0]["prompt"])


def _change(old: str, new: str) -> Callable[[Document], None]:
    return lambda document: document.set(["shots", 0, "prompt"], _prompt(document).replace(old, new))


def _there_and_back(document: Document) -> None:
    document.move_shot(0, 1)
    document.move_shot(1, 0)


EDITS: dict[str, tuple[Callable[[Document], None], tuple[int, int]]] = {
    "one word in a folded prompt": (_change("sleeping", "yawning"), (1, 1)),
    "a longer word in a full line": (_change("past", "and past"), (1, 1)),
    "words more than a line has room for": (_change("past", "and very slowly past"), (2, 1)),
    "a word more at the end": (_change("a moment.", "a moment. Silence."), (1, 1)),
    "a word less": (_change("early ", ""), (1, 1)),
    "seconds": (lambda d: d.set(["shots", 1, "seconds"], 3), (1, 1)),
    "a quoted prompt": (lambda d: d.set(["shots", 1, "prompt"], 'Gulls: "cry"'), (1, 1)),
    "a value in braces": (lambda d: d.set(["shots", 2, "prompt"], "Boats, leaving"), (1, 1)),
    "the title": (lambda d: d.set(["title"], "Port"), (1, 1)),
    "a new key": (lambda d: d.set(["look"], "film grain"), (1, 0)),
    "a note": (lambda d: d.set(["shots", 1, "note"], "wait for wind"), (1, 0)),
    "a key taken out": (lambda d: d.unset(["duration"]), (0, 1)),
    "a shot more": (lambda d: d.insert_shot(1, {"seconds": 2, "prompt": "New"}), (4, 0)),
    "a shot less": (lambda d: d.delete_shot(1), (0, 3)),
    "the last shot first": (lambda d: d.move_shot(2, 0), (2, 2)),  # the blank line stays below the first shot
    "there and back": (_there_and_back, (0, 0)),
}


@pytest.mark.parametrize(("edit", "lines"), EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_git_counts_the_lines_of_an_edit(
    tmp_path: Path, edit: Callable[[Document], None], lines: tuple[int, int], newline: str
) -> None:
    """`git diff --numstat` gives lines added and deleted."""
    git = ["git", "-C", str(tmp_path), "-c", "core.autocrlf=false"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    path = tmp_path / "board.yaml"
    path.write_bytes(BOARD.replace("\n", newline).encode())
    subprocess.run([*git, "add", "board.yaml"], check=True)
    document = Document.parse(path.read_bytes())
    edit(document)
    path.write_bytes(document.to_bytes())
    ran = subprocess.run([*git, "diff", "--numstat"], check=True, capture_output=True, text=True)
    added, deleted = (int(number) for number in (ran.stdout.split() or ["0", "0"])[:2])
    assert (added, deleted) == lines
