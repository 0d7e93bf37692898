"""Two sides edit one film at random: a merge without a conflict has every edit, once, and no shot twice."""

from __future__ import annotations

import copy
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.document import Document
from storyboard.versions.threeway import merge

LABELS = ("ours", "base", "theirs")
SHOTS = (
    "Wide shot of a harbour at dawn, boats rock, shot0",
    "An old keeper lights his lamp, close and warm, shot1",
    "From above: gulls over nets and crates, shot2",
    "Her hand in the water while ripples fade, shot3",
    "Someone runs upstairs with letters, shot4",
    "Two boys laugh at the clock tower, shot5",
)
NEW = (
    "A bell rings in the fog and nobody comes",
    "The ferry leaves, ropes fall, engines start below",
    "Snow on the quay, no, rain, and a dog waits",
)
MARK = re.compile(r"(?:ours|theirs|shot)\d+")
Shots = list[dict[str, Any]]


def film(shots: Shots, keys: dict[str, Any]) -> bytes:
    """A storyboard as people write it; without comments, which would make most of these merges a conflict."""
    lines = [f"{key}: {value}" for key, value in keys.items()] + ["shots:"]
    for shot in shots:
        lines.append(f"  - seconds: {shot['seconds']}")
        lines += [f"    {key}: {value!r}" for key, value in shot.items() if key != "seconds"]
    return ("\n".join(lines) + "\n").encode()


BASE: Shots = [{"seconds": 2, "prompt": text} for text in SHOTS]
KEYS = {"title": "Harbour", "look": "grey light"}


@st.composite
def side(draw: st.DrawFn, name: str) -> tuple[Shots, dict[str, Any]]:
    """The base after up to four edits, each of which leaves a mark of its own."""
    shots, keys = copy.deepcopy(BASE), dict(KEYS)
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(("word", "add", "delete", "move", "key")))
        index = draw(st.integers(0, len(shots) - 1))
        if kind == "word":
            words = shots[index]["prompt"].split(" ")
            words.insert(draw(st.integers(0, len(words) - 1)), f"{name}{number}")
            shots[index]["prompt"] = " ".join(words)
        elif kind == "add":
            text = f"{draw(st.sampled_from(NEW))}, {name}{number}"
            shots.insert(draw(st.integers(0, len(shots))), {"seconds": 1, "prompt": text})
        elif kind == "delete" and len(shots) > 1:
            del shots[index]
        elif kind == "move":
            shots.insert(draw(st.integers(0, len(shots) - 1)), shots.pop(index))
        elif kind == "key":
            keys[draw(st.sampled_from(("title", "look", "negative_prompt")))] = f"words {name}{number}"
    return shots, keys


def marks(shots: Any, keys: Any) -> Counter[str]:
    """Every mark, with how often it is there."""
    said = [shot["prompt"] for shot in shots] + [str(value) for key, value in keys.items() if key != "shots"]
    return Counter(mark for text in said for mark in MARK.findall(text))


@settings(deadline=None, max_examples=300)
@given(side("ours"), side("theirs"))
def test_no_edit_is_lost_and_no_shot_doubled(ours: Any, theirs: Any) -> None:
    """What either side wrote is there once, what either side deleted is gone; else it is a conflict with markers."""
    merged = merge(film(BASE, KEYS), film(*ours), film(*theirs), LABELS)
    if merged.conflict:
        assert b"<<<<<<< ours" in merged.data
        written = set(film(*ours).splitlines()) | set(film(*theirs).splitlines())
        assert written - set(film(BASE, KEYS).splitlines()) <= set(merged.data.splitlines())
        return
    data = Document.parse(merged.data).data
    found, mine, yours = marks(data["shots"], data), marks(*ours), marks(*theirs)
    assert set(found.values()) <= {1}, merged.data.decode()
    for mark in {*mine, *yours}:
        everywhere = not mark.startswith("shot") or (mark in mine and mark in yours)
        assert found[mark] == everywhere, merged.data.decode()


@settings(deadline=None, max_examples=150)
@given(side("ours"), st.sampled_from(NEW), st.data())
def test_one_shot_added_in_two_ways_is_never_two(ours: Any, text: str, data: st.DataObject) -> None:
    """Wherever it stands with its neighbours on both sides, a word apart: a conflict."""
    shots, keys = ours
    place = data.draw(st.integers(0, len(BASE)))
    theirs = copy.deepcopy(BASE)
    theirs.insert(place, {"seconds": 1, "prompt": f"{text} at dawn"})
    mine = copy.deepcopy(BASE)
    mine.insert(place, {"seconds": 1, "prompt": f"{text} at dusk"})
    merged = merge(film(BASE, KEYS), film(mine, keys), film(theirs, KEYS), LABELS)
    assert merged.conflict
    assert b"<<<<<<< ours" in merged.data
    without = [shot for shot in shots if MARK.search(shot["prompt"])]
    begun = merge(b"", film([*without, mine[place]], keys), film([*without, theirs[place]], keys), LABELS)
    assert begun.conflict
    assert b"<<<<<<< ours" in begun.data


def test_a_shot_moved_to_two_places_is_never_two() -> None:
    """Though git finds no two changes to the same lines."""
    first, *others = BASE
    ours, theirs = [*others, first], [*others[:2], first, *others[2:]]
    merged = merge(film(BASE, KEYS), film(ours, KEYS), film(theirs, KEYS), LABELS)
    assert merged.conflict
    assert b"<<<<<<< ours" in merged.data
    assert merged.remarks == ["both sides put the shots in another order"]


def shots(*texts: str) -> Shots:
    """Shots of three seconds."""
    return [{"seconds": 3, "prompt": text} for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("镜头缓慢推近老船夫的手，绳索滴着水，远处钟声。", "镜头缓慢推近老船夫的手，绳索滴着水，远处雷声。"),
        (
            "カメラがゆっくり老人の手に寄る。ロープが濡れている。",
            "カメラがゆっくり老人の手に寄る、ロープは濡れている。",
        ),
        ("กล้องเคลื่อนเข้าหามือของชายชราอย่างช้าๆ เชือกเปียก", "กล้องเคลื่อนเข้าหามือของหญิงชราอย่างช้าๆ เชือกเปียก"),
        ("कैमरा बूढ़े नाविक के हाथ की ओर बढ़ता है।", "कैमरा बूढ़े नाविक के हाथ की ओर, बढ़ता है!"),
        ("Close-up of hands on the wet rope.", "Close-up of hands, on a wet rope!"),
        ("Rope, hand, lamp.", "rope. Hand. Lamp!"),
        ("A café — “closed”.", "A cafe\u0301 - 'closed'"),
    ],
)
@pytest.mark.parametrize("places", [(1, 1), (0, 2)])
def test_one_shot_added_in_two_spellings_is_a_conflict(one: str, other: str, places: tuple[int, int]) -> None:
    """Without spaces between words, with other marks, capitals or accents; in different places only if nearly equal."""
    base = shots(SHOTS[0], SHOTS[1])
    ours, theirs = list(base), list(base)
    ours[places[0] : places[0]] = shots(one)
    theirs[places[1] : places[1]] = shots(other)
    merged = merge(film(base, {}), film(ours, {}), film(theirs, {}), LABELS)
    assert merged.conflict or (places == (0, 2) and "on a wet" in other)


@pytest.mark.parametrize(
    ("base", "first", "second", "mine", "yours"),
    [
        (
            ("远景，渡船在黎明离开港口。", "特写，老船夫的手握着绳索。"),
            "远景，渡船在黄昏离开港口。", "特写，老船夫的手放开绳索。", "海鸥飞过水面。", "灯灭了。",
        ),
        (SHOTS[:2], "A quite different shot", "Something new altogether", "Gulls", "Lamps go out"),
    ],
)  # fmt: skip
def test_what_both_appended_stays_at_the_end(
    base: tuple[str, ...], first: str, second: str, mine: str, yours: str
) -> None:
    """Also where each side wrote another of the shots before it anew."""
    merged = merge(
        film(shots(*base), {}),
        film(shots(first, base[1], mine), {}),
        film(shots(base[0], second, yours), {}),
        LABELS,
    )
    texts = [] if merged.conflict else [shot["prompt"] for shot in Document.parse(merged.data).data["shots"]]
    assert merged.conflict or sorted(texts[:2]) == sorted((first, second))
    assert merged.conflict or sorted(texts[2:]) == sorted((mine, yours))


def test_unlike_shots_in_scripts_without_spaces_are_two() -> None:
    """What each side added stays, for other words are another shot."""
    for one, other in (
        ("海鸥飞过水面，远处有一座灯塔。", "灯灭了，老人走回家。"),
        ("กล้องเคลื่อนเข้าหามือของชายชรา", "เรือออกจากท่าในยามเช้า หมอกลอย"),
        ("カモメが水の上を飛んでいる。", "明かりが消えて、老人が歩いて帰る。"),
    ):
        base = shots(SHOTS[0])
        merged = merge(film(base, {}), film(base + shots(one), {}), film(base + shots(other), {}), LABELS)
        assert not merged.conflict
        assert len(Document.parse(merged.data).data["shots"]) == 3


def test_one_name_added_in_two_spellings_is_a_conflict() -> None:
    """Accents composed otherwise are the same name."""
    base = film(shots(SHOTS[0]), {})
    ours, theirs = (base + f"cast: {{{name}: a man}}\n".encode() for name in ("José", "Jose\u0301"))
    assert merge(base, ours, theirs, LABELS).conflict
