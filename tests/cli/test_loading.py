"""Packages that are there and cannot be loaded, and a machine without room: named, with what to do, never a bug."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from storyboard.packages import failure_in_words, is_missing
from storyboard.submitting.crash import describe, is_of_machine
from tests.cli.desk import CLEAN, Desk
from tests.cli.terminal import Terminal
from tests.test_pictures import photograph

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = "libx264.so.164: cannot open shared object file: No such file or directory"


def _broken(folder: Path, module: str, words: str = LIBRARY, *, named: bool = True) -> dict[str, str]:
    """An environment in which a package fails as one does whose library is missing."""
    path = folder / "broken" / module
    path.mkdir(parents=True, exist_ok=True)
    name = f"{module}._core" if named else None
    (path / "__init__.py").write_text(f"raise ImportError({words!r}, name={name!r})\n")
    return {"PYTHONPATH": str(folder / "broken")}


@pytest.mark.parametrize(
    ("module", "line", "name"),
    [
        ("av", "animatic film.yaml -o film.mp4", "PyAV"),
        ("PIL", "animatic film.yaml -o film.mp4", "Pillow"),
        ("PIL", "sheet film.yaml -o film.png", "Pillow"),
        ("av", "submit film.yaml --sandbox", "PyAV"),
        ("PIL", "submit film.yaml --sandbox", "Pillow"),
        ("av", "sandbox --port 0", "PyAV"),
        ("uvicorn", "sandbox --port 0", "uvicorn"),
        ("wsproto", "sandbox --port 0", "wsproto"),
        ("textual_serve", "serve film.yaml --port 0", "textual-serve"),
        ("psycopg", "farm status", "psycopg"),
        ("procrastinate", "farm status", "procrastinate"),
        ("pydantic", "new other", "pydantic"),
        ("pydantic", "compile film.yaml --request", "pydantic"),
        ("yaml", "check film.yaml", "PyYAML"),
        ("httpx", "submit film.yaml --yes", "httpx"),
    ],
)
def test_a_package_that_is_there_but_broken(desk: Desk, tmp_path: Path, module: str, line: str, name: str) -> None:
    """It is not called missing: its own words and the line that installs it anew, exit 6, and nothing half done."""
    desk.write("film.yaml", CLEAN)
    environment = _broken(tmp_path, module) | {"RUNWARE_API_KEY": "k" * 24, "STORYBOARD_FARM_DSN": "postgresql://h/d"}
    said = desk.process(*line.split(), env=environment)
    assert said.code == 6, said
    assert f"{name} cannot be loaded: {LIBRARY}" in said.err
    assert "pip install --force-reinstall" in said.err
    assert "not installed" not in said.err
    assert "bug" not in said.err
    assert "Traceback" not in said.err
    assert os.listdir() == ["film.yaml"]


@pytest.mark.parametrize("line", ["check film.yaml", "sheet film.yaml -o film.png"])
def test_a_package_that_does_not_say_which_it_is(desk: Desk, tmp_path: Path, line: str) -> None:
    """Pillow's words about an extension module of another version name none: it is told by where they come from."""
    desk.write("film.yaml", f"first_frame: f.jpg\n{CLEAN}")
    (desk.folder / "f.jpg").write_bytes(photograph())
    said = desk.process(*line.split(), env=_broken(tmp_path, "PIL", named=False))
    assert said.code in (0, 6), said
    assert "a package" not in said.err
    assert said.code == 0 or "Pillow cannot be loaded" in said.err


def test_the_editor_without_its_library(desk: Desk, tmp_path: Path) -> None:
    """The same words on a terminal."""
    desk.write("film.yaml", CLEAN)
    with Terminal("edit", "film.yaml", env=_broken(tmp_path, "textual")) as terminal:
        assert terminal.end() == 6
        assert "textual cannot be loaded" in terminal.shown


def test_what_is_really_missing() -> None:
    """A module that nobody has is missing, one that fails is not; a package that lacks another says which."""
    assert is_missing("no_such_module_anywhere")
    assert not is_missing("av")
    lacking = ModuleNotFoundError("No module named 'h11x'", name="h11x")
    assert failure_in_words(lacking, "wsproto") == "wsproto needs h11x, which is not installed: pip install h11x"
    assert failure_in_words(lacking) == "h11x is not installed: pip install h11x"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        ImportError("libav.so: failed to map segment from shared object", name="av._core"),
        ExceptionGroup("several", [MemoryError(), RuntimeError("can't start new thread")]),
    ],
    ids=repr,
)
def test_a_machine_without_room_is_no_bug(error: Exception) -> None:
    """Memory and threads are the machine's: it may pass, and no report is written."""
    assert is_of_machine(error)
    assert "run it again" in describe(error)
    assert "bug" not in describe(error)
    assert not is_of_machine(ExceptionGroup("several", [MemoryError(), ValueError()]))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("kilobytes", [60_000, 100_000, 150_000, 200_000])
@pytest.mark.parametrize(
    "line", ["submit film.yaml --sandbox", "animatic film.yaml -o film.mp4 --draft", "check film.yaml"]
)
def test_little_memory(desk: Desk, line: str, kilobytes: int) -> None:
    """Done, or exit 3 in words; never a bug, and no half file."""
    desk.write("film.yaml", CLEAN)
    said = desk.shell(f'ulimit -v {kilobytes}; "$S" {line}; exit $?')
    assert said.code in (0, 3), said
    assert "bug" not in said.err
    assert "Traceback" not in said.err
    assert not [name for name in os.listdir() if name.startswith("film.mp4") and said.code]


@pytest.mark.parametrize("files", [6, 7, 8, 10, 12, 14, 16])
def test_few_files(desk: Desk, files: int) -> None:
    """Too few open files: done, or exit 3 and a line that says what to do, and no noise of the event loop."""
    desk.write("film.yaml", CLEAN)
    said = desk.shell(f'ulimit -n {files}; "$S" submit film.yaml --sandbox; exit $?')
    assert said.code == 3 or (said.code == 0 and files > 10), said
    assert said.code == 0 or "too many open files" in said.err
    assert "Traceback" not in said.err
    assert "Warning" not in said.err
