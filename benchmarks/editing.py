"""The editing core within one process, beside what its library takes just to load the same text."""

from __future__ import annotations

import io
import os
from itertools import count
from typing import TYPE_CHECKING, Any

import yaml
from ruamel.yaml import YAML

from benchmarks.boards import write_boards
from benchmarks.pairs import compare_calls
from storyboard.document import Document
from storyboard.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.pairs import Ratio

PROMPT = ("shots", 2, "prompt")


def editing_ratios(folder: Path) -> Iterator[Ratio]:
    """Parsing, one edit with its proof, and a keystroke with everything that follows from it."""
    os.environ["STORYBOARD_STATE_DIR"] = str(folder / "state")
    file = write_boards(folder / "editing", 1)[0]
    data = file.read_bytes()
    text = data.decode()

    def load() -> object:
        return yaml.load(text, Loader=yaml.CSafeLoader)

    yield compare_calls("parse / PyYAML's C load", lambda: Document.parse(data), load, aim=5)
    document = Document.parse(data)
    prompt = document.data["shots"][2]["prompt"]
    words = _words(prompt)
    edit = lambda: document.set(PROMPT, next(words))  # noqa: E731
    yield compare_calls("edit with proof / PyYAML's C load", edit, load, aim=10)
    yield compare_calls("edit with proof / ruamel.yaml", edit, _by_ruamel(text, _words(prompt)), aim=1)
    session = Session.open(file)

    def keystroke() -> object:
        session.set(PROMPT, next(words), typing=True)
        return session.diagnostics, session.prompt, session.price

    yield compare_calls("keystroke, all derived / PyYAML's C load", keystroke, load, aim=20)
    session.close()


def _words(prompt: str) -> Iterator[str]:
    """The prompt with another word each time."""
    return (prompt.replace("ropes", f"ropes{number % 100}") for number in count())


def _by_ruamel(text: str, words: Iterator[str]) -> Callable[[], object]:
    """The same edit by the library most used for it, without a proof."""
    rewriter: Any = YAML()

    def edit() -> object:
        loaded = rewriter.load(text)
        loaded["shots"][2]["prompt"] = next(words)
        stream = io.StringIO()
        rewriter.dump(loaded, stream)
        return stream

    return edit
