"""The rules on keys and kinds, and the model that the compiler works from, draw the same line."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from storyboard.checks.structure import read_structure
from storyboard.compiler.expand import is_cast_name
from storyboard.model import Storyboard, without_private_keys
from storyboard.profiles import DEFAULT_MODEL

Data = dict[Any, Any]
SHOT = {"seconds": 3, "prompt": "x"}

_TEXT = st.sampled_from(["x", "é\u0301", "16:9", "a b", "x" * 200])
_ADDRESS = st.sampled_from(["https://example.com/a", "http://x", "${NAME}", "https://x/${A}/${B_2}", "https://x/$"])
VALID: st.SearchStrategy[Data] = st.fixed_dictionaries(
    {
        "shots": st.lists(
            st.fixed_dictionaries(
                {"seconds": st.sampled_from([1, 15, 10**30]), "prompt": _TEXT | st.just("\x1c")},
                optional={"note": _TEXT | st.just(""), "x-note": st.none()},
            ),
            min_size=1,
            max_size=6,
        )
    },
    optional={
        "title": _TEXT,
        "model": st.just(DEFAULT_MODEL),
        "duration": st.sampled_from([-1, 0, 3, 10**30]),
        "aspect_ratio": st.sampled_from(["16:9", "1:1", "9:16"]),
        "resolution": st.sampled_from(["720p", "1080p"]),
        "first_frame": _TEXT,
        "negative_prompt": _TEXT,
        "look": _TEXT | st.just(""),
        "cast": st.dictionaries(st.sampled_from(["a", "Rosa", "b-c"]), _TEXT | st.just(" "), max_size=2) | _TEXT,
        "output": st.fixed_dictionaries(
            {},
            optional={
                "format": st.sampled_from(["MP4", "WEBM", "MOV"]),
                "quality": st.sampled_from([20, 99]),
                "takes": st.sampled_from([1, 4]),
                "safety": st.sampled_from(["none", "fast", "full"]),
                "ttl": st.sampled_from([60, 10**30]),
                "upload_endpoint": _ADDRESS,
                "webhook_url": _ADDRESS,
            },
        ),
        "x-mine": st.none(),
    },
)
"""Data that has nothing wrong in its keys and kinds."""

# What stands where something else was meant: of every kind that a YAML file can hold, and just past each bound.
_ODD = (None, True, False, 0, 1, 5, 7, 19, 59, 100, 3.0, 2.5, math.inf, math.nan, 10**30, "", " ", "\x1c", "5", "MP4")
_ODD_TEXTS = ("\u00a0\u2028\x85", "\u200b", "x" * 201, "16:9", "720P", "mp4", "kling", "ftp://x", "https://", "${NAME")
_ODD_ADDRESSES = ("https:///x", "${1}", "https://x/${A-B}", "https://x/ y", "https://x/\u00a0", "https://x/\x07")
_ODD_LISTS: tuple[Any, ...] = (
    [],
    [1],
    ["x"],
    [None],
    {},
    {"a": "b"},
    {"a": None},
    {1: "x"},
    [{"seconds": 3, "prompt": "x"}] * 7,
)
ODD = st.sampled_from([*_ODD, *_ODD_TEXTS, *_ODD_ADDRESSES, *_ODD_LISTS])
KEYS = st.sampled_from(["note", "takes", "Title", "x-", "X-a", "x_a", "", "shots", "seconds", "a", 5, True, None])


def _mappings(value: Any) -> list[Data]:
    """Every mapping in the data, from the outside in."""
    if isinstance(value, dict):
        return [value, *(found for child in value.values() for found in _mappings(child))]
    return [found for child in value for found in _mappings(child)] if isinstance(value, list) else []


@st.composite
def near_valid(draw: st.DrawFn) -> Data:
    """Valid data with up to two changes: another value, a key more, a key less."""
    data: Data = deepcopy(draw(VALID))
    for change in draw(st.lists(st.sampled_from(["value", "value", "more", "less"]), max_size=2)):
        mapping = draw(st.sampled_from(_mappings(data)))
        if change == "more" or not mapping:
            mapping[draw(KEYS)] = deepcopy(draw(ODD))
        elif change == "less":
            del mapping[draw(st.sampled_from(list(mapping)))]
        else:
            mapping[draw(st.sampled_from(list(mapping)))] = deepcopy(draw(ODD))
    return data


def _rules_find_nothing(data: Data) -> bool:
    return not read_structure(data, "/nowhere")[1]


def _model_accepts(data: Data) -> bool:
    try:
        Storyboard.model_validate(without_private_keys(data))
    except ValidationError:
        return False
    return True


@settings(deadline=None, max_examples=300)
@given(near_valid())
@example({"shots": [SHOT]})
@example({"shots": [SHOT], "title": None})
@example({"shots": [SHOT | {"note": None}]})
@example({"shots": [{"seconds": True, "prompt": "x"}]})
@example({"shots": [{"seconds": 3.0, "prompt": "x"}]})
@example({"shots": [{"seconds": 3, "prompt": "\x1c"}]})
@example({"shots": [{"seconds": 3, "prompt": "\u3000\x85"}]})
@example({"shots": [SHOT], "output": {"ttl": None}})
@example({"shots": [SHOT], "output": {"webhook_url": "ftp://x"}})
@example({"shots": [SHOT], "model": "kling"})
@example({"shots": [SHOT], "cast": None})
def test_rules_and_model_draw_the_same_line(data: Data) -> None:
    """Structure finds nothing exactly where the model accepts the data without its private keys."""
    cast = data.get("cast")
    if isinstance(cast, dict) and not all(isinstance(name, str) and is_cast_name(name) for name in cast):
        return
    assert _rules_find_nothing(data) == _model_accepts(data)


@settings(deadline=None, max_examples=60)
@given(near_valid())
def test_every_finding_of_structure_is_one_of_its_codes(data: Data) -> None:
    """Whatever is wrong, the rules say it with their own codes, in words, and crash at nothing."""
    draft, findings = read_structure(data, "/nowhere")
    assert {found.code for found in findings} <= {"SB002", "SB003", "SB103", "SB104", "SB109"}
    assert all(found.message and len(found.message) < 400 for found in findings)
    assert all(isinstance(step, str | int) and not isinstance(step, bool) for found in findings for step in found.path)
    assert all(shot.seconds is None or shot.seconds >= 1 for shot in draft.shots)


@settings(deadline=None, max_examples=100)
@given(VALID)
def test_what_is_valid_is_so_to_both(data: Data) -> None:
    """Neither side is stricter than the interfaces: every value they allow is allowed."""
    assert _rules_find_nothing(data)
    assert _model_accepts(data)
