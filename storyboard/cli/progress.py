"""How jobs get on: a live line for each on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from storyboard.cli import say
from storyboard.jobs.states import ENDS, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from storyboard.jobs.carrier import News

_WORDS = {
    State.PREPARED: "asking",
    State.SUBMITTING: "sending",
    State.UNKNOWN: "unclear, asking",
    State.ACCEPTED: "rendering",
    State.READY: "downloading",
}
_LINES_AT_MOST = 12


class Progress(Protocol):
    """Shows news of jobs."""

    def name(self, uuid: str, file: str) -> None:
        """What a job is called."""

    def tell(self, news: News) -> None:
        """Something happened."""

    def say(self, text: str) -> None:
        """A line that stays."""


@contextmanager
def progress() -> Iterator[Progress]:
    """Live lines where standard error is a terminal that can draw them, plain ones elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb" or os.environ.get("NO_COLOR"):
        yield _Plain()
        return
    from rich.console import Console
    from rich.live import Live

    lines = _Lines()
    with Live(console=Console(stderr=True, highlight=False), get_renderable=lines.render, transient=True) as live:
        lines.print = lambda text: live.console.print(say.printable(text), markup=False, highlight=False)
        yield lines


def _state_words(news: News) -> str:
    if news.held_elsewhere:
        return "carried by another storyboard process"
    return _WORDS.get(news.job.state, news.job.state.value)


class _Plain:
    """A line for each change of state."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def name(self, uuid: str, file: str) -> None:
        self._names.setdefault(uuid, file)

    def tell(self, news: News) -> None:
        words = _state_words(news)
        if news.job.state in ENDS or self._last.get(news.job.uuid) == words:
            return
        self._last[news.job.uuid] = words
        say.words(f"{self._names.get(news.job.uuid, news.job.uuid)}: {words}")

    def say(self, text: str) -> None:
        say.words(text)


class _Lines:
    """One line for each job that is not at its end."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._news: dict[str, News] = {}
        self._since: dict[str, float] = {}
        self.print = say.words

    def name(self, uuid: str, file: str) -> None:
        self._names.setdefault(uuid, file)

    def tell(self, news: News) -> None:
        uuid = news.job.uuid
        if news.job.state in ENDS:
            self._news.pop(uuid, None)
            return
        if news.progress is None and (old := self._news.get(uuid)) is not None and old.job.state is news.job.state:
            return
        self._since.setdefault(uuid, monotonic())
        self._news[uuid] = news

    def say(self, text: str) -> None:
        self.print(text)

    def render(self) -> RenderableType:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for uuid, news in list(self._news.items())[:_LINES_AT_MOST]:
            elapsed = int(monotonic() - self._since[uuid])
            percent = f"{news.progress:.0f} %" if news.progress is not None else ""
            row = (self._names.get(uuid, uuid), _state_words(news), f"{elapsed // 60}:{elapsed % 60:02}", percent)
            table.add_row(*(Text(say.printable(cell), overflow="ellipsis", no_wrap=True) for cell in row))
        if (rest := len(self._news) - _LINES_AT_MOST) > 0:
            table.add_row(Text(f"and {rest} more"))
        return table
