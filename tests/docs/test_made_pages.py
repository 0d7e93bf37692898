"""Pages beside the code: what they list is all that there is, and what they are made from has not moved on."""

from __future__ import annotations

import re
import runpy

from storyboard.checks import check_bytes
from storyboard.checks.catalogue import explanations
from storyboard.cli.exits import Exit
from storyboard.dialects.exporting import NOTATIONS
from storyboard.jobs.states import State
from storyboard.tui.commands import BOARD_COMMANDS, FOLDER_COMMANDS
from storyboard.tui.keyline import key_name
from tests.docs.blocks import ROOT, blocks


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def first_column(text: str, heading: str) -> list[str]:
    """What stands in code in the first column of the table below a heading."""
    section = text.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return [name for row in re.findall(r"^\| (.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)]


def test_the_rules_page_is_made_from_the_rules() -> None:
    """`docs/rules.py` writes it; the figures in it are what the rules say today."""
    assert page("rules.md") == runpy.run_path(str(ROOT / "docs" / "rules.py"))["page"]()


def test_the_comment_of_the_rules_page_hides_what_it_names() -> None:
    """It would be found without the comment."""
    line = next(block.text for block in blocks(ROOT / "docs" / "rules.md") if block.language == "yaml")
    before = "shots:\n  - {seconds: 3, prompt: A lamp.}\n  - seconds: 3\n"
    hidden, told = (
        {one.code for one in check_bytes((before + text).encode(), "-", ".").diagnostics}
        for text in (line, line.replace("storyboard:", ""))
    )
    assert told - hidden == {"SB203"}


def test_the_editor_page_names_every_command() -> None:
    """With the keys that it has; whoever wants to move one finds the command's name."""
    text = page("editor.md")
    for arrows, ways in (("↑ ↓", ("Up", "Down")), ("← →", ("Left", "Right"))):
        text = text.replace(f"Alt+{arrows}", " ".join(f"Alt+{way}" for way in ways))
    commands = (*BOARD_COMMANDS, *FOLDER_COMMANDS)
    assert [one.id for one in commands if f"`{one.id}`" not in text] == []
    keys = [key_name(key).replace("^", "Ctrl+") for one in commands for key in one.keys.split(",")]
    assert [key for key in keys if key not in text] == []


def test_the_page_of_the_house_names_every_room() -> None:
    """Whoever looks for a module finds what it is for, and what it may import."""
    text = page("architecture.md").split("## Decisions", 1)[0]
    rooms = {
        path.stem
        for path in (ROOT / "storyboard").iterdir()
        if not path.name.startswith("__") and path.suffix != ".typed"
    }
    assert [room for room in sorted(rooms) if not re.search(rf"\b{room}\b", text)] == []


def test_the_reference_names_every_code() -> None:
    """Whoever meets a code finds it there."""
    text = page("reference.md")
    assert [code for code in explanations() if code not in text] == []


def test_the_reference_names_every_state_and_exit() -> None:
    """Programs decide by them."""
    text = page("reference.md")
    assert set(first_column(text, "## Jobs as JSON")) >= {state.value for state in State}
    assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == [str(code.value) for code in Exit]


def test_the_reference_names_every_variable() -> None:
    """Each variable of ours that the code reads, and none that it does not."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "storyboard").rglob("*.py"))
    read = set(re.findall(r'"((?:STORYBOARD|RUNWARE)_[A-Z_]+)"', sources))
    told = set(re.findall(r"`((?:STORYBOARD|RUNWARE)_[A-Z_]+)`", page("reference.md").split("## Environment", 1)[1]))
    assert read == told


def test_the_page_of_notations_names_every_one() -> None:
    """Those that can be written."""
    assert first_column(page("notations.md"), "## Out") == ["--to", *NOTATIONS]
