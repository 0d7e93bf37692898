"""One PostgreSQL for a run of tests, and a farm for each."""

from __future__ import annotations

import os
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.farm.farm import Farm
from tests.farm.postgres import NoPostgres, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.farm.postgres import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL; where none can be had the tests are skipped, and say so."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(server(durable=bool(os.environ.get("STORYBOARD_SOAK"))))
        except NoPostgres as error:
            pytest.skip(f"NO POSTGRESQL, SO THE FARM IS NOT TESTED: {error}")
        yield found


@pytest.fixture
def make_farm(tmp_path: Path, postgres: Server) -> Iterator[Callable[..., Farm]]:
    """Makes farms; options are the provider's."""
    numbers = count()
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(Farm(tmp_path / f"farm-{next(numbers)}", postgres, options))


@pytest.fixture
def farm(make_farm: Callable[..., Farm]) -> Farm:
    """A farm whose provider is quick, and would run, and bill, a repeated task again once it is done."""
    return make_farm("--job-seconds", "0.3", "--conflict", "running")
