"""Hundreds and thousands of jobs against the stand-in for the provider: requests, memory, time beyond the slowest."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.request import urlopen

from benchmarks.boards import write_boards
from benchmarks.figures import Amount, Growth, Ratio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.figures import Figure

KEY = "rw-double-5d1f0c7a93e24b68"
"""The stand-in's."""


@dataclass(frozen=True, slots=True)
class Run:
    """What submitting so many storyboards took."""

    jobs: int
    done: int
    charged_most: int
    submits: int
    polls: int
    """POSTs of getResponse and getTaskDetails."""
    wall: float
    slowest: float
    cpu: float
    megabytes: int


def job_lines(folder: Path) -> Iterator[Figure]:
    """300 jobs of 20 to 40 s, then how the cost of a job grows from one to 10,000 jobs of 20 s."""
    some = run(folder / "300", 300, spread=20)
    yield _exactly("300 jobs: done, each charged once", some)
    yield Amount.of("300 jobs: requests beside the submits", [some.polls], 60)
    yield Amount.of("300 jobs: seconds after the slowest", [round(some.wall - some.slowest, 1)], 8)
    yield Amount.of("300 jobs: MB", [some.megabytes], 120)
    runs = {count: run(folder / str(count), count) for count in (1, 10, 100, 1_000, 10_000)}
    few, many = runs[1_000], runs[10_000]
    yield _exactly("10,000 jobs: done, each charged once", many)
    yield Amount.of("10,000 jobs: requests", [many.submits + many.polls], 10_500)
    yield Amount.of("10,000 jobs: MB", [many.megabytes], 150)
    growth = (many.cpu / many.jobs) / (few.cpu / few.jobs)
    yield Ratio("CPU of a job among 10,000 / among 1,000", growth, growth, growth, 1.25, many.cpu / many.jobs)
    costs = {count: one.cpu * 1000 / count for count, one in runs.items()}
    yield Growth("submitting and waiting: the processor's time for a job", "ms", {"storyboard submit": costs})
    asked = {count: (one.submits + one.polls) / count for count, one in runs.items()}
    yield Growth("submitting and waiting: requests for a job", "requests", {"storyboard submit": asked})


def _exactly(name: str, one: Run) -> Amount:
    """The number of jobs that are not as they should be."""
    wrong = one.jobs - one.done + (one.charged_most - 1) + (one.submits - one.jobs)
    return Amount.of(f"{name}: exceptions", [wrong], 0)


def run(folder: Path, jobs: int, *, seconds: float = 20.0, spread: float = 0.0) -> Run:
    """Submits that many storyboards; a job takes `seconds` and up to `spread` more, drawn by a fixed seed."""
    write_boards(folder / "boards", jobs)
    draw = random.Random(jobs)
    times = [round(seconds + spread * draw.random(), 2) for _ in range(jobs)] if spread else []
    outcomes = [f"--outcome={json.dumps({'nth': nth, 'seconds': time})}" for nth, time in enumerate(times, start=1)]
    provider = [sys.executable, "-m", "tests.provider", "--job-seconds", str(seconds), *outcomes]
    with subprocess.Popen(provider, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            wall, cpu, megabytes, done = _submit(folder, url)
            with urlopen(url.replace("/v1", "/_state")) as answer:
                state = json.load(answer)
        finally:
            server.terminate()
    counts = state["counts"]
    polls = counts.get("poll", 0) + counts.get("details", 0)
    most = max(state["paid"].values(), default=0)
    slowest = max(times, default=seconds)
    return Run(jobs, done, most, counts.get("submit", 0), polls, wall, slowest, cpu, megabytes)


def _submit(folder: Path, url: str) -> tuple[float, float, int, int]:
    """Wall and CPU seconds, MB at the most, jobs done."""
    environment = os.environ | {
        "RUNWARE_API_KEY": KEY,
        "RUNWARE_BASE_URL": url,
        "STORYBOARD_STATE_DIR": str(folder / "state"),
    }
    environment.pop("STORYBOARD_POLL_INTERVAL", None)
    command = [sys.executable, "-m", "storyboard", "submit", str(folder / "boards"), "--yes", "--json"]
    begin = perf_counter()
    with (folder / "lines").open("w") as lines, (folder / "words").open("w") as words:
        process = subprocess.Popen(
            [*command, "--out", str(folder / "renders")], env=environment, stdout=lines, stderr=words
        )
        _, _, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - begin
    done = sum(json.loads(line)["state"] == "done" for line in (folder / "lines").open())
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, done
