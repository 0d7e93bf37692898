"""The sdist and the wheel that is built from it: what they hold, and what they say of themselves."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from storyboard import __version__

ROOT = Path(__file__).parents[2]
NAME = f"multishot_storyboard-{__version__}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist of this tree and the wheel that was built from the sdist alone."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, bytes]:
    """The wheel's files."""
    with zipfile.ZipFile(built / f"{NAME}-py3-none-any.whl") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_package_and_nothing_else(wheel: dict[str, bytes]) -> None:
    """Every file of the package, data such as schemas of tables and styles included; no test, no sample."""
    package = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "storyboard").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {"storyboard/py.typed", "storyboard/jobs/schema.sql", "storyboard/tui/board.tcss"} <= set(package)
    assert {name: data for name, data in wheel.items() if ".dist-info/" not in name} == package


def test_the_wheel_says_what_it_is(wheel: dict[str, bytes]) -> None:
    """Version, extras, command and licences, the parts under another licence than ours named."""
    said = message_from_bytes(wheel[f"{NAME}.dist-info/METADATA"])
    extras = {extra for requirement in said.get_all("Requires-Dist", []) for extra in _extras(requirement)}
    assert (said["Name"], said["Version"], said["License-Expression"]) == ("multishot-storyboard", __version__, "MIT")
    assert set(said.get_all("Provides-Extra", [])) == extras
    assert {"preview", "sandbox", "all"} <= extras
    assert "GPL" in str(said.get_payload())
    assert f"{NAME}.dist-info/licenses/LICENSE" in wheel
    assert b"storyboard = storyboard.cli.main:run" in wheel[f"{NAME}.dist-info/entry_points.txt"]


def test_every_dependency_has_a_lower_and_an_upper_bound(wheel: dict[str, bytes]) -> None:
    """No next major version of another package reaches an installation before it was tried here."""
    said = message_from_bytes(wheel[f"{NAME}.dist-info/METADATA"])
    requirements = [Requirement(one) for one in said.get_all("Requires-Dist", [])]
    others = {one.name: {bound.operator for bound in one.specifier} for one in requirements if one.name != said["Name"]}
    assert {"textual", "av", "uvicorn"} <= set(others)
    assert others == {name: {">=", "<"} for name in others}


def _extras(requirement: str) -> list[str]:
    return re.findall(r"extra == ['\"]([^'\"]+)['\"]", requirement)


def test_the_sdist_holds_what_the_makefile_needs(built: Path) -> None:
    """Whoever unpacks it can try, test, measure and read; nothing that a machine left behind is in it."""
    with tarfile.open(built / f"{NAME}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    tracked = {"Makefile", "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"}
    assert tracked <= names
    folders = {"storyboard", "tests", "samples", "schemas", "benchmarks", "docs"}
    assert {name.partition("/")[0] for name in names} == tracked | folders | {"PKG-INFO", ".gitignore"}
    assert not [name for name in names if "__pycache__" in name or name.startswith((".venv", "renders"))]


def test_the_version_stands_in_one_place() -> None:
    """`storyboard/__init__.py` says it; the changelog begins with it, no other file repeats it."""
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__
    sources = [*(ROOT / "storyboard").rglob("*.py"), *ROOT.glob("docs/*.py"), ROOT / "pyproject.toml"]
    saying = [
        path.name
        for path in sources
        if re.search(rf"(?<![\d.]){re.escape(__version__)}(?![\d.])", path.read_text("utf-8"))
    ]
    assert saying == ["__init__.py"]
