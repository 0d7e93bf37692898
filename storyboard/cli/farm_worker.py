"""`storyboard farm worker`: carries the farm's jobs on this machine."""

from __future__ import annotations

import click

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.farming import require_farm
from storyboard.cli.options import seconds, whole
from storyboard.cli.refusals import as_ends
from storyboard.submitting.accounts import account


def _silence(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    found = seconds(context, parameter, value)
    if found is not None and not 1 <= found <= 3600:
        raise click.BadParameter(f"{found:g} is not from 1 to 3600", param=parameter)
    return found


@click.command("worker")
@click.option(
    "--concurrency",
    type=int,
    default=100,
    callback=whole(1, 1000),
    metavar="N",
    show_default=True,
    help="Jobs at once, to 1000.",
)
@click.option(
    "--stalled-after",
    default="15",
    callback=_silence,
    metavar="S",
    show_default=True,
    help="Seconds of silence after which a worker is taken for dead; the same for all workers.",
)
@click.option("--poll-interval", callback=seconds, metavar="S", help="Seconds between questions about a job.")
@as_ends()
def command(concurrency: int, stalled_after: float, poll_interval: float | None) -> int:
    """Carry the farm's jobs until SIGTERM or Ctrl-C; then hand over what is under way.

    Needs RUNWARE_API_KEY; takes only jobs that were queued with the same one. Tasks of workers that died are rescued.
    """
    require_farm()
    payer = account(sandbox=False)
    from storyboard.farm.worker import work

    ended_by = interrupts.run(
        work(payer, concurrency=concurrency, stalled_after=stalled_after, poll_interval=poll_interval, tell=say.words)
    )
    say.words("ended; what was under way is for other workers, or for this one when it is started again")
    return Exit.INTERRUPTED if ended_by == interrupts.CTRL_C else Exit.DONE
