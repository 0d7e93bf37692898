"""`storyboard animatic`, `sheet` and `sandbox` as people call them: files, names, refusals, mishaps."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from storyboard.jobs.containers import damage
from tests.cli.desk import BOARD, COMMAND

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def test_an_animatic_has_a_place_of_its_own(desk: Desk) -> None:
    """It goes to renders/ under the storyboard's name, in its size and length; the name is the only data."""
    desk.write("film.storyboard.yaml")
    said = desk.run("animatic", "film.storyboard.yaml")
    assert (said.code, said.out, said.err) == (0, "renders/film.animatic.mp4\n", "")
    assert damage("renders/film.animatic.mp4", "mp4") is None
    with av.open("renders/film.animatic.mp4") as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (1280, 720)
        assert film.duration == 3_000_000
    assert desk.run("animatic", "film.storyboard.yaml", "--draft").code == 0


def test_a_folder_is_one_film_and_one_sheet(desk: Desk) -> None:
    """All of its storyboards in the order of their paths."""
    for name in ("b/two", "a/one", "renders/not"):
        desk.write(f"{name}.storyboard.yaml")
    assert desk.run("animatic", ".", "--draft", "-o", "all.mp4").out == "all.mp4\n"
    with av.open("all.mp4") as film:
        assert film.duration == 6_000_000
    assert desk.run("sheet", ".", "-o", "out/all.html").out == "out/all.html\n"
    assert Path("out/all.html").read_text(encoding="utf-8").count("<article>") == 2


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>")])
def test_a_sheet_is_what_its_name_says(desk: Desk, ending: str, magic: bytes) -> None:
    """And may be made again over itself."""
    desk.write("film.yaml")
    for _ in range(2):
        assert desk.run("sheet", "film.yaml", "-o", f"film.{ending}").code == 0
        assert Path(f"film.{ending}").read_bytes().startswith(magic)


def test_standard_input_can_be_drawn(desk: Desk) -> None:
    """`-` as with check and compile."""
    said = desk.process("sheet", "-", "-o", "film.html", given=BOARD.encode())
    assert (said.code, said.out) == (0, "film.html\n")


def test_somebody_elses_file_stays(desk: Desk) -> None:
    """What was not made by this command is not replaced unless told to; exit 2, and the file is as it was."""
    desk.write("film.yaml")
    desk.write("film.mp4", "a take that was paid for")
    said = desk.run("animatic", "film.yaml", "-o", "film.mp4")
    assert (said.code, said.out) == (2, "")
    assert "--force" in said.err
    assert Path("film.mp4").read_text(encoding="utf-8") == "a take that was paid for"
    assert desk.run("animatic", "film.yaml", "-o", "film.mp4", "--draft", "--force").code == 0
    assert desk.run("sheet", "film.yaml", "-o", "film.yaml", "--force").code == 2


@pytest.mark.parametrize("command", ["animatic", "sheet"])
def test_refusals(desk: Desk, command: str) -> None:
    """Errors are exit 1 with their places, wrong endings exit 2, and nothing is written."""
    desk.write("film.yaml")
    desk.write("bad.yaml", "shots: []\n")
    assert desk.run(command, "bad.yaml").code == 1
    assert "nothing was drawn" in desk.run(command, "bad.yaml").err
    assert desk.run(command, "missing.yaml").code == 1
    assert desk.run(command, "film.yaml", "-o", "film.txt").code == 2
    assert desk.run(command, "film.yaml", "-o", ".").code == 2
    assert desk.run(command).code == 2
    assert sorted(os.listdir()) == ["bad.yaml", "film.yaml"]


@pytest.mark.parametrize("command", ["animatic", "sheet"])
def test_a_place_that_cannot_be_written_is_said(desk: Desk, command: str) -> None:
    """A file where a folder should be, exit 2, one line."""
    desk.write("film.yaml")
    desk.write("taken")
    said = desk.run(command, "film.yaml", "-o", "taken/film.mp4" if command == "animatic" else "taken/film.png")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("storyboard: taken/film")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("animatic", "film.yaml"), "preview"),
        (("sheet", "film.yaml"), "preview"),
        (("sandbox", "--port", "0"), "sandbox"),
    ],
)
def test_a_missing_extra_is_named(desk: Desk, arguments: tuple[str, ...], extra: str) -> None:
    """One line with what to install, exit 2, no traceback."""
    desk.write("film.yaml")
    said = desk.process(*arguments, env=without(desk, "av", "PIL", "uvicorn"))
    assert said.code == 2
    assert f"pip install 'multishot-storyboard[{extra}]'" in said.err
    assert "Traceback" not in said.err


def test_serving_without_its_extra_is_named(desk: Desk) -> None:
    """The pictures may be there and the server not."""
    said = desk.process("sandbox", "--port", "0", env=without(desk, "uvicorn"))
    assert said.code == 2
    assert "pip install 'multishot-storyboard[sandbox]'" in said.err


def test_a_text_sheet_needs_no_extra(desk: Desk) -> None:
    """HTML is written without any library; nothing that draws is there."""
    desk.write("film.yaml")
    said = desk.process("sheet", "film.yaml", "-o", "film.html", env=without(desk, "av", "PIL"))
    assert (said.code, said.out) == (0, "film.html\n")


def without(desk: Desk, *modules: str) -> dict[str, str]:
    """An environment in which these modules cannot be found, as where an extra is not installed."""
    folder = desk.folder.parent / "without"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        f"HIDDEN = {modules!r}\n"
        "class Hider:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        if name.partition('.')[0] in HIDDEN:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hider)\n"
        "import importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, package=None: None if name in HIDDEN else find(name, package)\n",
        encoding="utf-8",
    )
    return {"PYTHONPATH": str(folder)}


def test_an_interrupt_leaves_nothing_behind(desk: Desk) -> None:
    """Ctrl-C in the middle: exit 130, one line, no half file under any name that people see."""
    for number in range(12):
        desk.write(f"many/film{number}.storyboard.yaml", BOARD.replace("seconds: 2", "seconds: 14"))
    process = subprocess.Popen(
        [COMMAND, "animatic", "many", "-o", "film.mp4"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not [name for name in os.listdir() if name.endswith(".part")] and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert os.listdir() == ["many"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--faults", "missing.yaml"), "missing.yaml"),
        (("--faults", "plan.yaml"), "did you mean faults?"),
        (("--faults", "broken.yaml"), "broken.yaml:1"),
        (("--port", "70000"), "not from 0 to 65535"),
        (("--job-seconds", "never"), "not a number of seconds"),
        (("--conflict", "sometimes"), "always"),
        (("--host", "256.1.1.1"), "name another --host"),
    ],
)
def test_a_sandbox_that_cannot_be_served_says_why(desk: Desk, arguments: tuple[str, ...], words: str) -> None:
    """Wrong usage: exit 2, the place, the way out; nothing is printed that could be taken for an address."""
    desk.write("plan.yaml", "fault: []\n")
    desk.write("broken.yaml", "faults: [")
    said = desk.run("sandbox", *arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_taken_port_is_said(desk: Desk) -> None:
    """As often happens with the default one."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = desk.run("sandbox", "--port", str(taken.getsockname()[1]))
    assert said.code == 2
    assert "address already in use; name another --host or --port" in said.err


@pytest.mark.parametrize(("command", "name"), [("animatic", "a.mp4"), ("sheet", "a.html"), ("sheet", "a.pdf")])
def test_a_read_only_preview_is_not_replaced(desk: Desk, command: str, name: str) -> None:
    """Not even with --force: it is named, with what to do."""
    desk.write("film.storyboard.yaml")
    assert desk.run(command, "film.storyboard.yaml", "-o", name).code == 0
    file = desk.folder / name
    before = file.read_bytes()
    file.chmod(0o444)
    desk.write("film.storyboard.yaml", BOARD.replace("dawn", "noon"))
    for options in ((), ("--force",)):
        said = desk.run(command, "film.storyboard.yaml", "-o", name, *options)
        assert said.code == 3
        assert f"{name} was not replaced: it is read-only (mode 444); name another -o" in said.err
    assert file.read_bytes() == before
    assert not list(desk.folder.glob(".*.part"))
