"""The provider's habits as data: what the documentation promises, and every point that it leaves open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .faults import Fault
from .outcomes import Outcome

KEY = "rw-double-5d1f0c7a93e24b68"
MODEL = "klingai:kling-video@3.0-turbo"
KINDS_OF_TASK = {"videoInference": "submit", "getResponse": "poll", "getTaskDetails": "details"}

Row = dict[str, Any]


@dataclass(kw_only=True)
class Rules:
    """How this provider behaves; read anew for every request, so a running one may be changed."""

    key: str = KEY
    host: str = "127.0.0.1"
    port: int = 0
    """0 picks a free port."""

    job_seconds: float = 0.2
    """From the acceptance of a job to its first result."""
    result_gap: float | None = None
    """Between two results of one job; None is a quarter of `job_seconds`."""
    conflict: Literal["always", "running"] = "always"
    """A known UUID is refused for ever, or only while its job runs: then a replay runs and bills again."""

    faults: Sequence[Fault] = ()
    outcomes: Sequence[Outcome] = ()

    unknown_poll: Literal["empty", "error"] = "empty"
    unknown_details: Literal["error", "empty"] = "error"
    running_details: Literal["null", "ack"] = "null"
    """What getTaskDetails holds as `response` before there is any result."""
    running_status: str = "processing"
    show_rest: bool = True
    """Whether a job with some of its results ready still shows a row for those to come."""
    mixed_status: int = 200
    """The HTTP status of an answer to polls, or to several submits, that holds errors beside data."""
    reported_cost: Literal["price", "zero", "none"] = "price"

    video_bytes: int = 20_000
    url_life: float | None = None
    """Seconds until a video's URL answers 403; None is for ever."""
