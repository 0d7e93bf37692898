"""What each command may load: a light start is a promise, and so is a headless part without a terminal library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAMP = str(ROOT / "samples" / "tin-robot.storyboard.yaml")
_OF_FARM = ("procrastinate", "psycopg")
WATCHED = ("yaml", "pydantic", "httpx", "textual", "rich", "sqlite3", "asyncio", "av", "PIL", "jsonschema", *_OF_FARM)

# Runs a command and tells on standard error's last line which of the watched modules it has loaded.
_RUN = f"""
import json, sys
from storyboard.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(json.dumps([code, [name for name in {WATCHED!r} if name in sys.modules]]), file=sys.stderr)
"""


def loaded_by(folder: Path, *arguments: str, code: int = 0) -> set[str]:
    """Which of the watched modules a process has loaded once a command has ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RUNWARE", "STORYBOARD"))}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments],
        cwd=folder,
        env=kept | {"STORYBOARD_STATE_DIR": str(folder / "state"), "STORYBOARD_POLL_INTERVAL": "0.3"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    ended, names = json.loads(done.stderr.splitlines()[-1])
    assert ended == code, done.stderr
    return set(names)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("farm", "--help")])
def test_help_loads_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Help is click and names."""
    assert loaded_by(tmp_path, *arguments) == set()


@pytest.mark.parametrize("command", ["submit", "worker", "status", "wait", "budget"])
def test_help_of_the_farm_loads_neither_queue_nor_database(tmp_path: Path, command: str) -> None:
    """They come when a command is really called; so do the models and the wire."""
    assert not loaded_by(tmp_path, "farm", command, "--help") & {*_OF_FARM, "pydantic", "httpx", "textual", "sqlite3"}


@pytest.mark.parametrize(
    "arguments", [("check", LAMP), ("check", LAMP, "--format", "json"), ("compile", LAMP), ("cost", LAMP)]
)
def test_reading_loads_yaml_only(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Checks, templates and prices come from the draft; the models are for what is sent."""
    assert loaded_by(tmp_path, *arguments) == {"yaml"}


def test_request_loads_the_model(tmp_path: Path) -> None:
    """A whole request is checked by the models, and no more than that."""
    assert loaded_by(tmp_path, "compile", LAMP, "--request") == {"yaml", "pydantic"}


def test_new_loads_what_makes_the_schema(tmp_path: Path) -> None:
    """And where the project has a schema already, nothing at all."""
    assert loaded_by(tmp_path, "new", "film") <= {"pydantic", "yaml"}
    assert loaded_by(tmp_path, "new", "other") == set()


@pytest.mark.parametrize("command", ["jobs", "schema"])
def test_looking_opens_no_lines(tmp_path: Path, command: str) -> None:
    """What sends nothing needs no terminal library, and the ledger no HTTP."""
    allowed = {"jobs": {"sqlite3", "yaml"}, "schema": {"pydantic"}}
    assert loaded_by(tmp_path, command) <= allowed[command]


def test_only_drawing_loads_what_draws(tmp_path: Path) -> None:
    """Up to the moment when a video is asked for, submit to the sandbox draws nothing; textual is never loaded."""
    sent = loaded_by(tmp_path, "submit", LAMP, "--sandbox", "--no-wait")
    assert "httpx" in sent
    assert not sent & {"av", "PIL", "textual"}
    drawn = loaded_by(tmp_path, "resume")
    assert drawn >= {"av", "PIL"}
    assert "textual" not in drawn
    assert loaded_by(tmp_path, "jobs") <= {"sqlite3", "yaml"}


@pytest.mark.parametrize("name", ["animatic", "sheet"])
def test_previews_load_no_network(tmp_path: Path, name: str) -> None:
    """What draws needs neither the service nor the models."""
    assert loaded_by(tmp_path, name, LAMP) <= {"yaml", "av", "PIL"}


def test_a_page_of_text_needs_nothing_that_draws(tmp_path: Path) -> None:
    """HTML without a first frame is written with what reading needs."""
    assert loaded_by(tmp_path, "sheet", LAMP, "-o", "film.html") == {"yaml"}


_AT_THE_DESK = f"""
import json, pkgutil, sys
from importlib import import_module
def loaded():
    return [name for name in {(*WATCHED, "click")!r} if name in sys.modules]
from storyboard.submitting.desk import JobDesk
desk = JobDesk(print)
idle = loaded()
desk.jobs(), desk.standing(["film"]), desk.close()
read = loaded()
import storyboard.submitting
for module in pkgutil.iter_modules(storyboard.submitting.__path__):
    import_module("storyboard.submitting." + module.name)
print(json.dumps([idle, read, loaded()]))
"""


def test_the_desk_knows_no_terminal_and_costs_nothing_until_it_is_used(tmp_path: Path) -> None:
    """An editor that submits nothing has no network and no ledger in it; what it submits with draws nothing itself."""
    env = os.environ | {"STORYBOARD_STATE_DIR": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", _AT_THE_DESK], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    idle, read, whole = (set(names) for names in json.loads(done.stdout))
    assert idle == {"asyncio"}
    assert read <= {"asyncio", "sqlite3", "yaml"}
    assert "httpx" in whole
    assert not whole & {"textual", "av", "PIL"}
