"""Seconds moved between shots: pure arithmetic on whole seconds, at least one for each shot, locked shots kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_LONGEST = 1000
"""Seconds of films that are worth sharing out one by one; no model makes longer ones."""
NO_LOCKS: frozenset[int] = frozenset()


class CannotFit(ValueError):
    """Seconds that cannot be spread as asked; the text says why."""


def fit(seconds: Sequence[int], total: int, locked: Collection[int] = NO_LOCKS) -> list[int]:
    """The shots stretched or shortened in proportion to make `total`; the largest remainders are rounded up.

    `locked` holds indexes of shots that keep their seconds. Raises CannotFit.
    """
    free = [index for index in range(len(seconds)) if index not in locked]
    rest = total - sum(seconds[index] for index in range(len(seconds)) if index in locked)
    if not free and rest:
        raise CannotFit(f"every shot is locked: unlock one to make {total} s")
    if rest < len(free):
        shots = "1 shot" if len(free) == 1 else f"{len(free)} shots"
        taken = f" beside locked ones that take {total - rest} s" if locked else ""
        raise CannotFit(f"{total} s are too few for {shots}{taken}: each needs at least one")
    shares = _largest_remainder([max(seconds[index], 1) for index in free], rest)
    fitted = list(seconds)
    for index, share in zip(free, shares, strict=True):
        fitted[index] = share
    return fitted


def _largest_remainder(weights: list[int], total: int) -> list[int]:
    """Whole shares of `total` in proportion to the weights, none below one."""
    open_ones = set(range(len(weights)))
    while True:
        pool = total - (len(weights) - len(open_ones))
        weight = sum(weights[index] for index in open_ones)
        small = {index for index in open_ones if pool * weights[index] < weight}
        if not small:
            break
        open_ones -= small
    shares = [pool * weights[index] // weight if index in open_ones else 1 for index in range(len(weights))]
    remainders = sorted(open_ones, key=lambda index: (-(pool * weights[index] % weight), index))
    for index in remainders[: total - sum(shares)]:
        shares[index] += 1
    return shares


def even_out(seconds: Sequence[int], locked: Collection[int] = NO_LOCKS) -> list[int]:
    """The same total, spread as evenly as whole seconds allow, the longer shots first."""
    free = [index for index in range(len(seconds)) if index not in locked]
    evened = list(seconds)
    for index, share in zip(free, evenly(sum(seconds[index] for index in free), len(free)), strict=True):
        evened[index] = share
    return evened


def evenly(total: int, count: int) -> list[int]:
    """Whole seconds for so many shots, as even as can be, the longer ones first."""
    return [total // count + (place < total % count) for place in range(count)]


def steal(seconds: Sequence[int], index: int, change: int, locked: Collection[int] = NO_LOCKS) -> list[int]:
    """One shot longer or shorter by `change`, the others giving or taking so that the total holds.

    The shots after it come first, the nearest one first, then those before it. Raises CannotFit.
    """
    if not 0 <= index < len(seconds) or index in locked:
        raise CannotFit("the shot's seconds are locked" if index in locked else f"there is no shot {index + 1}")
    others = [*range(index + 1, len(seconds)), *range(index - 1, -1, -1)]
    givers = [other for other in others if other not in locked]
    changed = list(seconds)
    changed[index] += change
    if changed[index] < 1:
        raise CannotFit("a shot needs at least one second")
    if change < 0:
        if not givers:
            raise CannotFit("no other shot can take the seconds: all are locked")
        changed[givers[0]] -= change
        return changed
    for giver in givers:
        given = min(change, changed[giver] - 1)
        changed[giver] -= given
        change -= given
    if change:
        raise CannotFit(f"{change} s are missing: the other shots are locked or have one second left")
    return changed


def make_room(seconds: Sequence[int], total: int, locked: Collection[int] = NO_LOCKS) -> tuple[list[int], int]:
    """The shots with room made for one more, and its seconds, so that all together make `total`.

    What is missing to `total` goes to the new shot first; the rest comes from the longest shots, a second at a time.
    Where nothing can be given, the new shot has one second and the total grows.
    """
    left = list(seconds)
    if sum(left) > _LONGEST:
        return left, 1
    fair = max(total // (len(seconds) + 1), 1)
    new = max(total - sum(left), 0)
    while new < fair:
        givers = [index for index in range(len(left)) if index not in locked and left[index] > 1]
        if not givers:
            break
        longest = max(givers, key=lambda index: (left[index], index))
        if left[longest] <= new:
            break
        left[longest] -= 1
        new += 1
    return left, max(new, 1)


def share_between(seconds: int, weight: int, other: int) -> tuple[int, int]:
    """A shot's seconds for the two that it becomes, in proportion to their weights; one each at least."""
    if seconds < 2:
        return 1, 1
    rounded = (2 * seconds * weight + weight + other) // (2 * (weight + other))
    first = min(max(rounded, 1), seconds - 1)
    return first, seconds - first
