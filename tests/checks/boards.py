"""Checking texts in tests: one good storyboard, and its diagnostics as lines a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks import check_bytes
from storyboard.checks.craft import CRAFT_RULES

if TYPE_CHECKING:
    from storyboard.checks import Diagnostic, Report

CRAFT = {rule.code for rule in CRAFT_RULES}

GOOD = "shots:\n- seconds: 3\n  prompt: A fox slips away\n"


def check(text: str, folder: str = "/nowhere") -> Report:
    """The report on a storyboard's text that stands in `folder`, without what is said about the craft of prompts."""
    report = everything(text, folder)
    report.diagnostics = [found for found in report.diagnostics if found.code not in CRAFT]
    return report


def everything(text: str, folder: str = "/nowhere") -> Report:
    """The whole report."""
    return check_bytes(text.encode(), "a.storyboard.yaml", folder)


def codes(text: str, folder: str = "/nowhere") -> list[str]:
    """The codes of all diagnostics, in order."""
    return [found.code for found in check(text, folder).diagnostics]


def line(found: Diagnostic) -> str:
    """`FILE:LINE:COLUMN: CODE message`."""
    return f"{found.file}:{found.line}:{found.column}: {found.code} {found.message}"


def shots(*prompts: str, seconds: int = 3) -> str:
    """The `shots` of a storyboard with these prompts, in double quotes."""
    return "shots:\n" + "".join(f'- seconds: {seconds}\n  prompt: "{prompt}"\n' for prompt in prompts)
