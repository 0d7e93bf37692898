"""Random messy documents, each with every edit that it offers."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from storyboard.document import Document
from tests.document.editing.judging import REFUSED, verdict
from tests.document.editing.messy import is_readable, messy
from tests.document.editing.messy_edits import all_edits, is_forbidden

DOCUMENTS = 12
REFUSED_AT_MOST = 0.005


@pytest.mark.parametrize("part", range(4))
def test_every_edit_of_a_messy_document_is_right(part: int) -> None:
    """No wrong data, no foreign line touched, no comment lost; of what YAML allows almost nothing is refused."""
    said: Counter[str | None] = Counter()
    for seed in range(part * DOCUMENTS, (part + 1) * DOCUMENTS):
        random = Random(seed)
        case = messy(random)
        if not is_readable(case):
            continue
        document = Document.parse(case.data)
        assert document.to_bytes() == case.data
        for edit in all_edits(case, document.data, random):
            found = verdict(case, edit)
            if found == REFUSED and is_forbidden(case, edit):
                continue
            assert found in (None, REFUSED), f"seed {seed}, {edit}: {found}"
            said[found] += 1
    assert said[REFUSED] <= REFUSED_AT_MOST * said.total()
