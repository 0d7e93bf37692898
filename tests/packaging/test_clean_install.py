"""What was built, in a virtual environment that has nothing else: `make dist` runs this, `make test` does not."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from pathlib import Path

import pytest

from storyboard import __version__

ROOT = Path(__file__).parents[2]
DIST = os.environ.get("STORYBOARD_DIST")
pytestmark = pytest.mark.skipif(not DIST, reason="installs from a registry; make dist runs it")


class Home:
    """A virtual environment with one built file in it, and a folder to work in."""

    def __init__(self, folder: Path, file: Path, extra: str = "") -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        venv.create(folder / "venv", with_pip=True)
        self.programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        self.run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{file}{extra}")

    def run(self, program: str, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Runs one of its programs, far from this source tree and from this machine's settings."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("RUNWARE", "STORYBOARD", "PYTHON"))
        }
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env=kept | {"STORYBOARD_STATE_DIR": str(self.folder / "state"), "STORYBOARD_POLL_INTERVAL": "0.5"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done


def _file(ending: str) -> Path:
    return (ROOT / str(DIST) / f"multishot_storyboard-{__version__}{ending}").resolve()


def test_the_core_alone_writes_checks_and_compiles(tmp_path: Path) -> None:
    """Without extras everything works that draws nothing; what would draw names the extra, in one line."""
    home = Home(tmp_path, _file("-py3-none-any.whl"))
    assert home.run("storyboard", "--version").stdout == f"storyboard, version {__version__}\n"
    home.run("storyboard", "new", "film")
    home.run("storyboard", "check", "--strict")
    assert home.run("storyboard", "compile", "film.storyboard.yaml").stdout.startswith("shot 1, ")
    assert json.loads(home.run("storyboard", "compile", "film.storyboard.yaml", "--request").stdout)
    assert "RUNWARE_API_KEY is not set" in home.run("storyboard", "doctor").stdout
    refused = home.run("storyboard", "animatic", "film.storyboard.yaml", code=2)
    assert refused.stderr.count("\n") == 1
    assert "multishot-storyboard[preview]" in refused.stderr


@pytest.mark.parametrize("ending", ["-py3-none-any.whl", ".tar.gz"])
def test_all_of_it_brings_a_video_home(tmp_path: Path, ending: str) -> None:
    """From the wheel and from the sdist: a new film becomes a video in the sandbox, and a sheet."""
    home = Home(tmp_path, _file(ending), "[all]")
    home.run("storyboard", "new", "film")
    home.run("storyboard", "submit", "film.storyboard.yaml", "--sandbox")
    home.run("storyboard", "sheet", "film.storyboard.yaml")
    made = {path.name for path in (home.folder / "renders").iterdir()}
    assert made == {"sandbox", "film.sheet.pdf"}
    assert {path.name for path in (home.folder / "renders/sandbox").iterdir()} == {"film-1.mp4", "film-1.mp4.json"}
    assert home.run("python", "-m", "pip", "check").returncode == 0
