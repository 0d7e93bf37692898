"""First frames on the board: seen where the terminal can, never in the way, whatever the picture is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from storyboard.preview.errors import PreviewError
from storyboard.preview.thumbnail import make_thumbnail
from storyboard.profiles import KLING_3_TURBO
from storyboard.tui.first_frame import can_show
from storyboard.tui.preferences import Preferences
from tests.cli.desk import COMMAND
from tests.test_frames import png
from tests.tui.emulator import Emulator
from tests.tui.studio import NO_CRAFT, drive, editing, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

LIMITS = KLING_3_TURBO.frame
BOARD = """\
title: Flag
first_frame: flag.png
shots:
  - seconds: 3
    prompt: Wide shot, the flag moves in the wind. Static camera. Wind.
"""
RED, BLUE, GREEN = (200, 0, 0), (0, 0, 200), (0, 200, 0)


def flag(file: Path, above: tuple[int, int, int], below: tuple[int, int, int]) -> None:
    """A picture of two colours, one above the other."""
    picture = Image.new("RGB", (640, 360), above)
    picture.paste(below, (0, 180, 640, 360))
    picture.save(file)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A storyboard with a first frame."""
    flag(tmp_path / "flag.png", RED, BLUE)
    file = tmp_path / "flag.storyboard.yaml"
    file.write_text(BOARD, encoding="utf-8")
    (tmp_path / ".storyboard.toml").write_text(NO_CRAFT, encoding="utf-8")
    return file


def colours(pilot: Pilot[int]) -> list[tuple[object, object]]:
    """Upper and lower colour of the first half block of each row that has one."""
    rows: list[tuple[object, object]] = []
    for strip in pilot.app.screen._compositor.render_strips():
        block = next((segment for segment in strip if segment.text.startswith("▀") and segment.style), None)
        if block is not None and block.style is not None and block.style.color is not None:
            upper, lower = block.style.color.triplet, block.style.bgcolor and block.style.bgcolor.triplet
            rows.append((tuple(upper or ()), tuple(lower or ())))
    return rows


def test_it_is_seen_and_follows_its_file(film: Path) -> None:
    """Red over blue; another picture in the same file is shown too; a key taken out takes it away."""

    async def scene() -> None:
        async with editing(film, preferences=Preferences(pictures=True)) as (pilot, board):
            await until(pilot, lambda text: "first frame 640×360" in text and "▀" in text)
            seen = colours(pilot)
            assert (seen[0], seen[-1]) == ((RED, RED), (BLUE, BLUE))
            flag(film.parent / "flag.png", GREEN, RED)
            os.utime(film.parent / "flag.png", ns=(1, 1))
            assert board.first_frame is not None
            board.first_frame._look()
            await until(pilot, lambda text: colours(pilot)[:1] == [(GREEN, GREEN)])
            board.edit(lambda session: session.unset(("first_frame",)))
            await until(pilot, lambda text: "▀" not in text)
            board.edit(lambda session: session.undo())
            await until(pilot, lambda text: "▀" in text)

    drive(scene())


@pytest.mark.parametrize(("wanted", "system", "shown"), [(None, None, False), (False, "truecolor", False)])
def test_it_is_off(film: Path, wanted: bool | None, system: str | None, shown: bool) -> None:
    """Where the terminal cannot, and where the person does not want it: then nothing of it is even made."""

    async def scene() -> None:
        async with editing(film, preferences=Preferences(pictures=wanted)) as (pilot, board):
            await until(pilot, lambda text: "nothing wrong" in text)
            assert (board.first_frame is not None) is shown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rich.console.Console.color_system", system)
        drive(scene())


def test_where_it_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """In true colour; not in 256 colours, where it would be a guess, and not where nobody wants colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert can_show("truecolor")
    assert not can_show("256")
    assert not can_show(None)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not can_show("truecolor")


@pytest.mark.parametrize("kind", ["huge", "cut", "pipe", "text", "gone", "outside"])
def test_a_picture_that_is_none_is_told(film: Path, kind: str) -> None:
    """It never stalls or ends the editor: one line says why nothing is seen, and typing goes on."""
    file = film.parent / "flag.png"
    data = file.read_bytes()
    file.unlink()
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "outside":
        file.symlink_to("/etc/hostname")
    elif kind != "gone":
        file.write_bytes({"huge": png(20_000, 12_000), "cut": data[: len(data) // 2], "text": b"[red]\x1b[31m"}[kind])

    async def scene() -> None:
        async with editing(film, preferences=Preferences(pictures=True)) as (pilot, board):
            await until(pilot, lambda text: "first frame: " in text)
            assert "▀" not in screen_text(pilot)
            board.editor.insert(" Gulls.")
            await until(pilot, lambda text: "Gulls." in text)

    drive(scene())


def test_small_rooms_have_none(film: Path) -> None:
    """Where the shots leave no room there is no picture, and it comes back with the room."""

    async def scene() -> None:
        async with editing(film, size=(120, 40), preferences=Preferences(pictures=True)) as (pilot, _):
            await until(pilot, lambda text: "▀" in text)
            await pilot.resize_terminal(120, 10)
            await until(pilot, lambda text: "▀" not in text)
            await pilot.resize_terminal(120, 40)
            await until(pilot, lambda text: "▀" in text)

    drive(scene())


def test_the_same_file_is_decoded_once(tmp_path: Path) -> None:
    """The file's version decides; addresses are not fetched."""
    flag(tmp_path / "flag.png", RED, BLUE)
    first = make_thumbnail("flag.png", str(tmp_path), LIMITS)
    assert make_thumbnail("flag.png", str(tmp_path), LIMITS, first) is first
    os.utime(tmp_path / "flag.png", ns=(1, 1))
    assert make_thumbnail("flag.png", str(tmp_path), LIMITS, first) is not first
    assert make_thumbnail("https://example.com/flag.png", str(tmp_path), LIMITS) is None


def test_too_many_pixels_are_not_decoded(tmp_path: Path) -> None:
    """The header alone decides."""
    (tmp_path / "huge.png").write_bytes(png(20_000, 12_000))
    with pytest.raises(PreviewError, match="million pixels"):
        make_thumbnail("huge.png", str(tmp_path), LIMITS)


def test_half_blocks_keep_the_shape(tmp_path: Path) -> None:
    """Cells are twice as high as wide: a picture of 2:1 has as many columns as it has four times rows."""
    Image.new("RGB", (800, 400), RED).save(tmp_path / "wide.png")
    small = make_thumbnail("wide.png", str(tmp_path), LIMITS)
    assert small is not None
    rows = list(small.half_blocks(40, 14))
    assert (len(rows[0]), len(rows)) == (40, 10)
    assert {pair for row in rows for pair in row} == {(RED, RED)}


@pytest.mark.parametrize(("colour", "seen"), [("truecolor", True), ("", False)])
def test_on_a_terminal(film: Path, colour: str, seen: bool) -> None:
    """Without any preference: where the terminal says that it has true colour, and nowhere else."""
    env = {"COLORTERM": colour, "TERM": "xterm-256color", "STORYBOARD_STATE_DIR": str(film.parent / "state")}
    with Emulator.start([COMMAND, "edit", str(film)], 120, 40, env, cwd=film.parent) as terminal:
        terminal.wait_for(lambda lines: any("nothing wrong" in line for line in lines))
        if seen:
            terminal.wait_for(lambda lines: any("▀" * 20 in line for line in lines))
        else:
            terminal.send("Gulls")
            terminal.wait_for(lambda lines: any("Gulls" in line for line in lines))
            assert not any("▀" in line for line in terminal.screen())
