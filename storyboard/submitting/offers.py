"""What submitting storyboards would do and cost, said before anything is sent, and what is then bought."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from storyboard.checks import check_file
from storyboard.jobs.plan import Planner
from storyboard.submitting import books
from storyboard.submitting.accounts import account, has_key
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.guarding import missing_in, total_cost, why_not_delivered, why_stopped
from storyboard.submitting.outcome import shown_path
from storyboard.submitting.permission import disclosures_of, not_allowed
from storyboard.submitting.places import default_folder, unfit_default, unfit_folder
from storyboard.submitting.sandboxed import void_lost_jobs
from storyboard.submitting.wanting import wanted_videos

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from storyboard.addresses import Disclosure
    from storyboard.jobs.plan import Account, Step


@dataclass(frozen=True, slots=True)
class OfferedStoryboard:
    """One storyboard of an offer."""

    file: str
    shown: str
    prompt: str
    seconds: int
    size: str
    """`1280×720`, or `720p` where a first frame decides the sides."""
    takes: int
    would: Literal["buy", "go on", "reuse", "report", "stop"]
    cost: Decimal
    """US dollars that it may newly cost; 0 in the sandbox."""
    request: dict[str, Any]
    """The task as it is kept: a local first frame as its digest, no `${NAME}` filled in."""
    note: str | None = None
    """What the storyboard says of the videos' delivery and that its job, asked for before, does not do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was read, checked and planned; `submit` buys this and nothing else, whatever the files hold by then."""

    storyboards: tuple[OfferedStoryboard, ...]
    total: Decimal
    """US dollars that submitting may newly cost."""
    out: str
    sandbox: bool
    again: bool
    has_key: bool
    missing: tuple[str, ...]
    """Names that are not set in the environment, and have to be before this can be sent."""
    words: str | None
    """Why it cannot be sent as it is; None where it can."""
    service: str
    account: str
    """The fingerprint of the key that would pay."""
    steps: tuple[Step, ...] = field(repr=False, compare=False)
    told: tuple[Disclosure, ...] = ()
    """Values of the environment that leave, and who gets them: a yes to the offer is one to these, and to no others."""
    untold: tuple[Disclosure, ...] = ()
    """Those of them that the user's settings do not allow."""

    @property
    def files(self) -> tuple[str, ...]:
        """The storyboards' files as they were given."""
        return tuple(one.file for one in self.storyboards)


def make_offer(files: Sequence[str], out: str, *, sandbox: bool, again: bool = False) -> Offer:
    """Reads storyboards from disk, checks and plans them; sends nothing.

    Raises SubmitError for storyboards with errors, without a key, without [preview] for the sandbox, for a folder
    that cannot be written to, and where the ledger cannot be used.
    """
    named = {os.path.realpath(file): file for file in files}
    is_usual = out == default_folder(sandbox=sandbox)
    if (unfit := (unfit_default if is_usual else unfit_folder)(out)) is not None:
        raise SubmitError(Kind.USAGE, unfit)
    wanted = wanted_videos(named.values(), lambda file: check_file(shown_path(os.path.abspath(file))), out)
    payer = account(sandbox=sandbox)
    with books.open_ledger() as ledger:
        if sandbox:
            void_lost_jobs(ledger)
        steps = Planner(ledger, payer).plan(wanted, again=again)
    return _offer(list(named.values()), out, payer, steps, sandbox=sandbox, again=again)


def _offer(files: list[str], out: str, payer: Account, steps: list[Step], *, sandbox: bool, again: bool) -> Offer:
    missing = {step.wanted.order.shown: names for step in steps if (names := missing_in(step))}
    words = [
        f"{step.wanted.order.shown}: {why}" for step in steps if (why := why_stopped(step, "another job")) is not None
    ]
    words += [f"{shown}: set {' and '.join(names)} in the environment" for shown, names in missing.items()]
    told = disclosures_of(steps)
    return Offer(
        storyboards=tuple(_offered(file, step, free=sandbox) for file, step in zip(files, steps, strict=True)),
        total=total_cost([]) if sandbox else total_cost(steps),
        out=out,
        sandbox=sandbox,
        again=again,
        has_key=has_key(),
        missing=tuple(dict.fromkeys(name for names in missing.values() for name in names)),
        told=tuple(told),
        untold=tuple(not_allowed(told)),
        words="; ".join(words) or None,
        service=payer.service,
        account=payer.fingerprint,
        steps=tuple(steps),
    )


def _offered(file: str, step: Step, *, free: bool) -> OfferedStoryboard:
    wanted, request = step.wanted, step.job.request
    return OfferedStoryboard(
        file=file,
        shown=wanted.order.shown,
        prompt=str(request["positivePrompt"]),
        seconds=wanted.seconds,
        size=f"{request['width']}×{request['height']}" if "width" in request else wanted.resolution,
        takes=wanted.takes,
        would=step.kind,
        cost=total_cost([]) if free else step.cost,
        request=request,
        note=why_not_delivered(step, "another job"),
    )
