"""The key and other secrets: sent where they belong, and nowhere else, whatever goes wrong."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from storyboard.checks import check_bytes
from storyboard.jobs.wire import NotFilledIn, fill_in
from tests.jobs.rules import assert_done, assert_no_key, assert_paid_once
from tests.provider import KEY, Fault, Outcome, spoil
from tests.provider.errors import error
from tests.provider.record import Record

if TYPE_CHECKING:
    from tests.jobs.studio import Studio

SECRET = "s3cr3t-signature"
ALLOWED = {"UPLOAD_SIGNATURE": SECRET, "STORYBOARD_ALLOW_ENV": "UPLOAD_SIGNATURE@example.org"}


@pytest.mark.parametrize("kind", ["401", "402", "403", "404", "429", "500", "reset", "truncated", "not_json"])
@pytest.mark.parametrize("on", ["submit", "poll", "download"])
def test_no_key_in_any_file_or_output(studio: Studio, patience: Any, kind: Any, on: Any) -> None:
    """Not in the ledger, receipts, parts, reports, JSON, words or progress, in no case of trouble."""
    if on == "download" and kind in ("truncated", "not_json"):
        kind = "cut"
    patience(patience=0.1, patience_before_contact=0.1, patience_when_paced=0.1)
    studio.provider.add_faults(Fault(on=on, kind=kind, count=4))
    studio.submit(studio.board())
    studio.run("jobs", "--all")
    studio.resume()
    studio.run("doctor")
    assert_no_key(studio)
    assert (studio.provider.sins, studio.provider.leaks) == ([], [])


@pytest.mark.parametrize("scoped", [True, False])
def test_a_service_that_repeats_the_key(studio: Studio, monkeypatch: pytest.MonkeyPatch, scoped: bool) -> None:
    """An error whose words hold the key is shown and stored without it."""
    row = error("invalidApiKey", f"The key {KEY} is not allowed.")
    monkeypatch.setitem(spoil.ACCOUNT_ERRORS, "402", row)
    studio.provider.add_faults(Fault(on="submit", kind="402", scoped=scoped))
    ran = studio.submit(studio.board())
    assert (ran.code, "The key [key] is not allowed" in ran.err) == (6, True)
    studio.provider.add_outcomes(Outcome(code="inferenceError", message=f"Failed for {KEY}"))
    line = studio.resume().line
    assert line["error"]["message"] == "Failed for [key]"
    assert_no_key(studio)


def test_values_of_the_environment_are_sent_but_not_stored(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """`${NAME}` in an address is filled in on the wire, and stands as `${NAME}` in ledger and receipts."""
    sent: list[Any] = []
    real = Record.sent

    def sent_too(self: Record, task: Any) -> None:
        sent.append(task)
        real(self, task)

    monkeypatch.setattr(Record, "sent", sent_too)
    studio.extra |= ALLOWED
    board = studio.board(output=", upload_endpoint: 'https://example.org/up?sig=${UPLOAD_SIGNATURE}'")
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert sent[0]["uploadEndpoint"] == f"https://example.org/up?sig={SECRET}"
    receipt = json.loads((studio.renders / "film-1.mp4.json").read_text())
    assert receipt["request"]["uploadEndpoint"] == "https://example.org/up?sig=${UPLOAD_SIGNATURE}"
    assert_no_key(studio, SECRET)


def test_values_of_the_environment_that_the_service_repeats(studio: Studio) -> None:
    """Words of the service that hold such a value are stored and shown with the name in its place."""
    studio.extra |= ALLOWED
    studio.provider.add_outcomes(Outcome(code="uploadFailed", message=f"No answer from https://e.org/?sig={SECRET}"))
    board = studio.board(output=", upload_endpoint: 'https://example.org/up?sig=${UPLOAD_SIGNATURE}'")
    ran = studio.submit(board)
    assert ran.line["error"]["message"] == "No answer from https://e.org/?sig=${UPLOAD_SIGNATURE}"
    assert_no_key(studio, SECRET)


def test_a_value_that_is_missing_at_resume(studio: Studio) -> None:
    """Nothing is sent with a hole in it: the run says which name is missing, and goes on when it is set."""
    studio.extra |= ALLOWED
    board = studio.board(output=", upload_endpoint: 'https://example.org/up?sig=${UPLOAD_SIGNATURE}'")
    studio.killed("submit", board, "--yes", at="written_down")
    # A job that stands in the ledger was approved with what it tells: nobody is asked again.
    del studio.extra["UPLOAD_SIGNATURE"], studio.extra["STORYBOARD_ALLOW_ENV"]
    ran = studio.resume()
    assert (ran.code, studio.provider.count("submit")) == (6, 0)
    assert "UPLOAD_SIGNATURE" in ran.err
    studio.extra["UPLOAD_SIGNATURE"] = SECRET
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_state_is_private(studio: Studio) -> None:
    """Folder 0700, every file of the ledger 0600."""
    studio.submit(studio.board())
    assert studio.state.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in studio.state.iterdir()} == {0o600}


CODED = b64encode(f"me:{KEY}".encode()).decode()


@pytest.mark.parametrize(
    "value", [KEY, f"token-{KEY}-end", quote(KEY).replace("-", "%2D"), KEY.upper(), KEY.encode().hex(), CODED, KEY[:20]]
)
@pytest.mark.parametrize("key", ["webhook_url", "upload_endpoint"])
def test_no_other_variable_can_hold_the_key(studio: Studio, key: str, value: str) -> None:
    """What is filled in is compared by value: nothing is written down, nothing is sent, and the variable is named."""
    studio.extra["STUDIO_KEY"] = value
    ran = studio.submit(studio.board(output=f", {key}: 'https://collector.example/?k=${{STUDIO_KEY}}'"))
    assert (ran.code, len(studio.provider.requests)) == (1, 0)
    assert "${STUDIO_KEY} holds the value of RUNWARE_API_KEY" in ran.err
    assert studio.jobs() == []
    assert_no_key(studio)


def test_the_key_in_two_variables(studio: Studio) -> None:
    """Each holds half of it, and the address would hold the whole; side by side or apart."""
    studio.extra |= {"ONE": KEY[:13], "TWO": KEY[13:]}
    for between in ("", "-", "/x/"):
        address = f"https://collector.example/${{ONE}}{between}${{TWO}}"
        ran = studio.submit(studio.board(output=f", webhook_url: '{address}'"))
        assert (ran.code, len(studio.provider.requests)) == (1, 0)
        assert "${ONE} or ${TWO}" in ran.err


def test_a_variable_that_comes_to_hold_the_key(studio: Studio) -> None:
    """A job that was approved before is looked at again when it is sent."""
    studio.extra |= {"STUDIO_KEY": SECRET, "STORYBOARD_ALLOW_ENV": "STUDIO_KEY"}
    board = studio.board(output=", webhook_url: 'https://collector.example/?k=${STUDIO_KEY}'")
    studio.killed("submit", board, "--yes", at="written_down")
    studio.extra["STUDIO_KEY"] = KEY
    ran = studio.resume()
    assert (ran.code, studio.provider.count("submit")) == (6, 0)
    assert_no_key(studio)


@pytest.mark.parametrize("spelled", [quote(SECRET).replace("-", "%2D"), SECRET.upper(), SECRET.encode().hex()])
def test_a_value_that_the_service_repeats_otherwise(studio: Studio, spelled: str) -> None:
    """The value of a variable is taken out of the service's words in other notations too."""
    studio.extra |= ALLOWED
    studio.provider.add_outcomes(Outcome(code="uploadFailed", message=f"No answer from https://e.org/?sig={spelled}"))
    board = studio.board(output=", upload_endpoint: 'https://example.org/up?sig=${UPLOAD_SIGNATURE}'")
    ran = studio.submit(board)
    assert ran.line["error"]["message"] == "No answer from https://e.org/?sig=${UPLOAD_SIGNATURE}"
    assert_no_key(studio, spelled)


@pytest.mark.parametrize("name", ["RUNWARE_API_KEY", "Runware_Api_Key", "runware_api_key"])
@pytest.mark.parametrize("key", ["webhook_url", "upload_endpoint"])
def test_no_address_can_hold_the_key(key: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's storyboard that asks for it has an error, and a job that was written down before is not sent.

    On Windows all ways to write the name mean the same variable.
    """
    address = f"https://collector.example/?k=${{{name}}}"
    board = f"output: {{{key}: '{address}'}}\nshots: [{{seconds: 3, prompt: A lamp.}}]\n"
    found = check_bytes(board.encode(), "film.storyboard.yaml", ".").diagnostics
    assert [(one.code, one.path) for one in found if one.severity == "error"] == [("SB003", ("output", key))]
    monkeypatch.setenv("RUNWARE_API_KEY", KEY)
    with pytest.raises(NotFilledIn) as stopped:
        fill_in(address)
    assert KEY not in str(stopped.value)
