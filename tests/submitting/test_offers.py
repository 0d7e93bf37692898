"""Offers: what would be done and paid, or words why nothing can be sent; nothing is sent in any case."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from storyboard.submitting.errors import Kind, SubmitError
from tests.cli.desk import BOARD
from tests.provider import KEY

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.submitting.editor import Editor

FREE = Decimal(0)
SECRET = "s3cr3t-signature"


def test_all_that_a_person_wants_to_know(editor: Editor, provider: Provider) -> None:
    """Prompt, seconds, size, takes, cost and request of each storyboard, and the sum."""
    files = [editor.write(), editor.write("b.storyboard.yaml", BOARD + "output: {takes: 2}\n")]
    offer = editor.offer(*files)
    lamp, two = offer.storyboards
    assert (lamp.shown, lamp.seconds, lamp.size, lamp.takes, lamp.would, lamp.cost) == (
        "lamp.storyboard.yaml", 3, "1280×720", 1, "buy", Decimal("0.336"),
    )  # fmt: skip
    assert lamp.prompt.startswith("shot 1, 2, Wide shot of a pier")
    assert json.loads(json.dumps(lamp.request))["positivePrompt"] == lamp.prompt
    assert (two.takes, offer.total, offer.files) == (2, Decimal("1.008"), tuple(files))
    assert (offer.has_key, offer.missing, offer.words) == (True, (), None)
    assert provider.requests == []
    assert KEY not in repr(offer)


def test_sandbox_is_free_and_needs_no_key(editor: Editor) -> None:
    """The total is nothing, and the offer says that no key is set."""
    offer = editor.offer(editor.write(), sandbox=True)
    assert (offer.total, offer.storyboards[0].cost, offer.has_key, offer.service) == (FREE, FREE, False, "sandbox")


def test_no_key(editor: Editor) -> None:
    """A kind of its own, so that the editor can offer the sandbox."""
    with pytest.raises(SubmitError, match="RUNWARE_API_KEY is not set") as refused:
        editor.offer(editor.write())
    assert refused.value.kind is Kind.KEY


def test_key_that_is_none(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words without the value."""
    monkeypatch.setenv("RUNWARE_API_KEY", "two words")
    with pytest.raises(SubmitError) as refused:
        editor.offer(editor.write())
    assert refused.value.kind is Kind.KEY
    assert "two words" not in refused.value.message
    assert editor.offer(editor.write(), sandbox=True).has_key is False


def test_no_pictures_to_draw_with(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox without [preview] is refused with the words that help."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SubmitError, match="preview") as refused:
        editor.offer(editor.write(), sandbox=True)
    assert refused.value.kind is Kind.PREVIEW


@pytest.mark.parametrize("sandbox", [True, False])
def test_storyboard_with_errors(editor: Editor, provider: Provider, sandbox: bool) -> None:
    """Each error in a line, one wrong file stops all."""
    files = [editor.write(), editor.write("b.storyboard.yaml", BOARD.replace("Gulls", "Gulls;")), "missing.yaml"]
    with pytest.raises(SubmitError, match="2 storyboards have errors; nothing was sent") as refused:
        editor.offer(*files, sandbox=sandbox)
    assert refused.value.kind is Kind.STORYBOARD
    assert [line.split(" ")[0] for line in refused.value.lines] == ["b.storyboard.yaml:4:13:", "missing.yaml:1:1:"]


def test_folder_that_is_none(editor: Editor, provider: Provider) -> None:
    """Known before anything is paid."""
    board = editor.write()
    with pytest.raises(SubmitError, match="is not a folder") as refused:
        editor.desk.offer([board], board, sandbox=False)
    assert refused.value.kind is Kind.USAGE


def test_missing_variables(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named in the offer, whose values never stand in it."""
    board = editor.write(text=BOARD + "output: {webhook_url: 'https://example.org/?s=${HOOK_SECRET}'}\n")
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    offer = editor.offer(board)
    assert offer.missing == ("HOOK_SECRET",)
    assert offer.words == "lamp.storyboard.yaml: set HOOK_SECRET in the environment"
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    offer = editor.offer(board)
    assert (offer.missing, offer.words) == ((), None)
    assert SECRET not in repr(offer) + json.dumps(offer.storyboards[0].request)


def test_ledger_that_cannot_be_used(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's error from an offer, words and nothing else from everything beside it."""
    board = editor.write()
    monkeypatch.setenv("STORYBOARD_STATE_DIR", board)
    with pytest.raises(SubmitError, match="STORYBOARD_STATE_DIR"):
        editor.offer(board)
    assert editor.desk.jobs() == []
    assert editor.desk.standing([board]) == {board: "unknown"}
    assert len(editor.events) == 1
    assert "STORYBOARD_STATE_DIR" in repr(editor.events)
