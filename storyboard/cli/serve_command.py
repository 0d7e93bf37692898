"""`storyboard serve`: the terminal editor in a browser."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.extras import require
from storyboard.cli.options import whole
from storyboard.disk import HERE_IS_GONE, here_is_gone, typed

if TYPE_CHECKING:
    import socket


@click.command("serve")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Where to listen.")
@click.option("--port", default=8779, type=int, callback=whole(0, 65535), show_default=True, help="0 finds a free one.")
@click.option(
    "--known-as",
    multiple=True,
    metavar="HOST[:PORT]",
    help="What browsers call this host, besides its numbers and own name; again for more.",
)
def command(path: str, host: str, port: int, known_as: tuple[str, ...]) -> int:
    """Open the editor in a browser, until Ctrl-C. Prints the address to open.

    The address holds a secret: whoever has it edits these files and can pay with this environment's key.
    """
    require("web", "serving")
    if not os.path.exists(path):
        if here_is_gone(path):
            raise Stop(Exit.USAGE, HERE_IS_GONE)
        raise Stop(Exit.STORYBOARD_ERRORS, f"{path}: no such file; storyboard new {typed(path)} makes one")
    from storyboard.sandbox.serving import ServingError, open_socket
    from storyboard.web.serving import EditorServer

    try:
        listener = open_socket(host, port)
    except ServingError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    names = [*(() if ":" in host else (host,)), *known_as]
    server = EditorServer(path, say.words, names=names)
    with listener:
        try:
            server.know(listener)
        except ServingError as error:
            raise Stop(Exit.USAGE, str(error)) from None
        _greet(listener, server.key)
        with redirect_stdout(sys.stderr):  # what editors and libraries say from here on is no data
            server.serve_on(listener)
    return Exit.DONE


def _greet(listener: socket.socket, key: str) -> None:
    from storyboard.sandbox.serving import host_words, is_only_here

    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what others bound to
    say.data(f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/{key}/")
    say.flush()
    if is_only_here(listener):
        say.words("serve: open this address in a browser on this machine; Ctrl-C ends it")
    else:
        say.words(
            f"serve: ON {host_words(host)}, NOT ENCRYPTED: whoever has this address, or reads along on the way, "
            "edits these files and can pay with this environment's key"
        )
        say.words("Ctrl-C ends it; without --host it serves this machine only, and ssh -L brings it to another")
