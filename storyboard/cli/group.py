"""The command `storyboard`: names here, each command's module imported when it is called."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from storyboard import __version__, interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETING = "_STORYBOARD_COMPLETE"
"""What a shell sets to ask what could follow; click's name for this program."""

_COMMANDS = {
    "edit": "Open the terminal editor on a file or a folder.",
    "serve": "Open the editor in a browser.",
    "new": "Write a commented starting file.",
    "check": "Say everything that is wrong or weak, and where.",
    "compile": "Print the prompt, or the whole request.",
    "cost": "Say what submitting would cost.",
    "submit": "Compile, pay, wait, download.",
    "resume": "Carry every unfinished job on.",
    "jobs": "Show the ledger.",
    "animatic": "Draw the timing as a real video.",
    "sheet": "Put storyboards on paper: PNG, PDF or HTML.",
    "sandbox": "Serve the provider's API for nothing.",
    "farm": "Share jobs among many machines.",
    "import": "Read a film in another notation.",
    "export": "Print a storyboard in another notation.",
    "diff": "Say what changed between two versions, shot by shot.",
    "merge": "Merge three versions, shot by shot.",
    "rule": "Explain a code such as SB105.",
    "schema": "Print a JSON Schema.",
    "completion": "Print a shell's completion script.",
    "doctor": "Say what is set up and what is not.",
}


class Commands(click.Group):
    """Imports a command's module only when it is called or asked for its help."""

    def __init__(self, *arguments: Any, names: dict[str, str], module: str, **options: Any) -> None:
        """`names` with a line about each; `module` is where a command is, with its name in `{}`."""
        super().__init__(*arguments, **options)
        self._names = names
        self._module = module

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._names)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in self._names:
            return None
        module = import_module(self._module.format(name))
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        interrupts.begin_work()
        command: click.Command = module.command
        if COMPLETING in os.environ:
            from storyboard.cli.completion import complete_parameters

            complete_parameters(command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [CompletionItem(name, help=words) for name, words in self._names.items() if name.startswith(incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self._names and not args[0].startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches

            close = get_close_matches(args[0][:80], self._names, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(self._names.items()))


@click.group(
    cls=Commands,
    names=_COMMANDS,
    module="storyboard.cli.{}_command",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="A storyboard is a file NAME.storyboard.yaml. Begin with: storyboard new film",
)
@click.version_option(__version__, prog_name="storyboard")
@click.pass_context
def cli(context: click.Context) -> int | None:
    """Write multi-shot AI films as YAML; check, compile, pay once, bring the video home."""
    if context.invoked_subcommand is not None:
        return None
    if sys.stdin.isatty() and sys.stdout.isatty():
        edit = cli.get_command(context, "edit")
        return context.invoke(edit, path=os.curdir) if edit is not None else Exit.BUG
    for line in context.get_help().splitlines():
        say.words(line)
    return Exit.USAGE


def help_width() -> int:
    """Columns for help; click would import shutil to find them, which costs a twentieth of the whole start."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(1).columns
    except (OSError, ValueError):
        columns = 80
    return max(min(columns, 100) - 2, 40)
