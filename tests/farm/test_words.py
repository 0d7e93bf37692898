"""What goes wrong between a farm's commands and its database is said in a line, with what to do and no password."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import pytest

from storyboard.cli.main import main
from tests.farm.postgres import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.farm.farm import Changes, Farm

COMMANDS = (("submit", "film.storyboard.yaml", "--yes"), ("worker",), ("status",), ("wait",), ("budget",))


def _wrong(dsn: str, how: str) -> str:
    """An address that is wrong in one way."""
    head, _, name = dsn.rpartition("/")
    return {
        "password": dsn.replace(PASSWORD, "not-it-8d1b"),
        "database": f"{head}/nowhere",
        "port": f"postgresql://farmer:{PASSWORD}@127.0.0.1:1/{name}",
        "address": f"postgres//farmer:{PASSWORD}@127.0.0.1/{name}",
    }[how]


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("password", 6, "refuses the user"),
        ("database", 6, "make it with createdb"),
        ("port", 3, "cannot be reached"),
        ("address", 6, "is no address of a database"),
    ],
)
def test_a_database_that_cannot_be_used(farm: Farm, how: str, code: int, words: str) -> None:
    """Every command says the same, and ends with the same code."""
    farm.board("film")
    for command in COMMANDS if how == "password" else COMMANDS[:2]:
        ran = farm.say(*command, env={"STORYBOARD_FARM_DSN": _wrong(farm.dsn, how)})
        assert ran.code == code, ran
        assert words in ran.err
        assert ran.err.splitlines()[-1].startswith("storyboard: ")
        assert "not-it-8d1b" not in ran.err
    farm.assert_clean()


def test_no_database_is_named(farm: Farm) -> None:
    """Then it says how to name one; PG variables, read as libpq does, are enough."""
    ran = farm.say("status", env={"STORYBOARD_FARM_DSN": None})
    assert (ran.code, "set STORYBOARD_FARM_DSN=" in ran.err) == (6, True)
    host, _, name = farm.dsn.rpartition("@")[2].partition("/")
    address, _, port = host.partition(":")
    server: Changes = {"PGHOST": address, "PGPORT": port, "PGDATABASE": name}
    variables = server | {"PGUSER": "farmer", "PGPASSWORD": PASSWORD}
    if farm.postgres.cluster is not None:
        assert farm.run("status", env=variables | {"STORYBOARD_FARM_DSN": None}).code == 0


def test_no_key(farm: Farm) -> None:
    """What spends or sets money needs one; looking does not."""
    farm.board("film")
    for command in (COMMANDS[0], COMMANDS[1], COMMANDS[4]):
        assert farm.say(*command, env={"RUNWARE_API_KEY": None}).code == 6
    assert farm.say("status", env={"RUNWARE_API_KEY": None}).code == 0


def test_tables_that_may_not_be_made(farm: Farm) -> None:
    """A user without the right to make tables is told so."""
    if farm.postgres.cluster is None:
        pytest.skip("roles are made in a cluster of our own only")
    farm.rows("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    dsn = farm.dsn.replace(f"farmer:{PASSWORD}", "guest:guest")
    ran = farm.say("status", env={"STORYBOARD_FARM_DSN": dsn})
    assert (ran.code, "does not allow that" in ran.err) == (6, True)


@pytest.mark.parametrize("arguments", [("submit", "none.storyboard.yaml", "--yes"), ("submit", "-"), ("wait", "none")])
def test_nonsense(farm: Farm, arguments: tuple[str, ...]) -> None:
    """Is wrong usage, or a storyboard with errors; nothing is queued."""
    assert farm.say(*arguments).code in (1, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("worker", "--concurrency", "0"),
        ("worker", "--concurrency", "many"),
        ("worker", "--stalled-after", "0.1"),
        ("worker", "--stalled-after", "nan"),
        ("budget", "-3"),
        ("budget", "much"),
        ("wait", "film.storyboard.yaml"),
    ],
)
def test_values_that_cannot_be(farm: Farm, arguments: tuple[str, ...]) -> None:
    """Are wrong usage, said in a line."""
    farm.board("film")
    ran = farm.say(*arguments)
    assert ran.code == 2, ran
    farm.assert_clean()


def test_a_database_that_is_gone(make_farm: Callable[..., Farm]) -> None:
    """Commands say so at once; what is queued is there when it is back."""
    farm = make_farm()
    if farm.postgres.cluster is None:
        pytest.skip("the database is somebody else's and cannot be stopped")
    farm.boards(2)
    assert farm.run("submit", "boards", "--yes").code == 0
    farm.postgres.cluster.stop()
    try:
        for command in COMMANDS[1:]:
            ran = farm.say(*command)
            assert (ran.code, "cannot be reached" in ran.err) == (3, True)
    finally:
        farm.postgres.cluster.start()
    assert "2 jobs waiting" in farm.run("status").out


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for command in ("status", "worker", "wait"):
        words = io.StringIO()
        with redirect_stderr(words):
            assert main(["farm", command]) == 2
        assert words.getvalue().count("\n") == 1
        assert "pip install 'multishot-storyboard[farm]'" in words.getvalue()
