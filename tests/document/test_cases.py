"""Awkward but sound documents: read alike however they are written to disk, placed right, given back untouched."""

from __future__ import annotations

import pytest

from storyboard.document import Document
from tests.document.cases import BOARDS, CASES, VARIANTS

ALL = [(name, flags) for name in CASES for flags in VARIANTS]


@pytest.mark.parametrize(("name", "flags"), ALL)
def test_what_is_not_changed_comes_back_byte_for_byte(name: str, flags: tuple[str, ...]) -> None:
    """`to_bytes` of a parsed document is what was parsed: line ends, BOM and missing final newline included."""
    data = CASES[name].to_bytes(*flags)
    assert Document.parse(data).to_bytes() == data


@pytest.mark.parametrize(("name", "flags"), ALL)
def test_line_ends_and_byte_order_marks_change_no_data(name: str, flags: tuple[str, ...]) -> None:
    """LF or CRLF, BOM or none: the same data. Without a final newline a text on the last line may end without one."""
    read = Document.parse(CASES[name].to_bytes(*flags)).data
    plain = Document.parse(CASES[name].to_bytes()).data
    if "nofinal=1" in flags:
        read["shots"][-1]["prompt"] = read["shots"][-1]["prompt"].rstrip("\n")
        plain["shots"][-1]["prompt"] = plain["shots"][-1]["prompt"].rstrip("\n")
    assert read == plain


@pytest.mark.parametrize(("name", "flags"), ALL)
def test_values_stand_on_the_lines_that_are_theirs(name: str, flags: tuple[str, ...]) -> None:
    """A value's span lies within its labelled lines, and reaches from the first to the last that holds text."""
    case = CASES[name]
    document = Document.parse(case.to_bytes(*flags))
    for index in range(3):
        for key, label in (("prompt", "p"), ("seconds", "s")):
            lines = case.lines_of(f"{index}.{label}")
            span = document.span(("shots", index, key))
            if _is_alias(case.lines[lines[0] - 1], key):
                continue
            lines = [number for number in lines if case.lines[number - 1].strip()]
            assert (span.line, span.end_line) == (lines[0], lines[-1])


def _is_alias(line: str, key: str) -> bool:
    return f"{key}: *" in line


@pytest.mark.parametrize("name", BOARDS)
def test_boards_come_back_byte_for_byte(name: str) -> None:
    """Real storyboards are given back as they were."""
    assert Document.parse(BOARDS[name]).to_bytes() == BOARDS[name]


def test_the_cases_are_all_there() -> None:
    """A test over data that was not found would pass without having looked at anything."""
    assert (len(CASES), len(BOARDS)) == (12, 8)
    assert all(len(Document.parse(case.to_bytes()).data["shots"]) == 3 for case in CASES.values())
