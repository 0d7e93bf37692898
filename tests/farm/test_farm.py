"""From `storyboard farm submit` to videos in the shared folder, by workers in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.provider import png

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.farm.farm import Changes, Farm

QUICK = ("--poll-interval", "0.1", "--stalled-after", "3")

slow = pytest.mark.skipif(not os.environ.get("STORYBOARD_SOAK"), reason="waits long: make soak runs it")


def test_from_storyboards_to_videos(farm: Farm) -> None:
    """Each is charged once and lies in the folder; asked about in batches; submitted again, nothing is queued."""
    farm.boards(30)
    queued = farm.run("submit", "boards", "--yes", "--json")
    assert queued.code == 0
    assert [(line["would"], line["queued"]) for line in queued.lines] == [("buy", True)] * 30
    assert farm.provider()["paid"] == {}
    farm.start_worker()
    ran = farm.run("wait", "boards", "--json")
    assert (ran.code, len(ran.lines)) == (0, 30)
    assert all((farm.folder / line["takes"][0]["path"]).is_file() for line in ran.lines)
    farm.assert_paid_once(30)
    farm.assert_videos(30)
    assert farm.provider()["counts"]["poll"] < 50  # each alone would be asked about twice at least
    again = farm.run("submit", "boards", "--max-cost", "0", "--json")
    assert (again.code, {line["queued"] for line in again.lines}) == (0, {False})
    assert farm.workers[0].end() == 0
    state = json.loads(farm.run("status", "--json").out)
    assert (state["waiting"], state["running"], state["states"]) == (0, 0, {"done": 30})
    assert state["today"] == {"spent": pytest.approx(30 * 0.336), "budget": None}
    assert [path.name for path in (farm.folder / "state-0" / "farm").iterdir()] == ["lock"]


def test_nothing_is_queued_unasked(farm: Farm) -> None:
    """Without approval, above the limit, or with an error anywhere, the database holds no job."""
    farm.boards(2)
    assert farm.run("submit", "boards").code == 5
    assert farm.run("submit", "boards", "--max-cost", "0.5").code == 5
    dry = farm.run("submit", "boards", "--dry-run", "--json")
    assert (dry.code, [(line["would"], line["queued"]) for line in dry.lines]) == (0, [("buy", False)] * 2)
    farm.board("boards/wrong", words="a lamp; a door")
    assert farm.run("submit", "boards", "--yes").code == 1
    assert farm.rows("SELECT 1 FROM storyboard_farm_jobs") == []
    assert farm.rows("SELECT 1 FROM procrastinate_jobs") == []


def test_a_daily_budget(farm: Farm) -> None:
    """Workers stop where the next job would not fit, and go on, each job charged once, when the budget is raised."""
    farm.boards(5)
    assert farm.run("budget", "0.7").code == 0
    assert farm.run("submit", "boards", "--yes").code == 0
    farm.start_worker(*QUICK)
    farm.start_worker(*QUICK)
    farm.until(lambda: len(_kept_waiting(farm)) == 3)
    farm.until(lambda: farm.rows("SELECT count(*) FROM storyboard_farm_jobs WHERE state = 'done'") == [(2,)])
    farm.assert_paid_once(2)
    raised = farm.run("budget", "none")
    assert "3 jobs that waited for it can go on" in raised.err
    assert farm.run("wait", "boards").code == 0
    farm.assert_paid_once(5)


def _kept_waiting(farm: Farm) -> list[str]:
    troubles = json.loads(farm.run("status", "--json").out)["troubles"]
    return [trouble["job"] for trouble in troubles if trouble["code"] == "budget"]


def test_what_another_key_bought(farm: Farm) -> None:
    """Queued, bought by the farm or from this machine: nothing is queued for it unasked with another key."""
    other: Changes = {"RUNWARE_API_KEY": "the-other-key"}
    board = farm.board("film")
    assert farm.run("submit", board, "--yes").code == 0
    ran = farm.run("submit", board, "--yes", env=other)
    assert (ran.code, "another key" in ran.err) == (5, True), ran
    farm.start_worker(*QUICK)
    assert farm.run("wait", board).code == 0
    ran = farm.run("submit", board, "--yes", "--json", env=other)
    assert (ran.code, ran.lines[0]["would"], ran.lines[0]["queued"]) == (0, "reuse", False), ran
    copy = farm.board("copy", words="film")
    assert farm.run("submit", copy, "--yes", "--json", env=other).lines[0]["queued"] is False
    next(farm.renders.glob("*.mp4")).unlink()
    assert farm.run("submit", board, "--dry-run", "--json", env=other).lines[0]["would"] == "stop"
    assert farm.run("submit", board, "--yes", env=other).code == 5
    waiting = "SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'storyboard.carry'"
    assert farm.rows(waiting) == []
    assert farm.run("submit", board, "--yes", "--again", "--json", env=other).lines[0]["queued"] is True
    farm.assert_paid_once(1)


def test_a_job_that_fails(make_farm: Callable[..., Farm]) -> None:
    """It is told, costs exit 4, is not tried again by itself, and is bought anew with --again only."""
    outcome = json.dumps({"nth": 1, "code": "failedProvider", "message": "no luck"})
    farm = make_farm("--job-seconds", "0.3", "--outcome", outcome)
    board = farm.board("film")
    farm.run("submit", board, "--yes")
    farm.start_worker(*QUICK)
    ran = farm.run("wait", board, "--json")
    assert (ran.code, ran.lines[0]["state"], ran.lines[0]["error"]["message"]) == (4, "failed", "no luck")
    assert json.loads(farm.run("status", "--json").out)["failed"][0]["file"] == "film.storyboard.yaml"
    assert "ended badly before" in farm.run("submit", board, "--yes").err
    assert farm.run("wait").err == "nothing to wait for\n"
    assert farm.run("submit", board, "--yes", "--again").code == 0
    assert farm.run("wait", board).code == 0
    farm.assert_paid_once(2)


def test_a_worker_that_is_told_to_end_hands_over(make_farm: Callable[..., Farm]) -> None:
    """It ends within seconds, and another one brings home what was paid for."""
    farm = make_farm("--job-seconds", "8", "--conflict", "running")
    farm.boards(6)
    farm.run("submit", "boards", "--yes")
    first = farm.start_worker(*QUICK)
    farm.until_paid(6)
    assert first.end() == 0
    assert farm.rows("SELECT DISTINCT status::text FROM procrastinate_jobs WHERE task_name = 'storyboard.carry'") == [
        ("todo",)
    ]
    assert farm.start_worker(*QUICK).process.poll() is None
    assert farm.run("wait", "boards").code == 0
    assert farm.workers[1].end(signal.SIGINT) == 130
    farm.assert_paid_once(6)
    farm.assert_videos(6)


def test_one_request_wanted_in_several_places(farm: Farm) -> None:
    """Bought once, under way or done; each storyboard has its own file, names that clash get the folder in front."""
    for board in ("act1/film", "act2/film"):
        farm.board(board, words="a heron")
    farm.run("submit", "act1", "act2", "--yes")
    farm.run("submit", "act1", "--yes", "--out", "elsewhere")
    farm.start_worker(*QUICK)
    assert farm.run("wait").code == 0
    assert farm.run("submit", "act2", "--max-cost", "0", "--out", "later").code == 0
    assert farm.run("wait").code == 0
    assert sorted(path.name for path in farm.renders.glob("*.mp4")) == ["act2-film-1.mp4", "film-1.mp4"]
    assert (farm.folder / "elsewhere/film-1.mp4").is_file()
    assert (farm.folder / "later/film-1.mp4").is_file()
    farm.assert_paid_once(1)


def test_a_first_frame_travels_with_its_job(farm: Farm) -> None:
    """A worker needs no file of the machine that submitted, and the database lets the picture go afterwards."""
    (farm.folder / "lamp.png").write_bytes(png(400, 400))
    board = farm.board("film", more="first_frame: lamp.png\n")
    assert farm.run("submit", board, "--yes").code == 0
    (farm.folder / "lamp.png").unlink()
    assert farm.rows("SELECT count(*) FROM storyboard_farm_frames") == [(1,)]
    farm.start_worker(*QUICK)
    assert farm.run("wait").code == 0
    assert farm.rows("SELECT count(*) FROM storyboard_farm_frames") == [(0,)]
    farm.assert_paid_once(1)


def test_an_upload_endpoint_needs_no_folder_and_keeps_its_secret(farm: Farm) -> None:
    """Its `${NAME}` is filled in by the worker; one that lacks it sends nothing, says so, and leaves it to others."""
    address = 'upload_endpoint: "https://store.example/${FARM_TOKEN}"'
    board = farm.board("film", output=address)
    refused = farm.run("submit", board, "--yes")
    assert (refused.code, farm.rows("SELECT count(*) FROM storyboard_farm_jobs")) == (6, [(0,)])
    assert "STORYBOARD_ALLOW_ENV=FARM_TOKEN@store.example" in refused.err
    assert farm.run("submit", board, "--yes", env={"STORYBOARD_ALLOW_ENV": "FARM_TOKEN@store.example"}).code == 0
    farm.start_worker(*QUICK)
    farm.until(lambda: "FARM_TOKEN" in farm.run("status").out)
    assert farm.provider()["paid"] == {}
    farm.workers[0].end()
    farm.rows("UPDATE procrastinate_jobs SET scheduled_at = NULL RETURNING 1")
    farm.start_worker(*QUICK, env={"FARM_TOKEN": "tok-5e0c"})
    ran = farm.run("wait", board, "--json")
    assert (ran.code, ran.lines[0]["state"], ran.lines[0]["takes"][0]["path"]) == (0, "done", None)
    assert not farm.renders.exists()
    farm.assert_paid_once(1)
    for table in ("procrastinate_jobs", "storyboard_farm_jobs", "storyboard_farm_orders"):
        assert farm.rows(f"SELECT 1 FROM {table} AS row WHERE row::text LIKE '%tok-5e0c%'") == []


def test_a_task_that_was_changed_is_refused(farm: Farm) -> None:
    """Who can write to the database, and has not the key, can neither spend money nor send videos elsewhere."""
    farm.boards(2)
    farm.run("submit", "boards", "--yes")
    farm.rows(
        "UPDATE procrastinate_jobs SET args = jsonb_set(args, '{request,webhookURL}', '\"https://evil.example/\"') "
        "WHERE id = (SELECT min(id) FROM procrastinate_jobs) RETURNING 1"
    )
    worker = farm.start_worker(*QUICK)
    farm.until(lambda: "is refused: its seal is not of this account's key" in worker.said)
    farm.until_paid(1)
    assert worker.end() == 0
    farm.assert_paid_once(1)


def test_an_address_that_was_changed(farm: Farm) -> None:
    """Who can write to the database sends no worker to another host: the service says where the video is."""
    board = farm.board("film")
    farm.run("submit", board, "--yes")
    farm.start_worker(*QUICK)
    assert "seal" not in farm.run("wait", board, "--json").lines[0]
    assert farm.workers[0].end() == 0  # which knows by itself where the video is
    next(farm.renders.glob("*.mp4")).unlink()
    visits: list[object] = []

    class Visited(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            visits.append(self.client_address)

    with socketserver.TCPServer(("127.0.0.1", 0), Visited) as evil:
        threading.Thread(target=evil.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{evil.server_address[1]}/film.mp4"
        changed = f"jsonb_set(line, '{{takes,0,url}}', to_jsonb('{address}'::text))"
        assert farm.rows(f"UPDATE storyboard_farm_orders SET line = {changed} RETURNING 1") == [(1,)]
        asked = farm.provider()["counts"]["poll"]
        assert farm.run("submit", board, "--max-cost", "0", "--out", "later").code == 0
        farm.start_worker(*QUICK)
        assert farm.run("wait").code == 0
        evil.shutdown()
    assert visits == []
    assert farm.provider()["counts"]["poll"] > asked
    assert (farm.folder / "later/film-1.mp4").is_file()
    farm.assert_paid_once(1)


def test_another_account_takes_nothing(farm: Farm) -> None:
    """A worker with another key never sees these tasks, so that nobody else pays."""
    farm.boards(2)
    farm.run("submit", "boards", "--yes")
    worker = farm.start_worker(*QUICK, env={"RUNWARE_API_KEY": "rw-of-somebody-else-77"})
    farm.until(lambda: json.loads(farm.run("status", "--json").out)["workers"] == 1)
    assert worker.end() == 0
    assert farm.provider()["counts"].get("submit", 0) == 0
    assert farm.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")[0][0] >= 2


def test_an_account_that_is_refused_ends_the_worker(make_farm: Callable[..., Farm]) -> None:
    """It says why, ends with 6, and the jobs wait for a worker that may pay."""
    farm = make_farm("--job-seconds", "0.3", "--key", "another-key-than-the-farms")
    farm.boards(3)
    farm.run("submit", "boards", "--yes")
    worker = farm.start_worker(*QUICK)
    assert worker.process.wait(30) == 6
    assert "the service refused the account" in worker.said
    assert farm.rows("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock <> 'storyboard.rescue'") == [(3,)]
    farm.assert_paid_once(0)


def test_a_folder_that_a_worker_does_not_share(farm: Farm) -> None:
    """Nothing is sent whose video could not be put where it is wanted."""
    farm.boards(1)
    farm.run("submit", "boards", "--yes")
    os.rmdir(farm.renders)
    farm.start_worker(*QUICK)
    farm.until(lambda: "nothing can be written to" in farm.run("status").out)
    assert farm.provider()["paid"] == {}
    farm.assert_clean()


_IMPATIENT = """
import sys
from storyboard.farm.connector import PatientConnector
PatientConnector.patience = 1.0
from storyboard.cli.main import main
sys.exit(main(["farm", "worker", "--stalled-after", "3"]))
"""


@slow
def test_a_database_that_does_not_come_back(make_farm: Callable[..., Farm]) -> None:
    """The worker ends with 3 and says so in words."""
    farm = make_farm()
    cluster = farm.postgres.cluster
    if cluster is None:
        pytest.skip("the database is somebody else's and cannot be stopped")
    log = (farm.folder / "impatient.log").open("w+")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-c", _IMPATIENT], cwd=farm.folder, env=farm.environment(), stdout=log, stderr=log
        ) as worker,
    ):
        farm.until(lambda: json.loads(farm.run("status", "--json").out)["workers"] == 1)
        cluster.stop()
        try:
            assert worker.wait(40) == 3
        finally:
            cluster.start()
        log.seek(0)
        farm.outputs.append(log.read())
    assert "all work is kept, start" in farm.outputs[-1]
    farm.assert_clean()


@slow
def test_a_database_that_is_gone_for_a_while(make_farm: Callable[..., Farm]) -> None:
    """Jobs under way come home without it; whoever works or waits goes on when it is back."""
    farm = make_farm("--job-seconds", "1")
    cluster = farm.postgres.cluster
    if cluster is None:
        pytest.skip("the database is somebody else's and cannot be stopped")
    farm.boards(5)
    farm.run("submit", "boards", "--yes")
    worker = farm.start_worker(*QUICK)
    with ThreadPoolExecutor() as aside:
        waiting = aside.submit(farm.run, "wait", "boards")
        farm.until_paid(5)
        cluster.stop()
        try:
            farm.until(lambda: "jobs go on meanwhile" in worker.said)
            farm.until(lambda: len(list(farm.renders.glob("*.mp4.json"))) == 5)
        finally:
            cluster.start()
        assert waiting.result().code == 0
    farm.until(lambda: "the farm's database is back" in worker.said)
    assert worker.end() == 0
    farm.assert_paid_once(5)
    farm.assert_videos(5)


@slow
def test_a_service_that_cannot_be_reached(farm: Farm) -> None:
    """The jobs go back into the queue and cost the day nothing; they are done once it is there."""
    farm.boards(2)
    farm.run("submit", "boards", "--yes")
    port = farm.url.rpartition(":")[2].partition("/")[0]
    farm.stop_provider()
    worker = farm.start_worker(*QUICK)
    farm.until(lambda: "could not be reached" in worker.said, patience=60)
    farm.until(lambda: json.loads(farm.run("status", "--json").out)["today"]["spent"] == 0)
    assert {trouble["code"] for trouble in json.loads(farm.run("status", "--json").out)["troubles"]} == {"unreachable"}
    farm.start_provider("--port", port)
    farm.rows("UPDATE procrastinate_jobs SET scheduled_at = NULL RETURNING 1")
    assert farm.run("wait").code == 0
    farm.assert_paid_once(2)


def test_a_rescue_that_died_itself(farm: Farm) -> None:
    """It keeps no other rescue from running, and is cleared away; what it should have rescued is."""
    farm.boards(1)
    farm.run("submit", "boards", "--yes")
    farm.rows("UPDATE procrastinate_jobs SET status = 'doing'")
    farm.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, args) "
        "VALUES ('storyboard-rescue', 'storyboard.rescue', 'storyboard.rescue', 'doing', '{\"timestamp\": 0}')"
    )
    farm.start_worker(*QUICK)
    assert farm.run("wait", "boards").code == 0
    farm.until(lambda: farm.rows("SELECT 1 FROM procrastinate_jobs WHERE args->>'timestamp' = '0'") == [])
    farm.assert_paid_once(1)


def test_a_worker_that_was_taken_for_dead(farm: Farm) -> None:
    """Say because its machine slept: it says so, and works on under a new name."""
    farm.run("status")
    worker = farm.start_worker(*QUICK)
    farm.until(lambda: farm.rows("SELECT count(*) FROM procrastinate_workers") == [(1,)])
    farm.rows("DELETE FROM procrastinate_workers")
    farm.boards(2)
    farm.run("submit", "boards", "--yes")
    assert farm.run("wait", "boards").code == 0
    assert "was taken for dead; it begins anew" in worker.said
    assert worker.end() == 0
    farm.assert_paid_once(2)


@slow
def test_a_worker_that_stood_still(make_farm: Callable[..., Farm]) -> None:
    """Stopped while it asked, and taken for dead: what another worker did meanwhile is not sent again when it wakes."""
    late = json.dumps({"on": "details", "kind": "slow", "seconds": 1.0})
    farm = make_farm("--conflict", "running", "--job-seconds", "0.1", "--fault", late)
    board = farm.board("film")
    assert farm.run("submit", board, "--yes").code == 0
    sleeper = farm.start_worker(*QUICK)
    farm.until(lambda: farm.provider()["counts"].get("details"))
    sleeper.process.send_signal(signal.SIGSTOP)
    other = farm.start_worker(*QUICK)
    assert farm.run("wait", board, "--json").code == 0
    assert other.end() == 0
    asked = farm.provider()["counts"]["poll"]
    sleeper.process.send_signal(signal.SIGCONT)
    farm.until(lambda: farm.provider()["counts"]["poll"] > asked)
    assert sleeper.end() == 0
    farm.assert_paid_once(1)
    farm.assert_videos(1)
