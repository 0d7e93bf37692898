"""`storyboard submit` against the provider: what is paid, what is printed, how it ends."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from storyboard.jobs.containers import damage
from storyboard.schemas import job_schema
from tests.cli.desk import BOARD
from tests.provider import Fault, Outcome

if TYPE_CHECKING:
    from tests.cli.desk import Desk
    from tests.provider import Provider

JOB = Draft202012Validator(job_schema())


def test_video_and_receipt_land_below_renders(desk: Desk, provider: Provider) -> None:
    """Standard output is the video's path and nothing else; its receipt lies beside it."""
    desk.write("film.storyboard.yaml")
    said = desk.run("submit", "film.storyboard.yaml", "--yes")
    assert (said.code, said.out) == (0, "renders/film-1.mp4\n")
    assert said.err.splitlines()[-1] == "film.storyboard.yaml: done, $0.336"
    assert damage("renders/film-1.mp4", "mp4") is None
    receipt = json.loads((desk.folder / "renders/film-1.mp4.json").read_text())
    assert (receipt["cost"], receipt["storyboard"]) == (0.336, "../film.storyboard.yaml")
    assert provider.count("submit") == 1


def test_json_is_one_line_a_job(desk: Desk, provider: Provider) -> None:
    """Each line fits the schema; `reused` tells bought from paid before."""
    desk.write("a.yaml", BOARD + "output: {takes: 2}\n")
    desk.write("b.yaml", BOARD.replace("dawn", "dusk"))
    first = desk.run("submit", "a.yaml", "b.yaml", "--yes", "--json")
    second = desk.run("submit", "a.yaml", "b.yaml", "--yes", "--json")
    assert (first.code, second.code) == (0, 0)
    for line in first.lines + second.lines:
        JOB.validate(line)
    by_file = {line["file"]: line for line in first.lines}
    assert by_file["a.yaml"] | {"job": None, "takes": None} == {
        "file": "a.yaml",
        "job": None,
        "state": "done",
        "provider": "runware",
        "reused": False,
        "estimated_cost": 0.672,
        "cost": 0.672,
        "takes": None,
        "error": None,
    }
    assert [take["path"] for take in by_file["a.yaml"]["takes"]] == ["renders/a-1.mp4", "renders/a-2.mp4"]
    assert [line["reused"] for line in second.lines] == [True, True]
    assert provider.count("submit") == 2


@pytest.mark.parametrize("options", [(), ("--max-cost", "0.33"), ("--yes", "--max-cost", "0.33"), ("--json",)])
def test_money_is_guarded(desk: Desk, provider: Provider, options: tuple[str, ...]) -> None:
    """Without a yes, or above the limit whatever else is said: exit code 5, the sum named, nothing sent."""
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", *options)
    assert (said.code, said.out) == (5, "")
    assert "$0.336" in said.err
    assert provider.requests == []


def test_limit_that_is_kept_pays(desk: Desk, provider: Provider) -> None:
    """--max-cost is a yes up to its sum, to the tenth of a cent."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--max-cost", "$0.336").code == 0
    assert provider.count("submit") == 1


def test_what_was_paid_is_free(desk: Desk, provider: Provider) -> None:
    """A second call needs no yes, buys nothing and shows the same take; --again needs one, and buys another."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--yes").code == 0
    said = desk.run("submit", "film.yaml")
    assert (said.code, said.out) == (0, "renders/film-1.mp4\n")
    assert said.err.splitlines()[-1] == "film.yaml: done, paid before"
    assert desk.run("submit", "film.yaml", "--again").code == 5
    assert desk.run("submit", "film.yaml", "--again", "--yes").out == "renders/film-2.mp4\n"
    assert provider.count("submit") == 2


def test_one_wrong_file_stops_all(desk: Desk, provider: Provider) -> None:
    """Every file is checked before any is sent: exit code 1."""
    desk.write("a.storyboard.yaml")
    desk.write("b.storyboard.yaml", BOARD.replace("Gulls", "Gulls;"))
    said = desk.run("submit", ".", "--yes")
    assert (said.code, said.out) == (1, "")
    assert "b.storyboard.yaml:4:13: SB107" in said.err
    assert provider.requests == []


def test_wrong_usage(desk: Desk, provider: Provider) -> None:
    """Nothing named, standard input, an empty folder, sums and times that are none, places nothing can be put."""
    desk.write("film.yaml")
    (desk.folder / "empty").mkdir()
    for arguments in (
        (),
        ("-",),
        ("empty",),
        ("film.yaml", "--max-cost", "much"),
        ("film.yaml", "--max-cost", "-1"),
        ("film.yaml", "--max-cost", "nan"),
        ("film.yaml", "--poll-interval", "0"),
        ("film.yaml", "--poll-interval", "inf"),
        ("film.yaml", "--out", "film.yaml"),
        ("film.yaml", "--out", "film.yaml/renders"),
    ):
        assert desk.run("submit", "--yes", *arguments).code == 2, arguments
    assert provider.requests == []


def test_job_that_fails(desk: Desk, provider: Provider) -> None:
    """Exit code 4 and the provider's words; the next call says so again and buys nothing."""
    provider.add_outcomes(Outcome(code="contentPolicyViolation", message="No \x1b[31mluck\x1b[0m here."))
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", "--yes", "--json")
    assert said.code == 4
    line = said.lines[0]
    JOB.validate(line)
    assert (line["state"], line["error"]["code"]) == ("failed", "contentPolicyViolation")
    again = desk.run("submit", "film.yaml", "--yes")
    assert again.code == 4
    assert "No \\x1b[31mluck" in again.err
    assert "\x1b" not in said.out + said.err + again.err
    assert provider.count("submit") == 1


def test_wrong_key(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 6, what to check, and a job that goes on once the key is right."""
    desk.write("film.yaml")
    with monkeypatch.context() as patch:
        patch.setenv("RUNWARE_API_KEY", "wrong-key-0123456789")
        said = desk.run("submit", "film.yaml", "--yes")
        assert said.code == 6
        assert "RUNWARE_API_KEY" in said.err
        assert "wrong-key" not in said.out + said.err
    assert desk.run("submit", "film.yaml", "--yes").out == "renders/film-1.mp4\n"


def test_empty_purse(desk: Desk, provider: Provider) -> None:
    """HTTP 402: exit code 6, the JSON line says why and that the job is kept."""
    provider.add_faults(Fault(on="submit", kind="402"))
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", "--yes", "--json")
    assert said.code == 6
    JOB.validate(said.lines[0])
    assert said.lines[0]["error"]["code"] == "account"
    assert said.err.count("add credit") == 1
    assert "storyboard resume" in said.err
    assert desk.run("resume").out == "renders/film-1.mp4\n"


def test_no_key(desk: Desk) -> None:
    """Exit code 6 with the way to try it for nothing; no ledger is made."""
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", "--yes")
    assert said.code == 6
    assert "--sandbox" in said.err
    assert not os.path.exists("../state")


def test_no_wait_returns_once_the_service_has_it(desk: Desk, provider: Provider) -> None:
    """Exit code 0, the state in JSON, and `resume` brings it home."""
    provider.job_seconds = 30
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", "--yes", "--no-wait", "--json")
    assert (said.code, said.lines[0]["state"]) == (0, "accepted")
    JOB.validate(said.lines[0])
    assert "storyboard resume" in said.err
    provider.advance(60)
    assert desk.run("resume").out == "renders/film-1.mp4\n"


def test_dry_run_sends_nothing(desk: Desk, provider: Provider) -> None:
    """It says what would be bought and for how much, needs no key, and leaves no trace."""
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", "--dry-run")
    assert said.code == 0
    assert said.out == "    $0.336   3 s   720p  1 take   film.yaml\n"
    line = desk.run("submit", "film.yaml", "--dry-run", "--json").lines[0]
    assert (line["would"], line["cost"], line["request"]["taskType"]) == ("buy", 0.336, "videoInference")
    assert provider.requests == []
    assert os.listdir() == ["film.yaml"]


def test_secrets_come_from_the_environment(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ${NAME} that is not set is said before anything is sent; its value appears nowhere."""
    desk.write("film.yaml", BOARD + "output: {webhook_url: 'https://hooks.example/${HOOK}'}\n")
    said = desk.run("submit", "film.yaml", "--yes")
    assert said.code == 1
    assert "HOOK" in said.err
    assert provider.requests == []
    monkeypatch.setenv("HOOK", "s3cr3t")
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", "HOOK")
    said = desk.run("submit", "film.yaml", "--yes", "--json")
    assert said.code == 0
    assert "s3cr3t" not in said.out + said.err + (desk.folder / "renders/film-1.mp4.json").read_text()


HOOKED = BOARD + "output: {webhook_url: 'https://hooks.example/?k=${HOOK}', upload_endpoint: 'https://${STORE}/'}\n"


@pytest.mark.parametrize("how", [["--yes"], ["--max-cost", "1"], ["--yes", "--again"]])
def test_no_option_that_pays_tells_values(
    desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch, how: list[str]
) -> None:
    """Without the user's leave nothing is sent: who gets which variable, and how to allow it, is said."""
    for name in ("HOOK", "STORE"):
        monkeypatch.setenv(name, "s3cr3t.example")
    desk.write("film.yaml", HOOKED)
    said = desk.run("submit", "film.yaml", *how)
    assert (said.code, provider.requests, desk.run("jobs", "--all").out) == (6, [], "")
    assert "${STORE} gets the value of ${STORE}\nhooks.example gets the value of ${HOOK}\n" in said.err
    assert "STORYBOARD_ALLOW_ENV=STORE,HOOK@hooks.example" in said.err
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", "HOOK@hooks.example")
    assert desk.run("submit", "film.yaml", *how).code == 6
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", "HOOK@hooks.example,STORE")
    assert desk.run("submit", "film.yaml", *how).code == 0
    assert "s3cr3t" not in said.out + said.err


def test_a_plan_names_what_is_told(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each variable with its host, and whether it is allowed; nothing for what is not sent."""
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", "HOOK")
    desk.write("film.yaml", HOOKED)
    said = desk.run("submit", "film.yaml", "--dry-run")
    assert "${STORE} gets the value of ${STORE}\nhooks.example gets the value of ${HOOK}  (allowed)\n" in said.err
    assert desk.run("submit", "film.yaml", "--dry-run", "--json").lines[0]["variables"] == [
        {"name": "STORE", "host": "${STORE}", "allowed": False},
        {"name": "HOOK", "host": "hooks.example", "allowed": True},
    ]
    assert desk.run("submit", "film.yaml", "--dry-run", "--sandbox", "--json").lines[0]["variables"] == []


def test_same_request_in_two_files_is_bought_once(desk: Desk, provider: Provider) -> None:
    """Each file gets its own take of the one video."""
    desk.write("a.yaml")
    desk.write("b.yaml")
    said = desk.run("submit", "a.yaml", "b.yaml", "--max-cost", "0.34")
    assert (said.code, sorted(said.out.splitlines())) == (0, ["renders/a-1.mp4", "renders/b-1.mp4"])
    assert provider.count("submit") == 1


def test_folder_that_cannot_be_written(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known before anything is paid: exit code 2, with the option that names another."""
    desk.write("film.yaml")
    monkeypatch.setattr(os, "access", lambda *_: False)
    said = desk.run("submit", "film.yaml", "--yes")
    assert said.code == 2
    assert f"nothing can be written in {desk.folder}: name another folder with --out" in said.err
    assert "Invalid value" not in said.err
    assert provider.requests == []


def test_two_at_once_pay_once(desk: Desk, provider: Provider) -> None:
    """Two processes with one storyboard: one video, one charge, and one of them says that it was paid elsewhere."""
    desk.write("film.yaml")
    said = desk.shell('for i in 1 2; do "$S" submit film.yaml --yes --json & done; wait')
    lines = said.lines
    assert [line["state"] for line in lines] == ["done", "done"]
    assert len({line["job"] for line in lines}) == 1
    assert sorted(line["reused"] for line in lines) == [False, True]
    assert provider.count("submit") == 1
    assert len(list((desk.folder / "renders").glob("*.mp4"))) == 1
