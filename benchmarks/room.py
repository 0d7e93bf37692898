"""`python -m benchmarks.room NAME FOLDER`: measures one room and prints each figure as a line of JSON.

Rooms are processes of their own: what one has loaded or left in memory is no part of another's figures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.checking import checking_lines
from benchmarks.editing import editing_lines
from benchmarks.figures import from_json, to_json
from benchmarks.jobs import job_lines
from benchmarks.previews import preview_lines
from benchmarks.sdk import sdk_lines
from benchmarks.starting import starting_lines
from benchmarks.terminal import terminal_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.figures import Figure

ROOMS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "starting": starting_lines,
    "checking": checking_lines,
    "editing": editing_lines,
    "previews": preview_lines,
    "terminal": terminal_lines,
    "sdk": sdk_lines,
    "jobs": job_lines,
}


def measured(name: str, folder: Path) -> Iterator[Figure]:
    """The figures of a room, each as soon as it is known. Raises CalledProcessError where measuring fails."""
    command = [sys.executable, "-m", "benchmarks.room", name, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as room:
        assert room.stdout is not None
        for line in room.stdout:
            yield from_json(json.loads(line))
    if room.returncode != 0:
        raise subprocess.CalledProcessError(room.returncode, command)


if __name__ == "__main__":
    for figure in ROOMS[sys.argv[1]](Path(sys.argv[2])):
        print(json.dumps(to_json(figure)), flush=True)
