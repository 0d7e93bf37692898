"""What is wanted: a request ready to send under any UUID, and where its videos should go; light, for thousands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from storyboard.disk import open_regular, words_of
from storyboard.jobs.identity import digest
from storyboard.jobs.wire import identity_of, stored_task

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.compiler.prepare import Prepared
    from storyboard.jobs.rows import Order

_NO_UUID = "00000000-0000-4000-8000-000000000000"
_FRAME_LIMIT = 1 << 26


@dataclass(frozen=True, slots=True)
class Wanted:
    """A storyboard's request, without the bytes of its first frame."""

    order: Order
    task: dict[str, Any]
    """As ledger and receipts keep it, its UUID left open."""
    frame: str | None
    """The sha256 of a local first frame."""
    media_type: str | None
    price: Decimal
    """US dollars by the list, for all takes."""
    seconds: int
    resolution: str
    takes: int
    frame_file: str | None = None
    """Where a local first frame lies."""

    @classmethod
    def of(cls, prepared: Prepared, order: Order, frame_file: str | None = None) -> Self:
        """What a storyboard that was made ready wants."""
        board, data = prepared.storyboard, prepared.frame_bytes
        frame = sha256(data).hexdigest() if data is not None else None
        return cls(
            order=order,
            task=stored_task(prepared.request(_NO_UUID).task(), frame),
            frame=frame,
            media_type=(prepared.image or "")[5:].partition(";")[0] if frame is not None else None,
            price=prepared.price,
            seconds=board.seconds,
            resolution=board.resolution,
            takes=board.output.takes,
            frame_file=frame_file,
        )

    @property
    def identity(self) -> bytes:
        """What the request has in common with every other one for the same videos."""
        return identity_of(self.task)

    @property
    def digest(self) -> str:
        """What the ledger calls the request, whoever pays."""
        return digest(self.identity)

    def frame_bytes(self) -> bytes | None:
        """The local first frame, read again; FrameChanged where it is not the one that was checked."""
        if self.frame is None or self.frame_file is None:
            return None
        try:
            with open_regular(self.frame_file) as stream:
                data = stream.read(_FRAME_LIMIT)
        except OSError as error:
            raise FrameChanged(f"the first frame cannot be read any more: {words_of(error)}") from None
        if sha256(data).hexdigest() != self.frame:
            raise FrameChanged("the first frame is not the one that was checked any more: run it again")
        return data


class FrameChanged(Exception):
    """A first frame that is another one, or gone, since it was checked; the text says so."""
