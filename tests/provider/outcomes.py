"""How an accepted job ends, where it is not simply a success after the usual time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The fate of the jobs that it fits: it fits where every condition that is set (`uuid`, `nth`, `prompt`) holds."""

    uuid: str | None = None
    nth: int | None = None
    """The how-manieth accepted run, from 1."""
    prompt: str | None = None
    """A piece of the positivePrompt."""

    code: str | None = None
    """The error's code; None is a success."""
    message: str = "The provider could not make this video."
    where: Literal["errors", "data"] = "errors"
    """In `errors`, or in `data` as a row with status error and a nested error object."""
    takes: tuple[int, ...] | None = None
    """The results that fail, from 1; None is all of them."""
    single: bool = False
    """One error for the whole job, however many results were asked for."""
    seconds: float | None = None
    """From acceptance to the first result, in place of the provider's `job_seconds`."""

    def fits(self, nth: int, task: dict[str, Any]) -> bool:
        """Whether this is about the `nth` accepted run, which is of `task`."""
        return (
            self.uuid in (None, task["taskUUID"])
            and self.nth in (None, nth)
            and (self.prompt is None or self.prompt in task["positivePrompt"])
        )

    def fails(self, take: int) -> bool:
        """Whether result number `take` comes to nothing."""
        return self.code is not None and (self.takes is None or take in self.takes)


SUCCESS = Outcome()


def outcome_of(outcomes: Iterable[Outcome], nth: int, task: dict[str, Any]) -> Outcome:
    """The first outcome that fits, else a success."""
    return next((outcome for outcome in outcomes if outcome.fits(nth, task)), SUCCESS)
