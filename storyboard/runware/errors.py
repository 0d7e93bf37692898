"""What can go wrong on the wire, and which family an error code of the service belongs to.

ServiceError
├── NotSent         no connection was made: nothing left this machine
├── TooLate         what was to be sent was not to be sent any more when its turn came: no task left this machine
├── WrongSetting    a variable of the environment bars the way: nothing is sent until a person acts
├── Unclear         bytes may have left, and the answer says nothing about them
├── Unreadable      an answer in a coding that is not decoded: it came, and asking again gives the same
├── Refused         an answer about the whole request, not about one task
│   ├── AccountRefused   the key or the balance: nothing will be accepted until a person acts
│   └── Elsewhere        an answer that is none of the service's: the address may be another one
└── Paced           asked to wait, for `seconds` where the service says so
"""

from __future__ import annotations

from typing import Literal

Family = Literal["account", "money", "pace", "moderation", "request", "provider", "server", "other"]

CONFLICT = "conflictTaskUUID"

NO_VERDICT: frozenset[Family] = frozenset(("account", "money", "pace"))
"""Families that say nothing about a task, even where an error of theirs names one."""

# Parts of codes in lower case, tried in this order (runware.ai/docs/platform/errors; codes differ by provider).
_FAMILIES: tuple[tuple[Family, tuple[str, ...]], ...] = (
    ("pace", ("ratelimit", "toomanyrequests")),
    ("money", ("credit", "quota", "balance", "paymentrequired", "insufficientfunds")),
    (
        "account",
        ("apikey", "unauthorized", "forbidden", "permission", "authtimeout", "authentication", "suspended"),
    ),
    ("account", ("accountdisabled", "organizationdisabled", "workspacedisabled", "tokenexpired", "tokeninvalid")),
    (
        "moderation",
        ("contentpolicy", "sensitivecontent", "unsafecontent", "nsfwcontent", "promptblocked", "imageblocked"),
    ),
    ("moderation", ("moderation",)),
    ("server", ("internalserver", "serviceunavailable", "standarderror", "unknownerror", "undefinederror")),
    ("provider", ("timeout", "inferenceerror", "processingfailed", "taskfailed", "downloadfailed")),
    ("provider", ("noavailableserver", "modelunavailable", "modeldisabled", "modelnotready", "provider")),
    ("request", ("invalid", "missing", "conflict", "duplicate", "unsupported", "value", "array", "max", "unknown")),
    ("request", ("incompatible", "validation")),
)


_OF_QUESTIONS = ("taskuuid", "tasktype", "array", "toomany", "batch")
"""Parts of codes, or of what they say they are about, in lower case: what a question itself is made of."""


def family(code: str) -> Family:
    """The family of an error code; "other" for a code that no page names: show it, guess nothing."""
    lowered = code.lower()
    return next((name for name, parts in _FAMILIES if any(part in lowered for part in parts)), "other")


def is_not_found(code: str) -> bool:
    """Whether a code says that the service does not know the task, which is no verdict on it."""
    return "notfound" in code.lower()


def is_of_question(code: str, parameter: str | None = None) -> bool:
    """Whether an error in an answer to a question is about how it was asked, and so no verdict on the task."""
    lowered = f"{code} {parameter or ''}".lower()
    return is_not_found(code) or any(part in lowered for part in _OF_QUESTIONS)


def is_verdict_on_task(code: str) -> bool:
    """Whether a code can only mean that a task which was taken failed: moderation, or the provider's failure."""
    lowered = code.lower()
    group = family(code)
    return group == "moderation" or (group == "provider" and ("timeout" not in lowered or "provider" in lowered))


class ServiceError(Exception):
    """The service could not be asked, or did not answer the question; the text says what happened."""


class NotSent(ServiceError):
    """No connection was made, so nothing was sent."""


class TooLate(ServiceError):
    """When a task's turn came, it was not to be sent any more: no byte of it left this machine."""


class WrongSetting(ServiceError):
    """A variable of the environment that says how the network is used cannot be used itself; nothing was sent."""

    def __init__(self, name: str, what: str) -> None:
        """`what` says what is wrong with it and what to do, as the rest of a sentence that begins with its name."""
        super().__init__(f"{name} {what}")
        self.name = name


class Unclear(ServiceError):
    """Something may have been sent and accepted; only asking again can tell."""


class Unreadable(ServiceError):
    """An answer came in a coding that is not decoded; what it says stays unknown, and will."""


class Refused(ServiceError):
    """The request as a whole was refused; no task of it got a verdict."""

    def __init__(self, code: str, message: str, status: int, *, is_of_service: bool = False) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.status = status
        self.is_of_service = is_of_service
        """Whether it is an error of the service in its own form, and not a status or a page alone."""


class AccountRefused(Refused):
    """The key is wrong or not allowed, or the balance is too low."""


class Elsewhere(Refused):
    """The answer is none of the service's: the address is another one, or something on the way answers for it."""

    def __init__(self, status: int, address: str = "the address") -> None:
        super().__init__(f"HTTP {status}", "no answer of the service", status)
        self.address = address

    def __str__(self) -> str:
        return f"RUNWARE_BASE_URL ({self.address}) answers HTTP {self.status}: see whether it is the service's address"


class Paced(ServiceError):
    """The service asks to slow down."""

    def __init__(self, seconds: float | None, *, took_nothing: bool = True) -> None:
        super().__init__("the service is busy and asks to wait")
        self.seconds = seconds
        """How long to wait, None where the service does not say."""
        self.took_nothing = took_nothing
        """Whether that is why the request was not taken; a fault that also names a time may have come later."""


class Gone(Exception):
    """The address does not give the video any more (403, 404, 410)."""


class Unfit(Exception):
    """What came is not what was asked for; the text says how."""


class Coded(Unfit):
    """The video comes in a content coding that is not understood; asking again gives the same."""
