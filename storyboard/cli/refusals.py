"""What cannot be submitted, as ends of a command: the same words, and an exit code for each kind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXITS = {
    Kind.STORYBOARD: Exit.STORYBOARD_ERRORS,
    Kind.USAGE: Exit.USAGE,
    Kind.PREVIEW: Exit.USAGE,
    Kind.ENVIRONMENT: Exit.PERSON,
    Kind.KEY: Exit.PERSON,
    Kind.PERSON: Exit.PERSON,
    Kind.SERVICE: Exit.SERVICE,
    Kind.MONEY: Exit.MONEY_GUARD,
}


@contextmanager
def as_ends() -> Iterator[None]:
    """Within it, and in functions that it decorates, a SubmitError ends the command."""
    try:
        yield
    except SubmitError as error:
        for line in error.lines:
            say.words(line)
        raise Stop(_EXITS[error.kind], error.message) from None
