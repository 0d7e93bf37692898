"""Whichever key paid: what ledger or receipts know is not bought again unasked, and no other key asks about it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs import sending
from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.states import State
from tests.jobs import points
from tests.jobs.rules import assert_done, assert_no_leftovers
from tests.jobs.test_kills_and_faults import FAULTS as ALL_FAULTS
from tests.provider import KEY, Fault, Outcome, Provider
from tests.provider.media import video_of_before

if TYPE_CHECKING:
    from tests.jobs.studio import Ran, Studio

OTHER_KEY = "rw-the-other-key-of-the-team"
MADE_BEFORE = Path(__file__).parents[1] / "goldens" / "ledger-1"
"""A ledger, receipts and storyboards of the first released version: @FOLDER@ and @SERVICE@ stand for places."""


def use_another_key(studio: Studio, key: str = OTHER_KEY) -> None:
    """The person's key, and the one that the service knows, is another one from now on."""
    studio.extra["RUNWARE_API_KEY"] = studio.provider.key = key


def stop_at(studio: Studio, *arguments: str) -> Ran:
    """A submit that the money guard must end before anything is asked or sent."""
    asked = len(studio.provider.requests)
    ran = studio.submit(*arguments)
    assert (ran.code, ran.out) == (5, ""), ran
    assert len(studio.provider.requests) == asked
    return ran


def plan_of(studio: Studio, *boards: str) -> list[tuple[str, float]]:
    """What a dry run says of each storyboard; `cost` must say the same."""
    lines = studio.run("submit", *boards, "--dry-run", "--json").lines
    files = json.loads(studio.run("cost", *boards, "--json").out)["files"]
    assert [(one.get("would", "buy"), one.get("new", one["cost"])) for one in files] == [
        (line["would"], line["cost"]) for line in lines
    ]
    return [(line["would"], line["cost"]) for line in lines]


def test_what_another_key_paid_is_shown(studio: Studio) -> None:
    """Its takes come as with the same key, nothing is asked or sent; `--again` buys another."""
    board = studio.board(takes=2)
    first = studio.submit(board)
    use_another_key(studio)
    asked = len(studio.provider.requests)
    assert plan_of(studio, board) == [("reuse", 0.0)]
    assert "paid before with another key" in studio.run("cost", board).out
    assert "paid before with another key" in studio.run("submit", board, "--dry-run").out
    again = studio.run("submit", board, "--max-cost", "0", "--json")
    assert_done(studio, again)
    assert again.line == first.line | {"reused": True}
    assert studio.run("submit", board).code == 0
    assert len(studio.provider.requests) == asked
    assert len(studio.provider.paid) == 1
    another = studio.submit(board, "--again")
    assert_done(studio, another)
    assert not another.line["reused"]
    assert [take["path"] for take in another.line["takes"]] == ["renders/film-3.mp4", "renders/film-4.mp4"]
    assert sorted(studio.provider.paid.values()) == [1, 1]


def test_a_copy_of_what_another_key_paid(studio: Studio) -> None:
    """A second storyboard and another folder get copies of it."""
    first = studio.submit(studio.board())
    use_another_key(studio)
    asked = len(studio.provider.requests)
    copy = studio.board("copy", words="film")
    for ran in (studio.submit(copy), studio.submit("film.storyboard.yaml", "--out", "cut")):
        assert_done(studio, ran)
        assert (ran.line["job"], ran.line["reused"]) == (first.line["job"], True)
    assert (studio.folder / "cut/film-1.mp4").exists()
    assert len(studio.provider.requests) == asked


def test_one_of_several(studio: Studio) -> None:
    """Only what no key has paid is bought."""
    studio.submit(studio.board("one"))
    use_another_key(studio)
    boards = ["one.storyboard.yaml", studio.board("two"), studio.board("copy", words="one")]
    assert [would for would, _ in plan_of(studio, *boards)] == ["reuse", "buy", "reuse"]
    ran = studio.run("submit", *boards, "--max-cost", "0.336", "--json")
    assert_done(studio, ran)
    assert {line["file"]: line["reused"] for line in ran.lines} == {boards[0]: True, boards[1]: False, boards[2]: True}
    assert sorted(studio.provider.paid.values()) == [1, 1]


@pytest.mark.parametrize("more", ["takes: 2", "quality: 90", "format: MOV"])
def test_another_request_is_bought(studio: Studio, more: str) -> None:
    """Other takes, quality or format are another request, whichever key pays."""
    board = studio.board()
    studio.submit(board)
    use_another_key(studio)
    path = studio.folder / board
    path.write_text(path.read_text().replace("takes: 1", more))
    assert plan_of(studio, board)[0][0] == "buy"
    assert_done(studio, studio.submit(board))
    assert len(studio.provider.paid) == 2


def test_its_video_is_gone(studio: Studio) -> None:
    """The call ends with 5 before anything is sent, the other storyboards included; both ways out work."""
    board, new = studio.board(), studio.board("new")
    uuid = studio.submit(board).line["job"]
    (studio.renders / "film-1.mp4").unlink()
    use_another_key(studio)
    assert plan_of(studio, board, new) == [("stop", 0.0), ("buy", 0.336)]
    for words in (studio.run("cost", board), studio.run("submit", board, "--dry-run"), stop_at(studio, board, new)):
        assert "paid before with another key" in words.out + words.err
        assert f"storyboard resume {uuid[:8]}" in words.err
        assert "--again" in words.err
    assert len(studio.provider.paid) == 1
    use_another_key(studio, KEY)
    assert_done(studio, studio.resume(uuid))
    use_another_key(studio)
    assert_done(studio, studio.submit(board))
    assert len(studio.provider.paid) == 1
    (studio.renders / "film-1.mp4").unlink()
    assert_done(studio, studio.submit(board, "--again"))
    assert sorted(studio.provider.paid.values()) == [1, 1]


def test_a_video_that_is_another_file(studio: Studio) -> None:
    """Bytes that are not those that came are no take of what was paid."""
    board = studio.board()
    studio.submit(board)
    video = studio.renders / "film-1.mp4"
    data = bytearray(video.read_bytes())
    data[-9] ^= 1
    video.write_bytes(data)
    use_another_key(studio)
    stop_at(studio, board)


def test_a_job_that_still_runs(studio: Studio) -> None:
    """It is paid or will be: nothing is bought beside it, and it is not asked about with the wrong key."""
    studio.provider.job_seconds = 3600
    board = studio.board()
    studio.run("submit", board, "--yes", "--no-wait")
    use_another_key(studio)
    assert "not all of its videos are here" in stop_at(studio, board).err
    assert "with another key" in studio.resume().err
    assert studio.jobs()[0].state is State.ACCEPTED


@pytest.mark.parametrize(
    "kill", ["written_down", "after_commit", "after_response", "on_unknown", "after_accepted", "polling"]
)
def test_a_job_in_whatever_state(studio: Studio, kill: str) -> None:
    """Killed anywhere on its way: it is bought with the other key only where certainly nothing had left."""
    board = studio.board()
    if kill == "on_unknown":
        studio.provider.add_faults(Fault(on="submit", kind="reset", when="after"))
    studio.killed("submit", board, "--yes", at=kill)
    job = studio.jobs()[0]
    use_another_key(studio)
    if job.sent_at is None:
        assert_done(studio, studio.submit(board))
    else:
        stop_at(studio, board)
    assert len(studio.provider.paid) <= 1


FAULTS = ("none", "429 before", "reset after charging", "500 after charging", "download cut")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kill", ["written_down", *points.POINTS])
def test_two_keys_around_a_kill(studio: Studio, kill: str, fault: str) -> None:
    """Killed anywhere under a fault, then submitted with another key, then carried on with its own: paid once."""
    studio.provider.add_faults(*ALL_FAULTS[fault])
    board = studio.board(takes=2)
    studio.killed("submit", board, "--yes", at=kill)
    use_another_key(studio)
    between = studio.submit(board)
    assert between.code in (0, 5), between
    assert studio.run("resume").code == 0
    use_another_key(studio, KEY)
    assert studio.run("resume").code in (0, 6)
    assert_done(studio, studio.submit(board))
    use_another_key(studio)
    last = studio.submit(board)
    assert_done(studio, last)
    assert last.line["reused"]
    assert list(studio.provider.paid.values()) == [1]
    assert (studio.provider.sins, studio.provider.leaks) == ([], [])
    assert_no_leftovers(studio)


def test_a_refused_job_is_bought(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the service refused was not paid."""
    board = studio.board()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "wire_task", lambda job, _: job.request | {"outputQuality": 5})
        assert studio.submit(board).line["state"] == "rejected"
    use_another_key(studio)
    assert_done(studio, studio.submit(board))


def test_a_failed_job_is_reported(studio: Studio) -> None:
    """Whether it was charged is not known: as with the same key, only `--again` tries anew."""
    studio.provider.add_outcomes(Outcome(prompt="film", code="contentPolicyViolation"))
    board = studio.board()
    assert studio.submit(board).code == 4
    use_another_key(studio)
    asked = len(studio.provider.requests)
    ran = studio.submit(board)
    assert (ran.code, ran.line["state"], ran.line["reused"]) == (4, "failed", False)
    assert len(studio.provider.requests) == asked
    assert studio.submit(board, "--again").line["job"] != ran.line["job"]


def test_another_service_is_another_matter(studio: Studio, tmp_path: Path) -> None:
    """What was paid at one address, say at a stand-in on this machine, was not paid at another."""
    board = studio.board()
    studio.submit(board)
    with Provider(job_seconds=0.05) as elsewhere:
        studio.extra["RUNWARE_BASE_URL"] = elsewhere.url
        for key in (KEY, OTHER_KEY):
            studio.extra["RUNWARE_API_KEY"] = elsewhere.key = key
            assert plan_of(studio, board) == ([("buy", 0.336)] if key == KEY else [("reuse", 0.0)])
            assert studio.submit(board).code == 0
        assert len(elsewhere.paid) == 1
        shutil.rmtree(studio.state)
        studio.extra["RUNWARE_BASE_URL"] = studio.provider.url
        studio.extra["RUNWARE_API_KEY"] = studio.provider.key = "a-third-key"
        (studio.renders / "film-1.mp4.json").unlink()
        assert plan_of(studio, board) == [("buy", 0.336)]


def test_a_sandbox_take_pays_nothing(studio: Studio) -> None:
    """An animatic with its receipt is no paid video."""
    board = studio.board()
    studio.submit(board)
    for path in studio.renders.glob("*.json"):
        path.write_text(path.read_text().replace(studio.provider.url, "sandbox"))
    shutil.rmtree(studio.state)
    use_another_key(studio)
    assert plan_of(studio, board)[0][0] == "buy"


@pytest.mark.parametrize("is_renamed", [False, True])
def test_receipts_alone(studio: Studio, *, is_renamed: bool) -> None:
    """Without a ledger a receipt counts whose video lies beside it as it came, under whatever storyboard's name."""
    board = studio.board(takes=2)
    first = studio.submit(board)
    shutil.rmtree(studio.state)
    use_another_key(studio)
    if is_renamed:
        board = os.fspath((studio.folder / board).rename(studio.folder / "scene.storyboard.yaml").name)
    asked = len(studio.provider.requests)
    assert plan_of(studio, board) == [("reuse", 0.0)]
    assert not studio.state.exists()
    ran = studio.submit(board)
    assert ran.code == 0, ran
    assert (ran.line["job"], ran.line["reused"], ran.line["state"]) == (first.line["job"], True, "done")
    assert {take["sha256"] for take in ran.line["takes"]} == {take["sha256"] for take in first.line["takes"]}
    assert all((studio.folder / take["path"]).exists() for take in ran.line["takes"])
    assert len(studio.provider.requests) == asked
    use_another_key(studio, KEY)
    back = studio.submit(board)
    assert_done(studio, back)
    assert back.line["reused"]
    assert len(studio.provider.paid) == 1
    assert len(studio.jobs()) == 1


def test_a_receipt_of_a_part(studio: Studio) -> None:
    """Where only one of two takes is here, the other is not taken for lost: the paying key can have it."""
    board = studio.board(takes=2)
    uuid = studio.submit(board).line["job"]
    shutil.rmtree(studio.state)
    for name in ("film-2.mp4", "film-2.mp4.json"):
        (studio.renders / name).unlink()
    use_another_key(studio)
    assert uuid[:8] in stop_at(studio, board).err
    use_another_key(studio, KEY)
    assert_done(studio, studio.submit(board))
    assert len(studio.provider.paid) == 1


def _spoil_request(receipt: dict[str, Any], video: Path) -> None:
    receipt["request"]["positivePrompt"] = "shot 1, 3, Something else.;"


def _spoil_sum(receipt: dict[str, Any], video: Path) -> None:
    receipt["sha256"] = "0" * 64


def _spoil_video(receipt: dict[str, Any], video: Path) -> None:
    video.write_bytes(b"<html>")
    receipt["sha256"] = sha256(b"<html>").hexdigest()


def _delete_video(receipt: dict[str, Any], video: Path) -> None:
    video.unlink()


def _spoil_service(receipt: dict[str, Any], video: Path) -> None:
    receipt["service"] = "https://elsewhere.example/v1"


def _spoil_name(receipt: dict[str, Any], video: Path) -> None:
    receipt["job"] = "x\x00\ny"


def _spoil_moment(receipt: dict[str, Any], video: Path) -> None:
    receipt["prepared"] = "0001-01-01T00:00:00+00:00"


def _spoil_place(receipt: dict[str, Any], video: Path) -> None:
    receipt["storyboard"] = "a\0b"


def _with_spoiled_receipt(studio: Studio, spoil: Any) -> str:
    """A storyboard that one key has paid for, its receipt then spoiled, the ledger lost, and another key set."""
    board = studio.board()
    studio.submit(board)
    place = studio.renders / "film-1.mp4.json"
    receipt = json.loads(place.read_text())
    spoil(receipt, studio.renders / "film-1.mp4")
    place.write_text(json.dumps(receipt))
    shutil.rmtree(studio.state)
    use_another_key(studio)
    return board


def test_a_moment_that_cannot_be_makes_no_other_film(studio: Studio) -> None:
    """When it came is not what a receipt proves: what was paid for is shown, and not bought again."""
    board = _with_spoiled_receipt(studio, _spoil_moment)
    assert plan_of(studio, board) == [("reuse", 0.0)]


@pytest.mark.parametrize(
    "spoil",
    [
        _spoil_request, _spoil_sum, _spoil_video, _delete_video, _spoil_service, _spoil_name, _spoil_place,
    ],
)  # fmt: skip
def test_receipts_that_prove_nothing(studio: Studio, spoil: Any) -> None:
    """Of another request, other bytes, no video, another service, or with what cannot be: bought, and no harm done."""
    board = _with_spoiled_receipt(studio, spoil)
    assert plan_of(studio, board) == [("buy", 0.336)]
    assert studio.submit(board).code == 0
    assert studio.run("jobs").code == 0
    assert len(studio.provider.paid) == 2


@pytest.mark.parametrize("folder", ["renders", "cut"])
def test_a_rebuilt_ledger(studio: Studio, folder: str) -> None:
    """Receipts of another key are in it as paid, also of folders that submitting does not look into."""
    board = studio.board()
    studio.submit(board, "--out", folder)
    shutil.rmtree(studio.state)
    use_another_key(studio)
    said = studio.run("jobs", "rebuild").err
    assert "1 receipt is of another key, and in the ledger" in said, said
    assert studio.run("jobs", "rebuild").err == said
    assert_done(studio, studio.submit(board))
    assert len(studio.provider.paid) == 1
    use_another_key(studio, KEY)
    assert "1 receipt of 1 job" in studio.run("jobs", "rebuild", folder).err
    back = studio.submit(board)
    assert_done(studio, back)
    assert len(studio.provider.paid) == len(studio.jobs()) == 1


def test_a_moved_project(studio: Studio) -> None:
    """The ledger's paths lead nowhere any more; receipts beside the videos do."""
    board = studio.board()
    studio.submit(board)
    old, studio.folder = studio.folder, studio.folder.parent / "moved"
    old.rename(studio.folder)
    studio.state = studio.folder / "state"
    use_another_key(studio)
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert ran.line["reused"]
    assert len(studio.provider.paid) == 1


def test_full_disk_while_copying(studio: Studio) -> None:
    """A copy that failed is carried on by `resume`, with the key that is set, and from disk alone."""
    board = studio.board()
    studio.submit(board)
    use_another_key(studio)
    (studio.folder / "out").mkdir()
    asked = len(studio.provider.requests)
    ran = studio.start("submit", board, "--yes", "--out", "out", at="before_copy", act=points.no_space).wait()
    assert ran.code == 3, ran
    assert "run `storyboard resume`" in ran.err
    resumed = studio.resume()
    assert_done(studio, resumed)
    assert (studio.folder / "out/film-1.mp4").exists()
    assert studio.run("resume").err == "nothing to resume\n"
    assert len(studio.provider.requests) == asked


def test_a_video_that_goes_while_it_is_copied(studio: Studio) -> None:
    """Nothing is asked with the wrong key, the job stays done, and a person is told which key can help: code 6."""
    board = studio.board()
    uuid = studio.submit(board).line["job"]
    use_another_key(studio)
    asked = len(studio.provider.requests)
    goes = (studio.renders / "film-1.mp4").unlink
    gone = studio.start("submit", board, "--yes", "--out", "out", at="before_deliver", act=goes).wait()
    assert gone.code == 6, gone
    assert f"storyboard resume {uuid[:8]}" in gone.err
    assert studio.jobs()[0].state is State.DONE
    assert studio.resume().code == 0
    assert studio.resume(uuid).code == 6
    assert len(studio.provider.requests) == asked
    use_another_key(studio, KEY)
    assert_done(studio, studio.resume(uuid))
    assert (studio.folder / "out/film-1.mp4").exists()


def test_an_unsent_job_is_not_sent_once_another_key_paid(studio: Studio) -> None:
    """It was approved when nobody had paid: `resume` leaves it, says why, and it can be forgotten."""
    board = studio.board()
    studio.killed("submit", board, "--yes", at="written_down")
    (unsent,) = studio.jobs()
    use_another_key(studio)
    assert_done(studio, studio.submit(board))
    use_another_key(studio, KEY)
    assert plan_of(studio, board) == [("reuse", 0.0)]
    ran = studio.resume()
    assert (ran.code, ran.line["error"]["code"]) == (6, "paidByAnotherKey")
    assert f"storyboard jobs forget {unsent.uuid[:8]}" in ran.line["error"]["message"]
    assert len(studio.provider.paid) == 1
    assert studio.run("jobs", "forget", unsent.uuid).code == 0
    assert studio.resume().code == 0
    assert_done(studio, studio.submit(board))
    assert len(studio.provider.paid) == 1


def test_another_job_that_was_asked_for_is_sent(studio: Studio) -> None:
    """Bought with `--again` beside what another key had paid, and killed before it was sent: `resume` sends it."""
    board = studio.board()
    studio.submit(board)
    use_another_key(studio)
    studio.killed("submit", board, "--yes", "--again", at="written_down")
    assert_done(studio, studio.resume())
    assert sorted(studio.provider.paid.values()) == [1, 1]


def test_two_keys_at_once(studio: Studio) -> None:
    """Two people with one ledger submit the same: one pays, the other is stopped before sending."""
    board = studio.board()
    go = studio.folder / "go"
    first = studio.start("submit", board, "--yes", "--json", at="after_commit", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    key, studio.extra["RUNWARE_API_KEY"] = studio.provider.key, OTHER_KEY
    stop_at(studio, board)
    studio.extra["RUNWARE_API_KEY"] = key
    go.touch()
    assert_done(studio, first.wait())
    assert len(studio.provider.paid) == 1


def test_another_key_between_plan_and_sending(studio: Studio) -> None:
    """Whoever is planned while nobody has paid, and comes second, sends nothing."""
    board = studio.board()
    go = studio.folder / "go"
    late = studio.start("submit", board, "--yes", "--json", at="planned", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    use_another_key(studio)
    assert_done(studio, studio.submit(board))
    go.touch()
    ran = late.wait()
    assert ran.code == 5, ran
    assert "paid for with another key just now" in ran.err
    assert len(studio.provider.paid) == 1


def test_both_were_planned_before_either_was_sent(studio: Studio) -> None:
    """Who marks its job as sent first pays; the other one's stays unsent, and a person is told: code 6."""
    board, go, late_go = studio.board(), studio.folder / "go", studio.folder / "late"
    late = studio.start("submit", board, "--yes", "--json", at="planned", act=points.wait_for(late_go))
    points.wait_until(late_go.with_suffix(".waiting").exists)
    studio.extra["RUNWARE_API_KEY"] = studio.provider.key = OTHER_KEY
    first = studio.start("submit", board, "--yes", "--json", at="before_sending", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    use_another_key(studio, KEY)
    late_go.touch()
    assert_done(studio, late.wait())
    go.touch()
    ran = first.wait()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (6, "prepared", "paidByAnotherKey"), ran
    assert list(studio.provider.paid.values()) == [1]
    use_another_key(studio)
    assert studio.run("jobs", "forget", ran.line["job"]).code == 0
    assert_done(studio, studio.submit(board))
    assert list(studio.provider.paid.values()) == [1]


@pytest.fixture
def made_before(studio: Studio) -> Studio:
    """What the first released version left on a disk, with its key set."""
    places = {"@FOLDER@": str(studio.folder), "@SERVICE@": studio.provider.url.removesuffix("/v1")}

    def placed(path: Path) -> str:
        text = path.read_text()
        for name, place in places.items():
            text = text.replace(name, place)
        return text

    studio.renders.mkdir()
    studio.state.mkdir()
    for path in MADE_BEFORE.iterdir():
        if path.suffix == ".sql":
            with sqlite3.connect(studio.state / FILE_NAME) as connection:
                connection.executescript(placed(path) + "PRAGMA user_version = 1; PRAGMA journal_mode = WAL;")
            connection.close()
        else:
            (studio.renders if path.suffix == ".json" else studio.folder).joinpath(path.name).write_text(placed(path))
    for path in studio.renders.glob("film-*.json"):
        video = video_of_before(json.loads(path.read_text())["video"], "mp4", studio.provider.video_bytes, 3)
        path.with_suffix("").write_bytes(video)
    return studio


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_earlier_versions_wrote(made_before: Studio, *, is_lost: bool) -> None:
    """Ledger and receipts of the first version are understood, with its key and with another one."""
    studio = made_before
    if is_lost:
        shutil.rmtree(studio.state)
    film, others = "film.storyboard.yaml", [f"{name}.storyboard.yaml" for name in ("gone", "running", "failing")]
    for key in (OTHER_KEY, KEY):
        use_another_key(studio, key)
        ran = studio.submit(film)
        assert_done_before(studio, ran)
    use_another_key(studio)
    if not is_lost:
        assert plan_of(studio, *others, "unsent.storyboard.yaml") == [
            ("stop", 0.0), ("stop", 0.0), ("report", 0.0), ("buy", 0.336),
        ]  # fmt: skip
        stop_at(studio, others[0])
        stop_at(studio, others[1])
        assert studio.resume().code == 0
        assert (studio.folder / "out/copy-2.mp4").exists()
    assert not studio.provider.paid


def assert_done_before(studio: Studio, ran: Ran) -> None:
    """A run that showed the two takes that earlier versions brought."""
    assert ran.code == 0, ran
    assert (ran.line["state"], ran.line["reused"], len(ran.line["takes"])) == ("done", True, 2)
    assert {take["path"] for take in ran.line["takes"]} == {"renders/film-1.mp4", "renders/film-2.mp4"}


def test_the_ledger_is_still_the_same(made_before: Studio) -> None:
    """Tables, indexes and version are those that earlier versions make and read."""
    studio = made_before

    def tables(path: Path) -> Any:
        with sqlite3.connect(path) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()
            rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        connection.close()
        return version, rows

    use_another_key(studio)
    studio.submit("film.storyboard.yaml")
    with Ledger.open(studio.folder / "new"):
        pass
    assert tables(studio.state / FILE_NAME) == tables(studio.folder / "new" / FILE_NAME)


def test_the_paying_key_claims_its_job(studio: Studio) -> None:
    """After a lost ledger another key has written a job down from its receipts: the key that paid carries it on."""
    board = studio.board(takes=2)
    uuid = studio.submit(board).line["job"]
    (studio.renders / "film-2.mp4").unlink()
    shutil.rmtree(studio.state)
    use_another_key(studio)
    assert f"storyboard resume {uuid[:8]}" in stop_at(studio, board).err
    assert studio.resume(uuid[:8]).code == 6
    use_another_key(studio, KEY)
    ran = studio.resume(uuid[:8])
    assert_done(studio, ran)
    assert len(ran.line["takes"]) == 2
    assert len(studio.provider.paid) == 1
    assert studio.jobs()[0].account


def test_one_file_for_two_keys(studio: Studio) -> None:
    """`-o` is equal to the newest take of the request, whichever of its keys asks."""
    board = studio.board()
    studio.submit(board, "-o", "film.mp4")
    use_another_key(studio)
    assert studio.submit(board, "--again", "-o", "film.mp4").code == 0
    newest = (studio.renders / "film-2.mp4").read_bytes()
    before = os.stat(studio.folder / "film.mp4").st_mtime_ns
    for key in (KEY, OTHER_KEY):
        use_another_key(studio, key)
        assert "film.mp4 is renders/film-2.mp4 already" in studio.submit(board, "-o", "film.mp4").err
        assert (studio.folder / "film.mp4").read_bytes() == newest
    assert os.stat(studio.folder / "film.mp4").st_mtime_ns == before
    assert len(studio.provider.paid) == 2


@pytest.mark.parametrize(("part", "other"), [("http:", "HTTP:"), ("/v1", "/v1//"), (".1:", ".1:0")])
def test_another_spelling_of_the_service(studio: Studio, part: str, other: str) -> None:
    """The same address in other letters, digits or slashes is the same service, whichever key asks."""
    board = studio.board()
    studio.submit(board)
    studio.extra["RUNWARE_BASE_URL"] = studio.provider.url.replace(part, other)
    for key in (KEY, OTHER_KEY):
        use_another_key(studio, key)
        assert plan_of(studio, board) == [("reuse", 0.0)]
        assert_done(studio, studio.submit(board))
    assert len(studio.provider.paid) == 1


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_ledger_with_another_spelling(studio: Studio, *, is_lost: bool) -> None:
    """Jobs and receipts that were written down under another spelling are found, and carried on."""
    board, late = studio.board(takes=2), studio.board("late")
    studio.submit(board)
    studio.run("submit", late, "--yes", "--no-wait")
    old = studio.provider.url.replace("http://", "HTTP://") + "/"
    with sqlite3.connect(studio.state / FILE_NAME) as db:
        for table in ("jobs", "results", "orders", "deliveries"):
            db.execute(f"UPDATE {table} SET service = ?", (old,))
    db.close()
    for receipt in studio.renders.glob("*.json"):
        receipt.write_text(receipt.read_text().replace(studio.provider.url, old))
    if is_lost:
        shutil.rmtree(studio.state)
    use_another_key(studio)
    assert_done(studio, studio.submit(board))
    use_another_key(studio, KEY)
    assert_done(studio, studio.submit(board))
    if not is_lost:
        assert_done(studio, studio.resume())
        assert {job.service for job in studio.jobs()} == {studio.provider.url}
    assert_done(studio, studio.submit(late))
    assert len(studio.provider.paid) == 2


@pytest.mark.parametrize("is_lost", [False, True])
def test_without_a_key(studio: Studio, *, is_lost: bool) -> None:
    """What is paid is found by its request in ledger or receipts; what is new has its price."""
    board, new = studio.board(), studio.board("new")
    studio.submit(board)
    if is_lost:
        shutil.rmtree(studio.state)
    studio.extra["RUNWARE_API_KEY"] = ""
    assert plan_of(studio, board, new) == [("reuse", 0.0), ("buy", 0.336)]
    for words in (studio.run("cost", board), studio.run("submit", board, "--dry-run")):
        assert "(paid before)" in words.out
        assert "RUNWARE_API_KEY is not set" in words.err
    if not is_lost:
        (studio.renders / "film-1.mp4").unlink()
        assert plan_of(studio, board) == [("reuse", 0.0)]
    assert "RUNWARE_API_KEY" not in studio.run("cost", new).err
