"""The one exception of this room: words for whoever asked, and a kind that says what is in the way."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(StrEnum):
    """What is in the way."""

    STORYBOARD = "storyboard"
    """A storyboard has errors, or wants what the environment does not have."""
    USAGE = "usage"
    """What was asked for cannot be."""
    ENVIRONMENT = "environment"
    """A variable of the environment holds what it cannot."""
    PREVIEW = "preview"
    """The sandbox has nothing to draw with."""
    KEY = "key"
    """No key, or one that cannot be one."""
    PERSON = "person"
    """The account, the ledger, the sandbox's state or the farm's database cannot be used before a person acts."""
    SERVICE = "service"
    """The ledger, the sandbox or the service cannot be used now; that passes by itself, or may."""
    MONEY = "money"
    """It would cost more than was approved."""

    @classmethod
    def where(cls, *, passes: bool) -> Kind:
        """SERVICE for what passes by itself or by what others do, PERSON for what only a person can change."""
        return cls.SERVICE if passes else cls.PERSON


class SubmitError(Exception):
    """Nothing was sent; `message` says why and what to do, `lines` what stands before it, as diagnostics."""

    def __init__(self, kind: Kind, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.lines = tuple(lines)
