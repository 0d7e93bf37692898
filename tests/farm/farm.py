"""A farm to be driven: a database, a provider in a process of its own, storyboards, and workers that can be killed."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psycopg
import pytest

from storyboard.cli.main import main
from tests.farm.postgres import PASSWORD
from tests.jobs.studio import Ran
from tests.provider import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from tests.farm.postgres import Server

Changes = dict[str, str | None]
"""To the environment of a command; None takes a variable out."""

ROOT = Path(__file__).parents[2]


@dataclass
class Worker:
    """`storyboard farm worker` in a process of its own."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        """Everything that it has said so far."""
        return self.log.read_text(encoding="utf-8")

    def kill(self) -> None:
        """By the signal that nobody can catch."""
        self.process.kill()
        self.process.wait()

    def end(self, by: signal.Signals = signal.SIGTERM, patience: float = 30.0) -> int:
        """Asks it to end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(patience)


@dataclass
class Farm:
    """One farm, from `with` to the end of it."""

    folder: Path
    postgres: Server
    provider_options: Sequence[str] = ()
    dsn: str = field(init=False)
    workers: list[Worker] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.dsn = self.postgres.database()
        self.start_provider()
        return self

    def start_provider(self, *options: str) -> None:
        """Starts the provider, with empty books."""
        command = [sys.executable, "-m", "tests.provider", *self.provider_options, *options]
        self._provider = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._provider.stdout is not None
        self.url = self._provider.stdout.readline().strip()

    def stop_provider(self) -> None:
        """Ends the provider: nobody listens any more."""
        self._provider.terminate()
        self._provider.wait(20)
        assert self._provider.stdout is not None
        self._provider.stdout.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()
        self.stop_provider()
        self.postgres.drop(self.dsn)

    @property
    def renders(self) -> Path:
        """Where videos go."""
        return self.folder / "renders"

    def environment(self, changes: Changes | None = None) -> dict[str, str]:
        """What commands find in their environment; None takes a variable out."""
        usual: dict[str, str | None] = {
            "RUNWARE_API_KEY": KEY,
            "RUNWARE_BASE_URL": self.url,
            "STORYBOARD_STATE_DIR": str(self.folder / "state"),
            "STORYBOARD_FARM_DSN": self.dsn,
            "HOME": str(self.folder),
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
        }
        return {name: value for name, value in (usual | (changes or {})).items() if value is not None}

    def board(self, name: str, *, words: str = "", more: str = "", output: str = "") -> str:
        """A storyboard file of 3 seconds; its path from the folder."""
        path = self.folder / f"{name}.storyboard.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        output = f"output: {{{output}}}\n" if output else ""
        path.write_text(
            f"title: Test\n{more}{output}shots:\n  - seconds: 3\n    prompt: Wide shot of {words or name} at dawn.\n"
        )
        return str(path.relative_to(self.folder))

    def boards(self, count: int) -> None:
        """So many storyboards in the folder `boards`, each another one."""
        for number in range(count):
            self.board(f"boards/film{number:05}")

    def run(self, *arguments: str, patience: float = 600.0, env: Changes | None = None) -> Ran:
        """Runs `storyboard farm …` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "storyboard", "farm", *arguments],
            cwd=self.folder,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
        self.outputs += [done.stdout, done.stderr]
        return Ran(done.returncode, done.stdout, done.stderr)

    def say(self, *arguments: str, env: Changes | None = None) -> Ran:
        """The same in this process, which is quicker: for what ends in words before a task is queued or carried."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            wanted = self.environment(env)
            for name in os.environ.keys() - wanted.keys():
                patch.delenv(name)
            for name, value in wanted.items():
                patch.setenv(name, value)
            code = main(["farm", *arguments])
        self.outputs += [out.getvalue(), err.getvalue()]
        return Ran(code, out.getvalue(), err.getvalue())

    def start_worker(self, *options: str, env: Changes | None = None) -> Worker:
        """A worker, with a state folder of its own as if it were on a machine of its own."""
        number = len(self.workers)
        log = self.folder / f"worker-{number}.log"
        changes: Changes = {"STORYBOARD_STATE_DIR": str(self.folder / f"state-{number}")}
        changes |= env or {}
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "storyboard", "farm", "worker", *options],
                cwd=self.folder,
                env=self.environment(changes),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
            )
        worker = Worker(process, log)
        self.workers.append(worker)
        return worker

    def provider(self) -> dict[str, Any]:
        """The provider's books: charges by UUID, requests by kind, everything that was wrong."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/_state", timeout=20) as answer:
            books: dict[str, Any] = json.load(answer)
        return books

    def until(self, condition: Any, patience: float = 30.0) -> None:
        """Returns once a condition holds."""
        end = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < end, [worker.said[-2000:] for worker in self.workers]
            time.sleep(0.05)

    def until_paid(self, count: int, patience: float = 60.0) -> None:
        """Returns once the provider has charged for so many jobs."""
        self.until(lambda: sum(self.provider()["paid"].values()) >= count, patience)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with psycopg.connect(self.dsn) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    # what must hold whatever happened

    def assert_paid_once(self, jobs: int) -> None:
        """So many jobs were charged, each once; nothing that was sent was wrong; no secret stands anywhere."""
        books = self.provider()
        assert Counter(books["paid"].values()) == Counter({1: jobs})
        assert (books["sins"], books["leaks"]) == ([], [])
        self.assert_clean()

    def assert_videos(self, count: int) -> None:
        """So many videos lie in the folder, each whole, with its receipt, and nothing else."""
        names = {path.name for path in self.renders.iterdir()}
        videos = {name for name in names if name.endswith(".mp4")}
        assert len(videos) == count
        assert names == videos | {f"{name}.json" for name in videos}
        receipts = [json.loads((self.renders / f"{name}.json").read_text()) for name in sorted(videos)]
        assert len({receipt["video"] for receipt in receipts}) == count
        assert all((self.renders / name).stat().st_size > 0 for name in videos)

    def assert_clean(self) -> None:
        """Neither key nor password nor traceback was said, logged, or written to a file or into the database."""
        said = "".join([*self.outputs, *(worker.said for worker in self.workers)])
        assert "Traceback" not in said
        assert "this is a bug" not in said
        for secret in (KEY, PASSWORD):
            assert secret not in said
            assert not [path for path in self.folder.rglob("*") if _holds(path, secret)]
        tables = [
            name for (name,) in self.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")
        ]
        for table in tables:
            assert not self.rows(f"SELECT 1 FROM {table} AS row WHERE row::text LIKE '%{KEY}%' LIMIT 1"), table


def _holds(path: Path, secret: str) -> bool:
    try:
        return path.is_file() and secret.encode() in path.read_bytes()
    except FileNotFoundError:
        return False
