"""What the documentation shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "page", [page for page in DOCS if PYTHON.search(page.read_text("utf-8"))], ids=lambda p: p.name
)
def test_programs_in_the_documentation_run(page: Path) -> None:
    """Each page's blocks, one after another, their assertions included."""
    names: dict[str, object] = {}
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        exec(compile(block, str(page), "exec"), names)


@pytest.mark.parametrize("page", [*DOCS, DOCS[0].parents[1] / "README.md"], ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Files and folders that a page links to are there."""
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_editor_page_names_every_command() -> None:
    """Whoever wants to move a key finds its name."""
    from storyboard.tui.commands import BOARD_COMMANDS, FOLDER_COMMANDS

    page = (DOCS[0].parent / "editor.md").read_text(encoding="utf-8")
    assert [one.id for one in (*BOARD_COMMANDS, *FOLDER_COMMANDS) if f"`{one.id}`" not in page] == []
