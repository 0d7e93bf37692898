"""What is wrong with a task or a request, in the shape in which the provider says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ECHOED_CHARACTERS = 64
"""How much of an untrusted value an error repeats."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error: fields as on runware.ai/docs/platform/errors; what is None or empty is left out."""

    code: str
    message: str
    parameter: str | tuple[str, ...] | None = None
    type: str | None = None
    """The JSON type that was expected, in the provider's words: `string`, `integer`, `object`."""
    least: int | None = None
    most: int | None = None
    allowed: tuple[object, ...] = ()

    def to_error(self, task: Mapping[str, object] | None = None) -> dict[str, object]:
        """The error object, naming the task it is about where there is one."""
        parameter = list(self.parameter) if isinstance(self.parameter, tuple) else self.parameter
        fields: dict[str, object] = {
            "code": self.code,
            "message": self.message,
            "parameter": parameter,
            "type": self.type,
            "min": self.least,
            "max": self.most,
            "allowedValues": list(self.allowed) or None,
        }
        if task is not None:
            fields |= {name: _short_text(task.get(name)) for name in ("taskType", "taskUUID")}
        return {name: value for name, value in fields.items() if value is not None}


class RefusedError(Exception):
    """Raised by whoever handles a task that cannot be done."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals))
        self.refusals: Sequence[Refusal] = refusals

    def to_errors(self, task: Mapping[str, object]) -> list[dict[str, object]]:
        """The error objects for the task that was refused."""
        return [refusal.to_error(task) for refusal in self.refusals]


def missing(parameter: str, message: str) -> Refusal:
    """The refusal for a parameter that has to be there: code `missing` and the parameter's name."""
    return Refusal(f"missing{_capital(parameter)}", message, parameter)


def invalid(
    parameter: str,
    message: str,
    *,
    type: str | None = None,  # noqa: A002 - the provider's own name for it
    least: int | None = None,
    most: int | None = None,
    allowed: tuple[object, ...] = (),
) -> Refusal:
    """The refusal for a value that cannot be taken: code `invalid` and the parameter's name."""
    return Refusal(f"invalid{_capital(parameter)}", message, parameter, type, least, most, allowed)


def _capital(parameter: str) -> str:
    name = parameter.rsplit(".", 1)[-1]
    return name[:1].upper() + name[1:]


def _short_text(value: object) -> str | None:
    return value[:ECHOED_CHARACTERS] if isinstance(value, str) else None
