"""What the documentation shows is what happens."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from storyboard.checks.catalogue import explanations

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


def test_the_rules_page_is_made_from_the_rules() -> None:
    """`docs/rules.py` writes it; the figures in it are what the rules say today."""
    page = runpy.run_path(str(DOCS[0].parent / "rules.py"))["page"]()
    assert (DOCS[0].parent / "rules.md").read_text(encoding="utf-8") == page


def test_the_reference_names_every_code() -> None:
    """Whoever meets a code finds it there."""
    page = (DOCS[0].parent / "reference.md").read_text(encoding="utf-8")
    assert [code for code in explanations() if code not in page] == []
