"""What other repositories take from this one: the hook and the workflow."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from tests.cli.desk import Desk

ROOT = Path(__file__).parents[2]


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_hook_checks_storyboards_and_nothing_else(desk: Desk) -> None:
    """Its pattern takes what a folder's check takes; its entry runs with the files that pre-commit adds."""
    (hook,) = _yaml(".pre-commit-hooks.yaml")
    assert hook["id"] == "storyboard-check"
    taken = ["a.storyboard.yaml", "b/c.storyboard.yml", "cast.yaml", "a.storyboard.yaml.bak"]
    assert [name for name in taken if re.search(hook["files"], name)] == taken[:2]
    desk.write("a.storyboard.yaml", "shots: [{seconds: 3, prompt: a; b}]\n")
    program, *arguments = shlex.split(hook["entry"])
    assert program == "storyboard"
    assert desk.run(*arguments, "a.storyboard.yaml").code == 1


def test_every_storyboard_call_of_the_workflow_runs(desk: Desk) -> None:
    """With the options that it gives; SARIF lands where the next step takes it."""
    desk.write("a.storyboard.yaml", "shots: [{seconds: 3, prompt: a; b}]\n")
    steps = [step for job in _yaml("docs/storyboards.workflow.yml")["jobs"].values() for step in job["steps"]]
    calls = [step["run"] for step in steps if step.get("run", "").startswith("storyboard")]
    assert len(calls) == 2
    said = [desk.shell('storyboard() { "$S" "$@"; }; ' + call) for call in calls]
    assert [one.code for one in said] == [1, 0]
    assert said[0].out.startswith("::error file=a.storyboard.yaml,line=1")
    assert '"version": "2.1.0"' in (desk.folder / steps[-1]["with"]["sarif_file"]).read_text()
