"""The official SDK on the same stand-in, in an environment of its own, beside our command."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.request import urlopen

from benchmarks.figures import Ratio, Skipped
from benchmarks.jobs import KEY, run
from benchmarks.peers import PeerMissing, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.figures import Figure

_JOBS = 60
_SECONDS = 10.0
_HERE = Path(__file__).parent
_NAME = f"{_JOBS} jobs / official SDK"


def sdk_lines(folder: Path) -> Iterator[Figure]:
    """Time and requests of both for the same jobs; skipped where the SDK cannot be had."""
    try:
        python = str(environment("sdk") / "python")
    except PeerMissing as missing:
        yield Skipped(_NAME, str(missing))
        return
    ours = run(folder / "ours", _JOBS, seconds=_SECONDS)
    with _process([sys.executable, "-m", "tests.provider", "--job-seconds", str(_SECONDS)]) as url:
        with _process([python, str(_HERE / "sdk_bridge.py"), url, KEY]) as address:
            begin = perf_counter()
            command = [python, str(_HERE / "sdk_client.py"), address, KEY, str(_JOBS)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False).stdout.strip()
            wall = perf_counter() - begin
        with urlopen(url.replace("/v1", "/_state")) as answer:
            counts = json.load(answer)["counts"]
    if done != str(_JOBS):
        yield Skipped(_NAME, f"the SDK finished {done or 0} of {_JOBS}")
        return
    time = ours.wall / wall
    yield Ratio(f"{_NAME}: time", time, time, time, 1.0, ours.wall)
    requests = (ours.submits + ours.polls) / sum(counts.get(kind, 0) for kind in ("submit", "poll", "details"))
    yield Ratio(f"{_NAME}: requests", requests, requests, requests, 1.0, ours.wall)


@contextmanager
def _process(command: list[str]) -> Iterator[str]:
    """A server that prints where it listens."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
