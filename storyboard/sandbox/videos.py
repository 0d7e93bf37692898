"""Videos on disk: rendered when somebody first asks, kept under the digest of what decides their picture."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from storyboard.sandbox.plan import BANNER
from storyboard.sandbox.sweeping import sweep_videos
from storyboard.writing import make_private_folder, put_in_place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storyboard.compiler.template import ShotLine
    from storyboard.sandbox.plan import Plan

SUFFIXES = {"MP4": ".mp4", "WEBM": ".webm", "MOV": ".mov"}

# A render takes seconds and a processor: two at a time leave room for polls and for the program around the sandbox.
_RENDERERS = 2


class Renderer(Protocol):
    """Writes a video file; the arguments are those of `storyboard.preview.animatic.render_animatic`."""

    def __call__(
        self,
        target: Path,
        *,
        cuts: Sequence[ShotLine],
        width: int,
        height: int,
        title: str,
        banner: str,
        first_frame: bytes | None,
        container: str,
    ) -> object:
        """Write the whole video to `target`, a path that does not exist yet."""


class Videos:
    """The cache of one sandbox folder; two processes that render the same video end with one whole file."""

    def __init__(self, folder: Path, renderer: Renderer | None = None) -> None:
        self._folder = folder
        make_private_folder(folder, is_ours=True)
        self._render_to = renderer or render_as_animatic
        self._locks: dict[str, threading.Lock] = {}
        # Its own threads: a queue of renders must not hold up what runs in the event loop's default ones.
        self._threads = ThreadPoolExecutor(_RENDERERS, thread_name_prefix="sandbox-render")

    async def file_of(self, plan: Plan) -> Path:
        """The finished file, rendered now if nobody has asked for it before. Raises what the renderer raises."""
        target = self._target(plan)
        if not target.exists():
            await asyncio.get_running_loop().run_in_executor(self._threads, self._make, plan, target)
        return target

    def file_now(self, plan: Plan) -> Path:
        """The same, rendered in the thread that asks."""
        target = self._target(plan)
        self._make(plan, target)
        return target

    def sweep(self) -> None:
        """Delete what is old; it is rendered again when somebody asks."""
        sweep_videos(self._folder)

    def _target(self, plan: Plan) -> Path:
        return self._folder / f"{plan.digest()}{SUFFIXES[plan.container]}"

    def close(self) -> None:
        """Let running renders end and start no more."""
        self._threads.shutdown(cancel_futures=True)

    def _make(self, plan: Plan, target: Path) -> None:
        with self._locks.setdefault(target.name, threading.Lock()):
            if not target.exists():
                self._render(plan, target)

    def _render(self, plan: Plan, target: Path) -> None:
        part = target.with_name(f"part-{uuid4().hex}{target.suffix}")
        try:
            self._render_to(
                part,
                cuts=plan.cuts,
                width=plan.width,
                height=plan.height,
                title=plan.title,
                banner=BANNER,
                first_frame=plan.first_frame,
                container=plan.container,
            )
            # Another process may have been faster: its file is being downloaded by now, and goes on being the one.
            if not target.exists():
                part.chmod(0o600)
                put_in_place(part, target)
        finally:
            part.unlink(missing_ok=True)
        self.sweep()


def render_as_animatic(
    target: Path,
    *,
    cuts: Sequence[ShotLine],
    width: int,
    height: int,
    title: str,
    banner: str,
    first_frame: bytes | None,
    container: str,
) -> None:
    """Render with the animatic room; raises ImportError where the preview extra is not installed."""
    from storyboard.preview.animatic import Cut, render_animatic

    render_animatic(
        target,
        cuts=[Cut(cut.number, cut.seconds, cut.text) for cut in cuts],
        width=width,
        height=height,
        title=title,
        banner=banner,
        first_frame=first_frame,
        container=container,
    )
