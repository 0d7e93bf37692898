"""Each code, with one storyboard that has it and one, as close by as can be, that has not."""

from __future__ import annotations

import pytest

from tests.checks.boards import check
from tests.checks.rule_rows import RULE_ROWS
from tests.checks.structure_rows import STRUCTURE_ROWS
from tests.document.marked import unmarked

ROWS = STRUCTURE_ROWS | RULE_ROWS


@pytest.mark.parametrize("name", ROWS)
def test_what_is_wrong_is_said_once_and_in_its_place(name: str) -> None:
    """One diagnostic, with its code, message, path and exact place, and no other beside it."""
    row = ROWS[name]
    text, span = unmarked(row.wrong)
    (found,) = check(text).diagnostics
    assert (found.code, found.message, found.path) == (row.code, row.message, row.path)
    assert (found.line, found.column, found.end_line, found.end_column) == (
        span.line,
        span.column,
        span.end_line,
        span.end_column,
    )
    assert found.severity == ("warning" if row.code.startswith("SB2") else "error")


@pytest.mark.parametrize("name", ROWS)
def test_what_is_right_is_left_alone(name: str) -> None:
    """The nearest right text has no diagnostic; that an address takes variables is always said."""
    assert [found for found in check(ROWS[name].right).diagnostics if found.code != "SB249"] == []


def test_every_code_has_its_rows() -> None:
    """No code of the interfaces is left out."""
    every = {"SB001", "SB002", "SB003", "SB004", *(f"SB{number}" for number in range(101, 114)), "SB201"}
    assert {row.code for row in ROWS.values()} == every
    assert len(ROWS) == len(STRUCTURE_ROWS) + len(RULE_ROWS)
