"""The multi-shot template `shot <n>, <seconds>, <text>;`, written and read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from storyboard.unseen import CONTROL, SEPARATORS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Numbers end where Python would refuse to read them; no prompt that is sent is as long.
_SHOT = re.compile(r"shot ([1-9][0-9]{0,3999}), ([1-9][0-9]{0,3999}), ([^;]+);(?: |\Z)")
_UNSENDABLE = re.compile(f"[;\u037e{CONTROL}{SEPARATORS}]")


class TemplateError(ValueError):
    """A prompt that is not exactly the multi-shot template, or a shot that it cannot carry."""


class ShotLine(NamedTuple):
    """One shot as the template says it: its number from 1, its whole seconds, its compiled text."""

    number: int
    seconds: int
    text: str


def write_template(shots: Iterable[tuple[int, str]]) -> str:
    """The whole prompt for shots given as (seconds, text), numbered from 1.

    Raises TemplateError for a text that the template cannot carry: empty, untrimmed, or with a semicolon,
    a control character or a line break in it.
    """
    lines = [ShotLine(number, seconds, text) for number, (seconds, text) in enumerate(shots, start=1)]
    for line in lines:
        _refuse_unsendable(line)
    return " ".join(f"shot {line.number}, {line.seconds}, {line.text};" for line in lines)


def read_template(prompt: str) -> list[ShotLine]:
    """The shots of a prompt that `write_template` made.

    Raises TemplateError where the prompt is anything else: other separators, gaps in the numbers, words around it.
    """
    lines: list[ShotLine] = []
    position = 0
    while position < len(prompt):
        match = _SHOT.match(prompt, position)
        if match is None:
            raise TemplateError(f"not a shot at character {position + 1}: {prompt[position : position + 40]!r}")
        line = ShotLine(int(match[1]), int(match[2]), match[3])
        if line.number != len(lines) + 1:
            raise TemplateError(f"shot {len(lines) + 1} expected, shot {line.number} found")
        _refuse_unsendable(line)
        lines.append(line)
        position = match.end()
    if not lines or prompt.endswith(" "):
        raise TemplateError("the prompt holds no shot" if not lines else "a space after the last shot")
    return lines


def _refuse_unsendable(line: ShotLine) -> None:
    if not line.text or line.text != line.text.strip():
        raise TemplateError(f"shot {line.number}: its text is empty or has white space at an end")
    if line.seconds < 1:
        raise TemplateError(f"shot {line.number}: {line.seconds} seconds")
    if found := _UNSENDABLE.search(line.text):
        raise TemplateError(f"shot {line.number}: U+{ord(found[0]):04X} cannot stand in the template")
