"""The HTML sheet: everything a stranger wrote is text, and the page can neither load nor run anything."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

from PIL import Image

from storyboard.preview.style import STYLE
from storyboard.preview.web import page_of
from tests.preview.boards import HOSTILE, board_of, plain_board

ELEMENTS = "html head meta title style body article h1 h2 div span ol li section b strong img svg path text p dl dt dd"
ATTRIBUTES = "lang charset http-equiv content name class dir src alt viewbox role d x y font-size text-anchor"


class Page(HTMLParser):
    """Every element and every text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.texts.append(data)


def test_nothing_a_stranger_wrote_is_markup() -> None:
    """Only elements and attributes of ours, and no address but pictures in the page itself."""
    page = Page(page_of([board_of(HOSTILE)]))
    assert set(page.tags) <= set(ELEMENTS.split())
    assert {name for name, _ in page.attributes} <= set(ATTRIBUTES.split())
    assert all(value.startswith("data:image/jpeg;base64,") for name, value in page.attributes if name == "src")


def test_all_of_it_is_there_as_text() -> None:
    """Title, compiled texts, notes, cast, look: whole and in reading order, right-to-left and emoji included."""
    board = board_of(HOSTILE)
    said = re.sub(r"\s+", "", "".join(Page(page_of([board])).texts)).replace("\u25cc", "")
    wanted = [board.title, board.look, board.negative, *board.cast.values()]
    wanted += [text for shot in board.shots for text in (shot.text, shot.note)]
    assert [text for text in wanted if re.sub(r"\s+", "", text) not in said] == []


def test_the_policy_forbids_everything_else() -> None:
    """No scripts, no loads; the one style is named by its digest."""
    page = Page(page_of([plain_board(2)]))
    (policy,) = [value for _, value in page.attributes if value.startswith("default-src")]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_what_cannot_be_seen_is_shown_as_its_code() -> None:
    """Marks that turn the writing direction, which no check lets through, would be shown and not obeyed."""
    board = plain_board(2)
    page = page_of([replace(board, title="a\u202eb\x1bc")])
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert '<span class="code">U+202E</span>' in page
    assert "<title>aU+202EbU+001Bc</title>" in page


def test_the_picture_leaves_its_secrets_behind() -> None:
    """A photo's place and camera are not sent along; it is no larger than a page needs."""
    photo, file = Image.new("RGB", (2000, 1500), (200, 30, 30)), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    photo.save(file, "JPEG", exif=exif)
    board = board_of(HOSTILE)
    framed = replace(board, first_frame=file.getvalue())
    (uri, *others) = [value for name, value in Page(page_of([framed])).attributes if name == "src"]
    data = b64decode(uri.partition(",")[2])
    assert set(others) == {uri}
    assert b"SecretCamera" not in data
    with Image.open(BytesIO(data)) as image:
        assert max(image.size) == 1280


def test_several_boards_follow_one_another() -> None:
    """One article each."""
    page = Page(page_of([plain_board(2), board_of(HOSTILE)]))
    assert page.tags.count("article") == 2
    assert page.tags.count("section") == 8
