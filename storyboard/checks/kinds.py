"""What a value must be, as small tests that answer with words when it is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
            return f"must be a text, {_found(value)}"
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
        hint = nearest(value, values) if isinstance(value, str) else None
        return f"must be one of {', '.join(values)}" + (f": did you mean {hint}?" if hint else f"; {_found(value)}")

    return test


def whole(least: int | None = None, most: int | None = None, unit: str = "") -> Kind:
    """A whole number within these bounds, both included."""
    bounds = f" from {least} to {most}" if least is not None and most is not None else ""
    bounds = bounds or (f" of at least {least}" if least is not None else "")
    wanted = f"must be a whole number{bounds}{' ' + unit if unit else ''}"

    def test(value: object) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return f"{wanted}; {_found(value)}"
        if (least is not None and value < least) or (most is not None and value > most):
            return f"{wanted}; it is {str(value)[:40]}"
        return None

    return test


def whole_in(bounds: Range, unit: str = "") -> Kind:
    """A whole number in a profile's range."""
    return whole(bounds.least, bounds.most, unit)


def web_address(value: object) -> str | None:
    """An http(s) address, parts of which may be ${NAME} from the environment."""
    if not isinstance(value, str):
        return f"must be an address, {_found(value)}"
    if not value.startswith(("https://", "http://", "${")) or any(character.isspace() for character in value):
        return "must be an address that starts with https:// (parts of it may be ${NAME}, read from the environment)"
    return None


def _found(value: object) -> str:
    """What stands there instead, with the remedy where there is one."""
    if value is None:
        return "but nothing stands there: give it a value or delete the key"
    if isinstance(value, bool):
        return f"not {str(value).lower()}: put it in quotes if it is meant as text"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"not {value}: write {int(value)}"
    if isinstance(value, int | float):
        return f"not the number {str(value)[:40]}: put it in quotes if it is meant as text"
    if isinstance(value, str):
        digits = value.strip().removesuffix("s").strip()
        return f"not the text {value[:40]!r}" + (f": write {digits}" if digits.isascii() and digits.isdigit() else "")
    return "not a list" if isinstance(value, list) else "not a mapping"
