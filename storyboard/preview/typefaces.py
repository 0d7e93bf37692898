"""The fonts of this machine, and for every character the first of them that can draw it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont, features

from storyboard.preview.charmap import FontTables, UnreadableFontError, read_tables
from storyboard.preview.clusters import code_points_needed, drawn_form, is_emoji
from storyboard.preview.errors import PreviewError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Raqm joins Arabic letters, places accents and builds emoji out of their parts.
_HAS_RAQM = bool(features.check("raqm"))

# (regular, bold) file names without ending, the one we like best first; then what fills their gaps.
_TEXT_PAIRS = (
    ("Inter-Regular", "Inter-SemiBold"),
    ("NotoSans-Regular", "NotoSans-Bold"),
    ("OpenSans-Regular", "OpenSans-Bold"),
    ("Roboto-Regular", "Roboto-Bold"),
    ("segoeui", "segoeuib"),
    ("HelveticaNeue", "HelveticaNeue"),
    ("Arial", "Arial Bold"),
    ("arial", "arialbd"),
    ("LiberationSans-Regular", "LiberationSans-Bold"),
    ("DejaVuSans", "DejaVuSans-Bold"),
    ("FreeSans", "FreeSansBold"),
)
_BOLD_FACE_IN_COLLECTION = {"HelveticaNeue": 1}
_EMOJI = ("NotoColorEmoji", "Apple Color Emoji", "seguiemj", "TwemojiMozilla", "NotoEmoji-Regular")
_EAST_ASIAN = (
    "NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "NotoSansCJKjp-Regular", "SourceHanSans-Regular",
    "Hiragino Sans GB", "ヒラギノ角ゴシック W3", "PingFang", "AppleSDGothicNeo", "msyh", "YuGothR", "meiryo", "malgun",
    "wqy-microhei", "wqy-zenhei", "DroidSansFallbackFull", "DroidSansFallback",
)  # fmt: skip
_BROAD = (
    "SFArabic", "SFHebrew", "GeezaPro", "tahoma", "DejaVuSans", "LiberationSans-Regular", "FreeSans", "Arial Unicode",
    "Apple Symbols", "seguisym", "Symbola", "unifont",
)  # fmt: skip
_NOT_FOR_GAPS = re.compile(
    r"bold|black|heavy|light|thin|medium|italic|oblique|condensed|cond|mono|lastresort", re.IGNORECASE
)
_OTHER_FONTS_AT_MOST = 400
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
# Fonts made of pictures hold one size, which Pillow has to be asked for.
_STRIKES = (109, 160, 128, 136, 96, 64, 72, 48, 32, 20)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of one font."""

    source: Path | None
    """The font's file, or None for the Latin face that comes with Pillow."""
    index: int
    tables: FontTables = field(repr=False)
    strike: int | None
    """The one size in pixels that a font of pictures holds; None where glyphs are outlines."""

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The face at `size` pixels an em."""
        return _load(self.source, self.index, self.strike or max(1, size))

    @property
    def shapes(self) -> bool:
        """Whether Pillow shapes this face's text; its own Latin face it lays out letter by letter."""
        return _HAS_RAQM and self.source is not None

    def draws(self, cluster: str) -> bool:
        """Whether the face has a glyph for all of the cluster."""
        return all(code in self.tables.charmap for code in code_points_needed(drawn_form(cluster)))


class Typefaces:
    """The faces for one storyboard; Chinese, Japanese and Korean shapes of the same code point go by its text."""

    def __init__(self, text: str) -> None:
        self._language = _east_asian_face(text)
        self._text = _text_faces()
        self._chosen: dict[str, Face | None] = {}

    @property
    def regular(self) -> Face:
        """The face of running text."""
        return self._text[0]

    @property
    def bold(self) -> Face:
        """The face of numbers and headings."""
        return self._text[1]

    def for_cluster(self, cluster: str) -> Face | None:
        """The face that draws the cluster, or None where no font of this machine can."""
        if cluster not in self._chosen:
            self._chosen[cluster] = next((face for face in self._candidates(cluster) if face.draws(cluster)), None)
        return self._chosen[cluster]

    def _candidates(self, cluster: str) -> Iterator[Face]:
        if is_emoji(cluster):
            yield from _named(_EMOJI)
        yield self.regular
        yield from _named(_EAST_ASIAN, self._language)
        yield from _others(noto=True)
        yield from _named(_BROAD)
        yield from _others(noto=False)
        yield from _named(_EMOJI)


def font_folders(environment: Mapping[str, str], platform: str) -> list[Path]:
    """Where fonts usually are on this kind of machine; some of the folders may not exist."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or "/")
    if platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        mine = [Path(local) / "Microsoft/Windows/Fonts"] if local else []
        return [Path(environment.get("WINDIR") or "C:/Windows") / "Fonts", *mine]
    data = environment.get("XDG_DATA_HOME", "")
    mine = [Path(data if os.path.isabs(data) else home / ".local/share") / "fonts", home / ".fonts"]
    shared = (environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return [
        *mine,
        *(Path(folder) / "fonts" for folder in shared if os.path.isabs(folder)),
        Path("/run/current-system/sw/share/X11/fonts"),
    ]


@cache
def built_in_face() -> Face:
    """Pillow's own Latin face."""
    font = _load(None, 0, 16)
    try:
        return Face(None, 0, read_tables(BytesIO(font.font_bytes)), None)
    except (AttributeError, UnreadableFontError) as error:
        raise PreviewError("No font was found. Install one, for example DejaVu Sans or Noto Sans.") from error


@cache
def _font_files() -> dict[str, Path]:
    """File name without ending to file; where a name comes twice, the first folder and path count."""
    found: dict[str, Path] = {}
    for folder in font_folders(os.environ, sys.platform):
        for place, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                if name.lower().endswith(_ENDINGS):
                    found.setdefault(name.rsplit(".", 1)[0], Path(place, name))
    return found


@cache
def _text_faces() -> tuple[Face, Face]:
    files = _font_files()
    for regular, bold in _TEXT_PAIRS:
        if regular in files and (face := _face(files[regular])):
            heavy = _face(files.get(bold, files[regular]), _BOLD_FACE_IN_COLLECTION.get(bold, 0))
            return face, heavy or face
    return built_in_face(), built_in_face()


def _named(names: tuple[str, ...], language: int = 0) -> Iterator[Face]:
    files = _font_files()
    for name in names:
        if name in files and (face := _face(files[name], language if name.startswith("NotoSansCJK-") else 0)):
            yield face


def _others(*, noto: bool) -> Iterator[Face]:
    """Every other upright, regular font, for scripts that the named ones lack."""
    names = [
        name for name in sorted(_font_files()) if name.startswith("NotoSans") == noto and not _NOT_FOR_GAPS.search(name)
    ]
    for name in names[:_OTHER_FONTS_AT_MOST]:
        if (face := _face(_font_files()[name])) and not face.strike:
            yield face


@cache
def _face(path: Path, index: int = 0) -> Face | None:
    """The face, or None where the file cannot be used."""
    try:
        with path.open("rb") as file:
            tables = read_tables(file, index)
        strike = _strike(path, index) if tables.bitmaps else None
    except (OSError, UnreadableFontError):
        return None
    return Face(path, index, tables, strike)


def _strike(path: Path, index: int) -> int:
    for size in _STRIKES:
        try:
            _load(path, index, size)
        except OSError:
            continue
        return size
    raise UnreadableFontError("none of the usual sizes is in it")


@lru_cache(maxsize=256)
def _load(source: Path | None, index: int, size: int) -> ImageFont.FreeTypeFont:
    if source is not None:
        return ImageFont.truetype(os.fspath(source), size, index)
    font = ImageFont.load_default(size)
    if isinstance(font, ImageFont.FreeTypeFont):
        return font
    raise PreviewError(
        "This Pillow was built without FreeType. Install it anew with: pip install --force-reinstall pillow"
    )


def _east_asian_face(text: str) -> int:
    """Which face of a pan-Asian collection suits the text: 0 Japanese, 1 Korean, 2 Chinese."""
    if any("\u3041" <= character <= "\u30ff" for character in text):
        return 0
    return 1 if any("\uac00" <= character <= "\ud7a3" for character in text) else 2
