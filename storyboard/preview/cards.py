"""One card of an animatic: which shot, how long, what is said, and where in the film it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from storyboard.preview.facts import clock, counted
from storyboard.preview.picture import dark_cover, decode, place_sharp
from storyboard.preview.plan import Plan, plan_card
from storyboard.preview.reading import parts_of, shot_size
from storyboard.preview.runs import unreadable
from storyboard.preview.shapes import draw_rounded
from storyboard.preview.timeline import Inks, draw_timeline
from storyboard.preview.typefaces import Typefaces
from storyboard.preview.typeset import Setting, fit_parts, set_line, whole_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.preview.runs import Colour

GROUND: Colour = (14, 17, 22)
INK: Colour = (238, 240, 243)
MUTED: Colour = (150, 158, 171)
FAINT: Colour = (122, 130, 144)
BLOCK: Colour = (42, 48, 59)
BANNER: Colour = (242, 180, 92)
# One a shot, of like brightness, so that a cut is seen from the corner of the eye.
ACCENTS: tuple[Colour, ...] = (
    (242, 180, 92),
    (92, 200, 181),
    (240, 131, 111),
    (127, 178, 245),
    (165, 207, 107),
    (187, 160, 242),
)


# From the top of a line to the top of its capitals, in ems.
_CAPS_BELOW_TOP = 0.3


@dataclass(frozen=True, slots=True)
class CardShot:
    """What a card says of its shot; `start` and `seconds` are whole seconds of the film."""

    number: int
    start: int
    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A drawn card, and the size in pixels in which its text could be set."""

    image: Image.Image
    type_size: int


class CardPainter:
    """Draws the cards of one storyboard, all in one size."""

    def __init__(
        self, shots: Sequence[CardShot], *, size: tuple[int, int], title: str, banner: str, first_frame: bytes | None
    ) -> None:
        """Prepare what the cards share; raises PreviewError for a first frame that cannot be decoded."""
        self._shots = shots
        self.size = size
        self._title = title
        self._banner = banner
        self._typefaces = Typefaces("".join((title, *(shot.text for shot in shots))))
        self._picture = decode(first_frame, size) if first_frame is not None else None
        self._ground = dark_cover(self._picture, size, GROUND) if self._picture else Image.new("RGB", size, GROUND)

    def plan(self, place: int) -> Plan:
        """Where things stand on the card of the shot at this place, counted from 0."""
        return plan_card(*self.size, picture=self._picture is not None and place == 0)

    def draw(self, place: int) -> Card:
        """The card of the shot at this place, counted from 0, without a playhead."""
        plan, shot = self.plan(place), self._shots[place]
        accent = ACCENTS[place % len(ACCENTS)]
        canvas = self._ground.copy()
        self._draw_header(canvas, plan)
        self._draw_number(canvas, plan, shot, accent)
        self._draw_facts(canvas, plan, shot, accent)
        if self._picture and plan.picture:
            place_sharp(canvas, self._picture, plan.picture, plan.px(0.8))
        setting = self._draw_text(canvas, plan, shot.text, accent)
        inks = Inks(BLOCK, MUTED, FAINT, accent, GROUND)
        lengths = [(each.number, each.seconds) for each in self._shots]
        draw_timeline(canvas, plan, lengths, place, inks=inks, typefaces=self._typefaces)
        return Card(canvas, setting.size)

    def unreadable(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of all cards, what `storyboard.preview.runs.unreadable` finds."""
        return unreadable((self._title, self._banner, *(shot.text for shot in self._shots)), self._typefaces)

    def _draw_header(self, canvas: Image.Image, plan: Plan) -> None:
        box = plan.header
        room = float(box.width)
        if self._banner:
            mark = set_line(self._banner, self._typefaces, width=box.width * 0.62, size=plan.px(1.7), heavy=True)
            padding = plan.px(1.3)
            pill = box.split_left(round(box.width - mark.width - 2 * padding), 0)[1]
            draw_rounded(canvas, pill, pill.height // 2, BANNER, outline=0.18 * plan.unit)
            mark.paint(canvas, pill.left + padding, box.top + (box.height - mark.height) / 2, mark.width, BANNER)
            room = pill.left - box.left - plan.px(3)
        title = set_line(self._title, self._typefaces, width=room, size=plan.px(2.1))
        title.paint(canvas, box.left, box.top + (box.height - title.height) / 2, title.width, MUTED)

    def _draw_number(self, canvas: Image.Image, plan: Plan, shot: CardShot, accent: Colour) -> None:
        """The number, as large as its box, its ink flush with the box's left and top."""
        box, digits = plan.number, str(shot.number)
        _, top, right, bottom = self._typefaces.bold.at(1000).getbbox(digits, anchor="ls")
        font = self._typefaces.bold.at(int(1000 * min(box.height / (bottom - top), box.width / right)))
        mask = Image.new("L", (2 * box.width, 2 * box.height))
        ImageDraw.Draw(mask).text((box.width // 2, box.height // 2), digits, fill=255, font=font, anchor="lt")
        if ink := mask.getbbox():
            canvas.paste(accent, (box.left, box.top), mask.crop(ink))

    def _draw_facts(self, canvas: Image.Image, plan: Plan, shot: CardShot, accent: Colour) -> None:
        box = plan.facts
        dash = "–" if self._typefaces.regular.draws("–") else "-"
        top = box.top - _CAPS_BELOW_TOP * plan.px(3.4)
        framing = shot_size(shot.text)
        for words, size, ink, heavy in (
            (counted(shot.seconds, "second"), plan.px(3.4), INK, True),
            (framing or f"shot {shot.number} of {len(self._shots)}", plan.px(2.4), accent if framing else MUTED, False),
            (f"{clock(shot.start)} {dash} {clock(shot.start + shot.seconds)}", plan.px(2.2), MUTED, False),
        ):
            line = whole_line(words, self._typefaces, width=box.width, size=size, heavy=heavy)
            line.paint(canvas, box.left, top, line.width, ink)
            top += line.height * 1.02

    def _draw_text(self, canvas: Image.Image, plan: Plan, text: str, accent: Colour) -> Setting:
        box = plan.text
        setting = fit_parts(
            parts_of(text),
            self._typefaces,
            width=box.width,
            height=box.height,
            largest=plan.px(5.2),
            comfortable=plan.px(2.4),
        )
        # Capitals start where the number starts; taller ink may use the gap above.
        setting.paint(canvas, box.left, box.top - _CAPS_BELOW_TOP * setting.size, box.width, INK, spoken=accent)
        return setting
