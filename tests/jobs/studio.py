"""A folder with storyboards, a ledger and a key, in which the command is run, whole or until it is killed."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import warnings
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

from storyboard.cli.main import main
from storyboard.jobs.ledger import Ledger
from tests.jobs import points
from tests.provider import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storyboard.jobs.rows import Job
    from tests.provider import Provider

LONGEST_RUN = 60
"""Seconds after which a command is taken for hanging and ended."""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What `--json` printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        """The one line that `--json` printed."""
        (line,) = self.lines
        return line


@dataclass
class Studio:
    """One user at one machine."""

    folder: Path
    provider: Provider
    state: Path = field(init=False)
    extra: dict[str, str] = field(default_factory=dict)
    """Environment beside the usual."""
    outputs: list[str] = field(default_factory=list)
    """Everything that commands have said so far."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state = self.folder / "state"

    @property
    def renders(self) -> Path:
        """Where videos go unless `--out` says otherwise."""
        return self.folder / "renders"

    def environment(self) -> dict[str, str]:
        """What the command finds in its environment."""
        usual = {
            "RUNWARE_API_KEY": KEY,
            "RUNWARE_BASE_URL": self.provider.url,
            "STORYBOARD_STATE_DIR": str(self.state),
            "STORYBOARD_POLL_INTERVAL": "0.02",
            "STORYBOARD_HTTP_TIMEOUT": "0.4" if self.provider.is_slow() else "20",
            "HOME": str(self.folder),
            "PATH": os.environ.get("PATH", ""),
        }
        return usual | self.extra

    def board(self, name: str = "film", *, words: str = "", takes: int = 1, output: str = "", more: str = "") -> str:
        """A storyboard file of 3 seconds; `words` make its request another one. Its path from the folder."""
        path = self.folder / f"{name}.storyboard.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"title: Test\n{more}output: {{takes: {takes}{output}}}\n"
            f"shots:\n  - seconds: 3\n    prompt: Wide shot of {words or name.replace('/', ' ')} at dawn.\n"
        )
        return str(path.relative_to(self.folder))

    def run(self, *arguments: str) -> Ran:
        """Runs the command in this process."""
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
        with (
            mock.patch.dict(os.environ, self.environment(), clear=True),
            chdir(self.folder),
            redirect_stdout(streams[0]),
            redirect_stderr(streams[1]),
            _no_longer_than(LONGEST_RUN),
        ):
            code = main(list(arguments))
        return self._ran(code, *(_text(stream) for stream in streams))

    def submit(self, *arguments: str) -> Ran:
        """Submits with approval and JSON lines."""
        return self.run("submit", *arguments, "--yes", "--json")

    def resume(self, *arguments: str) -> Ran:
        """Resumes with JSON lines."""
        return self.run("resume", *arguments, "--json")

    def start(
        self,
        *arguments: str,
        at: str | None = None,
        act: points.Act = points.die,
        lease: float = 60,
        ahead: float = 0.0,
    ) -> Fork:
        """Runs the command in a child process, its clocks `ahead`, with `act` done at a named point."""
        place = self.folder / f"fork-{len(self.outputs)}-{os.urandom(3).hex()}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            self._be_the_child(place, list(arguments), at, act, lease, ahead)
        return Fork(self, pid, place)

    def killed(self, *arguments: str, at: str) -> Ran:
        """Runs the command in a child process that dies at a named point, should it get there."""
        return self.start(*arguments, at=at).wait()

    def _be_the_child(
        self, place: Path, arguments: list[str], at: str | None, act: points.Act, lease: float, ahead: float
    ) -> None:
        code = 99
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(LONGEST_RUN)
            sys.stdout = place.with_suffix(".out").open("w", encoding="utf-8")
            sys.stderr = place.with_suffix(".err").open("w", encoding="utf-8", buffering=1)
            os.environ.clear()
            os.environ.update(self.environment())
            os.chdir(self.folder)
            points.set_lease(lease)
            points.set_clocks(ahead)
            if at is not None:
                points.arm(at, act)
            code = main(arguments)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _ran(self, code: int, out: str, err: str) -> Ran:
        self.outputs += [out, err]
        return Ran(code, out, err)

    def jobs(self) -> list[Job]:
        """The ledger's rows, newest first."""
        with Ledger.open(self.state) as ledger:
            return ledger.all()

    def files(self) -> list[str]:
        """Names of everything in the output folder."""
        return sorted(path.name for path in self.renders.iterdir()) if self.renders.exists() else []


@dataclass
class Fork:
    """A command in a child process."""

    studio: Studio
    pid: int
    place: Path

    def wait_for(self, words: str) -> None:
        """Waits until it has said so to people."""
        said = self.place.with_suffix(".err")
        assert self.until(lambda: said.exists() and words in said.read_text(encoding="utf-8")), f"not said: {words!r}"

    def reaches(self, file: Path) -> bool:
        """Waits until a file is there, or it has ended; whether the file is."""
        return self.until(file.exists)

    def until(self, holds: Callable[[], object]) -> bool:
        """Waits until something holds, or until it has ended, within `LONGEST_RUN` seconds; whether it holds."""
        ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
        points.wait_until(lambda: bool(holds()) or os.waitid(os.P_PID, self.pid, ended) is not None)
        return bool(holds())

    def wait(self) -> Ran:
        """Its end; a code of -N is death by signal N."""
        _, status = os.waitpid(self.pid, 0)
        texts = [self.place.with_suffix(suffix) for suffix in (".out", ".err")]
        out, err = (path.read_text(encoding="utf-8") if path.exists() else "" for path in texts)
        for path in texts:
            path.unlink(missing_ok=True)
        return self.studio._ran(os.waitstatus_to_exitcode(status), out, err)


@contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    """A command that hangs fails its test instead of keeping all others."""

    def hang(*_: object) -> None:
        raise RuntimeError(f"the command hangs: no end after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, hang)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
