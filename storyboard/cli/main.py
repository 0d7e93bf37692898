"""The command `storyboard`: names here, each command's module imported when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from storyboard import __version__
from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop

_COMMANDS = {
    "new": "Write a commented starting file.",
    "check": "Say everything that is wrong or weak, and where.",
    "compile": "Print the prompt, or the whole request.",
    "cost": "Say what submitting would cost.",
    "submit": "Compile, pay, wait, download.",
    "resume": "Carry every unfinished job on.",
    "jobs": "Show the ledger.",
    "schema": "Print a JSON Schema.",
    "doctor": "Say what is set up and what is not.",
}


class _Commands(click.Group):
    """Imports a command's module only when it is called or asked for its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = import_module(f"storyboard.cli.{name}_command")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="A storyboard is a file NAME.storyboard.yaml. Begin with: storyboard new film",
)
@click.version_option(__version__, prog_name="storyboard")
def cli() -> None:
    """Write multi-shot AI films as YAML; check, compile, pay once, bring the video home."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit code; every error ends in one line and never in a traceback."""
    _open_streams()
    try:
        code = cli.main(args=arguments, prog_name="storyboard", standalone_mode=False, terminal_width=_width())
        sys.stdout.flush()
        return int(code) if isinstance(code, int) else Exit.DONE
    except Stop as stop:
        if stop.message:
            say.error(stop.message)
        return stop.code
    except click.ClickException as error:
        _show_usage_error(error)
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        say.error("interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - a traceback helps nobody at a terminal
        return _show_unexpected(error)


def run() -> None:
    """Entry point of the command."""
    sys.exit(main())


def _open_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _width() -> int:
    """Columns for help; click would import shutil to find them, which costs a twentieth of the whole start."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(1).columns
    except (OSError, ValueError):
        columns = 80
    return max(min(columns, 100) - 2, 40)


def _show_usage_error(error: click.ClickException) -> None:
    context = getattr(error, "ctx", None)
    if context is not None:
        say.words(context.get_usage())
        say.words(f"Try '{context.command_path} --help'.")
    say.error(error.format_message())


def _show_unexpected(error: Exception) -> int:
    from storyboard.cli.crash import describe, exit_code

    say.error(describe(error))
    return exit_code(error)
