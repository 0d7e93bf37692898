"""Writes docs/speed.md from docs/speed.json: `python -m benchmarks.page`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Growth, Measured, Ratio, Skipped
from benchmarks.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.figures import Figure

_HEAD = """\
# Speed

What the tool takes, measured beside other programs. `make bench` measures all of it again on your machine, in about a quarter of an hour: each figure is a ratio of two things that took turns within one run, so that it means the same on a fast machine and on a slow one. The other programs are installed into environments of their own below `build/peers`; what cannot be had is skipped, and said. Results go to `build/bench` as JSON and charts; this page is made from [one such run](speed.json).
"""
_TITLES = {
    "starting": (
        "Starting",
        "A whole process each time, from the call to its end. Imports are what Python and the libraries take before a line of ours runs.",
    ),
    "checking": (
        "Checking many files",
        "`storyboard check` looks at structure, limits, texts and the craft; yamllint looks at the layout of the YAML, check-jsonschema at its shape.",
    ),
    "editing": (
        "Editing",
        "One prompt of six changed. Ours reads its result again and proves it; ruamel.yaml writes the whole file anew, yaml-edit changes a tree that it keeps, in compiled code, and proves nothing. The per cent are of edits of every prompt in the boards of the tests: those after which the data are wrong or a line is other than before that is not the prompt's.",
    ),
    "previews": (
        "Animatics",
        "Beside ffmpeg encoding the same cards as still pictures, without playhead, sound and text.",
    ),
    "terminal": (
        "The editor",
        "On a terminal of 120 × 40 with a full board of six shots: from the call to the first picture that shows the title, and from a key to the last byte that is drawn because of it. A bare Textual app shows one line; a bare TextArea knows nothing of what it edits.",
    ),
    "sdk": (
        "Jobs beside the official SDK",
        "The same jobs on the same stand-in for the provider; the SDK by way of a bridge to its WebSocket.",
    ),
    "jobs": ("Many jobs", "Against a stand-in for the provider on the same machine."),
}


def page(report: Report) -> str:
    """The whole page."""
    return "\n".join(_parts(report))


def _parts(report: Report) -> Iterator[str]:
    yield _HEAD
    machine = report.machine
    beside = ", ".join(f"{name} {version}" for name, version in sorted(report.peers.items()))
    yield f"Measured on {report.day}: {machine['system']}, {machine['cores']} cores, Python {machine['python']}. Beside: {beside}.\n"
    yield "![Ratios with their spread and aims](images/speed-ratios.svg)\n"
    yield "![What one file or job costs where there are more of them](images/speed-growth.svg)\n"
    for room, figures in report.rooms.items():
        title, words = _TITLES[room]
        yield f"## {title}\n\n{words}\n"
        yield "| | median | least to most | aim |\n|---|---:|---:|---:|"
        yield from (_row(one) for one in figures if not isinstance(one, Growth))
        yield ""
        for growth in figures:
            if isinstance(growth, Growth):
                yield from _table(growth)


def _row(figure: Figure) -> str:
    if isinstance(figure, Skipped):
        return f"| {figure.name} | skipped: {figure.reason} | | |"
    assert isinstance(figure, Measured)
    digits, sign = (".2f", " ×") if isinstance(figure, Ratio) else (",g", "")
    aim = "" if figure.aim is None else f"≤ {figure.aim:,g}{' **missed**' if figure.is_missed else ''}"
    spread = f"{figure.least:{digits}} to {figure.most:{digits}}" if figure.least != figure.most else ""
    return f"| {figure.name} | {figure.middle:{digits}}{sign} | {spread} | {aim} |"


def _table(growth: Growth) -> Iterator[str]:
    counts = list(next(iter(growth.costs.values())))
    yield f"| {growth.name}, {growth.unit} | {' | '.join(f'{count:,}' for count in counts)} |"
    yield "|---|" + "---:|" * len(counts)
    for program, points in growth.costs.items():
        yield f"| {program} | {' | '.join(f'{points[count]:.3g}' for count in counts)} |"
    yield ""


if __name__ == "__main__":
    Path("docs/speed.md").write_text(page(Report.read(Path("docs/speed.json"))), encoding="utf-8")
