"""One run of a command: every error ends in one line and an exit code, never in a traceback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from storyboard import interrupts
from storyboard.cli import say, streams
from storyboard.cli.exits import Exit, Stop
from storyboard.disk import here_is_gone, words_of

if TYPE_CHECKING:
    import click


def run_command(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit code."""
    streams.open_all()
    interrupts.begin()
    try:
        code = _run(arguments)
    except Stop as stop:
        if stop.message:
            say.error(stop.message)
        code = stop.code
    except KeyboardInterrupt:
        if (words := interrupts.last_words()) is not None:
            say.error(words)
        code = interrupts.code()
    except Exception as error:  # noqa: BLE001 - a traceback helps nobody at a terminal
        code = _unexpected(error)
    say.flush()
    if (failure := streams.lost()) is not None:
        say.error(f"standard output cannot be written: {words_of(failure)}")
        return code or Exit.SERVICE
    return code


def _run(arguments: list[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["edit"] and len(given) == 2 and not given[1].startswith("-"):
        from storyboard.cli.editing import open_editor

        return open_editor(given[1])
    import click

    from storyboard.cli.group import cli, help_width

    try:
        code = cli.main(args=arguments, prog_name="storyboard", standalone_mode=False, terminal_width=help_width())
    except click.ClickException as error:
        _show_usage_error(error)
        return Exit.USAGE
    except SystemExit:
        # click's answer to a reader that had enough of its help.
        streams.give_up(sys.stdout, BrokenPipeError())
        return Exit.DONE
    except click.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else Exit.DONE


def _show_usage_error(error: click.ClickException) -> None:
    context = getattr(error, "ctx", None)
    if context is not None:
        for line in context.get_usage().splitlines():
            say.words(line)
        say.words(f"Try '{context.command_path} --help'.")
    say.error(error.format_message())


def _unexpected(error: Exception) -> int:
    try:
        from storyboard.submitting.crash import describe
    except (OSError, MemoryError):  # what failed has left no room to say more
        say.error(f"{words_of(error) or type(error).__name__}; nothing more can be loaded now, run it again")
        return Exit.SERVICE

    say.error(describe(error))
    return exit_of(error)


def exit_of(error: Exception) -> Exit:
    """The exit code for an error that nobody expected."""
    from storyboard.submitting.crash import is_of_installation, is_of_machine, is_of_sqlite

    # The machine's troubles can be tried again; a bug cannot.
    if isinstance(error, OSError) and not is_of_installation(error):
        if not getattr(error, "passes", True):
            return Exit.PERSON
        return Exit.USAGE if here_is_gone() else Exit.SERVICE
    if is_of_machine(error) or is_of_sqlite(error):
        return Exit.SERVICE
    return Exit.PERSON if is_of_installation(error) else Exit.BUG
