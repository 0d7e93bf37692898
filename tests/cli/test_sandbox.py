"""`submit --sandbox`: free, without an account, and never in the way."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from storyboard.jobs.containers import damage
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from storyboard.schemas import job_schema
from tests.cli.desk import BOARD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.desk import Desk
    from tests.provider import Provider

pytestmark = pytest.mark.usefixtures("quick_sandbox")


@pytest.fixture
def doorbell() -> Iterator[socket.socket]:
    """A port of this machine at which nobody answers before the test does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        yield listener


def called_at(doorbell: socket.socket, path: str) -> str:
    """A storyboard whose webhook and upload endpoint are at this port."""
    address = f"http://127.0.0.1:{doorbell.getsockname()[1]}/{path}"
    return BOARD + f"output: {{webhook_url: '{address}', upload_endpoint: '{address}'}}\n"


def test_nothing_on_this_machine_is_called(desk: Desk, doorbell: socket.socket) -> None:
    """A stranger's storyboard reaches no port, neither when it is submitted nor by a later call for another one."""
    desk.write("film.yaml", called_at(doorbell, "shutdown"))
    assert desk.run("submit", "film.yaml", "--sandbox").code == 0
    desk.write("own.yaml", BOARD.replace("dawn", "dusk"))
    assert desk.run("submit", "own.yaml", "--sandbox", "--callbacks").code == 0
    assert desk.run("resume").code == 0
    with pytest.raises(BlockingIOError):
        doorbell.accept()


def test_callbacks_when_asked_for(desk: Desk, doorbell: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """With leave to tell the value: it is filled in for the call, and kept nowhere; what came of it is said."""
    monkeypatch.setenv("HOOK", "s3cr3t")
    desk.write("film.yaml", called_at(doorbell, "${HOOK}"))
    refused = desk.run("submit", "film.yaml", "--sandbox", "--callbacks")
    assert (refused.code, "STORYBOARD_ALLOW_ENV=HOOK@127.0.0.1:" in refused.err) == (6, True)
    monkeypatch.setenv("STORYBOARD_ALLOW_ENV", "HOOK")
    got: list[bytes] = []

    def answer() -> None:
        doorbell.settimeout(60)
        for _ in range(2):
            line, _ = doorbell.accept()
            with line, line.makefile("rwb") as stream:
                got.append(stream.readline())
                length = 0
                while (head := stream.readline().lower()) != b"\r\n":
                    length = int(head.split()[1]) if head.startswith(b"content-length:") else length
                stream.read(length)
                stream.write(b"HTTP/1.1 204 Done\r\nConnection: close\r\n\r\n")

    answering = threading.Thread(target=answer)
    answering.start()
    said = desk.run("submit", "film.yaml", "--sandbox", "--callbacks")
    answering.join()
    assert (said.code, sorted(got)) == (0, [b"POST /s3cr3t HTTP/1.1\r\n", b"PUT /s3cr3t HTTP/1.1\r\n"])
    assert said.err.count("HTTP 204") == 2
    kept = b"".join(one.read_bytes() for one in (desk.folder.parent / "state").rglob("*") if one.is_file())
    assert b"s3cr3t" not in kept + (said.out + said.err).encode()


def test_callbacks_are_the_sandboxes(desk: Desk) -> None:
    """What is paid for is called by the service."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--callbacks").code == 2


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
