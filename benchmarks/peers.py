"""The programs that are measured beside ours, each in an environment of its own, never in the project's."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = Path("build") / "peers"
"""Environments are kept here: the next run finds them."""

# posting at its latest needs the tree-sitter before the current one, with which it dies at its start.
PEERS: dict[str, Sequence[str]] = {
    "linters": ("yamllint>=1.38", "check-jsonschema>=0.39"),
    "editors": ("ruamel.yaml>=0.19", "yaml-edit>=0.2"),
    "posting": ("posting>=2.11.1", "tree-sitter==0.25.2"),
    "harlequin": ("harlequin>=2.17",),
    "sdk": ("runware==0.5.24",),
    "ffmpeg": ("imageio-ffmpeg>=0.6",),
    "charts": ("matplotlib>=3.10",),
}
"""Environment to what is installed in it; `charts` only draws."""


class PeerMissing(Exception):
    """A program that cannot be had on this machine; the text says why."""


def environment(name: str) -> Path:
    """The folder of the programs of an environment, made now where it is not there yet; PeerMissing."""
    wanted = PEERS[name]
    place = (HOME / f"{name}-{sha256(' '.join((sys.version, *wanted)).encode()).hexdigest()[:12]}").absolute()
    if not (place / "whole").exists():
        _run("cannot make an environment", sys.executable, "-m", "venv", "--clear", str(place))
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        _run(f"cannot install {' '.join(wanted)}", *pip, *wanted)
        (place / "whole").touch()
    return place / "bin"


def program(name: str, command: str) -> str:
    """A program of an environment; PeerMissing also where it does not start."""
    path = str(environment(name) / command)
    _run(f"{command} does not start", path, "--help")
    return path


def versions(name: str) -> dict[str, str]:
    """The versions that are installed of what was asked for."""
    names = [wanted.replace(">", "=").split("=")[0] for wanted in PEERS[name]]
    tell = f"from importlib.metadata import version\nfor name in {names!r}: print(version(name))"
    return dict(zip(names, _run("has no versions", str(environment(name) / "python"), "-c", tell).split(), strict=True))


def _run(what_failed: str, *command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissing(f"{what_failed}: {error}") from None
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise PeerMissing(f"{what_failed}: {last[:200]}")
    return done.stdout
