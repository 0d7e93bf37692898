"""One storyboard of a folder in a few facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.disk import stamp_of, why_read_only
from storyboard.document import Document, DocumentError, read_bytes
from storyboard.outlook import Outlook

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.disk import Stamp


@dataclass(frozen=True, slots=True)
class Overview:
    """What a list says of one storyboard."""

    file: str
    stamp: Stamp
    title: str = ""
    seconds: int | None = None
    """None while the seconds make no sum."""
    price: Decimal | None = None
    """US dollars for all takes; None while there is none."""
    severities: tuple[str, ...] = ()
    """One for each problem."""
    first: str = ""
    """What the first error says."""
    unreadable: str = ""
    """Why it cannot be opened; empty for what can be."""
    read_only: bool = False
    """Whether it is not to be written without a person's word."""

    @property
    def worst(self) -> str | None:
        """The severity that counts most."""
        return next((one for one in ("error", "warning", "info") if one in self.severities), None)


def look(file: str) -> Overview:
    """Reads and checks a file; what is wrong with it is part of the answer, whatever it is."""
    stamp, read_only = stamp_of(file), why_read_only(file) is not None
    try:
        document = Document.parse(read_bytes(file))
    except DocumentError as error:
        unreadable = f"line {error.line}: {error.reason}"
        return Overview(file, stamp, severities=("error",), unreadable=unreadable, read_only=read_only)
    outlook = Outlook(document, file)
    draft, data = outlook.draft, document.data
    title = data.get("title") if isinstance(data, dict) else None
    return Overview(
        file,
        stamp,
        title if isinstance(title, str) else "",
        draft.total_seconds if draft is not None else None,
        outlook.price,
        tuple(found.severity for found in outlook.diagnostics),
        next((found.message for found in outlook.diagnostics if found.severity == "error"), ""),
        read_only=read_only,
    )
