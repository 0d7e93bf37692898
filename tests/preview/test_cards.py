"""The card: all of the text is on it, whatever the text is, in every aspect."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from storyboard.preview import typefaces as fonts
from storyboard.preview.cards import CardPainter, CardShot
from storyboard.preview.clusters import is_silent, is_space, split_clusters
from storyboard.preview.direction import in_visual_order, is_right_to_left, levels
from storyboard.preview.notes import RenderNotes
from storyboard.preview.plan import Plan, plan_card
from storyboard.preview.reading import Part
from storyboard.preview.runs import readable_clusters
from storyboard.preview.typefaces import Typefaces, font_folders
from storyboard.preview.typeset import Setting, fit_parts, set_line, whole_line

SIZES = [(1280, 720), (960, 960), (720, 1280)]
ARABIC, HEBREW = "السلام عليكم يا صديقي", "הים רוגש והשומר עולה"
HOSTILE = {
    "512 wide letters": "W" * 512,
    "512 East Asian letters": "語" * 512,
    "512 emoji": "👩‍🚀" * 128 + "😀" * 128,
    "the widest letter there is": "﷽" * 512,
    "right to left": (ARABIC + " ") * 24,
    "both directions": f"{HEBREW} (Ishmael) 12:30 " * 14,
    "stacked accents": "a" + "\u0301" * 511,
    "nothing but accents": "\u0301" * 512,
    "nothing to see": "\u3164" * 512,
    "controls": "\x00\x1b\u202e\u2066" * 128,
    "half a surrogate pair": "\ud800" * 512,
    "markup": "<b>&amp;{{x}}</b>`*_[a](b)\\n%s$1" * 16,
    "one long address": "https://example.com/" + "abc-" * 123,
    "a prompt": "A lighthouse keeper climbs the stairs with a lamp. " * 10,
}


def fit(text: str, faces: Typefaces, **box: int) -> Setting:
    """The text set in a box, nobody speaking."""
    return fit_parts([Part(text, spoken=False)], faces, **box)


def painter(text: str, size: tuple[int, int] = (1280, 720), first_frame: bytes | None = None) -> CardPainter:
    """The cards of a film of two shots, of which the first has this text."""
    shots = (CardShot(1, 0, 3, text), CardShot(2, 3, 4, "Rain."))
    return CardPainter(shots, size=size, title="Winter", banner="SANDBOX", first_frame=first_frame)


def ink_beyond(image: Image.Image, plan: Plan) -> tuple[int, int, int, int] | None:
    """Where there is ink right of the text's box or between it and the timeline."""
    gap = plan.px(1.4)
    right = image.crop((plan.text.right + 1, plan.header.bottom + 1, image.width, plan.timeline.top - gap))
    below = image.crop((plan.text.left, plan.text.bottom + gap, image.width, plan.timeline.top - gap))
    for part in (right, below):
        plain = Image.new("RGB", part.size, image.getpixel((2, 2)))
        if box := ImageChops.difference(part, plain).getbbox():
            return box
    return None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_whole_text_is_set_inside_its_box(size: tuple[int, int], text: str) -> None:
    """Every character is set, no line is wider and all lines are no taller than the box, in every aspect."""
    plan, faces = plan_card(*size, picture=False), Typefaces(text)
    box = plan.text
    setting = fit(text, faces, width=box.width, height=box.height, largest=plan.px(5.2), comfortable=plan.px(2.4))
    assert setting.width <= box.width
    assert setting.height <= box.height
    shown = "".join(sorted("".join(run.text for line in setting.lines for run in line.runs)))
    wanted = sorted(c for each in readable_clusters(text, faces) if not is_space(each) for c in each)
    assert shown.replace(" ", "").replace("\u25cc", "") == "".join(wanted).replace("\u25cc", "")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_ink_leaves_the_box(text: str) -> None:
    """On the drawn card nothing stands right of the text's box or between it and the timeline."""
    card = painter(text, (640, 480)).draw(0)
    assert ink_beyond(card.image, plan_card(640, 480, picture=False)) is None


def test_type_shrinks_only_as_far_as_needed() -> None:
    """A short text stands in the largest type; 512 wide letters are still legible at 720p."""
    assert painter("Snow.").draw(0).type_size == 52
    assert painter("W" * 512).draw(0).type_size >= 18


def test_words_stay_whole_where_they_can() -> None:
    """Lines break at spaces; only a word longer than a line is broken."""
    faces = Typefaces("")
    whole = fit("a lighthouse keeper walks over rocks", faces, width=200, height=400, largest=40, comfortable=10)
    lines = ["".join(run.text for run in line.runs) for line in whole.lines]
    assert " ".join(lines) == "a lighthouse keeper walks over rocks"
    broken = fit("Donaudampfschifffahrtsgesellschaft", faces, width=100, height=400, largest=40, comfortable=20)
    assert len(broken.lines) > 1


def test_characters_without_a_glyph_are_reported() -> None:
    """What no font has is named, so that a caller can say so; what can be drawn is not."""
    missing, hidden = painter("Snow \U0010fffd and \u202e.").unreadable()
    assert missing == ("\U0010fffd",)
    assert hidden == ("\u202e",)
    told = RenderNotes(missing, hidden).sentences()
    assert "U+10FFFD" in told[0]
    assert "U+202E" in told[1]


def test_a_machine_without_fonts_still_gets_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's own Latin face draws what it can, and the rest is shown as codes and reported."""
    monkeypatch.setattr(fonts, "_font_files", dict)
    monkeypatch.setattr(fonts, "_text_faces", lambda: (fonts.built_in_face(), fonts.built_in_face()))
    bare = painter("Snow. " + HEBREW)
    assert bare.draw(0).type_size > 20
    assert set(HEBREW.replace(" ", "")) == set(bare.unreadable()[0])


def test_the_picture_is_turned_as_its_camera_says() -> None:
    """A photo with an orientation in its EXIF data is shown upright."""
    photo, file = Image.new("RGB", (400, 300), (0, 0, 255)), BytesIO()
    photo.paste((255, 0, 0), (0, 0, 200, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(file, "JPEG", exif=exif)
    box = plan_card(720, 1280, picture=True).picture
    assert box is not None
    image = painter("x", (720, 1280), file.getvalue()).draw(0).image
    top, bottom = image.getpixel((box.right - 60, box.top + 30)), image.getpixel((box.right - 60, box.top + 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


@pytest.mark.parametrize("size", [*SIZES, (240, 600)])
@pytest.mark.parametrize("framed", [True, False])
def test_the_facts_are_never_shortened(size: tuple[int, int], framed: bool) -> None:
    """Seconds fit beside or below the number in every aspect, in smaller type if need be."""
    plan = plan_card(*size, picture=framed)
    line = whole_line("15 seconds", Typefaces(""), width=plan.facts.width, size=plan.px(3.4), heavy=True)
    assert line.width <= plan.facts.width
    assert "".join(run.text for run in line.lines[0].runs) == "15 seconds"


def test_a_line_too_long_ends_in_an_ellipsis() -> None:
    """A title that does not fit its line says so."""
    line = set_line("A title that goes on and on", Typefaces(""), width=120, size=20)
    assert line.width <= 120
    assert line.lines[0].runs[-1].text.endswith("…")


@given(st.text())
def test_clusters_joined_are_the_text(text: str) -> None:
    """Nothing is lost or added when a text is cut into clusters."""
    assert "".join(split_clusters(text)) == text


@given(st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_text_can_be_set(text: str) -> None:
    """No text is too strange: it is set within its box, with all that can be seen of it."""
    setting = fit(text, Typefaces(text), width=300, height=200, largest=24, comfortable=12)
    assert setting.width <= 300
    assert setting.height <= 200
    visible = [each for each in split_clusters(text) if not is_space(each) and not is_silent(each)]
    assert bool(visible) == any(run.text.strip() for line in setting.lines for run in line.runs)


@pytest.mark.parametrize(
    ("cluster_text", "count"),
    [("é", 1), ("e\u0301", 1), ("👩‍👩‍👧‍👦", 1), ("👋🏽", 1), ("🇯🇵🇫🇷", 2), ("각", 1), ("ab", 2)],
)
def test_what_a_reader_sees_as_one_is_one(cluster_text: str, count: int) -> None:
    """Accents, skin tones, families, flags and Korean blocks are not taken apart."""
    assert len(split_clusters(cluster_text)) == count


def test_right_to_left_text_stands_in_reading_order() -> None:
    """In a Hebrew line the first word is rightmost, and a number or Latin name within keeps its own order."""
    text = "אב 12 cd גד"
    assert is_right_to_left(text)
    seen = "".join(in_visual_order(list(text), levels(list(text), right_to_left=True)))
    assert seen == "דג cd 12 בא"


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"HOME": "/home/me"}, "/home/me/.local/share/fonts"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/fonts"),
        ("darwin", {"HOME": "/Users/me"}, "/Users/me/Library/Fonts"),
        ("win32", {"WINDIR": "C:/Windows"}, "C:/Windows/Fonts"),
    ],
)
def test_fonts_are_looked_for_where_each_system_keeps_them(
    platform: str, environment: dict[str, str], folder: str
) -> None:
    """Each system's own folders and the person's are searched."""
    assert folder in [each.as_posix() for each in font_folders(environment, platform)]
