"""The desk at work: bought once, brought home, carried on after any end."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import enumerate as threads
from time import monotonic, sleep, time
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.containers import damage
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.paths import state_folder
from storyboard.jobs.states import State
from storyboard.submitting.desk import JobDesk
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.events import Broken, Changed, Finished, Refused, Stopped
from tests.cli.desk import BOARD
from tests.provider import KEY, Fault, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.provider import Provider
    from tests.submitting.editor import Editor

PRICE = Decimal("0.336")
FREE = Decimal(0)
SECRET = "s3cr3t-signature"


def test_from_offer_to_file(editor: Editor, provider: Provider) -> None:
    """Events show it getting on; the video lies on disk; the ledger's view agrees with the last event."""
    board = editor.write()
    editor.desk.submit(editor.offer(board), PRICE)
    (done,) = editor.finished()
    assert done.words == "lamp.storyboard.yaml: done, $0.336"
    view = done.job
    assert (view.state, view.ended, view.carried, view.error) == ("done", True, False, None)
    assert (view.file, view.shown, view.service) == (board, "lamp.storyboard.yaml", provider.url)
    assert (view.cost, view.estimate) == (PRICE, PRICE)
    (take,) = view.takes
    assert (take.number, take.on_disk) == (1, True)
    assert take.path == str(editor.folder / "renders" / "lamp-1.mp4")
    assert damage(take.path, "mp4") is None
    assert view.seconds is not None
    assert 0 < view.seconds < 10
    states = list(dict.fromkeys(event.job.state for event in editor.of_kind(Changed)))
    assert [states[0], states[-1]] == ["prepared", "done"]
    assert "accepted" in states
    assert editor.desk.jobs() == editor.desk.jobs(board) == [view]
    assert editor.desk.jobs("other.yaml") == []
    Path(take.path).unlink()
    assert editor.desk.jobs(board)[0].takes[0].on_disk is False
    assert dict(provider.paid) == {view.uuid: 1}


def test_sandbox(editor: Editor, quick_sandbox: None) -> None:
    """The same without a key, for nothing."""
    board = editor.write()
    editor.desk.submit(editor.offer(board, sandbox=True))
    (done,) = editor.finished()
    assert done.words == "lamp.storyboard.yaml: done"
    assert (done.job.service, done.job.cost, done.job.estimate) == ("sandbox", FREE, FREE)
    assert Path("renders/lamp-1.mp4").exists()
    assert editor.desk.standing([board]) == {board: None}


@pytest.mark.parametrize("offers", [1, 2])
def test_twice_at_once_is_bought_once(editor: Editor, provider: Provider, offers: int) -> None:
    """The same offer twice, or two offers of the same storyboard: one job, one charge, one take."""
    board = editor.write()
    first = editor.offer(board)
    second = first if offers == 1 else editor.offer(board)
    editor.desk.submit(first)
    editor.desk.submit(second)
    editor.finished()
    editor.reopen()
    assert list(provider.paid.values()) == [1]
    assert provider.count("submit") == 1
    assert sorted(os.listdir("renders")) == ["lamp-1.mp4", "lamp-1.mp4.json"]


def test_the_same_request_for_another_folder(editor: Editor, provider: Provider) -> None:
    """A submit that meets a running job waits for it, then has its videos as well."""
    provider.job_seconds = 0.5
    board = editor.write()
    one, other = editor.offer(board), editor.desk.offer([board], "elsewhere", sandbox=False)
    editor.desk.submit(one)
    editor.desk.submit(other)
    editor.finished(2)
    assert list(provider.paid.values()) == [1]
    assert Path("renders/lamp-1.mp4").exists()
    assert Path("elsewhere/lamp-1.mp4").exists()


def test_several_at_once(editor: Editor, provider: Provider) -> None:
    """Runs do not wait for each other."""
    boards = [editor.write(f"{name}.storyboard.yaml", BOARD.replace("dawn", name)) for name in ("dawn", "noon", "dusk")]
    for board in boards:
        editor.desk.submit(editor.offer(board))
    assert {event.job.file for event in editor.finished(3)} == set(boards)
    assert sorted(provider.paid.values()) == [1, 1, 1]
    assert [view.file for view in editor.desk.jobs()] == boards[::-1]


def test_another(editor: Editor, provider: Provider) -> None:
    """With `again` a second one is bought, by however many submits of that offer: just one."""
    board = editor.write()
    editor.desk.submit(editor.offer(board))
    editor.finished()
    offer = editor.offer(board)
    assert offer.total == FREE
    assert offer.storyboards[0].would == "reuse"
    provider.job_seconds = 0.4
    again, same = editor.offer(board, again=True), editor.offer(board, again=True)
    assert again.total == PRICE
    for offer in (again, again, same):
        editor.desk.submit(offer)
    editor.finished(2)
    editor.reopen()
    assert list(provider.paid.values()) == [1, 1]
    assert sorted(os.listdir("renders"))[::2] == ["lamp-1.mp4", "lamp-2.mp4"]


def test_paid_before(editor: Editor, provider: Provider) -> None:
    """Submitting what was paid brings its take home again where it is gone, for nothing."""
    board = editor.write()
    editor.desk.submit(editor.offer(board))
    editor.finished()
    Path("renders/lamp-1.mp4").unlink()
    editor.desk.submit(editor.offer(board), FREE)
    assert editor.finished(2)[1].words == "lamp.storyboard.yaml: done, paid before"
    assert Path("renders/lamp-1.mp4").exists()
    assert list(provider.paid.values()) == [1]


@pytest.mark.parametrize("state", ["submitting", "accepted"])
def test_closed_in_the_middle(editor: Editor, provider: Provider, state: str) -> None:
    """Closing is quick and leaves the job resumable; another desk brings it home, charged once."""
    provider.job_seconds = 600
    board = editor.write()
    editor.desk.submit(editor.offer(board))
    editor.wait_for_state(state)
    began = monotonic()
    editor.reopen()
    assert monotonic() - began < 60
    for thread in [thread for thread in threads() if thread.name == "job-desk"]:
        thread.join(60)
        assert not thread.is_alive()
    (before,) = editor.desk.jobs()
    assert not before.ended
    assert before.seconds is not None
    provider.job_seconds = 0.1
    provider.advance(600)
    sleep(0.1)
    editor.desk.resume()
    (done,) = editor.finished()
    assert (done.job.uuid, done.job.state) == (before.uuid, "done")
    assert done.job.seconds is not None
    assert done.job.seconds > before.seconds
    assert dict(provider.paid) == {before.uuid: 1}
    assert Path("renders/lamp-1.mp4").exists()


def test_closed_in_the_middle_of_the_sandbox(editor: Editor) -> None:
    """The same for a job of the real sandbox, whose drawing may be under way."""
    board = editor.write()
    editor.desk.submit(editor.offer(board, sandbox=True))
    editor.wait_for_state("accepted")
    editor.reopen()
    editor.desk.resume([editor.desk.jobs()[0].uuid[:8]])
    (done,) = editor.finished()
    assert done.job.state == "done"
    assert Path("renders/lamp-1.mp4").exists()


def test_nothing_to_resume(editor: Editor, provider: Provider) -> None:
    """No words about nothing; words about a job that is none."""
    editor.desk.resume()
    editor.desk.resume(["abc"])
    (stopped,) = editor.wait(Stopped)
    assert "no job begins with 'abc'" in stopped.words
    assert len(editor.events) == 1


def test_resume_with_another_key(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of another account, or of none, is left and named."""
    provider.job_seconds = 5
    editor.desk.submit(editor.offer(editor.write()))
    editor.wait_for_state("accepted")
    editor.reopen()
    monkeypatch.setenv("RUNWARE_API_KEY", "another-key")
    editor.desk.resume()
    assert "1 job was sent with another key" in editor.wait(Stopped)[0].words
    monkeypatch.delenv("RUNWARE_API_KEY")
    editor.desk.resume()
    stopped = editor.wait(Stopped, 2)[1]
    assert "set RUNWARE_API_KEY" in stopped.words
    assert stopped.jobs == (editor.desk.jobs()[0].uuid,)


def test_what_another_key_paid(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as paid and its videos are shown; where they are gone the offer says why it cannot be sent."""
    board = editor.write()
    editor.desk.submit(editor.offer(board))
    (bought,) = editor.finished()
    asked = len(provider.requests)
    editor.reopen()
    monkeypatch.setenv("RUNWARE_API_KEY", "another-key")
    assert editor.desk.standing([board]) == {board: "paid"}
    offer = editor.offer(board)
    assert (offer.storyboards[0].would, offer.total, offer.words) == ("reuse", FREE, None)
    editor.desk.submit(offer)
    (done,) = editor.finished()
    assert (done.job.uuid, done.words) == (bought.job.uuid, "lamp.storyboard.yaml: done, paid before")
    Path("renders/lamp-1.mp4").unlink()
    gone = editor.offer(board)
    assert (gone.storyboards[0].would, gone.total) == ("stop", FREE)
    assert "paid before with another key" in str(gone.words)
    editor.desk.submit(gone)
    (refused,) = editor.wait(Refused)
    assert refused.kind is Kind.MONEY
    assert "paid before with another key" in refused.words
    assert len(provider.requests) == asked


def test_wrong_key(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service refuses the account: words without the key, the job is kept and shows them, nothing is paid."""
    wrong = "rw-wrong-5d1f0c7a"
    monkeypatch.setenv("RUNWARE_API_KEY", wrong)
    editor.desk.submit(editor.offer(editor.write()))
    (stopped,) = editor.wait(Stopped)
    assert "check RUNWARE_API_KEY" in stopped.words
    (view,) = editor.desk.jobs()
    assert stopped.jobs == (view.uuid,)
    assert view.error is not None
    assert "check RUNWARE_API_KEY" in view.error
    assert not view.ended
    assert wrong not in repr((editor.events, editor.desk.jobs()))
    assert not provider.paid
    assert editor.of_kind(Broken) == []


def test_guards_of_money(editor: Editor, provider: Provider) -> None:
    """Above the limit, or dearer than it was offered: refused in words, nothing sent or written down."""
    offer = editor.offer(editor.write())
    editor.desk.submit(offer, Decimal("0.335"))
    editor.desk.submit(replace(offer, total=Decimal("0.1")), Decimal(1))
    limit, dearer = editor.wait(Refused, 2)
    assert limit.words == "this would cost $0.336, more than $0.335; nothing was sent"
    assert dearer.words == "this would cost $0.336 now, $0.10 when it was offered; nothing was sent"
    assert {limit.kind, dearer.kind} == {Kind.MONEY}
    assert limit.files == offer.files
    assert editor.desk.jobs() == []
    assert provider.requests == []


def test_paid_job_that_is_not_in_the_ledger_any_more(editor: Editor, provider: Provider) -> None:
    """What was offered for nothing is not paid for when the ledger is lost meanwhile."""
    board = editor.write()
    editor.desk.submit(editor.offer(board))
    editor.finished()
    offer = editor.offer(board)
    editor.reopen()
    for path in (editor.folder.parent / "state").iterdir():
        path.unlink()
    for path in Path("renders").iterdir():
        path.unlink()
    editor.desk.submit(offer, Decimal(5))
    assert "$0.00 when it was offered" in editor.wait(Refused)[0].words
    assert list(provider.paid.values()) == [1]


def test_key_that_changed_after_the_offer(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another account would pay: refused."""
    offer = editor.offer(editor.write())
    monkeypatch.setenv("RUNWARE_API_KEY", "another-key")
    editor.desk.submit(offer)
    assert "has changed since" in editor.wait(Refused)[0].words
    assert provider.requests == []


def test_file_that_changed_after_the_offer(editor: Editor, provider: Provider) -> None:
    """What was offered is bought, and not what stands in the file by then."""
    board = editor.write()
    offer = editor.offer(board)
    editor.write(text=BOARD.replace("dawn", "midnight"))
    editor.desk.submit(offer)
    editor.finished()
    (job,) = editor.ledger_jobs()
    assert job.request["positivePrompt"] == offer.storyboards[0].prompt
    assert "midnight" not in job.request["positivePrompt"]
    assert editor.desk.standing([board]) == {board: None}


def test_missing_variable_at_submit(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent with a hole in it; a value that the service repeats stands in no event."""
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    offer = editor.offer(editor.write(text=BOARD + "output: {webhook_url: 'https://e.org/?s=${HOOK_SECRET}'}\n"))
    editor.desk.submit(offer)
    assert "set HOOK_SECRET" in editor.wait(Refused)[0].words
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    provider.add_outcomes(Outcome(code="uploadFailed", message=f"No answer from https://e.org/?s={SECRET}"))
    editor.desk.submit(offer)
    (failed,) = editor.finished()
    assert failed.job.state == "failed"
    assert failed.job.error is not None
    assert "?s=${HOOK_SECRET}" in failed.job.error
    assert "`storyboard submit --again` buys another" in failed.job.error
    assert SECRET not in repr((editor.events, editor.desk.jobs(), offer))


def test_service_that_is_not_there(editor: Editor, provider: Provider, hasty: None) -> None:
    """All work is kept; when the service is back, another submit of the same offer buys once."""
    offer = editor.offer(editor.write())
    with provider.offline():
        editor.desk.submit(offer)
        assert "could not be reached" in editor.wait(Stopped)[0].words
    editor.desk.submit(offer)
    assert editor.finished()[0].job.state == "done"
    assert list(provider.paid.values()) == [1]


def test_video_that_cannot_be_fetched_yet(editor: Editor, provider: Provider) -> None:
    """A job that is paid and not home shows why, and what to do."""
    provider.add_faults(Fault(on="download", kind="404", count=None))
    editor.desk.submit(editor.offer(editor.write()))
    (event,) = editor.finished()
    assert event.job.error is not None
    assert (event.job.state, event.job.takes[0].on_disk) in {("ready", False), ("expired", False)}


def test_nothing_raises_into_the_editor(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the thread becomes words, and the thread goes on with other jobs; so does a listener that fails."""
    offer = editor.offer(editor.write())

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"the key is {KEY}")

    with monkeypatch.context() as broken:
        broken.setattr("storyboard.submitting.runs.open_lines", fail)
        editor.desk.submit(offer)
        assert "this is a bug (ValueError)" in editor.wait(Broken)[0].words
    editor.desk.submit(offer)
    assert editor.finished()[0].job.state == "done"
    desk = JobDesk(fail)
    desk.submit(offer)
    sleep(0.3)
    desk.close()
    desk.close()
    desk.submit(offer)
    desk.resume()
    assert desk.jobs()[0].state == "done"


def test_disk_that_is_full(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that cannot be written buys nothing, says so, and holds no job back afterwards."""
    offer = editor.offer(editor.write())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "add", full)
        editor.desk.submit(offer)
        assert "free some space" in editor.wait(Broken)[0].words
    assert provider.requests == []
    editor.desk.submit(offer)
    assert editor.finished()[0].job.state == "done"


def test_two_desks(editor: Editor, provider: Provider) -> None:
    """Two editors on one ledger: one carries, the other says so and shows the take in the end."""
    provider.job_seconds = 600
    offer = editor.offer(editor.write())
    editor.desk.submit(offer)
    editor.wait_for_state("accepted")
    heard: list[object] = []
    other = JobDesk(heard.append)
    other.submit(offer)

    def wait_for(is_heard: Callable[[object], bool]) -> None:
        until = monotonic() + 60
        while not any(map(is_heard, list(heard))):
            assert monotonic() < until, heard
            sleep(0.02)

    wait_for(lambda event: isinstance(event, Changed) and event.job.doing == "carried by another storyboard process")
    provider.advance(600)
    editor.finished()
    wait_for(lambda event: isinstance(event, Finished))
    other.close()
    assert "done, paid before" in next(event.words for event in heard if isinstance(event, Finished))
    assert list(provider.paid.values()) == [1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "foo://x"),
        ("HTTP_PROXY", "http://me:s3cr3t@127.0.0.1:99999"),
        ("SSL_CERT_FILE", "/nonexistent.pem"),
    ],
)
def test_wrong_setting_of_the_network(
    editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """An editor is told the variable and what to do, before an offer and when it resumes; nothing is sent."""
    monkeypatch.setattr("storyboard.runware.proxies.is_this_machine", lambda host: False)
    offer = editor.offer(editor.write())
    asked = len(provider.requests)
    monkeypatch.setenv(name, value)
    with pytest.raises(SubmitError, match=name) as refused:
        editor.offer(editor.write())
    assert refused.value.kind is Kind.ENVIRONMENT
    editor.desk.submit(offer, PRICE)
    (told,) = editor.wait(Refused)
    assert name in told.words
    assert "bug" not in told.words
    assert "s3cr3t" not in told.words
    assert len(provider.requests) == asked


def in_doubt(editor: Editor, board: str, state: State | None) -> str:
    """A job of this storyboard as a killed run leaves it: written down, or sent without an answer. Its UUID."""
    (step,) = editor.offer(board).steps
    with Ledger.open(state_folder()) as ledger:
        job = ledger.add(step.job, None, step.wanted.order)
        if state is not None:
            ledger.hold([job])
            begun = ledger.begin_sending(job)
            assert begun is not None
            job = ledger.move(begun, state)
    return job.uuid


def test_a_storyboard_that_is_opened_again_is_carried_on(editor: Editor, provider: Provider) -> None:
    """What the service has is waited for and downloaded without a key; nothing is bought for it."""
    provider.job_seconds = 600
    board, other = editor.write(), editor.write("other.storyboard.yaml", BOARD.replace("dawn", "noon"))
    for one in (board, other):
        editor.desk.submit(editor.offer(one))
        editor.wait_for_state("accepted", one)
    editor.reopen()
    view = next(one for one in editor.desk.jobs() if one.file == board)
    assert (view.carried, view.elsewhere, view.sent, view.progress) == (False, False, True, None)
    provider.advance(600)
    editor.desk.watch(board)
    (done,) = editor.finished()
    assert (done.job.file, done.job.state) == (board, "done")
    assert provider.count("submit") == 2
    assert sorted(provider.paid.values()) == [1, 1]
    assert not Path("renders/other-1.mp4").exists()


def test_what_was_never_sent_is_not_sent_by_looking(editor: Editor, provider: Provider) -> None:
    """Opening a storyboard says nothing to the service of a job that is only written down."""
    board = editor.write()
    uuid = in_doubt(editor, board, None)
    editor.desk.watch(board)
    editor.desk.resume(["nothing"])
    editor.wait(Stopped)
    assert provider.requests == []
    (view,) = editor.desk.jobs()
    assert (view.uuid, view.state, view.sent, view.carried) == (uuid, "prepared", False, False)


@pytest.mark.parametrize("state", [None, State.UNKNOWN])
def test_a_doubt_is_only_asked_about(editor: Editor, provider: Provider, state: State | None) -> None:
    """A job that the service does not know stays as it is; it is sent when a person says so, once."""
    board = editor.write()
    uuid = in_doubt(editor, board, State.UNKNOWN)
    editor.desk.watch(board)
    (asked,) = editor.finished()
    assert (asked.job.state, asked.job.ended, asked.job.carried) == ("unknown", False, False)
    assert "only asked for, nothing was sent" in str(asked.job.error)
    assert provider.count("submit") == 0
    if state is None:
        editor.desk.resume([uuid])
        assert editor.finished(2)[1].job.state == "done"
        assert dict(provider.paid) == {uuid: 1}
    else:
        editor.desk.close()
        assert editor.desk.left() == ["1 job was sent without a clear answer; `storyboard resume` asks for it"]


def test_a_person_who_resumes_while_it_is_asked_for_is_heard(editor: Editor, provider: Provider) -> None:
    """What was only asked for is sent afterwards, because that was the wish."""
    board = editor.write()
    uuid = in_doubt(editor, board, State.UNKNOWN)
    editor.desk.watch(board)
    editor.desk.resume([uuid])
    editor.wait(Finished, where=lambda event: event.job.state == "done")
    assert dict(provider.paid) == {uuid: 1}


def test_without_a_key_nothing_is_asked(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request and no word; the job is still said to go on at the end."""
    board = editor.write()
    provider.job_seconds = 30
    editor.desk.submit(editor.offer(board))
    editor.wait_for_state("accepted")
    editor.reopen()
    asked = len(provider.requests)
    monkeypatch.delenv("RUNWARE_API_KEY")
    editor.desk.watch(board)
    assert not [thread for thread in threads() if thread.name == "job-desk"]
    editor.desk.close()
    assert editor.desk.left() == ["1 job goes on at Runware; `storyboard resume` downloads it with the key that paid"]
    monkeypatch.setenv("RUNWARE_API_KEY", "another-key-than-the-one-that-paid")
    assert editor.desk.left() == ["1 job goes on at Runware; `storyboard resume` downloads it with the key that paid"]
    assert len(provider.requests) == asked
    assert editor.events == []


def test_another_process_carries_it(editor: Editor, provider: Provider) -> None:
    """Its lease is seen without asking anything; at the end that process is the one that downloads it."""
    board = editor.write()
    uuid = in_doubt(editor, board, State.UNKNOWN)
    with Ledger.open(state_folder()) as ledger:
        ledger._db.execute("UPDATE jobs SET holder = 'elsewhere/1:7:00', held_until = ?", (time() + 60,))
    (view,) = editor.desk.jobs()
    assert (view.uuid, view.elsewhere, view.carried) == (uuid, True, False)
    assert view.doing == "carried by another storyboard process"
    editor.desk.watch(board)
    editor.wait(Changed, where=lambda event: event.job.elsewhere)
    assert provider.requests == []
    editor.desk.close()
    assert editor.desk.left() == []


def test_what_goes_on_when_the_desk_is_closed(editor: Editor, provider: Provider, quick_sandbox: None) -> None:
    """Counted and named by where it stands, the sandbox's apart; nothing where all is done."""
    done = editor.write("done.storyboard.yaml", BOARD.replace("dawn", "dusk"))
    editor.desk.submit(editor.offer(done))
    editor.finished()
    editor.desk.close()
    assert editor.desk.left() == []
    editor.reopen()
    provider.job_seconds = 30
    for name in ("one", "two"):
        board = editor.write(f"{name}.storyboard.yaml", BOARD.replace("dawn", name))
        editor.desk.submit(editor.offer(board))
        editor.wait_for_state("accepted", board)
    editor.desk.close()
    assert editor.desk.left() == ["2 jobs go on at Runware; `storyboard resume` downloads them"]


def test_a_sandbox_job_that_is_left_is_said_to_be_free(editor: Editor) -> None:
    """It does not go on by itself: the sandbox ends with the editor."""
    board = editor.write()
    editor.desk.submit(editor.offer(board, sandbox=True))
    editor.wait_for_state("accepted")
    editor.desk.close()
    assert editor.desk.left() == ["1 job of the sandbox is not finished; `storyboard resume` finishes it, free"]


def test_progress_is_of_rendering_only(editor: Editor, provider: Provider) -> None:
    """No percentage of what is over stands beside a download."""
    editor.desk.submit(editor.offer(editor.write()))
    editor.finished()
    assert {event.job.progress for event in editor.of_kind(Changed) if event.job.state != "accepted"} <= {None}
