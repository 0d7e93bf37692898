"""The entry point; imports next to nothing, so that even an early Ctrl-C or SIGTERM ends in words."""

import gc
import os
import sys

from storyboard import interrupts

_INTERRUPTED = 130
_SERVERS = (["sandbox"], ["serve"])
_OWN_WAY: tuple[list[str], ...] = ([], ["edit"])
"""How the editor is called, which listens to signals itself."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit code; every error ends in one line and never in a traceback."""
    from storyboard.cli.running import run_command

    return run_command(arguments)


def run() -> None:
    """Entry point of the command."""
    interrupts.begin()
    if sys.argv[1:2] not in _OWN_WAY:
        interrupts.listen(_code_by)
    gc.disable()  # importing makes many objects and no garbage; `group` collects again once the command is there
    try:
        code = main()
    except KeyboardInterrupt:
        if (words := interrupts.last_words()) is not None:
            os.write(2, f"storyboard: {words}\n".encode())
        code = interrupts.code()
    if code == _INTERRUPTED or interrupts.heard():
        # Who interrupts does not want to wait for threads that still draw.
        os._exit(code)
    sys.exit(code)


def _code_by(number: int) -> int:
    """The exit code of this command where a signal ends it: a server is ended so, and has done what it was for."""
    if sys.argv[1:2] in _SERVERS:
        return 0
    is_worker = sys.argv[1:3] == ["farm", "worker"]
    return 0 if is_worker and number != interrupts.CTRL_C else _INTERRUPTED
