"""What all tests share: the same examples in every run, unless HYPOTHESIS_PROFILE=explore asks for new ones."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import HealthCheck, given, settings, strategies

pytest.register_assert_rewrite("tests.agreed")

# Processes that tests start find the bytecode of those before, as the processes of an installation do.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A run in the background of a shell ignores Ctrl-C, and so would all that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_SLOW_MACHINES = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("repeat", derandomize=True, deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.register_profile("explore", deadline=None, suppress_health_check=_SLOW_MACHINES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


def pytest_collection_finish() -> None:
    """Garbage is looked for more rarely: editors leave much, and each look goes over all that tests have loaded."""
    # At its first test Hypothesis asks who refers to its random numbers: from Python 3.14 on only a frozen object does.
    given(strategies.none())(lambda _: None)()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
