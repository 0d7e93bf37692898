"""What all tests share: the same examples in every run, unless HYPOTHESIS_PROFILE=explore asks for new ones."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.agreed")

# Processes that tests start find the bytecode of those before, as the processes of an installation do.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_SLOW_MACHINES = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("repeat", derandomize=True, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.register_profile("explore", deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


def pytest_collection_finish() -> None:
    """Garbage is looked for more rarely: editors leave much, and each look goes over all that tests have loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
