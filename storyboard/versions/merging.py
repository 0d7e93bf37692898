"""What three versions mean together: both sides' changes, shot by shot, or a conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from storyboard.compiler.expand import same_name
from storyboard.document.wanted import same
from storyboard.versions.matching import SHOTS_AT_MOST, likeness, match, total

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTHING: Any = object()
Data = dict[Any, Any]
_NEARLY = 0.7
"""Words in common from which two shots that were added in one place are one, written in two ways."""
_NEARLY_ANYWHERE = 0.9
"""The same for two shots that were added in different places."""


class Conflict(Exception):
    """Both sides changed the same thing in different ways; the text names it."""


class NotComparable(Exception):
    """Versions that cannot be compared shot by shot; the text says why."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Stands for a text that both sides changed: lines may tell what both mean, data cannot."""

    name: str


class Meaning(NamedTuple):
    """What three versions mean together."""

    data: Data
    """The merged data; in it an Unsettled for each text that both sides changed."""
    remarks: list[str]
    """What people should know about it."""
    unsettled: list[str]
    """The names of the texts that both sides changed."""

    def settled(self, found: Any) -> Any:
        """The data with each unsettled text as it stands in `found`, data of the same shape."""
        return _settled(self.data, found)


def merge_meanings(base: Data, ours: Data, theirs: Data) -> Meaning:
    """The merged data, but for texts that both sides changed.

    Raises Conflict where only a person can tell what both sides mean, NotComparable where shots cannot be compared.
    """
    remarks: list[str] = []
    merged = _mapping(base, ours, theirs, "", skip=("shots", "duration"))
    if (name := _twice(merged)) is not None and _twice(ours) is None and _twice(theirs) is None:
        raise Conflict(f"both sides added @{name[:80]} to the cast, composed in two ways")
    shots = [_shots(version) for version in (base, ours, theirs)]
    if max(map(len, shots)) > SHOTS_AT_MOST:
        raise NotComparable("too many shots to merge one by one")
    if any("shots" in version for version in (ours, theirs)):
        merged["shots"] = _merge_shots(shots[0], shots[1], shots[2], remarks)
    _duration(base, ours, theirs, merged, remarks)
    order = [*ours, *(key for key in theirs if key not in ours)]
    data = {key: merged[key] for key in order if key in merged}
    return Meaning(data, remarks, list(_names_unsettled(data)))


def _twice(version: Data) -> str | None:
    """A name that is in the cast in two spellings."""
    cast, names = version.get("cast"), set[str]()
    for name in filter(lambda one: isinstance(one, str), cast if isinstance(cast, dict) else ()):
        if same_name(name) in names:
            return str(name)
        names.add(same_name(name))
    return None


def _names_unsettled(data: Any) -> Iterator[str]:
    if isinstance(data, Unsettled):
        yield data.name
    elif isinstance(data, (dict, list)):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _names_unsettled(value)


def _settled(data: Any, found: Any) -> Any:
    if isinstance(data, Unsettled):
        return found if isinstance(found, str) else data
    if isinstance(data, dict) and isinstance(found, dict):
        return {key: _settled(value, found.get(key)) for key, value in data.items()}
    if isinstance(data, list) and isinstance(found, list) and len(data) == len(found):
        return [_settled(value, other) for value, other in zip(data, found, strict=True)]
    return data


def _shots(data: Data) -> list[Any]:
    shots = data.get("shots", [])
    if shots is None:
        return []
    if not isinstance(shots, list):
        raise NotComparable("`shots` is no list")
    return shots


def _value(base: Any, ours: Any, theirs: Any, name: str) -> Any:
    if same(ours, theirs) or same(base, theirs):
        return ours
    if same(base, ours):
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict) and (base is _NOTHING or isinstance(base, dict)):
        return _mapping({} if base is _NOTHING else base, ours, theirs, f"{name}.")
    if _NOTHING in (ours, theirs):
        raise Conflict(f"{name} was deleted on one side and changed on the other")
    if isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str):
        return Unsettled(name)
    raise Conflict(f"{name} was changed on both sides")


def _value_at(key: Any, base: Data, ours: Data, theirs: Data, path: str = "") -> Any:
    nothing = _NOTHING
    return _value(base.get(key, nothing), ours.get(key, nothing), theirs.get(key, nothing), f"{path}{key}")


def _mapping(base: Data, ours: Data, theirs: Data, path: str, skip: tuple[str, ...] = ()) -> Data:
    keys = [key for key in dict.fromkeys((*ours, *theirs, *base)) if path or key not in skip]
    values = ((key, _value_at(key, base, ours, theirs, path)) for key in keys)
    return {key: value for key, value in values if value is not _NOTHING}


def _duration(base: Data, ours: Data, theirs: Data, merged: Data, remarks: list[str]) -> None:
    """A promise that both sides kept is kept; else it is merged like any other value."""
    if "duration" not in ours and "duration" not in theirs:
        return
    if all("duration" in one and one["duration"] == total(_shots(one)) for one in (ours, theirs)):
        merged["duration"] = total(_shots(merged))
        if merged["duration"] not in (ours["duration"], theirs["duration"]):
            remarks.append(f"duration is now {merged['duration']}, the sum of the merged shots")
        return
    value = _value_at("duration", base, ours, theirs)
    if value is not _NOTHING:
        merged["duration"] = value


class _Side:
    """One side's shots under names that all versions share: the base's index, or the side's own."""

    def __init__(self, base: list[Any], shots: list[Any], letter: str) -> None:
        self.pairs = match(base, shots)
        known = {new: old for old, new in self.pairs.items()}
        self.names: list[object] = [known.get(index, (letter, index)) for index in range(len(shots))]
        self.by_name = dict(zip(self.names, shots, strict=True))

    @property
    def order(self) -> list[int]:
        """Indexes of the base's shots in this side's order."""
        return [name for name in self.names if isinstance(name, int)]

    def added(self, other: _Side) -> list[_Added]:
        """The shots that this side alone added, with the nearest shots of the base around each that both sides have."""
        found = []
        for place, name in enumerate(self.names):
            if isinstance(name, int) or name in other.by_name:
                continue
            before, after = (
                next((known for known in names if isinstance(known, int) and known in other.by_name), None)
                for names in (self.names[:place][::-1], self.names[place + 1 :])
            )
            found.append(_Added(place + 1, self.by_name[name], before, after))
        return found


class _Added(NamedTuple):
    """A shot that only one side has, its number there, and the base's shots around it."""

    number: int
    shot: Any
    before: int | None
    after: int | None

    def stands_with(self, other: _Added) -> bool:
        """Whether both were added in one place."""
        return self.before == other.before or self.after == other.after

    def stands_for(self, index: int) -> bool:
        """Whether it was added where a shot of the base was."""
        return (self.before is None or self.before < index) and (self.after is None or index < self.after)


def _merge_shots(base: list[Any], ours: list[Any], theirs: list[Any], remarks: list[str]) -> list[Any]:
    one, other = _Side(base, ours, "ours"), _Side(base, theirs, "theirs")
    _join_equal_additions(one, other)
    _refuse_two_ways(base, one, other)
    merged: dict[object, Any] = {}
    for index, shot in enumerate(base):
        mine, yours = one.by_name.get(index, _NOTHING), other.by_name.get(index, _NOTHING)
        value = _value(shot, mine, yours, f"shot {index + 1}")
        if value is not _NOTHING:
            merged[index] = value
    names: list[object] = list(_order(one, other))  # with those that are gone: what was added stands behind them
    both: list[object] = []
    for side, letter in ((one, "ours"), (other, "theirs")):
        both += _insert(names, side, letter)
        merged |= {name: shot for name, shot in side.by_name.items() if not isinstance(name, int)}
    names = [name for name in names if name in merged]
    remarks += [
        f"both sides added shots in one place: theirs follow ours, as shot {names.index(name) + 1}" for name in both
    ]
    return [merged[name] for name in names]


def _join_equal_additions(one: _Side, other: _Side) -> None:
    """A shot that both sides added is one shot."""
    added = {name: shot for name, shot in one.by_name.items() if not isinstance(name, int)}
    for name, shot in list(other.by_name.items()):
        twin = next((mine for mine, said in added.items() if same(said, shot)), None)
        if not isinstance(name, int) and twin is not None and twin not in other.by_name:
            other.names[other.names.index(name)] = twin
            other.by_name[twin] = other.by_name.pop(name)


def _refuse_two_ways(base: list[Any], one: _Side, other: _Side) -> None:
    """Conflict where both sides added what is one shot to people, because a film with both is what neither means."""
    mine, yours = one.added(other), other.added(one)
    if not base and mine and yours:
        raise Conflict("both sides began the shots, in different ways")
    for index in range(len(base)):
        gone = index not in one.by_name and index not in other.by_name
        if gone and all(any(shot.stands_for(index) for shot in added) for added in (mine, yours)):
            raise Conflict(f"both sides put another shot in the place of shot {index + 1}")
    for shot in mine:
        for twin in yours:
            nearly = _NEARLY if shot.stands_with(twin) else _NEARLY_ANYWHERE
            if likeness(shot.shot, twin.shot) >= nearly:
                raise Conflict(
                    f"both sides added nearly the same shot: shot {shot.number} of ours, shot {twin.number} of theirs"
                )


def _order(one: _Side, other: _Side) -> list[int]:
    """The order of the base's shots: that of the side which changed it."""
    mine, yours = one.order, other.order
    common = set(mine) & set(yours)
    if [name for name in mine if name in common] == [name for name in yours if name in common]:
        return _union(mine, yours)
    if mine == sorted(mine):
        return _union(yours, mine)
    if yours == sorted(yours):
        return _union(mine, yours)
    raise Conflict("both sides put the shots in another order")


def _union(first: list[int], second: list[int]) -> list[int]:
    """The first order, with what only the second has behind what stands before it there."""
    names = list(first)
    for place, name in enumerate(second):
        if name not in names:
            names.insert(_behind(names, second[:place]), name)
    return names


def _behind(names: list[Any], before: list[Any]) -> int:
    """The place behind the last of those before that is among the names; the first place where none is."""
    return next((names.index(known) + 1 for known in reversed(before) if known in names), 0)


def _insert(names: list[object], side: _Side, letter: str) -> Iterator[object]:
    """Puts a side's own shots behind what stands before them there; gives those of theirs that come behind ours."""
    for place, name in enumerate(side.names):
        if isinstance(name, int) or name in names:
            continue
        index = _behind(names, side.names[:place])
        if letter == "theirs":
            start = index
            while index < len(names) and isinstance(names[index], tuple) and names[index] not in side.by_name:
                index += 1
            if index > start:
                yield name
        names.insert(index, name)
