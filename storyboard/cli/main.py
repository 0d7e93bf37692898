"""The entry point; imports only what Python has loaded anyway, so that even an early Ctrl-C ends in words."""

import gc
import os
import sys

_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit code; every error ends in one line and never in a traceback."""
    from storyboard.cli.running import run_command

    return run_command(arguments)


def run() -> None:
    """Entry point of the command."""
    gc.disable()  # importing makes many objects and no garbage; `group` collects again once the command is there
    try:
        code = main()
    except KeyboardInterrupt:
        os.write(2, b"storyboard: interrupted\n")
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        # Who interrupts does not want to wait for threads that still draw.
        os._exit(code)
    sys.exit(code)
