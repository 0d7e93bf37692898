"""All that `check` says about whole files, as text that a person can read, and where the same is said twice."""

from __future__ import annotations

import pytest

from storyboard.checks import check_bytes
from tests.agreed import GOLDENS, assert_agreed
from tests.checks.boards import line
from tests.document.cases import BOARDS

FILES = GOLDENS / "checks"
MESSY = sorted(path.name for path in FILES.glob("*.storyboard.yaml"))


def _said(name: str, data: bytes) -> str:
    return "".join(line(found) + "\n" for found in check_bytes(data, name, "/nowhere").diagnostics)


@pytest.mark.parametrize("name", MESSY)
def test_all_problems_of_a_file_in_one_go(name: str) -> None:
    """Every problem of a file is told at once, in file order; the golden holds the exact words."""
    said = _said(name, (FILES / name).read_bytes())
    assert_agreed(f"checks/{name.replace('.storyboard.yaml', '.txt')}", said)


@pytest.mark.parametrize("name", MESSY)
def test_findings_come_in_file_order(name: str) -> None:
    """Diagnostics are sorted by line and column, and none is said twice."""
    found = check_bytes((FILES / name).read_bytes(), name, "/nowhere").diagnostics
    assert len(found) > 1
    assert [(one.line, one.column) for one in found] == sorted((one.line, one.column) for one in found)
    assert len(set(found)) == len(found)


def test_real_boards() -> None:
    """Boards as people write them have no error; the golden holds what is weak about them, for a person to judge."""
    found = [one for name, data in BOARDS.items() for one in check_bytes(data, name, "/nowhere").diagnostics]
    assert {one.severity for one in found} == {"warning", "info"}
    said = "".join(f"{one.severity:<8} {line(one)}\n" for one in found)
    assert_agreed("checks/boards.txt", said)


def test_line_ends_and_byte_order_marks_move_nothing() -> None:
    """The same findings stand at the same places with CRLF and with a BOM."""
    data = (FILES / MESSY[-1]).read_bytes()
    plain = _said("a", data)
    assert _said("a", data.replace(b"\n", b"\r\n")) == plain
    assert _said("a", b"\xef\xbb\xbf" + data) == plain
