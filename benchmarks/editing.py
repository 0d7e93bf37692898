"""The editing core: beside what its library takes just to load the same text, and beside other editing libraries."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.boards import write_boards
from benchmarks.figures import Amount, Skipped
from benchmarks.footprint import unfit_edits
from benchmarks.pairs import CALLS, batch, compare_batches, compare_calls
from benchmarks.peers import PeerMissing, environment
from storyboard.document import Document
from storyboard.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.figures import Figure

PROMPT = ("shots", 2, "prompt")
_PEER = str(Path(__file__).with_name("editing_peer.py"))
_LIBRARIES = {"ruamel.yaml": 1.0, "yaml-edit": None}
"""Aims; yaml-edit changes a tree that it holds, in Rust, and proves nothing."""


def editing_lines(folder: Path) -> Iterator[Figure]:
    """Parsing, one edit with its proof, a keystroke with all that follows from it, and what edits leave alone."""
    os.environ["STORYBOARD_STATE_DIR"] = str(folder / "state")
    file = write_boards(folder / "editing", 1)[0]
    data = file.read_bytes()
    text = data.decode()

    def load() -> object:
        return yaml.load(text, Loader=yaml.CSafeLoader)

    yield compare_calls("parse / PyYAML's C load", lambda: Document.parse(data), load, aim=5)
    document = Document.parse(data)
    words = _words(document.data["shots"][2]["prompt"])
    edit = lambda: document.set(PROMPT, next(words))  # noqa: E731
    yield compare_calls("edit with proof / PyYAML's C load", edit, load, aim=10)
    session = Session.open(file)

    def keystroke() -> object:
        session.set(PROMPT, next(words), typing=True)
        return session.diagnostics, session.prompt, session.price

    yield compare_calls("keystroke, all derived / PyYAML's C load", keystroke, load, aim=20)
    session.close()
    yield Amount.of("% of edits wrong or touching another line", [unfit_edits(_ours)], 0)
    for library, aim in _LIBRARIES.items():
        name = f"edit with proof / {library}"
        try:
            with _peer(library) as peer:
                yield compare_batches(name, lambda: batch(edit), lambda: peer.batch(file), aim=aim)
                yield Amount.of(f"% of edits wrong or touching another: {library}", [unfit_edits(peer.edited)], None)
        except PeerMissing as missing:
            yield Skipped(name, str(missing))


def _words(prompt: str) -> Iterator[str]:
    """The prompt with another word each time."""
    return (prompt.replace("ropes", f"ropes{number % 100}") for number in count())


def _ours(text: str, shot: int, prompt: str) -> str:
    document = Document.parse(text.encode())
    document.set(("shots", shot, "prompt"), prompt)
    return document.text


class _Peer:
    """Another library in a process of its own, which answers in lines of JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def batch(self, file: Path) -> float:
        """Seconds of one edit of a file's third prompt, among many."""
        return float(self._ask({"file": str(file), "calls": CALLS}))

    def edited(self, text: str, shot: int, prompt: str) -> str:
        """The text with another prompt."""
        return str(self._ask({"text": text, "shot": shot, "prompt": prompt}))

    def _ask(self, question: dict[str, object]) -> float | str:
        import json

        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: float | str = json.loads(self._process.stdout.readline() or '"it ended"')
        return answer


@contextmanager
def _peer(library: str) -> Iterator[_Peer]:
    command = [str(environment("editors") / "python"), _PEER, library]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _Peer(process)
        finally:
            process.kill()
