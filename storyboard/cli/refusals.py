"""What cannot be submitted, as ends of a command: the same words, and an exit code for each kind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.ledger import Ledger

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


def say_damage(ledger: Ledger, code: Exit) -> Exit:
    """Says which jobs a ledger's lists were given without; the exit code of a command that was to end with `code`."""
    words = ledger.damage()
    if words is None:
        return code
    say.words(words)
    return Exit.PERSON


@contextmanager
def as_ends() -> Iterator[None]:
    """Within it, and in functions that it decorates, a SubmitError ends the command."""
    try:
        yield
    except SubmitError as error:
        for line in error.lines:
            say.words(line)
        raise Stop(_EXITS[error.kind], error.message) from None
