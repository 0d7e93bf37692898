"""The sheet as one HTML page: it loads nothing, runs nothing, its text can be selected, and it prints."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from storyboard.disk import refuse_read_only
from storyboard.preview.clusters import code_label, drawn_form, is_hidden, split_clusters
from storyboard.preview.errors import missing_extra
from storyboard.preview.facts import ACCENTS, clock, columns_of, counted, facts_of, sections_of
from storyboard.preview.files import SHEET_MARK
from storyboard.preview.reading import parts_of
from storyboard.preview.style import STYLE
from storyboard.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from storyboard.preview.boards import Board, BoardShot

_PICTURE_SIDE = 1280


def write_html(boards: Sequence[Board], target: Path) -> None:
    """Write the page. Raises PreviewError where a first frame needs Pillow and it is missing, or cannot be decoded."""
    refuse_read_only(target)
    page = page_of(boards).encode("utf-8", "backslashreplace")
    with replacing(target, lambda: refuse_read_only(target)) as stream:
        stream.write(page)


def page_of(boards: Sequence[Board]) -> str:
    """The page as text; the same boards give the same page."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    # Should a text ever escape its place: a page without scripts, loads, forms and frames can do nothing with it.
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = boards[0].title if len(boards) == 1 else f"{len(boards)} storyboards"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f'<meta name="generator" content="{SHEET_MARK}">',
            f"<title>{_plain(title)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            *(line for board in boards for line in _article(board)),
            "</body>",
            "</html>",
            "",
        )
    )


def _article(board: Board) -> Iterator[str]:
    picture = _data_uri(board)
    yield "<article>"
    yield f'<h1 dir="auto">{_text(board.title)}</h1>'
    yield '<div class="facts">' + "".join(f"<span>{escape(fact)}</span>" for fact in facts_of(board))
    yield f'<span class="model">{escape(board.model)}</span></div>'
    yield '<ol class="strip">'
    for shot in board.shots:
        yield f'<li class="{_colour(shot)} s{shot.seconds}"><b>{shot.number}</b><span>{shot.seconds} s</span></li>'
    yield "</ol>"
    if board.first_frame_elsewhere:
        yield f'<p class="note">The first frame is {escape(board.first_frame_elsewhere)}; it is not shown here.</p>'
    kind = "wide" if board.width > board.height else "narrow"
    yield f'<div class="shots {kind} n{columns_of(board)}">'
    for shot in board.shots:
        yield from _shot(board, shot, picture)
    yield "</div>"
    for heading, rows in sections_of(board):
        yield f"<h2>{escape(heading)}</h2>"
        yield "<dl>"
        for label, text in rows:
            yield f'<dt dir="auto">{_text(label)}</dt><dd dir="auto">{_text(text)}</dd>'
        yield "</dl>"
    yield "</article>"


def _shot(board: Board, shot: BoardShot, picture: str) -> Iterator[str]:
    times = f"{clock(shot.start)} – {clock(shot.start + shot.seconds)}"
    yield f'<section class="shot {_colour(shot)}">'
    yield f'<div class="head"><b>{shot.number}</b> <strong>{counted(shot.seconds, "second")}</strong>'
    if picture and shot.number == 1 and shot.size:
        yield f'<span class="size">{escape(shot.size)}</span>'
    yield f'<span class="time">{times}</span></div>'
    yield _frame(board, shot, picture)
    yield "<div>"
    for part in parts_of(shot.text):
        spoken = ' class="said"' if part.spoken else ""
        yield f'<p dir="auto"{spoken}>{_text(part.text)}</p>'
    if shot.note:
        yield f'<p class="note" dir="auto">Note: {_text(shot.note)}</p>'
    yield "</div>"
    yield "</section>"


def _frame(board: Board, shot: BoardShot, picture: str) -> str:
    if picture and shot.number == 1:
        return f'<div class="frame"><img src="{picture}" alt="The first frame"></div>'
    width, height = 100, round(100 * board.height / board.width, 2)
    inset, arm = min(width, height) * 0.1, min(width, height) * 0.13
    corners = []
    for x, way_x in ((inset, 1), (width - inset, -1)):
        for y, way_y in ((inset, 1), (height - inset, -1)):
            corners.append(f"M{x + way_x * arm:.2f} {y:.2f}H{x:.2f}V{y + way_y * arm:.2f}")
    crosses = [f"M{width * x / 3 - 1.5:.2f} {height * y / 3:.2f}h3m-1.5 -1.5v3" for x in (1, 2) for y in (1, 2)]
    # The width of bold letters is somewhat over half their height; the label has to fit between the corners.
    type_size = min(6.4 if width > height else 12.0, 78 / (0.58 * max(1, len(shot.size))))
    soft = f'<img class="soft" src="{picture}" alt="">' if picture else ""
    return (
        f'<div class="frame">{soft}<svg viewBox="0 0 {width} {height}" role="img">'
        f'<path class="thirds" d="{"".join(crosses)}"/><path d="{"".join(corners)}"/>'
        f'<text x="50" y="{height / 2 + type_size / 3:.2f}" font-size="{type_size:.2f}" text-anchor="middle">'
        f"{escape(shot.size)}</text></svg></div>"
    )


def _colour(shot: BoardShot) -> str:
    return f"c{(shot.number - 1) % len(ACCENTS)}"


def _text(text: str) -> str:
    """The text escaped; what cannot be seen, or would turn or hide what follows, as its code."""
    pieces = []
    for cluster in split_clusters(text):
        if is_hidden(cluster):
            pieces += [f'<span class="code">{code_label(character)}</span>' for character in cluster]
        else:
            pieces.append(escape(drawn_form(cluster)))
    return "".join(pieces)


def _plain(text: str) -> str:
    """The same for where no elements can stand."""
    return escape("".join(code_label(each[0]) if is_hidden(each) else each for each in split_clusters(text)))


def _data_uri(board: Board) -> str:
    """The first frame, smaller and without what its camera wrote into it; empty without one."""
    if board.first_frame is None:
        return ""
    from io import BytesIO

    try:
        from storyboard.preview.picture import decode
    except ImportError as error:
        raise missing_extra(error) from error
    file = BytesIO()
    decode(board.first_frame, (_PICTURE_SIDE, _PICTURE_SIDE)).save(file, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}"
