"""`storyboard rule`: what a code means, and why it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.checks.diagnostic import SEVERITY_WORDS
from storyboard.cli import say
from storyboard.cli.exits import Exit

if TYPE_CHECKING:
    from storyboard.checks.catalogue import Explanation


@click.command("rule")
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(code: str | None, *, as_json: bool) -> int:
    """Explain a code, as SB105: its reason, its source, and how wrong and right look; without one, list all codes."""
    from storyboard.checks.catalogue import explanations

    known = explanations()
    if code is not None and code.upper() not in known:
        from storyboard.checks.hints import nearest

        hint = nearest(code.upper(), known)
        raise click.BadParameter(
            f"there is no code {code!r}" + (f": did you mean {hint}?" if hint else ""), param_hint="CODE"
        )
    chosen = list(known.values()) if code is None else [known[code.upper()]]
    if as_json:
        say.json_data([one._asdict() for one in chosen], indent=2)
    elif code is None:
        for one in chosen:
            say.data(f"{one.code}  {SEVERITY_WORDS[one.severity]:<7}  {one.title}")
    else:
        _explain(chosen[0])
    return Exit.DONE


def _explain(one: Explanation) -> None:
    say.data(f"{one.code}  {SEVERITY_WORDS[one.severity]}: {one.title}")
    for line in ("", one.reason, f"Source: {one.source}"):
        say.data(line)
    for head, text in (("Wrong:", one.wrong), ("Right:", one.right)):
        say.data("")
        say.data(head)
        for line in text.splitlines():
            say.data(f"    {line}")
