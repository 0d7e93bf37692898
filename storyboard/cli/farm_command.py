"""`storyboard farm`: many machines, the same jobs."""

from __future__ import annotations

import click

from storyboard.cli.group import Commands

_COMMANDS = {
    "submit": "Check, approve and queue storyboards.",
    "worker": "Carry the farm's jobs on this machine.",
    "status": "Say what the farm is doing.",
    "wait": "Wait for jobs and say what came of each.",
    "budget": "Say, set or lift the day's budget.",
}


@click.group(
    "farm",
    cls=Commands,
    names=_COMMANDS,
    module="storyboard.cli.farm_{}",
    epilog="The database is named by STORYBOARD_FARM_DSN, or by libpq's PGHOST, PGDATABASE, PGUSER, PGPASSWORD.",
)
def command() -> None:
    """Share jobs among many machines: a queue in PostgreSQL, and a worker on each machine."""
