"""What a caller may want to tell the person about a finished picture or film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.preview.clusters import code_label

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class RenderNotes:
    """What is not as it was wished."""

    missing: Sequence[str]
    """Characters that no font of this machine has; they are shown as boxes with their code."""
    hidden: Sequence[str]
    """Control characters and such, which draw nothing by nature; they are shown as boxes too."""
    crowded: Sequence[int] = ()
    """Numbers of the shots whose type became too small to read from a chair."""

    def sentences(self) -> list[str]:
        """The notes in words; none where all went well."""
        told = []
        if self.missing:
            told.append(
                f"No font on this machine has {_listed(self.missing)}: shown as boxes with the code. "
                "Install Noto fonts (with CJK and Color Emoji) to see them."
            )
        if self.hidden:
            told.append(
                f"The text has characters that cannot be seen, shown as boxes with the code: {_listed(self.hidden)}."
            )
        if self.crowded:
            shots = ", ".join(str(number) for number in self.crowded)
            told.append(f"So much text that it is set in very small type: shot {shots}.")
        return told


def _listed(characters: Sequence[str], most: int = 8) -> str:
    """The first few characters by their codes."""
    codes = ["+".join(map(code_label, character)) for character in characters[:most]]
    return ", ".join(codes) + (f" and {len(characters) - most} more" if len(characters) > most else "")
