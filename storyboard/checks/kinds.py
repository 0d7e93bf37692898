"""What a value must be, as small tests that answer with words when it is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.addresses import address_fault
from storyboard.checks.hints import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storyboard.profiles import Range

    Kind = Callable[[object], str | None]
    """None for a good value, else what is wrong and what to write."""


def text(most: int | None = None, *, blank: bool = False) -> Kind:
    """A text of 1 to `most` characters; an empty one only where `blank` allows it."""

    def test(value: object) -> str | None:
        if not isinstance(value, str):
            return f"must be a text, {_no_text(value)}"
        if not value and not blank:
            return "is empty: give it a text or delete the key"
        if most is not None and len(value) > most:
            return f"has {len(value)} characters, {len(value) - most} too many (at most {most})"
        return None

    return test


def one_of(values: Sequence[str]) -> Kind:
    """One of these texts."""

    def test(value: object) -> str | None:
        if isinstance(value, str) and value in values:
            return None
        written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        hint = nearest(written, values)
        return f"must be one of {', '.join(values)}" + (f": did you mean {hint}?" if hint else f"; {found(value)}")

    return test


def whole(least: int | None = None, most: int | None = None, unit: str = "") -> Kind:
    """A whole number within these bounds, both included."""
    bounds = f" from {least} to {most}" if least is not None and most is not None else ""
    bounds = bounds or (f" of at least {least}" if least is not None else "")
    wanted = f"must be a whole number{bounds or ' of' * bool(unit)}{' ' + unit if unit else ''}"

    def test(value: object) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return f"{wanted}; {found(value)}{_as_number(value, least, most)}"
        if (least is not None and value < least) or (most is not None and value > most):
            return f"{wanted}; it is {short(value)}"
        return None

    return test


def whole_in(bounds: Range, unit: str = "") -> Kind:
    """A whole number in a profile's range."""
    return whole(bounds.least, bounds.most, unit)


def web_address(value: object) -> str | None:
    """An http(s) address, parts of which may be ${NAME} from the environment."""
    if not isinstance(value, str):
        return f"must be an address, {_no_text(value)}"
    return address_fault(value)


def found(value: object) -> str:
    """What stands there instead of something else."""
    if value is None:
        return "but nothing stands there: give it a value or delete the key"
    if isinstance(value, bool):
        return f"not {str(value).lower()}"
    if isinstance(value, int | float):
        return f"not the number {short(value)}"
    if isinstance(value, str):
        return f"not the text {value[:40]!r}"
    return "not a list" if isinstance(value, list) else "not a mapping"


def short(number: float) -> str:
    """A number as people can read it, however many digits it has."""
    digits = str(number)
    return digits if len(digits) <= 40 else f"{digits[:20]}… ({len(digits)} digits)"


def _no_text(value: object) -> str:
    remedy = "" if value is None else ": put it in quotes if it is meant as text"
    return found(value) + remedy


def _as_number(value: object, least: int | None, most: int | None) -> str:
    """The whole number that a text or a float was probably meant to be, as advice."""
    if isinstance(value, str):
        digits = value.strip().removesuffix("s").strip()
        number = int(digits) if len(digits) <= 6 and digits.isascii() and digits.isdigit() else None
    else:
        number = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e6 else None
    if number is None or (least is not None and number < least) or (most is not None and number > most):
        return ""
    return f": write {number}" + (" without quotes" if value == str(number) else "")
