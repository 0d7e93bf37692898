"""`storyboard resume` and `storyboard jobs`: the ledger, shown and carried on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from storyboard.schemas import job_schema
from tests.cli.desk import BOARD
from tests.provider import Fault, Outcome

if TYPE_CHECKING:
    import pytest

    from tests.cli.desk import Desk
    from tests.provider import Provider

JOB = Draft202012Validator(job_schema())


def begin(desk: Desk, *names: str) -> list[str]:
    """Submits without waiting; the jobs' UUIDs."""
    for name in names:
        desk.write(name, BOARD.replace("Gulls", name))
    said = desk.run("submit", *names, "--yes", "--no-wait", "--json")
    assert said.code == 0, said.err
    return [line["job"] for line in said.lines]


def test_without_jobs_nothing_is_made(desk: Desk) -> None:
    """Looking is free: exit code 0, words for people, an empty array for programs, no ledger on disk."""
    assert (desk.run("jobs").out, desk.run("jobs", "--json").json) == ("", [])
    assert desk.run("resume").code == 0
    assert desk.run("resume", "abc").code == 2
    assert desk.run("jobs", "show", "abc").code == 2
    assert not os.path.exists("../state")


def test_jobs_are_shown_within_80_columns(desk: Desk, provider: Provider) -> None:
    """A line a job with the price's points below each other, its takes below its name; newest first."""
    provider.add_outcomes(Outcome(prompt="b.storyboard.yaml", code="contentPolicyViolation"))
    begin(desk, "a.storyboard.yaml", "b.storyboard.yaml")
    assert desk.run("resume").code == 4
    lines = [line[:8] + line[26:] if line[0] != " " else line for line in desk.run("jobs").out.splitlines()]
    uuids = [line["job"][:8] for line in desk.run("jobs", "--json").json]
    assert lines == [
        f"{uuids[0]}  failed       ~$0.336  b",
        f"{'':50}contentPolicyViolation",
        f"{uuids[1]}  done          $0.336  a",
        f"{'':50}renders/a-1.mp4",
    ]


def test_jobs_as_json_fit_the_schema(desk: Desk, provider: Provider) -> None:
    """An array of the lines that `submit --json` prints."""
    begin(desk, "a.yaml", "b.yaml")
    lines = desk.run("jobs", "--json").json
    assert [line["state"] for line in lines] == ["accepted", "accepted"]
    for line in lines:
        JOB.validate(line)


def test_files_are_named_from_where_one_stands(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another folder the ledger's paths still lead to the files."""
    begin(desk, "act/a.yaml")
    assert desk.run("jobs", "--json").json[0]["file"] == "act/a.yaml"
    monkeypatch.chdir("act")
    assert desk.run("jobs", "--json").json[0]["file"] == "a.yaml"
    monkeypatch.chdir("/")
    assert desk.run("jobs", "--json").json[0]["file"] == str(desk.folder / "act/a.yaml").removeprefix("/")


def test_twenty_and_all(desk: Desk, provider: Provider) -> None:
    """Without --all the last twenty and what is not finished."""
    provider.job_seconds = 0.0
    oldest = begin(desk, "oldest.yaml")
    provider.forget(*oldest, details=True)
    names = [f"{number:02}.yaml" for number in range(21)]
    begin(desk, *names)
    shown = [line["job"] for line in desk.run("jobs", "--json").json]
    assert len(shown) == 22
    assert desk.run("resume", *[uuid for uuid in shown if uuid not in oldest]).code == 0
    assert len(desk.run("jobs", "--json").json) == 21
    assert oldest[0] in [line["job"] for line in desk.run("jobs", "--json").json]
    assert len(desk.run("jobs", "--json", "--all").json) == 22


def test_show_tells_all(desk: Desk, provider: Provider) -> None:
    """State in words, price, moments, for whom, the prompt; the key nowhere."""
    (uuid,) = begin(desk, "a.yaml")
    said = desk.run("jobs", "show", uuid[:6].upper())
    assert said.code == 0
    for part in (uuid, "accepted: the service has it", "$0.336 by the list", str(desk.folder), "shot 1, 2, Wide shot"):
        assert part in said.out
    assert f"you can   storyboard resume {uuid[:8]}: waits and brings the videos home (free)" in said.out
    details = desk.run("jobs", "show", uuid, "--json").json
    assert details["request"]["taskUUID"] == uuid
    assert provider.key not in said.out + str(details)


def test_names_of_jobs_that_are_none(desk: Desk, provider: Provider) -> None:
    """No job, or no telling which: exit code 2, and nothing is carried on."""
    begin(desk, *(f"{number}.yaml" for number in range(17)))
    asked = len(provider.requests)
    for name in ("zz", "%", "_", ""):
        assert desk.run("jobs", "show", name).code == 2
        assert desk.run("resume", name).code == 2
    initials = [line["job"][0] for line in desk.run("jobs", "--json").json]
    twice = next(initial for initial in initials if initials.count(initial) > 1)
    assert "write more of it" in desk.run("resume", twice).err
    assert len(provider.requests) == asked


def test_resume_brings_home_what_was_named(desk: Desk, provider: Provider) -> None:
    """The others stay as they are; without a name all are carried on."""
    first, second = begin(desk, "a.yaml", "b.yaml")
    said = desk.run("resume", first, "--json")
    assert said.code == 0
    JOB.validate(said.lines[0])
    assert [line["job"] for line in said.lines] == [first]
    assert [line["job"] for line in desk.run("resume", "--json").lines] == [second]
    assert desk.run("resume").err == "nothing to resume\n"


def test_resume_elsewhere(desk: Desk, provider: Provider) -> None:
    """--out sends what is not on disk yet to another folder; one that cannot be written is wrong usage."""
    begin(desk, "a.yaml")
    assert desk.run("resume", "--out", "a.yaml").code == 2
    assert desk.run("resume", "--out", "cut/one").out == "cut/one/a-1.mp4\n"


def test_jobs_of_others_are_left(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another key or address: nothing of this account is left, and the rest is said; none at all: code 6.

    So it is for a job that is named. Nothing is asked.
    """
    (uuid,) = begin(desk, "a.yaml")
    asked = len(provider.requests)
    for name, value, word, code in (
        ("RUNWARE_API_KEY", "another-key", "another key", 0),
        ("RUNWARE_BASE_URL", "https://elsewhere.example/v1", "RUNWARE_BASE_URL", 0),
        ("RUNWARE_API_KEY", "", "RUNWARE_API_KEY", 6),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            said, named = desk.run("resume"), desk.run("resume", uuid)
        assert (said.code, named.code) == (code, 6)
        assert word in said.err
        assert "forget" not in said.err
    assert len(provider.requests) == asked
    assert desk.run("resume").code == 0


def test_service_that_is_away(desk: Desk, provider: Provider) -> None:
    """Exit code 6; the words come once, however many jobs wait; everything is kept."""
    begin(desk, "a.yaml", "b.yaml", "c.yaml")
    provider.add_faults(Fault(on="poll", kind="401", count=None))
    said = desk.run("resume")
    assert (said.code, said.out) == (6, "")
    assert said.err.count("refused the account") == 1
    assert "3 jobs not finished" in said.err
    assert [line["state"] for line in desk.run("jobs", "--json").json] == ["accepted"] * 3
