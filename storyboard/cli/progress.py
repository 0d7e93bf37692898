"""How jobs get on: a live line for each on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from storyboard.cli import say
from storyboard.disk import reported
from storyboard.jobs.states import ENDS
from storyboard.submitting.telling import doing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.live import Live

    from storyboard.jobs.carrier import News

_LINES_AT_MOST = 12


class Progress(Protocol):
    """Shows news of jobs."""

    def name(self, uuid: str, file: str) -> None:
        """What a job is called."""

    def tell(self, news: News) -> None:
        """Something happened."""

    def aside(self) -> AbstractContextManager[object]:
        """Lines written meanwhile stay, whichever stream they go to."""


@contextmanager
def progress() -> Iterator[Progress]:
    """Live lines where standard error is a terminal that can draw them, plain ones elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", "unknown") or os.environ.get("NO_COLOR"):
        yield _Plain()
        return
    lines = _Lines()
    try:
        yield lines
    finally:
        lines.stop()


def _words(news: News) -> str:
    return doing(news.job.state, held_elsewhere=news.held_elsewhere)


class _Plain:
    """A line for each change of state."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def name(self, uuid: str, file: str) -> None:
        self._names.setdefault(uuid, file)

    def tell(self, news: News) -> None:
        words = _words(news)
        if news.job.state in ENDS or self._last.get(news.job.uuid) == words:
            return
        self._last[news.job.uuid] = words
        say.words(f"{reported(self._names.get(news.job.uuid, news.job.uuid))}: {words}")

    def aside(self) -> AbstractContextManager[object]:
        return nullcontext()


class _Lines:
    """One line for each job that is not at its end."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._news: dict[str, News] = {}
        self._since: dict[str, float] = {}
        self._live: Live | None = None

    def name(self, uuid: str, file: str) -> None:
        self._names.setdefault(uuid, file)

    def tell(self, news: News) -> None:
        uuid = news.job.uuid
        if news.job.state in ENDS:
            self._news.pop(uuid, None)
            return
        old = self._news.get(uuid)
        if news.progress is None and old is not None and _words(old) == _words(news):
            return
        self._since.setdefault(uuid, monotonic())
        self._news[uuid] = news
        self._draw()

    @contextmanager
    def aside(self) -> Iterator[None]:
        self.stop()
        yield
        say.flush()
        if self._news:
            self._draw()

    def stop(self) -> None:
        """Takes the lines off the screen."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        if self._live is not None:
            return
        from rich.console import Console
        from rich.live import Live

        # Redirected, what goes to standard output would land in the lines on standard error.
        self._live = Live(
            console=Console(stderr=True, highlight=False),
            get_renderable=self._render,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start(refresh=True)

    def _render(self) -> RenderableType:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column()
        for _ in range(3):
            table.add_column(no_wrap=True)
        for uuid, news in list(self._news.items())[:_LINES_AT_MOST]:
            elapsed = int(monotonic() - self._since[uuid])
            percent = f"{news.progress:.0f} %" if news.progress is not None else ""
            row = (
                self._names.get(uuid, uuid),
                _words(news),
                f"{elapsed // 60}:{elapsed % 60:02}",
                percent,
            )
            table.add_row(*(Text(say.printable(cell), overflow="ellipsis", no_wrap=True) for cell in row))
        if (rest := len(self._news) - _LINES_AT_MOST) > 0:
            table.add_row(Text(f"and {rest} more"))
        return table
