"""Who pays: the account of the environment's key, or the sandbox's."""

from __future__ import annotations

from storyboard.jobs.plan import Account
from storyboard.jobs.rows import SANDBOX
from storyboard.submitting import environment
from storyboard.submitting.errors import Kind, SubmitError

SANDBOX_ACCOUNT = Account(SANDBOX, "sandbox")
"""The same for everybody: nobody pays."""


def real_account() -> Account | None:
    """The account of the environment's key; None without one."""
    key = environment.api_key()
    return Account(environment.base_url(), key) if key else None


def planning_account() -> Account:
    """The environment's account; without a key one of no key, to plan with: what is paid is found whoever paid it."""
    return real_account() or Account(environment.base_url(), "")


def has_key() -> bool:
    """Whether the environment holds a key that can be one."""
    try:
        return environment.api_key() is not None
    except SubmitError:
        return False


def account(*, sandbox: bool) -> Account:
    """The account that pays; SubmitError where there is no key, or the environment sets times or network wrongly."""
    environment.http_timeout(), environment.poll_interval(), environment.trust_window()
    if sandbox:
        require_preview()
        return SANDBOX_ACCOUNT
    found = real_account()
    if found is None:
        raise SubmitError(Kind.KEY, "RUNWARE_API_KEY is not set: export it, or try it for nothing with --sandbox")
    environment.check_network(found.service)
    return found


def require_preview() -> None:
    """SubmitError where the sandbox could not draw its videos."""
    from storyboard.submitting.extras import how_to_get, missing

    if lacking := missing("preview"):
        words = f"the sandbox draws its videos with {' and '.join(lacking.values())}: {how_to_get('preview')}"
        raise SubmitError(Kind.PREVIEW, words)


def require_drawing() -> None:
    """SubmitError where what the sandbox draws with is installed and cannot be loaded; loads it to see."""
    from storyboard.submitting.extras import broken

    if (failure := broken("preview")) is not None:
        raise SubmitError(Kind.PERSON, f"the sandbox cannot draw its videos: {failure}")
