"""At a real terminal: the question before money, the live lines, Ctrl-C."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import BOARD, SAMPLES
from tests.cli.terminal import Terminal
from tests.docs.blocks import ROOT, blocks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk
    from tests.provider import Provider

NEVER_DRAWN = """
from threading import Event
from storyboard.cli.main import run
from storyboard.sandbox import videos
videos.render_as_animatic = lambda *_, **__: Event().wait()
run()
"""
"""The command, with a sandbox that is never done with a video."""


def test_question_names_the_sum(desk: Desk, provider: Provider) -> None:
    """It shows what it would buy and asks with the sum; a yes pays, and live lines show how jobs get on."""
    provider.job_seconds = 600
    desk.write("a.storyboard.yaml")
    desk.write("[b]esc\x1b[31m.storyboard.yaml", BOARD.replace("dawn", "dusk"))
    with Terminal("submit", ".") as terminal:
        terminal.wait_for("Pay $0.672 and render? [y/N] ")
        assert "    $0.336   3 s   720p  1 take   a.storyboard.yaml\n" in terminal.shown
        assert provider.requests == []
        terminal.type("y\n")
        terminal.wait_for("a.storyboard.yaml               rendering  0:0")
        terminal.wait_for("[b]esc\\x1b[31m.storyboard.yaml  rendering  0:0")
        provider.advance(600)
        assert terminal.end() == 0
    lines = terminal.shown.splitlines()
    assert "renders/a-1.mp4" in lines
    assert "a.storyboard.yaml: done, $0.336" in lines
    assert "\x1b[31m" not in terminal.raw
    assert provider.count("submit") == 2


def test_question_names_what_is_told(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the price, or alone where that is approved: which variable goes to whom; only a yes tells it."""
    monkeypatch.setenv("HOOK", "s3cr3t")
    desk.write("a.storyboard.yaml", BOARD + "output: {webhook_url: 'https://hooks.example/${HOOK}'}\n")
    with Terminal("submit", "a.storyboard.yaml") as terminal:
        terminal.wait_for("Pay $0.336, tell these values and render? [y/N] ")
        assert "hooks.example gets the value of ${HOOK}\n" in terminal.shown
        terminal.type("n\n")
        assert terminal.end() == 5
    with Terminal("submit", "a.storyboard.yaml", "--yes") as terminal:
        terminal.wait_for("Tell these values and render? [y/N] ")
        assert provider.requests == []
        terminal.type("y\n")
        assert terminal.end() == 0
    assert provider.count("submit") == 1


def test_the_front_page_shows_what_a_yes_does(desk: Desk, provider: Provider) -> None:
    """README's submit, line by line; how far a job has got is another matter each time."""
    provider.job_seconds = 600
    (page,) = [one for one in blocks(ROOT / "README.md") if one.language == "console" and one.mark == "not run"]
    (command,) = page.commands
    program, *arguments = shlex.split(command.line)
    assert program == "storyboard"
    desk.write(arguments[-1], (SAMPLES / arguments[-1]).read_text("utf-8"))
    with Terminal(*arguments) as terminal:
        terminal.wait_for("[y/N] ")
        terminal.type("y\n")
        terminal.wait_for("rendering")
        provider.advance(600)
        assert terminal.end() == 0
    said = terminal.shown.splitlines()
    for line in command.shown:
        assert any(one.startswith(line.partition("  1:02")[0].rstrip()) for one in said), line


@pytest.mark.parametrize("answer", ["\n", "maybe\n", "\x04"])
def test_everything_but_yes_is_no(desk: Desk, provider: Provider, answer: str) -> None:
    """The end of input, too: exit code 5, nothing sent."""
    desk.write("film.yaml")
    with Terminal("submit", "film.yaml") as terminal:
        terminal.wait_for("[y/N] ")
        terminal.type(answer)
        assert terminal.end() == 5
    assert terminal.shown.endswith("storyboard: nothing was sent\n")
    assert provider.requests == []


def test_interrupted_at_the_question(desk: Desk, provider: Provider) -> None:
    """Exit code 130, nothing sent, no traceback."""
    desk.write("film.yaml")
    with Terminal("submit", "film.yaml") as terminal:
        terminal.wait_for("[y/N] ")
        terminal.type("\x03")
        assert terminal.end() == 130
    assert terminal.shown.endswith("storyboard: interrupted; nothing was sent\n")
    assert provider.requests == []


def test_interrupted_while_rendering(desk: Desk, provider: Provider) -> None:
    """The job goes on: exit code 130, words that say how to go on, and `resume` brings it home, paid once."""
    provider.job_seconds = 60
    desk.write("film.yaml")
    with Terminal("submit", "film.yaml", "--yes") as terminal:
        terminal.wait_for("rendering")
        terminal.type("\x03")
        assert terminal.end() == 130
    assert "`storyboard resume` carries on" in terminal.shown
    assert "Traceback" not in terminal.shown
    assert terminal.raw.endswith("\n")
    assert terminal.raw.rindex("\x1b[?25h") > terminal.raw.rindex("\x1b[?25l"), "the cursor is left hidden"
    provider.advance(120)
    assert desk.run("resume").out == "renders/film-1.mp4\n"
    assert provider.count("submit") == 1


def test_interrupted_while_the_sandbox_draws(desk: Desk) -> None:
    """Drawing in a thread, however long it takes, does not hold the command back; the video comes with `resume`."""
    desk.write("film.yaml")
    with Terminal("submit", "film.yaml", "--sandbox", program=[sys.executable, "-c", NEVER_DRAWN]) as terminal:
        terminal.wait_for("downloading")
        terminal.type("\x03")
        assert terminal.end() == 130
    assert "`storyboard resume` carries on" in terminal.shown
    assert "Traceback" not in terminal.shown


def test_data_go_where_they_were_sent(desk: Desk, provider: Provider) -> None:
    """With standard output in a file, paths are in the file, and only there, whatever is drawn on the terminal."""
    desk.write("film.yaml")
    out = desk.folder / "out.txt"
    with Terminal("submit", "film.yaml", "--yes", stdout=out) as terminal:
        assert terminal.end() == 0
    assert out.read_text() == "renders/film-1.mp4\n"
    assert "renders/film-1.mp4" not in terminal.shown


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_plain_lines_where_they_are_wanted(desk: Desk, provider: Provider, env: dict[str, str]) -> None:
    """NO_COLOR and terminals that can draw nothing get no control sequence at all."""
    desk.write("film.yaml")
    with Terminal("submit", "film.yaml", "--yes", env=env) as terminal:
        assert terminal.end() == 0
    assert "\x1b" not in terminal.raw
    assert "film.yaml: rendering\n" in terminal.shown


def test_narrow_terminal(desk: Desk, provider: Provider, tmp_path: Path) -> None:
    """A live line stays one line, and what is cut off is the name, not the state."""
    provider.job_seconds = 600
    desk.write("a-very-long-name-of-a-film-about-a-lamp.storyboard.yaml")
    with Terminal("submit", ".", "--yes", columns=30) as terminal:
        terminal.wait_for("a-very-…  rendering  0:0")
        provider.advance(600)
        assert terminal.end() == 0


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("check", "-"), "shots:\n  - {seconds: 3, prompt: A lamp on its hook.}\n"),
        (("import",), "Shot 1 (3s): A lamp on its hook.\n"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_what_is_awaited_from_the_keyboard_is_said(arguments: tuple[str, ...], text: str) -> None:
    """Nobody looks at a cursor and wonders; Ctrl-D ends the text."""
    with Terminal(*arguments) as terminal:
        terminal.wait_for("Ctrl-D in an empty line ends it")
        terminal.type(f"{text}\x04")
        assert terminal.end() == 0
