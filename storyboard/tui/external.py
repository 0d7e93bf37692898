"""A text in the writer's own editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App


def edit_elsewhere(app: App[None], text: str) -> str | None:
    """The text as $VISUAL or $EDITOR leaves it; None where there is no such editor, or it gave up."""
    name = next((one for one in ("VISUAL", "EDITOR") if os.environ.get(one, "").strip()), "EDITOR")
    descriptor, path = tempfile.mkstemp(prefix="storyboard-", suffix=".txt")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            stream.write(text)
        command = [*(shlex.split(os.environ.get(name, "")) or ["vi"]), path]
        with app.suspend(), _ctrl_c_is_not_ours():
            code = subprocess.run(command, check=False).returncode  # noqa: S603 - the user's own
        if code:
            app.notify(f"the editor ended with {code}: the prompt is as it was", severity="warning", markup=False)
            return None
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
            new = stream.read()
    except (OSError, ValueError, SuspendNotSupported) as error:
        words = "this terminal cannot be lent to another program" if isinstance(error, SuspendNotSupported) else error
        app.notify(f"${name} could not be used: {words}", severity="warning", markup=False)
        return None
    finally:
        with suppress(OSError):  # that program may have taken it away
            os.unlink(path)
    # Editors end files with a line break; the prompt keeps the end that it had.
    return new.removesuffix("\n") + "\n" if text.endswith("\n") else new.removesuffix("\n")


@contextmanager
def _ctrl_c_is_not_ours() -> Iterator[None]:
    """While another program has the terminal, it alone is meant; being ignored would be inherited by that program."""
    ours = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, ours)
