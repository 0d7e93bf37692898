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


def has_key() -> bool:
    """Whether the environment holds a key that can be one."""
    try:
        return environment.api_key() is not None
    except SubmitError:
        return False


def account(*, sandbox: bool) -> Account:
    """The account that pays; SubmitError where there is no key, or a time in the environment is none."""
    environment.http_timeout(), environment.poll_interval(), environment.trust_window()
    if sandbox:
        require_preview()
        return SANDBOX_ACCOUNT
    found = real_account()
    if found is None:
        raise SubmitError(Kind.KEY, "RUNWARE_API_KEY is not set: export it, or try it for nothing with --sandbox")
    return found


def require_preview() -> None:
    """SubmitError where the sandbox could not draw its videos."""
    from importlib.util import find_spec

    if missing := [name for name in ("av", "PIL") if find_spec(name) is None]:
        words = (
            f"the sandbox draws its videos with {' and '.join(missing)}: pip install 'multishot-storyboard[preview]'"
        )
        raise SubmitError(Kind.PREVIEW, words)
