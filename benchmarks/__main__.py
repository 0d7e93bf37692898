"""`python -m benchmarks`: every figure that the documentation claims, measured beside other programs.

`--only ROOM` measures one room (starting, checking, editing, previews, terminal, sdk, jobs). Figures are printed as
soon as they are known, and written to FOLDER as `figures.json` and charts; `--docs` writes them into docs/ as well.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Measured, Skipped
from benchmarks.report import Report, write_docs
from benchmarks.room import ROOMS, measured

if TYPE_CHECKING:
    from benchmarks.figures import Figure


def main() -> None:
    """Prints each figure as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure beside other programs.")
    parser.add_argument("--only", choices=ROOMS, action="append", help="measure this room; may be given again")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), metavar="FOLDER", help="where results go")
    parser.add_argument("--docs", action="store_true", help="write results into docs/ as well")
    options = parser.parse_args()
    report = Report.begin()
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only or ROOMS:
            place = Path(folder) / name
            place.mkdir()
            for figure in measured(name, place):
                print(figure.line(), flush=True)
                report.add(name, figure)
    report.write(options.out)
    if options.docs:
        write_docs(options.out)
    print(_summary(report.all()))


def _summary(figures: list[Figure]) -> str:
    missed = [one for one in figures if isinstance(one, Measured) and one.is_missed]
    skipped = [one for one in figures if isinstance(one, Skipped)]
    counts = f"\n{len(figures)} figures, {len(missed)} above their aims, {len(skipped)} skipped"
    return "\n".join([counts, *(one.line() for one in (*missed, *skipped))])


if __name__ == "__main__":
    main()
