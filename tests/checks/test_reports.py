"""Reports for other programs and for people at a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarif_pydantic import Sarif

from storyboard.checks.diagnostic import Diagnostic
from storyboard.checks.reports.github import annotation
from storyboard.checks.reports.sarif import sarif_log
from storyboard.checks.reports.source import source_lines

FOUND = Diagnostic("act1/a b.yaml", 3, 5, 3, 9, "SB105", "error", "shot 1: too long", ("shots", 0, "prompt"))


def test_an_annotation() -> None:
    """GitHub's workflow command, with place, code and words."""
    assert annotation(FOUND) == (
        "::error file=act1/a b.yaml,line=3,endLine=3,col=5,endColumn=9,title=SB105::shot 1: too long"
    )


@settings(max_examples=100)
@given(st.text(), st.text())
def test_no_text_ends_an_annotation_early(file: str, message: str) -> None:
    """One line, whose properties and words come back as they were."""
    line = annotation(FOUND._replace(file=file, message=message))
    assert "\n" not in line
    assert "\r" not in line
    head, _, words = line.removeprefix("::error ").partition("::")
    named = dict(one.partition("=")[::2] for one in head.split(","))
    assert _decoded(named["file"]) == file
    assert _decoded(words) == message


def _decoded(text: str) -> str:
    return re.sub("%(0D|0A|3A|2C|25)", lambda match: chr(int(match[1], 16)), text)


def test_a_sarif_log_fits_an_outside_model() -> None:
    """Places, levels and rules are where another reader of SARIF finds them."""
    found = [FOUND, FOUND, FOUND._replace(code="SB203", severity="warning")]
    log = sarif_log(found)
    read = Sarif.model_validate(log)
    assert read.version == "2.1.0"
    (run,) = read.runs
    rules = run.tool.driver.rules or []
    assert [(one.rule_id, rules[one.rule_index or 0].id) for one in run.results or []] == [
        (one.code, one.code) for one in found
    ]
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "act1/a%20b.yaml"
    assert location["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    marks = [one["partialFingerprints"]["storyboard/v1"] for one in log["runs"][0]["results"]]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize(("here", "told"), [("/", "act1/a.yaml"), ("/act1", "a.yaml"), ("/act", "/act1/a.yaml")])
def test_files_are_told_from_the_current_folder(here: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they lie below it, the root of the disk included; others by their whole path."""
    monkeypatch.setattr("os.getcwd", lambda: here)
    found = FOUND._replace(file="/act1/a.yaml")
    assert f" file={told}," in annotation(found)
    location = sarif_log([found])["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"].removeprefix("file://") == told


def test_fingerprints_outlive_lines_above() -> None:
    """The same finding further down is the same alert."""
    one, other = (sarif_log([FOUND._replace(line=line)])["runs"][0]["results"][0] for line in (3, 30))
    assert one["partialFingerprints"] == other["partialFingerprints"]


@pytest.mark.parametrize(
    ("line", "start", "end", "columns", "shown"),
    [
        ("title: x", 8, 9, 80, ["title: x", "       ^"]),
        ("a: 漢字 fox", 7, 10, 80, ["a: 漢字 fox", "        ^~~"]),
        ("\ta: \x1b[0m", 5, 8, 80, [" a: \ufffd[0m", "    ^~~"]),
        ("x" * 50 + "HERE" + "y" * 50, 51, 55, 40, ["…" + "x" * 20 + "HERE" + "y" * 8 + "…", " " * 21 + "^~~~"]),
    ],
)
def test_the_caret_stands_below_its_character(line: str, start: int, end: int, columns: int, shown: list[str]) -> None:
    """Wide characters, tabs, control characters and long lines included."""
    found = FOUND._replace(line=2, end_line=2, column=start, end_column=end)
    assert [one[4:] for one in source_lines(found, f"first\n{line}\r\nlast", columns)] == shown


@settings(max_examples=100)
@given(st.text(max_size=80), st.integers(1, 90), st.integers(1, 5), st.integers(1, 120))
def test_no_place_breaks_the_picture(text: str, column: int, number: int, columns: int) -> None:
    """Two lines or none, whatever the place and the width."""
    found = FOUND._replace(line=number, column=column, end_line=number, end_column=column + 3)
    lines = source_lines(found, text, columns)
    assert len(lines) in (0, 2)
    assert all(line.isprintable() for line in lines)
