"""Lines out of words: where a text may break, and the largest type in which its lines fit a box; all widths in ems."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

from storyboard.preview.clusters import is_space
from storyboard.preview.runs import Extent, measure, readable_clusters, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.preview.typefaces import Typefaces

_LINE_HEIGHT = 1.4
_ASCENT = 1.04
_GAP_BETWEEN_INKS = 0.12
_BALANCED_LINES_AT_MOST = 4
# East Asian text may break anywhere but before these signs, small kana and closing punctuation, or after what opens.
_NEVER_FIRST = frozenset("、。，．・：；？！ー～々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ")
_CLOSING = frozenset(("Pe", "Pf", "Po"))
_OPENING = frozenset(("Ps", "Pi"))
_BREAK_AFTER = frozenset("\u200b-‐–—/")


@dataclass(frozen=True, slots=True)
class Word:
    """Clusters that stay on one line if they can."""

    clusters: tuple[str, ...]
    extent: Extent
    after_space: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text ready to be broken into lines of any width."""

    words: tuple[Word, ...]
    typefaces: Typefaces
    widths: dict[str, float] = field(default_factory=dict)
    """Of single clusters, measured when a word has to be broken."""

    def width_of(self, cluster: str) -> float:
        """A cluster's width by itself, in ems."""
        if cluster not in self.widths:
            self.widths[cluster] = measure(runs_of(cluster, [cluster], self.typefaces)).width
        return self.widths[cluster]

    def lines(self, width: float, *, breaking: bool) -> list[tuple[str, ...]] | None:
        """The clusters of each line; None if a word is wider than `width` and may not be broken."""
        broken = self._broken(width, breaking=breaking)
        return None if broken is None else [clusters for clusters, _ in broken]

    def height(self, width: float, *, breaking: bool) -> float | None:
        """Of all lines together; None where `lines` has none."""
        broken = self._broken(width, breaking=breaking)
        return None if broken is None else sum(line_height(extent) for _, extent in broken)

    def _broken(self, width: float, *, breaking: bool) -> list[tuple[tuple[str, ...], Extent]] | None:
        lines: list[tuple[tuple[str, ...], Extent]] = []
        clusters: tuple[str, ...] = ()
        extent = Extent(0, 0, 0)
        for word in self.words:
            if word.extent.width > width and not breaking:
                return None
            gap = self.width_of(" ") if word.after_space and clusters else 0.0
            for part, size in (
                [(word.clusters, word.extent)] if word.extent.width <= width else self._split(word, width)
            ):
                if clusters and extent.width + gap + size.width > width:
                    lines.append((clusters, extent))
                    clusters, extent, gap = (), Extent(0, 0, 0), 0.0
                clusters += ((" ",) if gap else ()) + part
                extent = _joined(extent, size, gap)
                gap = 0.0
        return [*lines, (clusters, extent)]

    def _split(self, word: Word, width: float) -> Iterator[tuple[tuple[str, ...], Extent]]:
        """Parts of a word, each as wide as a line at most if a single cluster is not wider already."""
        part: tuple[str, ...] = ()
        used = 0.0
        for cluster in word.clusters:
            own = self.width_of(cluster)
            if part and used + own > width:
                yield part, Extent(used, word.extent.above, word.extent.below)
                part, used = (), 0.0
            part += (cluster,)
            used += own
        yield part, Extent(used, word.extent.above, word.extent.below)


@dataclass(frozen=True, slots=True)
class Column:
    """Paragraphs one above the other, some of them set in from the side; lengths in ems."""

    paragraphs: tuple[tuple[Paragraph, float], ...]
    """Each with how far it is set in."""
    gap: float
    """Between two paragraphs."""

    def height(self, width: float, *, breaking: bool) -> float | None:
        """Of the whole; None where a word does not fit and may not be broken."""
        heights = [each.height(width - inset, breaking=breaking) for each, inset in self.paragraphs]
        known = [height for height in heights if height is not None]
        return sum(known) + self.gap * max(0, len(known) - 1) if len(known) == len(heights) else None


def paragraph(text: str, typefaces: Typefaces) -> Paragraph:
    """The text cut into words and measured; every run of white space counts as one space."""
    words: list[Word] = []
    after_space = False
    for is_gap, group in groupby(readable_clusters(text, typefaces), is_space):
        for place, piece in enumerate(() if is_gap else _pieces(list(group))):
            extent = measure(runs_of("".join(piece), piece, typefaces))
            words.append(Word(tuple(piece), extent, after_space and place == 0))
        after_space = is_gap
    return Paragraph(tuple(words), typefaces)


def largest_size(content: Column, width: int, height: int, sizes: range, *, breaking: bool) -> int | None:
    """The largest of `sizes` in which the column fits a box in pixels; None if it fits in none."""
    low, high = sizes.start, sizes.stop
    while low < high:
        size = (low + high) // 2
        ems = content.height(width / size, breaking=breaking)
        if ems is None or ems * size > height:
            high = size
        else:
            low = size + 1
    return low - 1 if low > sizes.start else None


def balanced_lines(content: Paragraph, width: float, *, breaking: bool) -> list[tuple[str, ...]]:
    """Lines of at most `width`; a few of them are made about equally long."""
    best = content.lines(width, breaking=breaking) or []
    if not 1 < len(best) <= _BALANCED_LINES_AT_MOST:
        return best
    for percent in range(98, 40, -2):
        narrower = content.lines(width * percent / 100, breaking=False)
        if narrower is None or len(narrower) > len(best):
            break
        best = narrower
    return best


def ascent(extent: Extent) -> float:
    """From the top of a line to its baseline, in ems."""
    return max(_ASCENT, extent.above + _GAP_BETWEEN_INKS / 2)


def line_height(extent: Extent) -> float:
    """From the top of a line to the top of the next, in ems; tall scripts and stacked accents get what they need."""
    return max(_LINE_HEIGHT, ascent(extent) + extent.below + _GAP_BETWEEN_INKS / 2)


def _pieces(clusters: Sequence[str]) -> Iterator[list[str]]:
    """The stretches of a word between the places where it may break without a hyphen."""
    piece: list[str] = []
    for cluster in clusters:
        if piece and _may_break(piece[-1], cluster):
            yield piece
            piece = []
        piece.append(cluster)
    yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or category(after[0]) in _CLOSING or category(before[0]) in _OPENING:
        return False
    return before in _BREAK_AFTER or _is_wide(before) or _is_wide(after)


def _is_wide(cluster: str) -> bool:
    return east_asian_width(cluster[0]) in {"W", "F"}


def _joined(line: Extent, word: Extent, gap: float) -> Extent:
    return Extent(line.width + gap + word.width, max(line.above, word.above), max(line.below, word.below))
