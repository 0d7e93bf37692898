"""What pages say of files and packages."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = [ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "samples/README.md")]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *TOP, ROOT / "README.md"]


@pytest.mark.parametrize("page", TOP, ids=lambda page: page.name)
def test_links_of_other_pages_lead_somewhere(page: Path) -> None:
    """As those of the documentation."""
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
    assert links
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
