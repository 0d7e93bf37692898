"""The site: built without a complaint or a network, every page in its navigation, nothing fetched by its readers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

DOCS = Path(__file__).parents[2] / "docs"
# Without a network, whatever the machine has: every socket but those of this machine is refused.
_BUILD = """
import socket, sys
def refuse(self, address):
    raise OSError(f"the build asks {address}")
socket.socket.connect = refuse
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages; a warning of any kind ends the build."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--fail-on-warning", "-d", str(folder / "trees")]
    command = [sys.executable, "-c", _BUILD, *options, str(DOCS), str(folder / "html")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def test_every_page_is_in_the_navigation(site: Path) -> None:
    """From the first page one gets everywhere."""
    home = (site / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'class="toctree-l1[^"]*"><a class="reference internal" href="([^"#]+)\.html"', home))
    assert named == {page.stem for page in DOCS.glob("*.md")} - {"index"}


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """No script, style, font or picture of another server; and every one of ours is there."""
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|source|iframe)[^>]*?\ssrc="([^"]+)"', text)
        loaded += re.findall(r'<link[^>]*?rel="(?:stylesheet|icon|preload)"[^>]*?href="([^"]+)"', text)
        assert loaded
        for address in loaded:
            parts = urlsplit(address)
            assert not parts.netloc, f"{page.name} loads {address}"
            assert (page.parent / unquote(parts.path)).is_file(), f"{page.name}: {address}"
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"(?:@import|url\()\s*['\"]?https?:", styles)
