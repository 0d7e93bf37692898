"""`storyboard jobs keep`, `reject`, `totals`, `rebuild`, the choices of `jobs show`, and what `cost` knows of bills."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from storyboard.checks import check_file
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from storyboard.schemas import job_schema
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.outcome import in_words
from tests.cli.desk import BOARD
from tests.jobs.rows import a_job, an_order
from tests.provider import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.checks import Report
    from tests.cli.desk import Desk
    from tests.provider import Provider


def buy(desk: Desk, name: str, *more: str, text: str = BOARD) -> None:
    """A storyboard paid for and brought home; its words make it another request than others."""
    desk.write(name, text.replace("Gulls", name.partition(".")[0]))
    assert desk.run("submit", name, "--yes", *more).code == 0


def test_sums_by_day_and_storyboard(desk: Desk, provider: Provider) -> None:
    """In a form that a person can read, and the same in JSON."""
    buy(desk, "lamp.storyboard.yaml", text=BOARD + "output: {takes: 3}\n")
    buy(desk, "pier.storyboard.yaml")
    desk.run("jobs", "keep", "lamp-2", "--why", "the flame settles")
    desk.run("jobs", "reject", "lamp-1", "--why", "two lamps")
    text = re.sub(r"\d{4}-\d\d-\d\d", "DAY", desk.run("jobs", "totals").out)
    assert text.splitlines() == [
        "by day",
        "    $1.344  DAY  4 takes; 1 kept, 1 rejected; $1.344 a kept take",
        "by storyboard",
        "    $0.336  pier.storyboard.yaml  1 take",
        "    $1.008  lamp.storyboard.yaml  3 takes; 1 kept, 1 rejected; $1.008 a kept take",
        "in all",
        "    $1.344  4 takes; 1 kept, 1 rejected; $1.344 a kept take",
    ]
    sums = desk.run("jobs", "totals", "--json").json
    assert sums["total"] == {
        "jobs": 2,
        "takes": 4,
        "kept": 1,
        "rejected": 1,
        "cost": 1.344,
        "estimated_cost": 1.344,
        "may_be_charged": 0.0,
        "cost_per_kept_take": 1.344,
    }
    assert [board["file"] for board in sums["storyboards"]] == ["pier.storyboard.yaml", "lamp.storyboard.yaml"]


def test_marks_in_the_list(desk: Desk, provider: Provider) -> None:
    """Beside the takes, in words and in JSON, and what was spent in all below."""
    buy(desk, "a.yaml", text=BOARD + "output: {takes: 2}\n")
    desk.run("jobs", "reject", "a-1", "--why", "bad \x1b[31m hand")
    said = desk.run("jobs")
    assert "renders/a-1.mp4  rejected: bad \\x1b[31m hand" in said.out
    assert "in all $0.672: 2 takes; 0 kept, 1 rejected" in said.err
    (line,) = desk.run("jobs", "--json").json
    Draft202012Validator(job_schema()).validate(line)
    assert [(take["mark"] or {}).get("verdict") for take in line["takes"]] == ["reject", None]


def test_nothing_paid_yet(desk: Desk, provider: Provider) -> None:
    """Looking makes no ledger."""
    assert desk.run("jobs", "totals").err == "nothing was paid yet\n"
    assert desk.run("jobs", "totals", "--json").json["total"]["cost"] == 0
    assert desk.run("jobs", "rebuild").code == 0
    assert desk.run("jobs", "rebuild", "nowhere").code == 2


def test_cost_says_what_is_new(desk: Desk, provider: Provider) -> None:
    """Once something was bought: what submitting would do with each file, and newly cost."""
    buy(desk, "a.yaml")
    desk.write("b.yaml", BOARD + "resolution: 1080p\n")
    said = desk.run("cost", "a.yaml", "b.yaml")
    assert "a.yaml  (paid before)" in said.out
    assert said.err == "submitting would newly pay $0.42\n"
    costs = desk.run("cost", "a.yaml", "b.yaml", "--json").json
    assert [(file["would"], file["cost"], file["new"]) for file in costs["files"]] == [
        ("reuse", 0.336, 0.0),
        ("buy", 0.42, 0.42),
    ]
    assert (costs["total"], costs["new"]) == (0.756, 0.42)
    assert desk.run("cost", "a.yaml").err == "nothing of it is new\n"


def test_cost_reads_each_file_once(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Price and plan are of the same text, whatever is saved meanwhile."""
    desk.write("a.yaml", BOARD)
    desk.write("b.yaml", BOARD + "resolution: 1080p\n")
    read: list[str] = []

    def noting(file: str) -> Report:
        read.append(file)
        return check_file(file)

    monkeypatch.setattr("storyboard.cli.inputs.check_file", noting)
    assert desk.run("cost", "a.yaml", "b.yaml").code == 0
    assert read == ["a.yaml", "b.yaml"]


def test_cost_of_what_cannot_be_made_ready(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """The price stands all the same, and why no more is known is said once."""
    buy(desk, "a.yaml")
    monkeypatch.setattr("storyboard.submitting.wanting.prepare_report", _cannot)
    said = desk.run("cost", "a.yaml", "a.yaml")
    assert (said.code, "$0.336" in said.out, "paid before" in said.out) == (0, True, False)
    assert said.err.count("so whether anything is paid for is not known") == 1


def _cannot(report: Report) -> None:
    raise SubmitError(Kind.STORYBOARD, f"{report.file}: its first frame is gone")


def test_looking_keeps_nothing(desk: Desk, provider: Provider) -> None:
    """Without a ledger receipts tell what is paid: `cost` and `--dry-run` say what `submit` would do, writing none."""
    buy(desk, "a.yaml")
    state = desk.folder.parent / "state"
    shutil.rmtree(state)
    assert desk.run("cost", "a.yaml").err == "nothing of it is new\n"
    assert "would cost $0.00" in desk.run("submit", "a.yaml", "--dry-run").err
    assert not state.exists()
    assert desk.run("submit", "a.yaml", "--max-cost", "0").code == 0
    before = desk.run("jobs", "--json").out
    buy(desk, "b.yaml")
    for path in state.iterdir():
        path.unlink()
    desk.run("submit", "a.yaml", "--yes")
    assert "paid before" in desk.run("cost", "b.yaml").out
    assert desk.run("jobs", "--json").out == before


def test_cost_with_a_ledger_that_cannot_be_read(desk: Desk, provider: Provider, tmp_path: Path) -> None:
    """The price stands all the same, and why no more is known."""
    buy(desk, "a.yaml")
    for path in (desk.folder.parent / "state").iterdir():
        path.write_bytes(b"no ledger" * 500)
    said = desk.run("cost", "a.yaml")
    assert (said.code, "$0.336" in said.out) == (0, True)
    assert "so whether anything is paid for is not known" in said.err


def test_what_is_charged_is_set_against_the_list(desk: Desk, provider: Provider) -> None:
    """Two of three takes cost two; a failed job may be charged."""
    provider.add_outcomes(Outcome(prompt="part", code="inferenceError", takes=(2,)))
    provider.add_outcomes(Outcome(prompt="bad", code="inferenceError"))
    desk.write("part.yaml", BOARD.replace("Gulls", "part") + "output: {takes: 3}\n")
    desk.write("bad.yaml", BOARD.replace("Gulls", "bad"))
    said = desk.run("submit", "part.yaml", "bad.yaml", "--yes")
    assert "part.yaml: 2 of its takes on disk" in said.err
    total = desk.run("jobs", "totals", "--json").json["total"]
    assert (total["takes"], total["cost"], total["may_be_charged"]) == (2, 0.672, 0.336)
    assert "$0.336 more may be charged" in desk.run("jobs", "totals").out


@pytest.mark.parametrize(
    ("state", "commands"),
    [
        (State.PREPARED, ["storyboard resume", "storyboard jobs", None]),
        (State.UNKNOWN, ["storyboard resume", None]),
        (State.ACCEPTED, ["storyboard resume"]),
        (State.REVIEW, ["storyboard resume", "storyboard submit", None]),
        (State.EXPIRED, ["storyboard resume", "storyboard submit"]),
        (State.FAILED, ["storyboard submit"]),
        (State.REJECTED, ["storyboard submit"]),
        (State.DONE, []),
    ],
)
def test_choices_and_what_they_may_cost(desk: Desk, state: State, commands: list[str | None]) -> None:
    """Each state that is not an end of all says what can be done, doing nothing included where that is a choice."""
    with Ledger.open(desk.folder.parent / "state") as ledger:
        job = ledger.add(a_job(state=state), None, an_order(str(desk.folder / "my film.yaml")))
    details = desk.run("jobs", "show", job.uuid, "--json").json
    found = [choice["command"] and " ".join(choice["command"].split()[:2]) for choice in details["choices"]]
    assert found == commands
    said = desk.run("jobs", "show", job.uuid)
    assert said.out.count("you can") == len(commands)
    if state is State.REVIEW:
        assert "storyboard submit 'my film.yaml' --again: buys another; paid twice if this one was charged" in said.out
        assert "(costs $0.336 at most)" in said.out
        assert "leave it: nothing more is paid; this one may have been (free)" in said.out


def test_what_a_run_has_paid(desk: Desk, provider: Provider) -> None:
    """After several jobs their sum in a line; what was paid before is not in it."""
    buy(desk, "a.yaml")
    for name in ("b.yaml", "c.yaml"):
        desk.write(name, BOARD.replace("Gulls", name))
    said = desk.run("submit", "a.yaml", "b.yaml", "c.yaml", "--yes")
    assert "$0.672 newly paid, for 2 jobs" in said.err
    assert "newly paid" not in desk.run("submit", "a.yaml", "b.yaml", "c.yaml", "--yes").err


def test_a_price_that_is_not_the_lists() -> None:
    """Both are said, unless a part of the takes explains it."""
    takes = [{"path": "renders/a-1.mp4"}]
    line = {"file": "a", "state": "done", "provider": "runware", "reused": False, "takes": takes, "error": None}
    assert in_words(line | {"cost": 0.42, "estimated_cost": 0.336}) == "a: done, $0.42 ($0.336 by the list)"
    assert in_words(line | {"cost": 0.336, "estimated_cost": 0.336}) == "a: done, $0.336"


def test_a_mark_for_a_video_that_was_deleted(desk: Desk, provider: Provider, quick_sandbox: None) -> None:
    """A paid take's receipt is found before a take of the sandbox that has the same name."""
    buy(desk, "w.storyboard.yaml")
    assert desk.run("submit", "w.storyboard.yaml", "--sandbox").code == 0
    (desk.folder / "renders/w-1.mp4").unlink()
    said = desk.run("jobs", "keep", "w-1")
    assert (said.code, "sandbox" in said.out + said.err) == (0, False)
    assert '"mark"' in (desk.folder / "renders/w-1.mp4.json").read_text()
