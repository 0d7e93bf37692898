"""`python -m benchmarks.farm`: what a farm does in a second, and what a job costs, on this machine.

Database, provider's stand-in and workers share its cores; the figures are of all of them together.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.farm.farm import Farm
from tests.farm.postgres import server

if TYPE_CHECKING:
    from tests.farm.postgres import Server

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One run."""

    jobs: int
    workers: int
    submit: float
    """Seconds."""
    seconds: float
    worker_cpu: float
    """Seconds of processor time, of all workers together."""
    database_cpu: float
    memory: float
    """MB of the largest worker."""
    posts: int
    """Requests to the provider, downloads aside."""
    size: int
    """Bytes of the database at the end."""

    def row(self) -> str:
        """A line of a table."""
        each = 1000 / self.jobs
        return (
            f"| {self.jobs:,} | {self.workers} | {self.submit:.1f} | {self.seconds:.1f} "
            f"| {self.jobs / self.seconds:.1f} "
            f"| {self.worker_cpu * each:.1f} | {self.database_cpu * each:.1f} | {self.posts / self.jobs:.2f} "
            f"| {self.memory:.0f} | {self.size / self.jobs / 1000:.1f} |"
        )


def measure(postgres: Server, jobs: int, workers: int, *, job_seconds: float, concurrency: int) -> Measured:
    """One farm, from nothing to the last video."""
    with tempfile.TemporaryDirectory() as place:
        options = ("--job-seconds", str(job_seconds), "--video-bytes", "2000")
        with Farm(Path(place) / "farm", postgres, options) as farm:
            farm.boards(jobs)
            farm.run("status")
            began = time.monotonic()
            assert farm.run("submit", "boards", "--yes").code == 0
            submitted = time.monotonic()
            before = _database_cpu(farm)
            for _ in range(workers):
                farm.start_worker("--concurrency", str(concurrency))
            ran = farm.run("wait", "boards", "--json", patience=7200)
            ended = time.monotonic()
            assert ran.code == 0
            assert len(ran.lines) == jobs
            counts = farm.provider()["counts"]
            pids = [worker.process.pid for worker in farm.workers]
            size = farm.rows("SELECT pg_database_size(current_database())")[0][0]
            return Measured(
                jobs=jobs,
                workers=workers,
                submit=submitted - began,
                seconds=ended - submitted,
                worker_cpu=sum(_cpu(pid) for pid in pids),
                database_cpu=_database_cpu(farm) - before,
                memory=max(_memory(pid) for pid in pids),
                posts=sum(counts.get(kind, 0) for kind in ("submit", "poll", "details")),
                size=size,
            )


def _cpu(pid: int, *, with_children: bool = False) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if with_children else 13]) / _TICKS


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1000


def _database_cpu(farm: Farm) -> float:
    """Of the server and of all its processes, those that have ended included."""
    if farm.postgres.cluster is None:
        return 0.0
    master = int(Path(farm.postgres.cluster.data, "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return _cpu(master, with_children=True) + sum(_cpu(int(child)) for child in children)


def main() -> None:
    """Prints a row for each run that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.farm", description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--job-seconds", type=float, default=5.0)
    parser.add_argument("--concurrency", type=int, default=100)
    asked = parser.parse_args()
    heads = ["jobs", "workers", "submit s", "work s", "jobs/s", "worker ms/job", "database ms/job"]
    heads += ["POSTs/job", "worker MB", "kB/job"]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    with server(durable=True) as postgres:
        for jobs in asked.jobs:
            for workers in asked.workers:
                found = measure(postgres, jobs, workers, job_seconds=asked.job_seconds, concurrency=asked.concurrency)
                print(found.row(), flush=True)


if __name__ == "__main__":
    main()
