"""What a rule of the craft is: a small function, and beside it why it is there and what it looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storyboard.checks.diagnostic import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storyboard.checks.craft.film import Film
    from storyboard.checks.diagnostic import Fix, Path, Severity

Example = str | tuple[str, ...]
"""A whole storyboard, or the prompts of one in which every shot lasts as long as the others."""


class Said(NamedTuple):
    """What a rule found: where in the data, in words, and perhaps what would mend it."""

    path: Path
    message: str
    fix: Fix | None = None


class Rule(NamedTuple):
    """One rule: what it is called, how much it counts, why it is there, whose advice it is, and how it looks."""

    code: str
    severity: Severity
    title: str
    reason: str
    source: str
    wrong: Example
    """A storyboard without errors that the rule speaks about."""
    right: Example
    """The same idea, written so that no warning is left."""
    find: Callable[[Film], Iterator[Said]]

    def __call__(self, film: Film) -> Iterator[Finding]:
        """What the rule has to say about a film."""
        for said in self.find(film):
            yield Finding(self.code, said.path, said.message, self.severity, fix=said.fix)


def rule(
    code: str, severity: Severity, title: str, *, reason: str, source: str, wrong: Example, right: Example
) -> Callable[[Callable[[Film], Iterator[Said]]], Rule]:
    """Makes a rule of the function below it."""
    return lambda find: Rule(code, severity, title, reason, source, wrong, right, find)


def example_text(example: Example) -> str:
    """An example as the text of a storyboard."""
    if isinstance(example, str):
        return example
    seconds = max(12 // len(example), 2)
    lines = [f"  - seconds: {seconds}\n    prompt: {_quoted(prompt)}\n" for prompt in example]
    return "shots:\n" + "".join(lines)


def _quoted(prompt: str) -> str:
    return "'" + prompt.replace("'", "''") + "'"
