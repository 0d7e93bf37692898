"""Makes the pictures of docs/editor.md from the editor itself: `python docs/screenshots.py`."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.tui.app import Editor
from storyboard.tui.preferences import Preferences

if TYPE_CHECKING:
    from textual.pilot import Pilot

DOCS = Path(__file__).parent
SAMPLES = DOCS.parent / "samples"
SIZE = (110, 34)


async def picture(pilot: Pilot[int], name: str) -> None:
    """The screen as it is, as an SVG."""
    await pilot.pause(0.5)
    svg = pilot.app.export_screenshot(title="storyboard edit")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # a page of ours asks no other server for fonts
    (DOCS / "images" / f"{name}.svg").write_text(svg, encoding="utf-8")


async def make_all(folder: Path) -> None:
    """One picture after another."""
    film = folder / "lighthouse.storyboard.yaml"
    async with Editor(film, Preferences()).run_test(size=SIZE, notifications=True) as pilot:
        await pilot.pause(0.5)
        await picture(pilot, "board")
        board = pilot.app.board  # type: ignore[attr-defined]
        board.action_go(2)
        board.editor.insert(" He lights it; the flame " + "leans in the wind and " * 9 + "holds.")
        await pilot.press("alt+l", "alt+l", "f3")
        await picture(pilot, "limits")
        while board.session.undo():
            pass
        board.follow()
        board.action_go(0)
        pilot.app.clear_notifications()
        for key, name in (("f2", "settings"), ("f9", "cast"), ("f4", "compiled")):
            await pilot.press(key)
            await picture(pilot, name)
        await pilot.press("escape", "f5")
        await picture(pilot, "submit")
        await pilot.press("escape")
    harbour = folder / "paper-harbour.storyboard.yaml"
    async with Editor(harbour, Preferences(pictures=True)).run_test(size=SIZE) as pilot:
        await pilot.pause(1.0)
        await picture(pilot, "first-frame")
    async with Editor(folder, Preferences()).run_test(size=SIZE) as pilot:
        await pilot.pause(1.0)
        await picture(pilot, "folder")


def main() -> None:
    """In a folder of its own, with no key and an empty ledger."""
    os.environ.pop("RUNWARE_API_KEY", None)
    (DOCS / "images").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        films = Path(place) / "films"
        os.environ["HOME"] = place
        os.environ["STORYBOARD_STATE_DIR"] = str(Path(place) / "state")
        shutil.copytree(SAMPLES, films)
        os.chdir(films)
        asyncio.run(make_all(films))


if __name__ == "__main__":
    main()
