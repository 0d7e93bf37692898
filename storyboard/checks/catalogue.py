"""Every code explained: what it means, why it is there, whose rule it is, and how wrong and right look."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from storyboard.checks.craft import CRAFT_RULES
from storyboard.checks.craft.rule import example_text
from storyboard.checks.stated import STATED

if TYPE_CHECKING:
    from storyboard.checks.diagnostic import Severity


class Explanation(NamedTuple):
    """What people are told about a code."""

    code: str
    severity: Severity
    title: str
    reason: str
    source: str
    wrong: str
    """A storyboard that has it; empty where no storyboard could show it."""
    right: str


def explanations() -> dict[str, Explanation]:
    """All codes in order."""
    found = [Explanation(*one) for one in STATED]
    found += [
        Explanation(
            rule.code,
            rule.severity,
            rule.title,
            rule.reason,
            rule.source,
            example_text(rule.wrong),
            example_text(rule.right),
        )
        for rule in CRAFT_RULES
    ]
    return {one.code: one for one in sorted(found)}


@cache
def codes() -> frozenset[str]:
    """Every code, without what explains it."""
    return frozenset((*(one[0] for one in STATED), *(rule.code for rule in CRAFT_RULES)))


def explain(code: str) -> Explanation:
    """One code; KeyError for one that there is not."""
    return explanations()[code]
