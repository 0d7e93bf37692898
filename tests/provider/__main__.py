"""`python -m tests.provider`: the provider as a process; prints its URL and serves until SIGTERM or SIGINT."""

import argparse
import json
import signal
from dataclasses import Field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from .faults import Fault
from .outcomes import Outcome
from .provider import Provider
from .rules import Rules

STOPS = {signal.SIGTERM, signal.SIGINT}


def main() -> None:
    """Serve."""
    # Blocked before any thread starts, so that no thread inherits the default action.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    with Provider(**_arguments()) as provider:
        print(provider.url, flush=True)
        signal.sigwait(STOPS)


def _arguments() -> dict[str, Any]:
    """Every field of Rules as an option; faults and outcomes as JSON objects, as often as wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.provider", description=__doc__)
    parser.add_argument("--fault", dest="faults", action="append", default=[], type=_fault, metavar="JSON")
    parser.add_argument("--outcome", dest="outcomes", action="append", default=[], type=_outcome, metavar="JSON")
    hints = get_type_hints(Rules)
    for one in fields(Rules):
        if one.name not in ("faults", "outcomes"):
            choices = get_args(hints[one.name]) if get_origin(hints[one.name]) is Literal else None
            option = f"--{one.name.replace('_', '-')}"
            parser.add_argument(option, default=one.default, type=_reader_of(one), choices=choices)
    return vars(parser.parse_args())


def _reader_of(field: Field[Any]) -> Any:
    """The type that turns the option's text into the field's value."""
    if field.name == "show_rest":
        return lambda text: text in ("1", "true", "yes")
    return float if field.default is None else type(field.default)


def _fault(text: str) -> Fault:
    return Fault(**json.loads(text))


def _outcome(text: str) -> Outcome:
    values = json.loads(text)
    return Outcome(**values | ({"takes": tuple(values["takes"])} if values.get("takes") else {}))


if __name__ == "__main__":
    main()
