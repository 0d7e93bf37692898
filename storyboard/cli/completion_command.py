"""`storyboard completion`: the lines that teach a shell what to offer when Tab is pressed."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from storyboard.cli import say
from storyboard.cli.exits import Exit


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the shell's completion script.

    bash: eval "$(storyboard completion bash)" in ~/.bashrc; zsh: the same with zsh in ~/.zshrc;
    fish: storyboard completion fish > ~/.config/fish/completions/storyboard.fish
    """
    from storyboard.cli.group import COMPLETING, cli

    kind = get_completion_class(shell)
    if kind is None:
        return Exit.BUG
    script = kind(cli, {}, "storyboard", COMPLETING).source()
    # click's lines for fish end a value, or what is said of it, at its first comma.
    for line in script.replace('string split ","', 'string split --max 1 ","').split("\n"):
        say.exact(line)
    return Exit.DONE
