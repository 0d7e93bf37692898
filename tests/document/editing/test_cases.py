"""The labelled cases with their 30 edits, each case also with other line ends, a BOM and no final newline."""

from __future__ import annotations

import pytest

from storyboard.document import Document
from tests.document.editing.cases import Case, edits, load_cases
from tests.document.editing.judging import REFUSED, verdict

CASES = [variant for case in load_cases() for variant in case.variants()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_parsing_changes_nothing(case: Case) -> None:
    """What is read and not edited comes back as the same bytes."""
    assert Document.parse(case.data).to_bytes() == case.data


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_edit_is_right(case: Case) -> None:
    """Every edit leads to the wanted data and touches its own lines only; refused is what YAML forbids."""
    found = {str(edit): said for edit in edits(case, Document.parse(case.data).data) if (said := verdict(case, edit))}
    # An anchor cannot stand below its alias.
    forbidden = ["move (0, 2) None", "move (0, 1) None"] if case.name.startswith("14_") else []
    assert found == dict.fromkeys(forbidden, REFUSED)
