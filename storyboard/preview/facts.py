"""A board's facts in words, as every kind of sheet says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.compiler.price import dollars

if TYPE_CHECKING:
    from storyboard.preview.boards import Board


# One a shot in the hues of the animatic's cards, dark enough to be read on paper.
ACCENTS: tuple[tuple[int, int, int], ...] = (
    (176, 104, 0),
    (0, 122, 107),
    (188, 66, 44),
    (38, 98, 186),
    (72, 120, 18),
    (114, 78, 188),
)


def facts_of(board: Board) -> list[str]:
    """Length, shots, format, takes and price."""
    size = f"{board.width}×{board.height}"
    return [
        counted(board.seconds, "second"),
        counted(len(board.shots), "shot"),
        size if board.first_frame is not None else f"{board.ratio}, {size}",
        board.resolution,
        counted(board.takes, "take"),
        f"{dollars(board.price)} by the list",
    ]


def columns_of(board: Board) -> int:
    """How many shots stand side by side."""
    return {1: 1, 2: 2, 4: 4 if board.width > board.height else 2}.get(len(board.shots), 3)


def counted(number: int, word: str) -> str:
    """`1 shot`, `2 shots`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def sections_of(board: Board) -> list[tuple[str, list[tuple[str, str]]]]:
    """Cast, look and what should not be seen, as headings with labelled texts; those that say something."""
    sections = [
        ("Cast", [(f"@{name}", text) for name, text in board.cast.items()]),
        ("Look", [("in every shot", board.look)] if board.look else []),
        ("Not to be seen", [("negative prompt", board.negative)] if board.negative else []),
    ]
    return [section for section in sections if section[1]]


def clock(seconds: int) -> str:
    """Whole seconds as minutes and seconds, such as 0:07."""
    return f"{seconds // 60}:{seconds % 60:02d}"
