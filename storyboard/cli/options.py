"""What values of options must be, with words for those that are not."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click

from storyboard.folders import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class OfFiles(click.Command):
    """A command that hooks and git call with names of files, which may look like options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes what ends like a storyboard for a file, also where nobody wrote `--` in front."""
        end = args.index("--") if "--" in args else len(args)
        files = [f"./{one}" if one.startswith("-") and one.lower().endswith(SUFFIXES) else one for one in args[:end]]
        return super().parse_args(ctx, files + args[end:])


def seconds(_context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """A time that can be waited."""
    from storyboard.submitting.environment import checked_seconds

    if value is None:
        return None
    try:
        return checked_seconds(float(value))
    except ValueError:
        words = f"{value!r} is not a number of seconds, above 0 and at most a day (86400)"
        raise click.BadParameter(words, param=parameter) from None


def seconds_or_zero(context: click.Context, parameter: click.Parameter, value: str) -> float:
    """A time that can be waited, or 0."""
    return 0.0 if value.strip() in ("0", "0.0") else seconds(context, parameter, value) or 0.0


def whole(least: int, most: int) -> Callable[[click.Context, click.Parameter, int | None], int | None]:
    """A whole number in these bounds, both included."""

    def checked(_context: click.Context, parameter: click.Parameter, value: int | None) -> int | None:
        if value is not None and not least <= value <= most:
            raise click.BadParameter(f"{value} is not from {least} to {most}", param=parameter)
        return value

    return checked


def amount(_context: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    """A sum of US dollars."""
    from decimal import Decimal

    if value is None:
        return None
    try:
        found = Decimal(value.strip().removeprefix("$"))
    except ArithmeticError:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0:
        raise click.BadParameter(f"{value!r} is no amount of dollars", param=parameter)
    return found


def file_to_write(_context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The path of a file on this machine; folders above it that are missing are made."""
    if value is not None:
        refuse_address(value, parameter)
        if not value or value.endswith(("/", os.sep)):
            raise click.BadParameter(f"{value!r} names no file: add a file name", param=parameter)
    return value


def refuse_address(value: str, parameter: click.Parameter) -> None:
    """Ends the command where something of another machine is named as a place to write to."""
    if _ADDRESS.match(value):
        raise click.BadParameter(f"{value!r} is an address: name a path on this machine", param=parameter)


def out_folder(_context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A folder that videos can be written to, or that can be made: better known before anything is paid."""
    from storyboard.submitting.places import unfit_folder

    if value is None:
        return None
    refuse_address(value, parameter)
    if (unfit := unfit_folder(value)) is not None:
        raise click.BadParameter(f"{unfit}: name another folder", param=parameter)
    return value
