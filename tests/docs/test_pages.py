"""What pages say of files and packages."""

from __future__ import annotations

import re
import runpy
from typing import TYPE_CHECKING

import pytest

from tests.docs.blocks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOP = [ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "README.md", "samples/README.md")]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *TOP]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if PYTHON.search(page.read_text("utf-8"))], ids=lambda p: p.name
)
def test_programs_on_a_page_run(page: Path) -> None:
    """Each page's blocks, one after another, their assertions included."""
    names: dict[str, object] = {}
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        exec(compile(block, str(page), "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    """Files and folders that a page links to are there."""
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """A promise that names its place in the code would be worth little if the place were gone."""
    named = re.findall(r"`((?:storyboard|tests)/[\w/.]+\.\w+)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_page_of_licences_names_every_package() -> None:
    """Each that an installation with all extras brings here, with what its own metadata say."""
    made = runpy.run_path(str(ROOT / "docs" / "licences.py"))["page"]()
    rows = re.findall(r"^\| ([\w-]+) \| (.*?) \|", made, re.MULTILINE)
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ([\w-]+) \|", page, re.MULTILINE)
    assert [name for name, _ in rows if name not in named] == [], "run: python docs/licences.py"
    assert [name for name, licence in rows if not licence.strip()] == []
