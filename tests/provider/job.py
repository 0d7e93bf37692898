"""One accepted run of a task: its state is a function of the clock, so nothing works in the background."""

import random
import uuid
from dataclasses import dataclass, field

from . import request
from .errors import failure
from .outcomes import Outcome
from .rules import Row, Rules

ENDINGS = {"MP4": "mp4", "WEBM": "webm", "MOV": "mov"}


@dataclass
class Take:
    """One result: ready at `due`, or failed from then on."""

    number: int
    due: float
    fails: bool
    video: str = field(default_factory=lambda: str(uuid.uuid4()))
    seed: int = field(default_factory=lambda: random.randrange(1, 2**31))
    serial: int = 0
    """How often its URL has been renewed."""
    issued: float | None = None
    expired: bool = False

    def path(self, ending: str) -> str:
        """The path of the current URL."""
        renewed = f"-{self.serial}" if self.serial else ""
        return f"/video/{self.video}{renewed}.{ending}"

    def is_expired(self, now: float, life: float | None) -> bool:
        """Whether the current URL no longer serves."""
        return self.expired or (life is not None and self.issued is not None and now > self.issued + life)

    def issue(self, now: float, life: float | None) -> None:
        """Make sure that the current URL serves."""
        if self.is_expired(now, life):
            self.serial += 1
            self.expired, self.issued = False, None
        if self.issued is None:
            self.issued = now


@dataclass
class Job:
    """A task that was charged, with its fate."""

    task: Row
    accepted: float
    takes: list[Take]
    outcome: Outcome
    verdict: Row | None = None
    """A failure of the whole job that came from outside its outcome."""
    refusal: Row | None = None
    """The refusal of a later replay: it hides the job's own answers from getTaskDetails."""

    @property
    def uuid(self) -> str:
        """The task's own name."""
        return str(self.task["taskUUID"])

    @property
    def ending(self) -> str:
        """The file name's ending of its videos."""
        return ENDINGS[self.task.get("outputFormat", "MP4")]

    def is_running(self, now: float) -> bool:
        """Whether any result is still to come."""
        return self.verdict is None and any(now < take.due for take in self.takes)

    def rows(self, now: float, rules: Rules, origin: str) -> tuple[list[Row], list[Row]]:
        """(data, errors): the state so far, as a poll shows it."""
        if self.verdict is not None:
            return [], [self.verdict]
        due = [take for take in self.takes if now >= take.due]
        data = [self._result(take, rules, origin) for take in due if not take.fails]
        failures = [self._failure() for take in due if take.fails]
        if self.outcome.single:
            del failures[1:]
        if len(due) < len(self.takes) and (rules.show_rest or not due):
            data.append(self._progress(now, rules))
        if self.outcome.where == "data":
            return data + [_nested(row) for row in failures], []
        return data, failures

    def renew_urls(self, now: float, rules: Rules) -> None:
        """Give every finished result a URL that serves."""
        for take in self.takes:
            if now >= take.due:
                take.issue(now, rules.url_life)

    def _result(self, take: Take, rules: Rules, origin: str) -> Row:
        row: Row = {"taskType": "videoInference", "taskUUID": self.uuid, "status": "success"}
        row["videoUUID"] = take.video
        row |= {"videoURL": origin + take.path(self.ending), "seed": take.seed}
        if self.task.get("includeCost") and rules.reported_cost != "none":
            row["cost"] = float(request.price(self.task)) if rules.reported_cost == "price" else 0
        if self.task.get("safety", {}).get("mode", "none") != "none":
            row["NSFWContent"] = False
        return row

    def _failure(self) -> Row:
        return failure(self.uuid, str(self.outcome.code), self.outcome.message)

    def _progress(self, now: float, rules: Rules) -> Row:
        last = max(take.due for take in self.takes)
        done = (now - self.accepted) / (last - self.accepted)
        row: Row = {"taskType": "videoInference", "taskUUID": self.uuid, "status": rules.running_status}
        return row | {"progress": min(99, int(100 * done))}


def _nested(row: Row) -> Row:
    """A failure in the shape that it has inside `data`."""
    own = {name: row[name] for name in ("taskType", "taskUUID")}
    return own | {"status": "error", "error": {"code": row["code"], "message": row["message"]}}


def start(task: Row, now: float, rules: Rules, outcome: Outcome) -> Job:
    """A job that begins now; its results follow each other."""
    seconds = rules.job_seconds if outcome.seconds is None else outcome.seconds
    gap = seconds / 4 if rules.result_gap is None else rules.result_gap
    takes = [
        Take(number=number, due=now + seconds + gap * (number - 1), fails=outcome.fails(number))
        for number in range(1, task.get("numberResults", 1) + 1)
    ]
    return Job(task=task, accepted=now, takes=takes, outcome=outcome)
