"""A real git repository with the drivers set up as the documentation says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("storyboard"))
FILE = "film.storyboard.yaml"
FILM = """\
# A film by the sea
title: Harbour   # working title
duration: 12
look: soft dawn light
shots:
  # the opening
  - seconds: 4   # was 5
    prompt: >-
      Wide shot of a harbour at dawn, boats at their moorings,
      an old keeper walks along the pier with a lamp.
  - seconds: 4
    prompt: Medium shot of the lamp on its iron hook, gulls behind it

  # the end
  - seconds: 4
    prompt: "Close-up of a hand in the water, ripples fade"
"""


class Repository:
    """One film in git; what each call changes is committed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.git("config", "diff.storyboard.command", f"{COMMAND} diff --")
        self.git("config", "merge.storyboard.driver", f"{COMMAND} merge --marker-size=%L --path=%P -- %O %A %B")
        (folder / ".gitattributes").write_text("*.storyboard.yaml diff=storyboard merge=storyboard\n")
        self.commit(FILM)

    def git(self, *arguments: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs git; `ok` means that it must succeed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        named = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=kept | named | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not ok or done.returncode == 0, done.stderr
        return done

    def commit(self, text: str) -> None:
        """The film as it is from now on."""
        (self.folder / FILE).write_text(text, encoding="utf-8", newline="")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "film")

    def merge(self, ours: str, theirs: str) -> subprocess.CompletedProcess[str]:
        """A branch with each text, the second merged into the first."""
        self.git("checkout", "-q", "-b", "theirs")
        self.commit(theirs)
        self.git("checkout", "-q", "main")
        self.commit(ours)
        return self.git("merge", "-q", "--no-edit", "theirs", ok=False)

    @property
    def text(self) -> str:
        """What the film says now."""
        return (self.folder / FILE).read_bytes().decode()
