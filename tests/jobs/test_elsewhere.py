"""The same request with another delivery is the same job: what it does not do is said, with what can be done."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import Ledger
from storyboard.submitting.guarding import why_not_delivered
from storyboard.submitting.offers import make_offer
from tests.jobs.points import DEATH
from tests.jobs.rules import assert_done, assert_paid_once
from tests.jobs.studio import Studio

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider

X, Y = "https://x.example/put", "https://y.example/put"
SAID = f"nothing is sent to upload_endpoint {Y} but {X}"


def _upload(place: str, more: str = "") -> str:
    return f', upload_endpoint: "{place}"{more}'


def test_paid_before_and_sent_elsewhere(studio: Studio) -> None:
    """Said when it is planned and when it is submitted; --again buys it anew, with the new address."""
    studio.submit(studio.board(output=_upload(X)))
    board = studio.board(output=_upload(Y))
    for arguments in (("submit", board, "--dry-run"), ("cost", board)):
        ran = studio.run(*arguments)
        assert ran.code == 0
        assert SAID in ran.err
        assert "--again" in ran.err
        assert "from renders there yourself" in ran.err
    plan = studio.run("submit", board, "--dry-run", "--json").line
    assert (plan["would"], SAID in plan["note"]) == ("reuse", True)
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert SAID in ran.err
    assert_paid_once(studio, 1)
    ran = studio.submit(board, "--again")
    assert_done(studio, ran)
    assert SAID not in ran.err
    assert_paid_once(studio, 2)
    assert studio.jobs()[0].request["uploadEndpoint"] == Y


def test_nothing_is_said_of_the_same(studio: Studio) -> None:
    """Neither where the delivery is the same, nor where the storyboard asks for none any more."""
    board = studio.board(output=_upload(X, ", ttl: 90"))
    studio.submit(board)
    for output in (_upload(X, ", ttl: 90"), ""):
        ran = studio.submit(studio.board(output=output))
        assert_done(studio, ran)
        assert "asked for before" not in ran.err
        assert "note" not in studio.run("submit", board, "--dry-run", "--json").line


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (', webhook_url: "https://y.example/done"', "webhook_url https://y.example/done is not called"),
        (", ttl: 120", "ttl 120 has no effect"),
        (_upload("https://y.example/${NAME_OF_IT}"), "https://y.example/${NAME_OF_IT}"),
    ],
)
def test_other_wishes(studio: Studio, output: str, words: str) -> None:
    """Each key that makes no other job; what stands for a secret stays a name."""
    studio.extra["NAME_OF_IT"] = "a-secret-part"
    studio.submit(studio.board())
    ran = studio.submit(studio.board(output=output))
    assert words in ran.err
    assert "a-secret-part" not in ran.err
    assert_paid_once(studio, 1)


def test_under_way_to_another_address(studio: Studio) -> None:
    """What was approved goes where it was approved for, and that is said as well."""
    assert studio.killed("submit", studio.board(output=_upload(X)), "--yes", at="written_down").code == DEATH
    ran = studio.submit(studio.board(output=_upload(Y)))
    assert_done(studio, ran)
    assert SAID in ran.err
    assert_paid_once(studio, 1)


def test_two_in_one_call(studio: Studio) -> None:
    """The first one of the same request decides."""
    boards = [studio.board(name, words="a heron", output=_upload(place)) for name, place in (("a", X), ("b", Y))]
    ran = studio.submit(*boards)
    assert_done(studio, ran)
    assert f"b.storyboard.yaml: the same was asked for before, so {SAID}" in ran.err
    assert "a.storyboard.yaml: the same" not in ran.err


def test_a_ledger_made_good_from_receipts(studio: Studio) -> None:
    """The receipt says where it was sent to."""
    studio.submit(studio.board(output=_upload(X)))
    shutil.rmtree(studio.state)
    ran = studio.submit(studio.board(output=_upload(Y)))
    assert_done(studio, ran)
    assert SAID in ran.err
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("request_said", [7, {}, {"positivePrompt": "another"}, {"inputs": []}])
def test_receipts_that_name_no_request(studio: Studio, request_said: object) -> None:
    """They prove the job all the same, as before."""
    studio.submit(studio.board(output=_upload(X)))
    receipt = studio.renders / "film-1.mp4.json"
    receipt.write_text(json.dumps(json.loads(receipt.read_text()) | {"request": request_said}))
    shutil.rmtree(studio.state)
    assert_done(studio, studio.submit(studio.board(output=_upload(Y))))
    assert_paid_once(studio, 1)


def test_paid_for_by_another_machine(tmp_path: Path, provider: Provider) -> None:
    """Where that one had it sent is not known here, and is said so."""
    there, here = (Studio(tmp_path / name, provider) for name in ("there", "here"))
    there.submit(there.board(output=_upload(X)))
    ran = here.submit(here.board(output=_upload(Y)))
    assert_done(here, ran)
    assert f"paid for by another request, which decided whether its videos went to {Y}" in ran.err
    assert_paid_once(here, 1)


def test_the_editor_says_it_too(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its offer, beside what would be done."""
    studio.submit(studio.board(output=_upload(X)))
    board = studio.board(output=_upload(Y))
    monkeypatch.chdir(studio.folder)
    for name, value in studio.environment().items():
        monkeypatch.setenv(name, value)
    (one,) = make_offer([board], "renders", sandbox=False).storyboards
    assert one.note is not None
    assert SAID in one.note
    assert "another job buys it anew" in one.note
    offer = make_offer([board], "renders", sandbox=False, again=True)
    assert offer.storyboards[0].note is None
    assert why_not_delivered(offer.steps[0]) is None
    with Ledger.open(studio.state) as ledger:
        assert len(ledger.all()) == 1
