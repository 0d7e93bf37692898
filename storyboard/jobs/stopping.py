"""Why a whole run ends early, and how that is found in the groups that tasks wrap errors in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

_Error = TypeVar("_Error", bound=BaseException)


class StopRun(Exception):
    """The whole run ends here, with all work kept; the text says why and what to do."""

    def __init__(
        self,
        code: Literal["account", "environment", "unreachable", "refused", "ledger", "undecodable"],
        message: str,
        *,
        passes: bool = False,
    ) -> None:
        """`passes`: it may go by itself, so that running the same again later can help."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.passes = passes or code in ("unreachable", "refused")


def leaves(group: BaseExceptionGroup[_Error]) -> Iterator[_Error]:
    """The errors themselves, out of the groups that tasks wrap them in."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from leaves(error)
        else:
            yield error
