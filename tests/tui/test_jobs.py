"""Submitting from the editor: what is shown before, what happens after, and that money needs a yes."""

from __future__ import annotations

import asyncio
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest
from textual.widgets import Button

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.paths import state_folder
from storyboard.jobs.plan import Account
from storyboard.submitting.desk import JobDesk
from storyboard.submitting.events import Changed, Finished, JobView, TakeView
from storyboard.submitting.offers import Offer, OfferedStoryboard
from storyboard.tui.desk import Desk
from storyboard.tui.panels.jobs import job_line, lack_of
from storyboard.tui.submitting import what_it_does
from storyboard.tui.wording import in_the_editor
from tests.provider import KEY, Provider
from tests.tui.studio import FILM, drive, editing, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

Would = Literal["buy", "go on", "reuse", "report"]
SOUND = FILM.replace("hand; it", "hand, it")


def test_a_sandbox_job_from_offer_to_video(film: Path) -> None:
    """The exact prompt and its price first; then live state, the path, and nothing left to pay."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "shot 3, 4, Close-up of a hand, it closes" in text)
            assert "RUNWARE_API_KEY is not set" in text
            assert "3 shots · 13 s · 1280×720 · 1 take    free" in text
            assert "(•) Sandbox" in text
            await pilot.click("#go")
            text = await until(pilot, lambda text: "✓ take 1" in text)
            assert "renders/sandbox/harbour-1.mp4" in re.sub(r"[\s▕]", "", text)  # wherever the path is wrapped
            assert (film.parent / "renders/sandbox/harbour-1.mp4").stat().st_size > 1000
            await pilot.press("f5")
            await until(pilot, lambda text: "Bring the videos home" in text)
            await pilot.press("escape")

    drive(scene())


def test_what_is_told_in_passing_hides_no_button(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a small screen, too: what F5 says of the missing key would lie over the answers for seconds."""
    monkeypatch.delenv("RUNWARE_API_KEY", raising=False)
    film.write_text(SOUND.replace("Slow push in.", "Slow push in. " + "Rain on the water. " * 20), encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (80, 24)) as (pilot, _):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "RUNWARE_API_KEY is not set" in text)
            assert "Cancel" in text
            assert "Render in the sandbox" in text
            assert text.count("RUNWARE_API_KEY") == 1

    drive(scene())


def test_all_of_a_long_prompt_can_be_read_before_it_is_paid_for(film: Path) -> None:
    """What there is no room for is scrolled to, by keys as well."""
    long = SOUND.replace("Slow push in.", "Slow push in. " + "Rain on the water. " * 20)
    film.write_text(long.replace("on its hook", "on its hook, " + "rain on the water, " * 20), encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (80, 16)) as (pilot, _):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "shot 1, 5, Wide shot" in text)
            assert "shot 3, 4, Close-up" not in text
            await pilot.press("shift+tab")
            while "sent" not in str(getattr(pilot.app.focused, "id", "")):
                await pilot.press("shift+tab")
            await pilot.press("end")
            await until(pilot, lambda text: "shot 3, 4, Close-up of a hand, it closes. soft dawn light;" in text)

    drive(scene())


@pytest.mark.parametrize(
    ("would", "total", "sandbox", "words"),
    [
        ("buy", "1.456", False, "Pay $1.456 and render"),
        ("go on", "1.456", False, "Pay $1.456 and render"),
        ("reuse", "0", False, "Bring the videos home"),
        ("report", "0", False, "Show what came of it"),
        ("stop", "0", False, "Paid before"),
        ("buy", "0", True, "Render in the sandbox"),
        ("reuse", "0", True, "Bring the videos home"),
    ],
)
def test_the_button_says_what_it_does(would: Would, total: str, sandbox: bool, words: str) -> None:
    """Nothing is rendered anew, nor brought home, that the words do not say."""
    one = OfferedStoryboard("f", "f", "p", 3, "720p", 1, would, Decimal(total), {})
    offer = Offer((one,), Decimal(total), "", sandbox, False, True, (), None, "", "", ())
    assert what_it_does(offer) == words


def test_with_errors_nothing_is_offered(film: Path) -> None:
    """The problems instead."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "nothing can be sent" in text)
            assert "SB107" in text
            assert pilot.app.screen is board

    drive(scene())


def test_unsaved_work_is_saved_first_or_nothing_is_sent(film: Path) -> None:
    """What is sent is what is saved."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert(" Gulls.")
            await pilot.press("f5")
            await until(pilot, lambda text: "What is sent is what is saved" in text)
            await pilot.press("escape", "f5")
            await pilot.pause()
            await pilot.click("#answer-save")
            await until(pilot, lambda text: "Slow push in. Gulls. soft dawn light" in text and "Cancel" in text)
            assert "Gulls" in film.read_text(encoding="utf-8")
            await pilot.press("escape")

    drive(scene())


def test_paying_needs_more_than_enter(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The focus is on Cancel, the button names the sum, and a guard below the price stops it."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "Pay $1.456 and render" in text)
            assert "(•) Runware: pays" in text
            assert "not-a-real-key" not in text
            await pilot.click("#guard")
            await pilot.press("1")
            await pilot.click("#go")
            await until(pilot, lambda text: "this costs $1.456, more than $1.00" in text)
            await pilot.press("escape")
            await pilot.pause()
            assert pilot.app.screen is board
            await pilot.press("f5")
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            await pilot.press("enter")
            await pilot.pause()
            assert pilot.app.screen is board
            assert board.desk is not None
            assert board.desk.jobs() == []

    drive(scene())


@pytest.mark.parametrize(("size", "fits"), [((120, 40), True), ((60, 20), True), ((40, 12), False)])
def test_a_yes_shows_what_is_told_to_whom(
    film: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], fits: bool
) -> None:
    """Each variable with its host stands beside the sum; where there is no room for it, nothing can be agreed to."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("STUDIO_TOKEN", "s3cr3t")
    film.write_text(SOUND + "output: {webhook_url: 'https://hooks.example/${STUDIO_TOKEN}'}\n", encoding="utf-8")

    async def scene() -> None:
        async with editing(film, size) as (pilot, _):
            await pilot.press("f5")
            words = "about $1.456" if fits else "this window is too"
            text = await until(pilot, lambda text: words in text)
            assert ("hooks.example gets the value of ${STUDIO_TOKEN}" in text) == fits
            assert "s3cr3t" not in text
            assert pilot.app.screen.query_one("#go", Button).disabled != fits

    drive(scene())


def test_a_dead_network_is_told_in_words_and_the_work_is_kept(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor goes on, and so does the job once there is a network."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("STORYBOARD_HTTP_TIMEOUT", "1")
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f5")
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            await pilot.click("#go")
            await until(pilot, lambda text: "●" in text and "about $1.456" in text)
            await pilot.press("escape", "x")
            assert board.prompt_of(0).endswith("x")
            assert board.desk is not None
            assert [job.ended for job in board.desk.jobs()] == [False]
            board.session.undo()

    drive(scene())


@pytest.mark.parametrize("size", [(250, 70), (120, 40), (80, 24), (60, 20), (40, 12)])
@pytest.mark.parametrize("paying", [True, False])
def test_sum_and_answers_are_in_sight_whatever_is_told(
    film: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], paying: bool
) -> None:
    """Nothing lies over a question about money; what was to be told meanwhile is told afterwards."""
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    if paying:
        monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    long = SOUND.replace("Slow push in.", "Slow push in. " + "Rain on the water. " * 20)
    film.write_text(long, encoding="utf-8")

    async def scene() -> None:
        async with editing(film, size) as (pilot, board):
            board.say("told before " * 12)
            pilot.app.notify("told before, too " * 9, timeout=60)
            await pilot.press("f5")
            words = ("Pay $1.456 and render", "about $1.456") if paying else ("Render in the sandbox", "free")
            await until(pilot, lambda text: words[0] in text)
            board.say("told meanwhile")
            pilot.app.notify("told of a job", timeout=60)
            await pilot.pause(0.3)
            x, y, width, height = pilot.app.screen.query_one("Submit > Vertical").region
            text = "\n".join(line[x : x + width] for line in screen_text(pilot).splitlines()[y : y + height])
            assert [word for word in (*words, "Cancel", "1 take", "13 s") if word not in text] == [], text
            assert ("RUNWARE_API_KEY is not" in text) == (not paying)
            assert "told" not in text
            await pilot.press("escape")
            await until(pilot, lambda text: "told meanwhile" in text and "told of a job" in text)

    drive(scene())


def test_who_renders_is_in_sight_at_any_width(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Side by side where both have room, else one below the other."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (40, 20)) as (pilot, _):
            await pilot.press("f5")
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            for width, height in ((60, 20), (66, 20), (72, 20), (73, 20), (67, 40), (80, 40)):
                await pilot.resize_terminal(width, height)
                await pilot.pause()
                sent, real = pilot.app.screen.query_one("#sent"), pilot.app.screen.query_one("#real")
                assert real.virtual_region_with_margin.right <= sent.scrollable_content_region.width, (width, height)
                assert real.region.right <= sent.scrollable_content_region.right, (width, height)
            await pilot.resize_terminal(20, 5)
            await until(pilot, lambda text: "needs 40×12" in text and "Esc" in text)

    drive(scene())


def test_a_window_that_is_too_small_buys_nothing(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and the button waits until the window is large enough."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (38, 11)) as (pilot, board):
            await pilot.press("f5")
            await until(pilot, lambda text: "too small" in text and "40×12" in text)
            assert pilot.app.screen.query_one("#go").disabled
            await pilot.resize_terminal(60, 20)
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            await pilot.press("escape")
            assert board.desk is not None
            assert board.desk.jobs() == []

    drive(scene())


def job_view(**known: object) -> JobView:
    """A job as the desk shows it."""
    usual: dict[str, object] = {
        "uuid": "u", "file": "/f", "shown": "f", "service": "https://x/v1", "state": "accepted", "doing": "rendering",
        "known": "", "ended": False, "carried": True, "takes": (), "cost": None, "estimate": Decimal("3.136"),
        "seconds": 12.0, "error": None, "progress": None,
    }  # fmt: skip
    return JobView(**{**usual, **known})  # type: ignore[arg-type]


TAKES = (TakeView(1, "renders/a-1.mp4", True, True), TakeView(2, "renders/a-2.mp4", False, False))
GONE = (TakeView(1, "a-1.mp4", False, True),)


@pytest.mark.parametrize(
    ("known", "wanted", "unwanted"),
    [
        ({"progress": 27.0}, "rendering 27 %", "not watched"),
        ({"carried": False}, "last known: rendering; r carries it on, nothing new is bought", "0:12"),
        ({"carried": False, "elsewhere": True, "doing": "carried by another process"}, "0:12", "not watched"),
        ({"carried": False, "state": "prepared", "sent": False}, "r sends it, about $3.136", "0:12"),
        ({"carried": False, "state": "unknown"}, "sends it once if the service does not know it", "nothing new"),
        ({"state": "ready", "doing": "downloading", "takes": TAKES}, "a-2.mp4 (being downloaded)", "any more"),
        ({"state": "ready", "carried": False, "takes": TAKES}, "a-2.mp4 (not downloaded yet)", "any more"),
        ({"state": "done", "doing": "done", "ended": True, "takes": TAKES}, "take 1, 2 done", "any more"),
        ({"state": "expired", "ended": True, "takes": TAKES}, "a-2.mp4 (was not downloaded)", "any more"),
        ({"state": "done", "ended": True, "takes": GONE}, "a-1.mp4 (not there any more)", "downloaded"),
    ],
)  # fmt: skip
def test_a_job_is_said_as_it_stands(known: dict[str, object], wanted: str, unwanted: str) -> None:
    """A clock runs only where something carries the job; no path is called gone that was never there."""
    text = job_line(job_view(**known)).plain
    assert wanted in text
    assert unwanted not in text


@pytest.mark.parametrize(
    ("payer", "words"),
    [
        (None, "RUNWARE_API_KEY is not set"),
        (Account("https://x/v1", KEY), "another key paid"),
        (Account("https://y/v1", KEY), "it belongs to https://x/v1"),
    ],
)
def test_without_its_key_nothing_is_promised(payer: Account | None, words: str) -> None:
    """A job that is paid for is not watched, and the panel says what it takes."""
    job = job_view(carried=False)
    assert words in job_line(job, lack_of(job, payer)).plain
    assert "nothing new" not in job_line(job, lack_of(job, payer)).plain
    assert lack_of(job_view(carried=False, service="sandbox"), payer) == ""
    if payer is not None:
        assert lack_of(job_view(carried=False, service=payer.service, account=payer.fingerprint), payer) == ""


@pytest.mark.parametrize("key", ["", "another-key-than-the-one-that-paid"])
def test_a_job_of_a_key_that_is_not_set_is_left(film: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """`r` says what is missing and promises nothing; the title says that nothing watches the job."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene(provider: Provider) -> None:
        desk = JobDesk(lambda _: None)
        desk.submit(desk.offer([str(film)], str(film.parent / "renders"), sandbox=False))
        while not [job for job in desk.jobs() if job.state == "accepted"]:  # noqa: ASYNC110 - of another thread
            await asyncio.sleep(0.01)
        desk.close()
        monkeypatch.setenv("RUNWARE_API_KEY", key)
        async with editing(film) as (pilot, _):
            await until(pilot, lambda text: "being rendered, not watched" in text.splitlines()[0])
            await pilot.press("f8")
            await until(pilot, lambda text: "not watched   " in text)
            asked = len(provider.requests)
            await pilot.press("r")
            await until(pilot, lambda _: bool(pilot.app._notifications))
            told = [one.message for one in pilot.app._notifications]
            assert any("start the editor with" in words for words in told)
            assert not any("carrying it on" in words or "run again" in words for words in told)
            assert len(provider.requests) == asked

    with Provider(job_seconds=60) as provider:
        monkeypatch.setenv("RUNWARE_BASE_URL", provider.url)
        monkeypatch.setenv("RUNWARE_API_KEY", KEY)
        drive(scene(provider))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("all work is kept, run it again", "all work is kept, press r in the jobs panel (F8)"),
        ("all work is kept, run it again later", "all work is kept, press r in the jobs panel (F8) later"),
        ("set RUNWARE_API_KEY to it and run again", "set RUNWARE_API_KEY to it and start the editor again"),
        ("check RUNWARE_API_KEY; run it again", "check RUNWARE_API_KEY; start the editor again"),
    ],
)  # fmt: skip
def test_nothing_is_run_again_in_the_editor(said: str, wanted: str) -> None:
    """What the command line says to run again is a key here, or another editor where its environment is wrong."""
    assert in_the_editor(said) == wanted


def test_the_title_says_how_the_paid_job_stands(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Being rendered as soon as the service has it; left and opened again it is carried on without a key pressed."""
    film.write_text(SOUND, encoding="utf-8")
    monkeypatch.setenv("STORYBOARD_POLL_INTERVAL", "0.05")

    def title(text: str) -> str:
        return text.splitlines()[0]

    async def scene(provider: Provider) -> None:
        async with editing(film) as (pilot, _):
            await until(pilot, lambda text: "$1.456 · not paid yet" in title(text))
            await pilot.press("f5")
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            await pilot.click("#go")
            await until(pilot, lambda text: "$1.456 · being rendered" in title(text))
        assert pilot.app.desk.left() == ["1 job goes on at Runware; `storyboard resume` downloads it"]  # type: ignore[attr-defined]
        async with editing(film) as (pilot, _):
            await until(pilot, lambda text: "being rendered" in title(text))
            provider.advance(60)
            await until(pilot, lambda text: "$1.456 · paid for" in title(text))
        assert pilot.app.desk.left() == []  # type: ignore[attr-defined]
        assert list(provider.paid.values()) == [1]

    with Provider(job_seconds=60) as provider:
        monkeypatch.setenv("RUNWARE_BASE_URL", provider.url)
        monkeypatch.setenv("RUNWARE_API_KEY", KEY)
        drive(scene(provider))


def test_progress_is_shown_where_it_is_certain_whose_it_is() -> None:
    """Two jobs of one storyboard under way: a percentage could be the other's."""
    desk = Desk(None)  # type: ignore[arg-type]
    desk._note_progress(Changed(job_view(progress=27.0)))
    assert desk._in_words("/f", "running") == "being rendered 27 %"
    assert desk._in_words("/other", "running") == "being rendered"
    assert desk._in_words("/f", "sending") == "being sent"
    desk._note_progress(Changed(job_view(uuid="v")))
    assert desk._in_words("/f", "running") == "being rendered"
    desk._note_progress(Finished(job_view(uuid="v", ended=True), ""))
    assert desk._in_words("/f", "running") == "being rendered 27 %"


def test_what_is_not_known_is_not_said_to_be_unpaid(film: Path) -> None:
    """A ledger that cannot be read says nothing of what was paid."""
    film.write_text(SOUND, encoding="utf-8")
    state_folder().mkdir(parents=True, exist_ok=True)
    (state_folder() / "ledger.sqlite3").write_bytes(b"x" * 5000)

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await until(pilot, lambda text: "$1.456 · not known whether it is paid" in text.splitlines()[0])

    drive(scene())


def test_what_another_process_pays_is_seen(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger is looked at again when it was written into; and a job that nothing carries is said to be so."""
    film.write_text(SOUND, encoding="utf-8")
    monkeypatch.setenv("STORYBOARD_POLL_INTERVAL", "0.05")

    async def scene() -> None:
        other = JobDesk(lambda _: None)
        try:
            async with editing(film) as (pilot, _):
                await until(pilot, lambda text: "not paid yet" in text.splitlines()[0])
                offer = other.offer([str(film)], str(film.parent / "renders"), sandbox=False)
                other.submit(offer)
                await until(pilot, lambda text: "$1.456 · being rendered" in text.splitlines()[0])
                other.close()
                await until(pilot, lambda text: "$1.456 · being rendered, not watched" in text.splitlines()[0])
        finally:
            other.close()

    with Provider(job_seconds=60) as provider:
        monkeypatch.setenv("RUNWARE_BASE_URL", provider.url)
        monkeypatch.setenv("RUNWARE_API_KEY", KEY)
        drive(scene())


def test_reading_a_ledger_does_not_look_like_writing(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each look would lead to the next one."""
    monkeypatch.setenv("RUNWARE_API_KEY", KEY)
    desk = JobDesk(lambda _: None)
    with Ledger.open(state_folder()):
        pass
    before = desk.stamp()
    assert before[0] is not None
    assert desk.standing([str(film)]) == {str(film): None}
    assert desk.stamp() == before
    with Ledger.open(state_folder()) as kept_open:
        before = desk.stamp()
        desk.standing([str(film)])
        assert desk.stamp() == before
        with kept_open.transaction() as db:
            db.execute("CREATE TABLE written (x)")
        assert desk.stamp() != before
