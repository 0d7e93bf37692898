"""The page of figures says what was measured, and nothing else."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import peers
from benchmarks.editing import editing_lines
from benchmarks.figures import Amount, Figure, Growth, Ratio, Skipped, from_json, to_json
from benchmarks.page import page
from benchmarks.report import CHARTS, Report
from benchmarks.room import ROOMS
from tests.docs.blocks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SPEED = ROOT / "docs" / "speed.json"


def test_the_page_is_made_from_the_figures() -> None:
    """After a run, or a change of words: `python -m benchmarks.page`."""
    assert (ROOT / "docs" / "speed.md").read_text(encoding="utf-8") == page(Report.read(SPEED))


def test_the_figures_are_whole() -> None:
    """Every room was measured, none of its programs was missing, and the charts are there."""
    report = Report.read(SPEED)
    assert list(report.rooms) == list(ROOMS)
    assert not [one for one in report.all() if isinstance(one, Skipped)]
    assert all((ROOT / "docs" / "images" / chart).exists() for chart in CHARTS)


@pytest.mark.parametrize(
    "figure",
    [
        Ratio("a / b", 0.5, 0.75, 1.5, 1.0, 0.25),
        Amount.of("bytes", [1, 5, 2], None),
        Growth("cost", "ms", {"ours": {1: 2.5, 10: 0.5}}),
        Skipped("a / c", "c does not start"),
    ],
)
def test_figures_survive_json(figure: Figure) -> None:
    """What is read is what was written."""
    assert from_json(json.loads(json.dumps(to_json(figure)))) == figure


def test_what_is_above_its_aim_is_said() -> None:
    """In the line as on the page; a figure without an aim promises nothing."""
    report = Report("2026-01-01", {"system": "Linux", "cores": 2, "python": "3.11"})
    report.add("jobs", Ratio("a / b", 1.0, 1.2, 1.5, 1.1, 0.25))
    report.add("jobs", Ratio("a / c", 1.0, 9.0, 9.5, None, 0.25))
    assert [line.endswith("**missed** |") for line in page(report).splitlines() if line.startswith("| a")] == [
        True,
        False,
    ]
    assert ["MISSED" in one.line() for one in report.all()] == [True, False]


def test_programs_that_cannot_be_had_are_skipped_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is ours is measured all the same, and nothing is missing without a word."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(peers, "HOME", tmp_path / "peers")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path))
    figures = list(editing_lines(tmp_path))
    skipped = [one for one in figures if isinstance(one, Skipped)]
    assert [one.name for one in skipped] == ["edit with proof / ruamel.yaml", "edit with proof / yaml-edit"]
    assert all("SKIPPED: cannot make an environment" in one.line() for one in skipped)
    assert [one.middle for one in figures if isinstance(one, Amount)] == [0]
    assert sum(isinstance(one, Ratio) for one in figures) == 3
