"""The model: frozen, with the interfaces' defaults, its private keys taken off before."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from storyboard.addresses import address_fault
from storyboard.model import Storyboard, without_private_keys
from storyboard.profiles import KLING_3_TURBO, PROFILES, Range

BOARD: dict[str, Any] = {"shots": [{"seconds": 3, "prompt": "x"}, {"seconds": 4, "prompt": "y"}]}


def test_defaults() -> None:
    """What a file leaves out is what the interfaces say."""
    board = Storyboard.model_validate(BOARD)
    assert board.model == "klingai:kling-video@3.0-turbo"
    assert (board.resolution, board.duration, board.seconds, board.framed) == ("720p", None, 7, False)
    assert (board.output.format, board.output.quality, board.output.takes) == ("MP4", 95, 1)
    assert (board.output.safety, board.output.ttl, board.output.upload_endpoint) == (None, None, None)
    assert board.profile is KLING_3_TURBO


def test_private_keys() -> None:
    """`x-…` goes from the file and from shots, nowhere else, and the data itself is not changed."""
    data = {"x-a": 1, "shots": [{"x-b": 2, "prompt": "x"}, "x-c"], "output": {"x-d": 3}, "x": 4, 5: 6}
    before = repr(data)
    assert without_private_keys(data) == {"shots": [{"prompt": "x"}, "x-c"], "output": {"x-d": 3}, "x": 4, 5: 6}
    assert repr(data) == before


def test_frozen() -> None:
    """A model is derived from the text and never edited."""
    board = Storyboard.model_validate(BOARD)
    with pytest.raises(ValidationError):
        board.title = "x"
    with pytest.raises(ValidationError):
        board.shots[0].seconds = 5


def test_a_key_without_a_value_says_so() -> None:
    """Null is no way of leaving a key out."""
    with pytest.raises(ValidationError, match="no value stands at title"):
        Storyboard.model_validate(BOARD | {"title": None})


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.com", True),
        ("http://localhost:8000/a?b=c#d", True),
        ("${URL}", True),
        ("https://${HOST}/x?token=${TOKEN_2}", True),
        ("https://example.com/$5", True),
        ("https://exämple.com/ü", True),
        ("", False),
        ("example.com", False),
        ("https://", False),
        ("https:///x", False),
        ("HTTPS://example.com", False),
        (" https://example.com", False),
        ("https://example.com/a b", False),
        ("https://example.com/\u00a0", False),
        ("https://example.com/\n", False),
        ("https://example.com/${", False),
        ("https://example.com/${}", False),
        ("https://example.com/${1A}", False),
        ("https://example.com/${A-B}", False),
        ("https://example.com/${A B}", False),
    ],
)
def test_addresses(address: str, good: bool) -> None:
    """An http(s) address, parts of which may be ${NAME}; a `${` that is no name would be sent as it stands."""
    assert (address_fault(address) is None) == good


def test_profiles_are_data() -> None:
    """Every profile is found by its model, has a size for each pair and a price for each resolution."""
    for name, profile in PROFILES.items():
        assert name == profile.model
        assert {resolution for resolution, _ in profile.sizes} == set(profile.usd_per_second)
        assert profile.prompt_limit(framed=True).most <= profile.prompt_limit(framed=False).most
    assert [number in Range(3, 5) for number in (2, 3, 5, 6)] == [False, True, True, False]
