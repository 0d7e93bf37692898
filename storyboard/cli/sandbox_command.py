"""`storyboard sandbox`: the provider's twin on a socket, for other programs and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.extras import require
from storyboard.cli.options import seconds_or_zero, whole
from storyboard.cli.refusals import as_ends
from storyboard.disk import may_pass, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.sandbox.faults import FaultPlan


@click.command("sandbox")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Where to listen.")
@click.option("--port", default=8778, type=int, callback=whole(0, 65535), show_default=True, help="0 finds a free one.")
@click.option("--faults", metavar="FILE", help="A fault plan: what goes wrong, and when (docs/sandbox.md).")
@click.option(
    "--job-seconds",
    default="20",
    callback=seconds_or_zero,
    metavar="S",
    show_default=True,
    help="How long a job takes.",
)
@click.option(
    "--conflict",
    type=click.Choice(["always", "running"]),
    help="How long a taskUUID is refused: for ever (default), or while its job runs.",
)
@click.option("--key", metavar="KEY", help="The only API key that is taken; otherwise any is, but not none.")
@click.option(
    "--known-as",
    multiple=True,
    metavar="HOST[:PORT]",
    help="What clients call this host, besides its numbers and own name; again for more.",
)
@as_ends()
def command(host: str, port: int, **options: Any) -> int:
    """Serve the provider's API for nothing, until Ctrl-C. Prints its address.

    Videos are animatics, plainly marked. For this program: RUNWARE_BASE_URL=ADDRESS RUNWARE_API_KEY=any
    """
    from storyboard.sandbox import serving
    from storyboard.sandbox.state import StateError
    from storyboard.submitting import books

    require("sandbox", "serving")
    plan = _read_plan(options["faults"])
    folder = books.folder() / "sandbox-server"
    try:
        listener = serving.open_socket(host, port)
        with listener:
            serving.serve(
                listener,
                folder,
                job_seconds=options["job_seconds"],
                conflict=options["conflict"] or (plan.conflict if plan else None) or "always",
                key=options["key"],
                plan=plan,
                names=_names(host, options["known_as"]),
                ready=lambda: _greet(listener, folder),
                tell=say.words,
            )
    except serving.ServingError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    except StateError as error:
        raise Stop(Exit.SERVICE if error.passes else Exit.PERSON, str(error)) from None
    except OSError as error:
        words = (
            f"the sandbox cannot keep its state in {folder}: {words_of(error)}; STORYBOARD_STATE_DIR names its folder"
        )
        raise Stop(Exit.SERVICE if may_pass(error) else Exit.PERSON, words) from None
    return Exit.DONE


def _names(host: str, known_as: tuple[str, ...]) -> list[str]:
    """What clients may call this host: the name that it listens by, and those that were given."""
    return [*(() if ":" in host else (host,)), *known_as]


def _greet(listener: Any, folder: Path) -> None:
    from storyboard.sandbox import serving

    say.data(serving.address_of(listener))
    say.flush()
    if serving.is_only_here(listener):
        say.words("sandbox: free, and only for programs on this machine; Ctrl-C ends it")
    else:
        place = serving.host_words(listener.getsockname()[0])
        say.words(f"sandbox: free, ON {place}: whoever reaches it can use it, fill {folder}, and read what others sent")
        say.words("Ctrl-C ends it; without --host it serves this machine only")


def _read_plan(file: str | None) -> FaultPlan | None:
    if file is None:
        return None
    from storyboard.cli.inputs import standard_input
    from storyboard.document import Document, DocumentError, read_bytes
    from storyboard.sandbox.fault_file import FaultFileError, read_plan

    try:
        return read_plan(Document.parse(standard_input() if file == "-" else read_bytes(file)).data)
    except DocumentError as error:
        raise Stop(Exit.USAGE, f"{file}:{error.line}: {error.reason}") from None
    except FaultFileError as error:
        raise Stop(Exit.USAGE, f"{file}: {error}") from None
