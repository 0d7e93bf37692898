"""UUIDs made from requests: frozen, v4-shaped, and the same wherever and however often a request is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.jobs.identity import account_fingerprint, canonical, digest, task_uuid

if TYPE_CHECKING:
    from tests.jobs.studio import Studio

TASK: dict[str, Any] = {
    "taskType": "videoInference",
    "taskUUID": "00000000-0000-4000-8000-000000000000",
    "model": "klingai:kling-video@3.0-turbo",
    "positivePrompt": "shot 1, 3, A keeper climbs the stairs; shot 2, 4, Ihre Hand findet den Schalter – ü;",
    "width": 1280,
    "height": 720,
    "duration": 7,
    "outputType": "URL",
    "outputFormat": "MP4",
    "outputQuality": 95,
    "deliveryMethod": "async",
    "includeCost": True,
    "numberResults": 1,
}
KEY = "a-key-of-nobody"


@pytest.mark.parametrize(
    ("frame", "attempt", "uuid"),
    [
        (None, 1, "10fd455e-cb9e-4a33-b6d4-c557ad64e781"),
        (None, 2, "13ff929f-789a-4f8c-bb54-3c67ccf34789"),
        ("sha256:" + "ab" * 32, 1, "10e445ae-8406-41e2-9b3e-46f61a5bcf98"),
    ],
)
def test_the_derivation_is_frozen(frame: str | None, attempt: int, uuid: str) -> None:
    """These very UUIDs name jobs that people have paid for: another derivation would pay for them again."""
    assert task_uuid(KEY, canonical(TASK, frame), attempt) == uuid


def test_the_other_names_are_frozen() -> None:
    """Ledgers hold them: the request's digest and the account's fingerprint."""
    assert digest(canonical(TASK, None)) == "cb82bda688c1cd163f759c20a14e2c847c473a6105f947735318ffcc70f96701"
    assert account_fingerprint(KEY) == "58676e3afe3d0238"


@given(st.text(min_size=1), st.binary(), st.integers(1, 10**6))
def test_v4_bits(key: str, identity: bytes, attempt: int) -> None:
    """Version 4, variant 10, lower case: the service takes nothing else."""
    uuid = task_uuid(key, identity, attempt)
    assert (UUID(uuid).version, UUID(uuid).variant, uuid) == (4, "specified in RFC 4122", uuid.lower())


@pytest.mark.parametrize(
    "delivery",
    [
        {"ttl": 60},
        {"uploadEndpoint": "https://example.org/up"},
        {"webhookURL": "https://example.org/hook"},
        {"includeCost": False},
        {"taskUUID": "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"},
    ],
)
def test_where_it_goes_does_not_matter(delivery: dict[str, Any]) -> None:
    """Delivery is no part of a request's identity."""
    assert canonical(TASK | delivery, None) == canonical(TASK, None)


@pytest.mark.parametrize(
    "change",
    [
        {"positivePrompt": "shot 1, 7, x;"},
        {"width": 720, "height": 1280},
        {"duration": 8},
        {"outputFormat": "MOV"},
        {"outputQuality": 94},
        {"numberResults": 2},
        {"model": "another"},
        {"safety": {"mode": "fast"}},
        {"negativePrompt": "blur"},
        {"resolution": "1080p"},
    ],
)
def test_what_decides_the_picture_matters(change: dict[str, Any]) -> None:
    """Another picture is another request."""
    assert canonical(TASK | change, None) != canonical(TASK, None)


def test_key_frame_and_attempt_matter() -> None:
    """Two accounts never meet, nor two frames, nor two attempts."""
    one = canonical(TASK, None)
    uuids = {task_uuid(key, one, attempt) for key in ("a", "b") for attempt in (1, 2, 11, 12)}
    assert len(uuids) == 8
    assert len({canonical(TASK, frame) for frame in (None, "sha256:aa", "sha256:bb")}) == 3


def test_delivery_changes_meet_the_same_job(studio: Studio) -> None:
    """A storyboard that only wants its video elsewhere is not bought again."""
    assert studio.submit(studio.board()).line["reused"] is False
    moved = studio.board(output=", webhook_url: 'https://example.org/hook', ttl: 60")
    assert studio.submit(moved).line["reused"] is True
    assert sum(studio.provider.paid.values()) == 1
