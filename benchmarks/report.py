"""Figures of one run, with what they were measured on, as JSON, as charts and as a page of the documentation."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Skipped, from_json, to_json
from benchmarks.peers import PEERS, PeerMissing, environment, versions

if TYPE_CHECKING:
    from benchmarks.figures import Figure

CHARTS = ("speed-ratios.svg", "speed-growth.svg")
"""Made by charts.py."""
_DOCS = Path("docs")
_FIGURES = "figures.json"


@dataclass(slots=True)
class Report:
    """One run."""

    day: str
    machine: dict[str, Any]
    rooms: dict[str, list[Figure]] = field(default_factory=dict)
    peers: dict[str, str] = field(default_factory=dict)
    """Programs and libraries that were measured beside ours, with their versions."""

    @classmethod
    def begin(cls) -> Report:
        """A run without figures yet."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        system = f"{platform.system()} {platform.machine()}"
        return cls(
            f"{datetime.now(UTC):%Y-%m-%d}", {"cores": cores, "python": platform.python_version(), "system": system}
        )

    @classmethod
    def read(cls, file: Path) -> Report:
        """A report that was written."""
        data = json.loads(file.read_text(encoding="utf-8"))
        rooms = {name: [from_json(figure) for figure in figures] for name, figures in data["rooms"].items()}
        return cls(data["day"], data["machine"], rooms, data["peers"])

    def add(self, room: str, figure: Figure) -> None:
        """Takes a figure down."""
        self.rooms.setdefault(room, []).append(figure)

    def all(self) -> list[Figure]:
        """The figures of all rooms."""
        return [figure for figures in self.rooms.values() for figure in figures]

    def write(self, folder: Path) -> None:
        """Writes `figures.json` and the charts; says in a figure where there can be no charts."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in [name for name in PEERS if name != "charts"]:
            try:
                self.peers |= versions(name)
            except PeerMissing:  # its figures say so
                continue
        file = folder / _FIGURES
        file.write_text(self.to_text(), encoding="utf-8")
        try:
            python = environment("charts") / "python"
        except PeerMissing as missing:
            self.add("charts", Skipped("charts", str(missing)))
            return
        subprocess.run([python, Path(__file__).with_name("charts.py"), file, folder], check=True)

    def to_text(self) -> str:
        """As JSON for people too."""
        rooms = {name: [to_json(figure) for figure in figures] for name, figures in self.rooms.items()}
        data = {"day": self.day, "machine": self.machine, "peers": self.peers, "rooms": rooms}
        return json.dumps(_rounded(data), indent=2) + "\n"


def write_docs(folder: Path) -> None:
    """Puts a run into the documentation: its JSON, its charts, and the page that shows both."""
    from benchmarks.page import page

    shutil.copy(folder / _FIGURES, _DOCS / "speed.json")
    for chart in CHARTS:
        shutil.copy(folder / chart, _DOCS / "images" / chart)
    (_DOCS / "speed.md").write_text(page(Report.read(_DOCS / "speed.json")), encoding="utf-8")


def _rounded(value: Any) -> Any:
    """Numbers without digits that mean nothing."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value
