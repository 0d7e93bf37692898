"""What an edit leaves behind: each prompt of real boards is changed, and nothing else may be other than before."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from storyboard.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Edit = Callable[[str, int, str], str]

_BOARDS = Path("tests") / "document" / "boards"


def unfit_edits(edit: Edit) -> float:
    """Per cent of the edits after which the data are wrong or a line is touched that is not the prompt's."""
    fits = [
        _fits(text, shot, prompt, edit(text, shot, prompt))
        for text in _texts()
        for shot, prompt in _other_prompts(text)
    ]
    return round(100 * fits.count(False) / len(fits), 1)


def _texts() -> Iterator[str]:
    for board in sorted(_BOARDS.glob("*.yaml")):
        yield board.read_text(encoding="utf-8")


def _other_prompts(text: str) -> Iterator[tuple[int, str]]:
    for number, shot in enumerate(_data(text)["shots"]):
        if isinstance(prompt := shot.get("prompt"), str):
            yield number, prompt.replace(" a ", " one ", 1).rstrip() + " Rain."


def _fits(before: str, shot: int, prompt: str, after: str) -> bool:
    wanted = _data(before)
    wanted["shots"][shot]["prompt"] = prompt
    try:
        if _data(after) != wanted:
            return False
    except yaml.YAMLError:
        return False
    span = Document.parse(before.encode()).span(("shots", shot, "prompt"))
    changes = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False).get_opcodes()
    return all(span.line - 1 <= first and last <= span.end_line for kind, first, last, *_ in changes if kind != "equal")


def _data(text: str) -> dict[str, list[dict[str, object]]]:
    loaded: dict[str, list[dict[str, object]]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded
