"""Web addresses: which of them are the same."""

from __future__ import annotations

import pytest

from storyboard.addresses import environment_without_key, one_spelling, without_credentials

SAME = "https://api.runware.ai/v1"


@pytest.mark.parametrize(
    "address",
    [
        SAME,
        "HTTPS://api.runware.ai/v1",
        "https://API.Runware.AI/v1",
        "https://api.runware.ai./v1",
        "https://api.runware.ai:443/v1",
        "https://api.runware.ai:0443/v1//",
        "https://api.runware.ai:/v1/",
    ],
)
def test_one_service(address: str) -> None:
    """All these are one place."""
    assert one_spelling(address) == SAME


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("http://127.0.0.1:08080/v1", "http://127.0.0.1:8080/v1"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("http://[::1]:80/V1", "http://[::1]/V1"),
        ("https://api.runware.ai:80/v1", "https://api.runware.ai:80/v1"),
        ("sandbox", "sandbox"),
        ("none", "none"),
        ("", ""),
        ("https://me:pw@Host/v1", "https://host/v1"),
        ("https://me@api.runware.ai:443/v1", "https://api.runware.ai/v1"),
        ("https://Host/v1?A=b", "https://host/v1"),
        ("https://Host/v1#A", "https://host/v1"),
        ("http://[::1", "http://[::1"),
        ("http://host:99999/v1", "http://host:99999/v1"),
    ],
)
def test_others(address: str, spelled: str) -> None:
    """Paths, other ports and what is no plain address stay as they are; one spelling is its own."""
    assert one_spelling(address) == spelled
    assert one_spelling(spelled) == spelled


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:pw@host/v.mp4?a=b@c", "https://host/v.mp4?a=b@c"),
        ("https://me@host:81", "https://host:81"),
        ("https://a@b@host/x", "https://host/x"),
        ("//me:pw@host/x", "//host/x"),
        ("https://host/a@b", "https://host/a@b"),
        ("https://host?x=//a@b", "https://host?x=//a@b"),
        ("me@host", "me@host"),
        ("https://${USER}:${PASSWORD}@host/x", "https://host/x"),
        ("", ""),
    ],
)
def test_addresses_without_passwords(address: str, shown: str) -> None:
    """What stands before the host goes; what looks like it elsewhere stays."""
    assert without_credentials(address) == shown


def test_programs_that_need_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """They get the environment as it is otherwise, however the key's name is written."""
    monkeypatch.setenv("RUNWARE_API_KEY", "k1")
    monkeypatch.setenv("Runware_Api_Key", "k2")
    monkeypatch.setenv("OTHER", "stays")
    environment = environment_without_key()
    assert environment["OTHER"] == "stays"
    assert {"k1", "k2"}.isdisjoint(environment.values())
