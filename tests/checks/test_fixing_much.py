"""A large file gets fewer fixes at a time, because all of it is read again after each."""

from __future__ import annotations

from time import process_time

import pytest

from storyboard.checks.fixing import FIXES_AT_MOST, fix_document
from storyboard.document import Document

_SHOT = "- {{seconds: 3, prompt: 'a fox; runs over the hill in a bright light of day {}'}}\n"
SECONDS = 4
"""About one on a machine of its own; it was ten."""


@pytest.mark.parametrize("shots", [3000, 40])
def test_fixes_take_a_bounded_time(shots: int) -> None:
    """Some are made, each whole; the next call goes on."""
    document = Document.parse(("shots:\n" + "".join(map(_SHOT.format, range(shots)))).encode())
    begun = process_time()
    made = fix_document(document, "film", ".", lambda found: found.code == "SB107").made
    again = fix_document(document, "film", ".", lambda found: found.code == "SB107").made
    assert process_time() - begun < SECONDS
    assert document.text.count(";") == shots - len(made) - len(again)
    assert 2 < len(made) <= FIXES_AT_MOST
    assert len(made) == shots or shots == 3000
