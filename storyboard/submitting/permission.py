"""Which variables of the environment may be told to whom: what the user has allowed, and what only a yes allows."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from storyboard.jobs.paths import settings_file
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.wire import disclosed_by, is_as_approved
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from storyboard.addresses import Disclosure
    from storyboard.jobs.plan import Step

VARIABLE = "STORYBOARD_ALLOW_ENV"
"""Names to be filled in without a question: `NAME` for any host, `NAME@HOST` for one, with commas between them."""
SETTING = "allow_env"
"""The same as a list, in the user's settings."""
_PREFIX = "STORYBOARD_"
# What this program itself is set up with was not meant for others.
_OWN = frozenset(("ALLOW_ENV", "CONFIG", "FARM_DSN", "HTTP_TIMEOUT", "POLL_INTERVAL", "STATE_DIR", "TRUST_HOURS"))
_ENTRY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(@[^\s@,]+)?")
_SHOWN = 280
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]+")


def disclosures_of(steps: Iterable[Step], *, callbacks: bool = False) -> list[Disclosure]:
    """What sending these steps tells whom, each once; with `callbacks` also what the sandbox calls with."""
    return list(dict.fromkeys(one for step in steps for one in disclosures_in(step, callbacks=callbacks)))


def disclosures_in(step: Step, *, callbacks: bool = False) -> list[Disclosure]:
    """The same of one step: nothing where nothing is sent."""
    if step.kind not in ("buy", "go on") or (step.job.service == SANDBOX and not callbacks):
        return []
    # A request that the ledger lost is put back from the storyboard.
    task = step.job.request if is_as_approved(step.job) else step.wanted.task
    return disclosed_by(task)


def not_allowed(told: Iterable[Disclosure]) -> list[Disclosure]:
    """Those that the user's settings do not allow. Raises SubmitError where these cannot be used."""
    left = [one for one in told if not _is_meant_for_others(one.name)]
    left = [one for one in left if not _covers(_from_environment(), one)] if left else []
    return [one for one in left if not _covers(_from_settings(), one)] if left else []


def refuse_untold(steps: Iterable[Step], approved: Collection[Disclosure], done: str) -> None:
    """Raises SubmitError where these steps would tell what neither settings nor the `approved` ones cover."""
    if left := [one for one in not_allowed(disclosures_of(steps)) if one not in approved]:
        raise SubmitError(Kind.PERSON, f"{how_to_allow(left)}; nothing was {done}", list(lines(left)))


def how_to_allow(left: Iterable[Disclosure]) -> str:
    """Who gets what that nobody has allowed, and how to allow it."""
    left = list(left)
    first, more = left[0], len(left) - 1
    entries = ",".join(
        dict.fromkeys(f"{one.name}@{one.host}" if _HOST.fullmatch(one.host) else one.name for one in left)
    )
    rest = f", and {more} more" if more else ""
    told = f"{_short(first.host)} gets ${{{first.name}}} of this environment{rest}"
    return f"nobody has allowed that {told}: say yes at a terminal, or set {VARIABLE}={entries}"


def lines(told: Iterable[Disclosure], left: Collection[Disclosure] | None = None) -> Iterator[str]:
    """A line for each value that leaves; those that are not `left` to be answered were allowed before."""
    for one in told:
        allowed = "" if left is None or one in left else "  (allowed)"
        yield f"{_short(one.host)} gets the value of ${{{one.name}}}{allowed}"


def allowed_in_words() -> str:
    """What the user's settings allow; empty where that is nothing. Raises SubmitError where they cannot be used."""
    given = [*_from_environment(), *_from_settings()]
    return ", ".join(dict.fromkeys(f"{name}@{host}" if host else name for name, host in given))


def _short(host: str) -> str:
    """No host has more than 253 characters: what is longer hides something, and is shown from both ends."""
    return host if len(host) <= _SHOWN else f"{host[: _SHOWN // 2]} … {host[-_SHOWN // 2 :]}"


def _is_meant_for_others(name: str) -> bool:
    return name.startswith(_PREFIX) and name.upper().removeprefix(_PREFIX) not in _OWN


def _covers(entries: Iterable[tuple[str, str]], one: Disclosure) -> bool:
    return any(name == one.name and host in ("", one.host.lower()) for name, host in entries)


def _from_environment() -> list[tuple[str, str]]:
    words = (text.strip() for text in os.environ.get(VARIABLE, "").split(","))
    return [_entry(text, VARIABLE) for text in words if text]


def _from_settings() -> list[tuple[str, str]]:
    from storyboard.bounded import read_toml
    from storyboard.document import DocumentError, read_bytes

    try:
        file = settings_file()
    except RuntimeError:  # no home folder: no settings
        return []
    if not file.exists():
        return []
    try:
        given = read_toml(read_bytes(str(file)).decode().replace("\r\n", "\n")).get(SETTING, [])
    except (DocumentError, ValueError) as error:
        reason = error.reason if isinstance(error, DocumentError) else str(error)
        raise SubmitError(Kind.ENVIRONMENT, f"{file} cannot be read: {reason}") from None
    if not isinstance(given, list):
        raise SubmitError(Kind.ENVIRONMENT, f'{file}: `{SETTING}` must be a list, as ["NAME@host.example"]')
    return [_entry(one, f"`{SETTING}` in {file}") for one in given]


def _entry(text: object, place: str) -> tuple[str, str]:
    if not isinstance(text, str) or not _ENTRY.fullmatch(text):
        raise SubmitError(Kind.ENVIRONMENT, f"{place} must hold NAME or NAME@HOST, not {str(text)[:80]!r}")
    name, _, host = text.partition("@")
    return name, host.lower()
