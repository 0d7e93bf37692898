"""What the documentation shows is what happens."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
TOP = [ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "page", [page for page in DOCS if PYTHON.search(page.read_text("utf-8"))], ids=lambda p: p.name
)
def test_programs_in_the_documentation_run(page: Path) -> None:
    """Each page's blocks, one after another, their assertions included."""
    names: dict[str, object] = {}
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        exec(compile(block, str(page), "exec"), names)


@pytest.mark.parametrize("page", [*DOCS, *TOP], ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Files and folders that a page links to are there."""
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_editor_page_names_every_command() -> None:
    """Whoever wants to move a key finds its name."""
    from storyboard.tui.commands import BOARD_COMMANDS, FOLDER_COMMANDS

    page = (DOCS[0].parent / "editor.md").read_text(encoding="utf-8")
    assert [one.id for one in (*BOARD_COMMANDS, *FOLDER_COMMANDS) if f"`{one.id}`" not in page] == []


@pytest.mark.parametrize("page", [*DOCS, *TOP], ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """A promise that names its place in the code would be worth little if the place were gone."""
    named = re.findall(r"`((?:storyboard|tests)/[\w/.]+\.\w+)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_page_of_licences_is_made_from_metadata() -> None:
    """Every package that an installation brings, with its licence; `python docs/licences.py` writes it anew."""
    page = runpy.run_path(str(ROOT / "docs" / "licences.py"))["page"]()
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == page, "run: python docs/licences.py"
    assert not re.search(r"^\| [\w-]+ \| \|", page, re.MULTILINE), "a package says nothing of its licence"
