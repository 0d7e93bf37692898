"""The desk: jobs for an editor, carried in a thread of their own while somebody types."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, Thread, current_thread
from typing import TYPE_CHECKING

from storyboard.disk import require_descriptors, stamp_of
from storyboard.submitting.events import Broken, Event

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from decimal import Decimal

    from storyboard.jobs.rows import Job
    from storyboard.submitting.events import JobView
    from storyboard.submitting.offers import Offer
    from storyboard.submitting.runs import Runs
    from storyboard.submitting.standings import Standing, Standings
    from storyboard.submitting.views import Notes

    Work = Callable[[Runs], Coroutine[None, None, None]]

_PATIENCE = 1.5
"""Seconds in which the thread ends once nobody wants it any more."""


class JobDesk:
    """Offers, submits, carries and shows jobs; only `offer` raises, and only SubmitError.

    `tell` is called with each event, in the desk's thread or the caller's: it must be thread-safe, and must not wait
    for the thread that closes the desk (Textual's `post_message` is right, `call_from_thread` is not).
    The thread begins with the first job; until then nothing of the network or the ledger is loaded.
    """

    def __init__(self, tell: Callable[[Event], None], *, poll_interval: float | None = None) -> None:
        """`poll_interval` in seconds wins over STORYBOARD_POLL_INTERVAL."""
        self._listener = tell
        self._poll_interval = poll_interval
        self._lock = Lock()
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = asyncio.Event()
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._runs: Runs | None = None
        self._notes: Notes | None = None
        self._standings: Standings | None = None
        self._last_words: str | None = None
        self._files: set[str] = set()
        """Storyboards that were looked after, by their real paths."""

    def offer(self, files: Sequence[str], out: str, *, sandbox: bool, again: bool = False) -> Offer:
        """What submitting these files, as they are on disk, would do and cost; sends nothing. For a worker thread.

        Raises SubmitError; its kind KEY means that the sandbox would work, PREVIEW that it would not.
        """
        from storyboard.submitting.errors import Kind, SubmitError
        from storyboard.submitting.offers import make_offer

        try:
            return make_offer(files, out, sandbox=sandbox, again=again)
        except SubmitError:
            raise
        except Exception as error:  # noqa: BLE001 - the editor has one kind of error to show
            raise SubmitError(Kind.SERVICE, _described(error)) from None

    def submit(self, offer: Offer, max_cost: Decimal | None = None) -> None:
        """Buys what was offered and nothing else, and carries it to its end; returns at once."""
        self._begin(lambda runs: runs.submit(offer, max_cost))

    def resume(self, jobs: Sequence[str] | None = None) -> None:
        """Carries jobs on, by how their UUIDs begin, or all that are unfinished; returns at once."""
        self._begin(lambda runs: runs.resume(jobs))

    def watch(self, file: str) -> None:
        """Carries on what the service has, or may have, of a storyboard's jobs; sends nothing. For a worker thread.

        Does nothing, and loads little, where there is no such job, or no key for it.
        """
        path = os.path.realpath(file)
        self._files.add(path)
        try:
            if self._is_any_sent(path):
                self._begin(lambda runs: runs.watch(path))
        except Exception as error:  # noqa: BLE001 - the editor is told
            self._tell_once(error)

    def left(self) -> list[str]:
        """Lines about jobs of this session that are not finished, once the desk is closed; empty where all are."""
        from storyboard.submitting.accounts import real_account
        from storyboard.submitting.errors import SubmitError
        from storyboard.submitting.telling import left_behind

        with suppress(Exception):  # whatever the disk says: the editor has ended
            try:
                payer = real_account()
            except SubmitError:
                payer = None
            return list(left_behind(self._unfinished(), payer))
        return []

    def jobs(self, file: str | None = None, *, most: int = 200) -> list[JobView]:
        """Jobs of the ledger, newest first, of one storyboard or all; empty where it cannot be read, which is told."""
        try:
            return self._jobs(file, most)
        except Exception as error:  # noqa: BLE001 - the editor is told
            self._tell_once(error)
            return []

    def standing(self, files: Iterable[str]) -> dict[str, Standing | None]:
        """For each file, how the request that it holds on disk stands, whichever key paid; None: nothing was sent."""
        files = list(files)
        try:
            return self._standing(files)
        except Exception as error:  # noqa: BLE001 - the editor is told
            self._tell_once(error)
            return dict.fromkeys(files, "unknown")

    def unwatched(self, files: Iterable[str]) -> set[str]:
        """Which of these files have jobs under way that no process carries on now."""
        try:
            return {file for file in files if self._is_unwatched(os.path.realpath(file))}
        except Exception as error:  # noqa: BLE001 - the editor is told
            self._tell_once(error)
            return set()

    def stamp(self) -> tuple[object, ...]:
        """What changes when any process writes into the ledger; its files are not opened for it.

        Closing a file drops every lock that this process has on it.
        """
        from storyboard.submitting import books

        try:
            path = os.fspath(books.ledger_path())
        except Exception:  # noqa: BLE001 - what reads the ledger says it
            return ()
        return tuple(_size_and_time(file) for file in (path, f"{path}-wal"))

    def close(self) -> None:
        """Stops carrying and lets the thread end; jobs go on at the service, and can be resumed."""
        with self._lock:
            self._closed = True
            thread, loop = self._thread, self._loop
        if thread is None or loop is None:
            return
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._closing.set)
        if thread is not current_thread():
            thread.join(_PATIENCE + 0.5)

    # reading, in the caller's thread

    def _jobs(self, file: str | None, most: int) -> list[JobView]:
        from storyboard.submitting import books
        from storyboard.submitting.views import views

        if not _is_any_ledger():
            return []
        path = None if file is None else os.path.realpath(file)
        with books.open_ledger() as ledger:
            found = ledger.all(most) if path is None else ledger.wanted_by(path, most)
            return list(views(ledger, found, self._shared_notes(), path))

    def _standing(self, files: list[str]) -> dict[str, Standing | None]:
        from storyboard.submitting import books
        from storyboard.submitting.accounts import real_account
        from storyboard.submitting.standings import Standings

        if not _is_any_ledger():
            return dict.fromkeys(files, None if _is_home_known() else "unknown")
        payer = real_account()
        with self._lock:
            self._standings = standings = self._standings or Standings()
        with books.open_ledger() as ledger:
            return standings.of(files, ledger, payer)

    def _is_unwatched(self, path: str) -> bool:
        from storyboard.jobs.states import ENDS
        from storyboard.submitting import books
        from storyboard.submitting.views import key_of

        carried = self._shared_notes().carried
        with books.open_ledger() as ledger:
            under_way = [job for job in ledger.wanted_by(path) if job.state not in ENDS and job.may_be_there]
            watched = (job for job in under_way if key_of(job) in carried or ledger.is_held_elsewhere(job))
            return bool(under_way) and not any(watched)

    def _shared_notes(self) -> Notes:
        from storyboard.submitting.views import Notes

        with self._lock:
            self._notes = self._notes or Notes()
            return self._notes

    def _is_any_sent(self, path: str) -> bool:
        from storyboard.jobs.rows import SANDBOX
        from storyboard.submitting import books
        from storyboard.submitting.accounts import has_key

        if not _is_any_ledger():
            return False
        paying = has_key()
        with books.open_ledger() as ledger:
            return any(job.may_be_there and (paying or job.service == SANDBOX) for job in ledger.wanted_by(path))

    def _unfinished(self) -> list[Job]:
        """Jobs that this desk carried, or that the files which it looked after have at the service."""
        from storyboard.jobs.states import ENDS
        from storyboard.submitting import books
        from storyboard.submitting.views import key_of

        seen, files = self._shared_notes().seen, sorted(self._files)
        if not (seen or files) or not _is_any_ledger():
            return []
        with books.open_ledger() as ledger:
            carried = [ledger.get(*key) for key in sorted(seen)]
            others = [job for file in files for job in ledger.wanted_by(file) if job.may_be_there]
            found = {key_of(job): job for job in (*carried, *others) if job is not None and job.state not in ENDS}
            return [job for job in found.values() if not ledger.is_held_elsewhere(job)]

    # the thread

    def _begin(self, work: Work) -> None:
        try:
            notes = self._shared_notes()
            with self._lock:
                if self._closed:
                    return
                if self._loop is None:
                    require_descriptors()
                    self._loop = asyncio.new_event_loop()
                    self._thread = Thread(target=self._live, args=(self._loop, notes), name="job-desk", daemon=True)
                    self._thread.start()
                self._loop.call_soon_threadsafe(self._start, work)
        except Exception as error:  # noqa: BLE001 - the editor is told
            self._tell(Broken(_described(error)))

    def _start(self, work: Work) -> None:
        if self._runs is not None:
            task = asyncio.ensure_future(work(self._runs))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _live(self, loop: asyncio.AbstractEventLoop, notes: Notes) -> None:
        """The thread, from its first job to the close of the desk."""
        # Its own threads, so that none of them is waited for at the end: one may hang in a name's look-up.
        threads = ThreadPoolExecutor(4, thread_name_prefix="job-desk")
        loop.set_default_executor(threads)
        try:
            from storyboard.submitting.runs import Runs

            self._runs = Runs(self._tell, notes, self._poll_interval)
            loop.run_until_complete(self._serve(self._runs))
            loop.run_until_complete(loop.shutdown_asyncgens())
        except Exception as error:  # noqa: BLE001 - the editor is told
            self._tell(Broken(_described(error)))
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            loop.close()

    async def _serve(self, runs: Runs) -> None:
        try:
            await self._closing.wait()
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(list(self._tasks), timeout=_PATIENCE)
        finally:
            runs.close()

    # telling

    def _tell(self, event: Event) -> None:
        if self._closed:
            return
        with suppress(Exception):
            self._listener(event)

    def _tell_once(self, error: Exception) -> None:
        """Tells what reading ran into, not again with every look."""
        words = _described(error)
        if words != self._last_words:
            self._last_words = words
            self._tell(Broken(words))


def _is_any_ledger() -> bool:
    """Whether there is a ledger to read; none without a home folder, which submitting says. Raises SubmitError."""
    from storyboard.submitting import books

    return _is_home_known() and books.has_ledger()


def _is_home_known() -> bool:
    """Whether there can be a ledger."""
    from storyboard.jobs.paths import state_folder

    try:
        state_folder()
    except RuntimeError:
        return False
    return True


def _size_and_time(file: str) -> tuple[int, int] | None:
    """None also for an empty file: reading a ledger leaves none of its log, or an empty one."""
    stamp = stamp_of(file)
    return None if stamp is None or stamp[2] == 0 else (stamp[2], stamp[0])


def _described(error: Exception) -> str:
    from storyboard.submitting.crash import describe
    from storyboard.submitting.errors import SubmitError

    return error.message if isinstance(error, SubmitError) else describe(error)
