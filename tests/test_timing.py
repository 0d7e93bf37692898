"""Seconds moved between shots."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storyboard.timing import CannotFit, even_out, fit, make_room, share_between, steal

SECONDS = st.lists(st.integers(1, 15), min_size=1, max_size=6)


@st.composite
def films(draw: st.DrawFn) -> tuple[list[int], set[int]]:
    """Seconds of shots, and which of them are locked."""
    seconds = draw(SECONDS)
    return seconds, draw(st.sets(st.integers(0, len(seconds) - 1)))


@given(films(), st.integers(1, 30))
def test_fit_makes_the_total_and_keeps_locked_shots(film: tuple[list[int], set[int]], total: int) -> None:
    """The sum is the total, nothing is below one second, locked shots are as they were; or it says why not."""
    seconds, locked = film
    rest = total - sum(seconds[index] for index in locked)
    free = len(seconds) - len(locked)
    if rest < free or (free == 0 and rest != 0):
        with pytest.raises(CannotFit):
            fit(seconds, total, locked)
        return
    fitted = fit(seconds, total, locked)
    assert sum(fitted) == total
    assert min(fitted) >= 1
    assert all(fitted[index] == seconds[index] for index in locked)


@given(films())
def test_fit_to_the_present_total_changes_nothing(film: tuple[list[int], set[int]]) -> None:
    """A film that fits already is left alone."""
    seconds, locked = film
    assert fit(seconds, sum(seconds), locked) == seconds


@given(SECONDS, st.integers(6, 60))
def test_fit_is_proportional(seconds: list[int], total: int) -> None:
    """Where no shot is pushed up to one second, each is less than a second away from its exact share."""
    shares = [total * second / sum(seconds) for second in seconds]
    assume(min(shares) >= 1)
    assert all(abs(got - share) < 1 for got, share in zip(fit(seconds, total), shares, strict=True))


@pytest.mark.parametrize(
    ("seconds", "total", "locked", "fitted"),
    [
        ([3, 3, 3], 10, set(), [4, 3, 3]),
        ([10, 1, 1, 1], 6, set(), [3, 1, 1, 1]),
        ([3, 2, 4], 15, {1}, [6, 2, 7]),
        ([5, 5], 3, set(), [2, 1]),
    ],
)
def test_fit_rounds_the_largest_remainders_up(
    seconds: list[int], total: int, locked: set[int], fitted: list[int]
) -> None:
    """Largest remainder, the earlier shot first where two are equal."""
    assert fit(seconds, total, locked) == fitted


@given(films())
def test_even_out_keeps_the_total(film: tuple[list[int], set[int]]) -> None:
    """The total holds, locked shots stay, the others differ by one second at most."""
    seconds, locked = film
    evened = even_out(seconds, locked)
    free = [second for index, second in enumerate(evened) if index not in locked]
    assert sum(evened) == sum(seconds)
    assert all(evened[index] == seconds[index] for index in locked)
    assert not free or max(free) - min(free) <= 1


@given(films(), st.data(), st.integers(-5, 5))
def test_steal_holds_the_total_or_says_why_not(
    film: tuple[list[int], set[int]], data: st.DataObject, change: int
) -> None:
    """One shot changes by exactly so much, the others pay for it and keep at least a second each."""
    seconds, locked = film
    index = data.draw(st.integers(0, len(seconds) - 1))
    try:
        changed = steal(seconds, index, change, locked)
    except CannotFit:
        spare = sum(second - 1 for other, second in enumerate(seconds) if other != index and other not in locked)
        givers = [other for other in range(len(seconds)) if other != index and other not in locked]
        assert index in locked or seconds[index] + change < 1 or change > spare or (change < 0 and not givers)
        return
    assert changed[index] == seconds[index] + change
    assert sum(changed) == sum(seconds)
    assert min(changed) >= 1
    assert all(changed[other] == seconds[other] for other in locked)


def test_steal_takes_from_the_next_shots_first() -> None:
    """The nearest shot after comes first, then those further on, then those before."""
    assert steal([4, 2, 3, 2], 1, 3) == [4, 5, 1, 1]
    assert steal([4, 2, 3, 2], 1, 4) == [3, 6, 1, 1]
    assert steal([4, 2, 3, 2], 1, -1) == [4, 1, 4, 2]


@given(SECONDS, st.integers(0, 15))
def test_a_new_shot_keeps_the_total_where_anything_can_be_given(seconds: list[int], missing: int) -> None:
    """What is missing goes to the new shot, the rest comes from the others; only ones cannot be shortened."""
    total = sum(seconds) + missing
    left, new = make_room(seconds, total)
    assert new >= 1
    assert min(left) >= 1
    if missing or max(seconds) > 1:
        assert sum(left) + new == total
    else:
        assert (left, new) == (seconds, 1)


@given(st.integers(1, 10**400), st.integers(1, 600), st.integers(1, 600))
def test_a_split_shot_shares_its_seconds(seconds: int, weight: int, other: int) -> None:
    """Both parts have at least a second, in proportion but for that, and together what the shot had, two at least."""
    first, second = share_between(seconds, weight, other)
    assert min(first, second) >= 1
    assert first + second == max(seconds, 2)
    assert seconds < 2 or first in (1, seconds - 1) or abs(first * other - second * weight) <= weight + other


def test_seconds_that_no_film_has_do_not_stall() -> None:
    """A billion seconds are not shared out one by one."""
    assert make_room([10**9], 10**9) == ([10**9], 1)


@pytest.mark.parametrize(
    ("seconds", "total", "locked", "reason"),
    [
        ([1, 1, 4], 2, set(), "2 s are too few for 3 shots: each needs at least one"),
        ([5, 4], 5, {0}, "5 s are too few for 1 shot beside locked ones that take 5 s: each needs at least one"),
        ([5, 4], 8, {0, 1}, "every shot is locked: unlock one to make 8 s"),
    ],
)
def test_what_cannot_fit_is_said(seconds: list[int], total: int, locked: set[int], reason: str) -> None:
    """With the number that stands in the way."""
    with pytest.raises(CannotFit) as refused:
        fit(seconds, total, locked)
    assert str(refused.value) == reason


@pytest.mark.parametrize("index", [-1, 1, 9])
def test_a_shot_that_is_not_there_takes_nothing(index: int) -> None:
    """Said as any other reason."""
    with pytest.raises(CannotFit):
        steal([3], index, 1)
