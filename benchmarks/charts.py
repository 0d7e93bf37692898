"""Figures as charts; runs in an environment of its own: `python charts.py FIGURES.json FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "storyboard", "font.family": "sans-serif", "font.size": 10}

from matplotlib import pyplot as plt  # noqa: E402 - it takes its settings when it is imported

_GOOD, _BAD, _PLAIN = "#1b7f5c", "#c2410c", "#475569"


def _draw_ratios(rooms: dict[str, list[dict[str, Any]]], target: Path) -> None:
    """A dot for each ratio with its spread, on a logarithmic scale; 1 is the other program's time."""
    ratios = [one for figures in rooms.values() for one in figures if one["kind"] == "ratio"][::-1]
    picture, axes = plt.subplots(figsize=(9, 0.33 * len(ratios) + 1.2), layout="constrained")
    for row, one in enumerate(ratios):
        aim = one["aim"]
        colour = _PLAIN if aim is None else _GOOD if one["middle"] <= aim else _BAD
        axes.plot([one["least"], one["most"]], [row, row], color=colour, linewidth=2, alpha=0.35)
        axes.plot(one["middle"], row, "o", color=colour)
        if aim is not None:
            axes.plot(aim, row, "|", color="black", markersize=11)
        axes.annotate(f"{one['middle']:.2f}", (one["middle"], row), (0, 5), textcoords="offset points", fontsize=8)
    axes.axvline(1, color="#94a3b8", linewidth=1, zorder=0)
    axes.set_xscale("log")
    axes.set_yticks(range(len(ratios)), [one["name"] for one in ratios])
    axes.set_ylim(-0.7, len(ratios) - 0.2)
    axes.set_xlabel("times as long as the other: left of 1 is faster; a bar at the aim")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.spines[["top", "right"]].set_visible(False)
    _save(picture, target)


def _draw_growth(rooms: dict[str, list[dict[str, Any]]], target: Path) -> None:
    """What one costs where there are more and more of them."""
    growths = [one for figures in rooms.values() for one in figures if one["kind"] == "growth"]
    if not growths:
        return
    picture, all_axes = plt.subplots(
        1, len(growths), figsize=(4.2 * len(growths), 3.4), layout="constrained", squeeze=False
    )
    for axes, growth in zip(all_axes[0], growths, strict=True):
        for (program, points), colour in zip(growth["costs"].items(), (_GOOD, _BAD, _PLAIN), strict=False):
            counts = [int(count) for count in points]
            axes.plot(counts, list(points.values()), "o-", color=colour, label=program)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title(growth["name"].replace(": ", ":\n"), fontsize=10)
        axes.set_ylabel(growth["unit"])
        axes.set_xlabel("how many there are")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:,g}")
            axis.set_minor_formatter(lambda *_: "")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=8)
    _save(picture, target)


def _save(picture: Any, target: Path) -> None:
    picture.savefig(target, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    measured = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["rooms"]
    _draw_ratios(measured, Path(sys.argv[2]) / "speed-ratios.svg")
    _draw_growth(measured, Path(sys.argv[2]) / "speed-growth.svg")
