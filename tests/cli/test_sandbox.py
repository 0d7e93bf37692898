"""`submit --sandbox`: free, without an account, and never in the way."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from storyboard.jobs.containers import damage
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from storyboard.schemas import job_schema
from tests.cli.desk import BOARD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk
    from tests.provider import Provider

pytestmark = pytest.mark.usefixtures("quick_sandbox")


def test_no_key_no_question(desk: Desk) -> None:
    """A video for nothing: no key, no yes, exit code 0."""
    desk.write("film.yaml")
    said = desk.run("submit", "film.yaml", "--sandbox", "--json")
    assert said.code == 0
    Draft202012Validator(job_schema()).validate(said.lines[0])
    assert (said.lines[0]["provider"], said.lines[0]["cost"]) == ("sandbox", 0.0)
    assert damage("renders/sandbox/film-1.mp4", "mp4") is None


def test_words_are_free_of_money(desk: Desk) -> None:
    """Nothing the sandbox says could make somebody think that they paid."""
    desk.write("film.yaml")
    said = [desk.run("submit", "film.yaml", "--sandbox") for _ in range(2)] + [desk.run("jobs")]
    uuid = desk.run("jobs", "--json").json[0]["job"]
    for one in (*said, desk.run("jobs", "show", uuid)):
        assert one.code == 0
        assert "$" not in one.out + one.err
        assert "paid" not in one.out + one.err


def test_sandbox_and_service_stay_apart(desk: Desk, provider: Provider) -> None:
    """What the sandbox has drawn is bought all the same, and the service hears nothing of the sandbox's jobs."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--sandbox", "--no-wait").code == 0
    assert provider.requests == []
    assert desk.run("submit", "film.yaml").code == 5
    assert desk.run("submit", "film.yaml", "--yes").code == 0
    assert provider.count("submit") == 1
    assert desk.run("resume").code == 0
    assert sorted(os.listdir("renders")) == ["film-1.mp4", "film-1.mp4.json", "sandbox"]
    assert sorted(os.listdir("renders/sandbox")) == ["film-1.mp4", "film-1.mp4.json"]


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED, State.REVIEW, State.REJECTED])
def test_what_ended_badly_is_made_anew(desk: Desk, state: State, tmp_path: Path) -> None:
    """It costs nothing, so the next submit makes it instead of reporting it."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--sandbox", "--no-wait").code == 0
    with Ledger.open(tmp_path / "state") as ledger:
        ledger.move(ledger.all()[0], state, code="someError", message="for the test")
    said = desk.run("submit", "film.yaml", "--sandbox")
    assert (said.code, said.out) == (0, "renders/sandbox/film-1.mp4\n")


@pytest.mark.parametrize("waited", [True, False])
def test_deleted_sandbox_is_no_obstacle(desk: Desk, tmp_path: Path, waited: bool) -> None:
    """With its folder gone, a job under way or a video gone from disk is made anew in the same call."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--sandbox", *(() if waited else ("--no-wait",))).code == 0
    shutil.rmtree(tmp_path / "state" / "sandbox")
    shutil.rmtree("renders", ignore_errors=True)
    said = desk.run("submit", "film.yaml", "--sandbox")
    assert (said.code, len(said.out.splitlines())) == (0, 1)
    assert damage(said.out.strip(), "mp4") is None


def test_deleted_sandbox_leaves_videos_alone(desk: Desk, tmp_path: Path) -> None:
    """What is on disk is shown, not drawn again."""
    desk.write("film.yaml")
    first = desk.run("submit", "film.yaml", "--sandbox", "--json").lines[0]
    shutil.rmtree(tmp_path / "state" / "sandbox")
    second = desk.run("submit", "film.yaml", "--sandbox", "--json").lines[0]
    assert (second["job"], second["reused"]) == (first["job"], True)


def test_resume_of_a_deleted_sandbox_ends(desk: Desk, tmp_path: Path) -> None:
    """The job is said to be gone, exit code 4, and does not come up again."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--sandbox", "--no-wait").code == 0
    shutil.rmtree(tmp_path / "state" / "sandbox")
    said = desk.run("resume")
    assert said.code == 4
    assert "submit it again" in said.err
    assert desk.run("resume").err == "nothing to resume\n"


def test_second_clone_gets_its_own_video(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two copies of a project share one ledger: each ends with an MP4 below its own renders/."""
    for clone in ("one", "two"):
        desk.write(f"{clone}/samples/film.storyboard.yaml", BOARD)
        monkeypatch.chdir(desk.folder / clone)
        said = desk.run("submit", "samples/film.storyboard.yaml", "--sandbox")
        assert (said.code, said.out) == (0, "renders/sandbox/film-1.mp4\n")
        assert damage("renders/sandbox/film-1.mp4", "mp4") is None
        monkeypatch.chdir(desk.folder)
    shutil.rmtree("one")
    desk.write("three/samples/film.storyboard.yaml", BOARD)
    monkeypatch.chdir(desk.folder / "three")
    assert desk.run("submit", "samples/film.storyboard.yaml", "--sandbox").out == "renders/sandbox/film-1.mp4\n"


def test_missing_extra_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the libraries that draw: wrong usage, with the line that installs them, and nothing begun."""
    desk.write("film.yaml")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    said = desk.run("submit", "film.yaml", "--sandbox")
    assert said.code == 2
    assert "pip install 'multishot-storyboard[preview]'" in said.err
    assert not os.path.exists("../state")


def test_unusable_state_is_said(desk: Desk, tmp_path: Path) -> None:
    """A sandbox that cannot keep its state ends in words with the place, exit code 6."""
    desk.write("film.yaml")
    (tmp_path / "state" / "sandbox").mkdir(parents=True)
    (tmp_path / "state" / "sandbox" / "state.sqlite3").write_bytes(b"no database" * 100)
    said = desk.run("submit", "film.yaml", "--sandbox")
    assert said.code == 6
    assert "state.sqlite3" in said.err
    assert "bug" not in said.err
