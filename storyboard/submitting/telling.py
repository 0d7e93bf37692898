"""Where a job stands, in words: what is being done about it, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import ABANDONED, State
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job

_DOING = {
    State.PREPARED: "asking",
    State.SUBMITTING: "sending",
    State.UNKNOWN: "unclear, asking",
    State.ACCEPTED: "rendering",
    State.READY: "downloading",
}
_KNOWN = {
    State.PREPARED: "written down; nothing was sent yet",
    State.SUBMITTING: "it was being sent when the last run ended; the service may have it",
    State.UNKNOWN: "it was sent, and no clear answer came; the service may have it",
    State.ACCEPTED: "the service has it; it is paid or will be",
    State.READY: "finished and paid for; not yet all on disk",
    State.DONE: "on disk",
    State.REJECTED: "the service refused it; it was not paid",
    State.FAILED: "the service took it and it failed; whether failed jobs are charged is for the account to show",
    State.EXPIRED: "it was paid for, and the service does not give the video out any more",
    State.REVIEW: "it was sent, and asking cannot tell whether it was taken: it may or may not have been paid for; "
    "look into the account, then buy another with `storyboard submit --again` or leave it",
}
_KNOWN_OF_SANDBOX = {
    State.ACCEPTED: "the sandbox has it",
    State.READY: "drawn; not yet all on disk",
    State.REJECTED: "the sandbox refused it",
    State.FAILED: "the sandbox took it and it failed",
    State.EXPIRED: "the sandbox does not have it any more; submit it again",
}


def doing(state: State, *, held_elsewhere: bool = False) -> str:
    """What is being done about a job in this state; the state itself at its end."""
    return "carried by another storyboard process" if held_elsewhere else _DOING.get(state, state.value)


def known(job: Job) -> str:
    """What is certain about a job, money included."""
    if job.state is State.SUBMITTING and job.sent_at is None:
        return "the service did not take it: a refused account, or no room; nothing was paid"
    if job.state is State.FAILED and job.code == ABANDONED and job.service != SANDBOX:
        return "a person gave it up; it was or may have been paid for, and nothing waits for it"
    return (_KNOWN_OF_SANDBOX if job.provider == "sandbox" else {}).get(job.state, _KNOWN[job.state])


def left_behind(jobs: Iterable[Job], payer: Account | None) -> Iterator[str]:
    """A line for each kind of unfinished jobs that are left when a program ends: where they stand, what to do.

    `payer` is the account of the environment's key: jobs of other ones need theirs.
    """
    kinds = {(kind, mine): 0 for kind in _LEFT for mine in (True, False)}
    for job in jobs:
        mine = payer is not None and (job.service, job.account) == (payer.service, payer.fingerprint)
        kinds[_kind(job), mine or job.service == SANDBOX] += 1
    for (kind, mine), count in kinds.items():
        if count:
            words = _LEFT[kind].format(jobs=counted(count, "job"), **(_ONE if count == 1 else _SEVERAL))
            yield words if mine else f"{words} with {_KEYS[kind]}"


_ONE = {"goes": "goes", "is": "is", "was": "was", "them": "it"}
_SEVERAL = {"goes": "go", "is": "are", "was": "were", "them": "them"}
_LEFT = {
    State.ACCEPTED: "{jobs} {goes} on at Runware; `storyboard resume` downloads {them}",
    State.READY: "{jobs} {is} finished at Runware and not downloaded yet; `storyboard resume` downloads {them}",
    State.UNKNOWN: "{jobs} {was} sent without a clear answer; `storyboard resume` asks for {them}",
    State.PREPARED: "{jobs} {was} not sent and {is} not paid; `storyboard resume` sends {them}",
    SANDBOX: "{jobs} of the sandbox {is} not finished; `storyboard resume` finishes {them}, free",
}


_KEYS: dict[str, str] = {
    State.ACCEPTED: "the key that paid",
    State.READY: "the key that paid",
    State.UNKNOWN: "the key that was to pay",
    State.PREPARED: "the key that was to pay",
}


def _kind(job: Job) -> str:
    if job.service == SANDBOX:
        return SANDBOX
    if job.state in (State.ACCEPTED, State.READY):
        return job.state
    return State.UNKNOWN if job.may_be_there else State.PREPARED
