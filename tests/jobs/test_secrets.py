"""The key and other secrets: sent where they belong, and nowhere else, whatever goes wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.checks import check_bytes
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.wire import fill_in
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


@pytest.mark.parametrize("key", ["webhook_url", "upload_endpoint"])
def test_no_address_can_hold_the_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's storyboard that asks for it has an error, and a job that was written down before is not sent."""
    address = "https://collector.example/?k=${RUNWARE_API_KEY}"
    board = f"output: {{{key}: '{address}'}}\nshots: [{{seconds: 3, prompt: A lamp.}}]\n"
    found = check_bytes(board.encode(), "film.storyboard.yaml", ".").diagnostics
    assert [(one.code, one.path) for one in found if one.severity == "error"] == [("SB003", ("output", key))]
    monkeypatch.setenv("RUNWARE_API_KEY", KEY)
    with pytest.raises(StopRun) as stopped:
        fill_in(address)
    assert KEY not in str(stopped.value)
