"""Checking any file of 256 KiB takes about a second: its time grows with its length and no faster."""

from __future__ import annotations

import subprocess
import sys
from time import process_time

import pytest

from storyboard.checks import check_bytes
from tests.hostile import PIECES, PLACES, filled

CPU_SECONDS = 20
"""Of a process that does all of them; what was mended took minutes for one, or would not have ended at all."""
FILES: tuple[tuple[str, str], ...] = (
    ("comments", "before"),
    ("both", "a comment"),
    ("comments", "a directive"),
    ("blank lines", "a prompt, folded"),
    ("spaces", "blanks inside"),
    ("tabs", "blanks inside"),
    ("letters", "an address over lines"),
    ("many names", "six shots"),
    ("nearly known keys", "before"),
)
_CHECK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from storyboard.checks import check_bytes
from storyboard.checks.fixing import fix_document
from storyboard.document import Document, DocumentError
from tests.hostile import PIECES, PLACES, filled
for piece, place in {files}:
    data = filled(PLACES[place], PIECES[piece])
    check_bytes(data, "film", ".")
    print(piece, place, flush=True)
"""


def test_hostile_files_are_checked_at_once() -> None:
    """All of these in one process, which the system ends when it has used too much of its processor."""
    script = _CHECK.format(seconds=CPU_SECONDS, files=FILES)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [" ".join(one) for one in FILES]


def test_merged_pairs_are_found_at_once() -> None:
    """Each unknown key of 6,000 is looked for once, not in 6,000 mappings."""
    data = filled(PLACES["a merge"], PIECES["pairs that are merged"])
    begun = process_time()
    assert len(check_bytes(data, "film", ".").diagnostics) > 5000
    assert process_time() - begun < 2


@pytest.mark.parametrize("place", PLACES)
def test_files_are_as_large_as_they_may_be(place: str) -> None:
    """Nearly: a piece more would be too much."""
    for piece in PIECES.values():
        assert 240 * 1024 < len(filled(PLACES[place], piece)) <= 256 * 1024


def test_a_folded_text_of_blanks_only_can_be_changed() -> None:
    """It has no lines to take the width of."""
    from storyboard.document import Document

    document = Document.parse(b"title: >-\n         \nshots: []\n")
    document.set(("title",), "A harbour")
    assert document.data["title"] == "A harbour"
