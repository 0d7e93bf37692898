"""Text as the units a reader sees: a letter and its accents, an emoji and its parts, a character shown as its code."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

_ZERO_WIDTH_JOINER = "\u200d"
_JOINERS = "\u200c\u200d"
_SPACE_TO_BREAK_AT = "\u200b"
_DIRECTION_MARKS = "\u200e\u200f\u061c"
# Letters, signs and marks that draw nothing (Unicode's Default_Ignorable_Code_Point, and the blank braille cell).
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_MARKS = frozenset(("Mn", "Me", "Mc"))
_SYMBOLS = frozenset(("So", "Sm"))
# Enough for Hebrew with vowels and cantillation, few enough that stacked accents cannot climb over the card.
_STACKED_MARKS_AT_MOST = 4
# The longest emoji in use, a family of four with skin tones, has eleven.
_CLUSTER_AT_MOST = 12


def split_clusters(text: str) -> list[str]:
    """The text in units that are drawn as one; joined again they are the text."""
    clusters: list[str] = []
    for character in text:
        if clusters and _extends(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def is_space(cluster: str) -> bool:
    """Whether the cluster is white space of any width."""
    return category(cluster[0]) in {"Zs", "Zl", "Zp"} or cluster in "\t\n\r\v\f\x85"


def is_silent(cluster: str) -> bool:
    """Whether the cluster is there to guide the layout and has nothing to show."""
    return cluster in _DIRECTION_MARKS or cluster == _SPACE_TO_BREAK_AT


def is_hidden(cluster: str) -> bool:
    """Whether the cluster would draw nothing, or steer others, so that a reader must be shown its code instead."""
    if is_space(cluster) or is_silent(cluster):
        return False
    return category(cluster[0]) in {"Cc", "Cf", "Cs"} or all(character in _BLANK_LETTERS for character in cluster)


def is_emoji(cluster: str) -> bool:
    """Whether the cluster is meant as a coloured picture rather than as text."""
    if "\ufe0e" in cluster:
        return False
    return "\ufe0f" in cluster or _is_flag_letter(cluster[0]) or _is_picture(cluster[0])


def drawn_form(cluster: str) -> str:
    """What to draw for the cluster: a mark that has lost its letter gets a dotted circle to sit on."""
    return "\u25cc" + cluster if category(cluster[0]) in _MARKS else cluster


def code_points_needed(cluster: str) -> list[int]:
    """The code points that a font must have to draw the cluster."""
    return [ord(character) for character in cluster if not _needs_no_glyph(character)]


def code_label(character: str) -> str:
    """The character's name in code, such as U+65E5."""
    return f"U+{ord(character):04X}"


def _extends(cluster: str, character: str) -> bool:
    if len(cluster) >= _CLUSTER_AT_MOST or category(cluster[0])[0] in "ZC":
        return False
    return (
        character in _JOINERS
        or _stacks(cluster, character)
        or _builds_emoji(cluster, character)
        or _builds_syllable(cluster, character)
    )


def _stacks(cluster: str, character: str) -> bool:
    if category(character) not in _MARKS:
        return False
    return not combining(character) or sum(map(bool, map(combining, cluster))) < _STACKED_MARKS_AT_MOST


def _builds_emoji(cluster: str, character: str) -> bool:
    if _is_flag_letter(character):
        return len(cluster) == 1 and _is_flag_letter(cluster)
    if "\U000e0020" <= character <= "\U000e007f":
        return cluster[0] == "\U0001f3f4"
    joined = cluster[-1] == _ZERO_WIDTH_JOINER and category(character) in _SYMBOLS
    tinted = "\U0001f3fb" <= character <= "\U0001f3ff"
    return (joined or tinted) and category(cluster[0]) in _SYMBOLS


def _builds_syllable(cluster: str, character: str) -> bool:
    """Korean letters that are written one by one and shown as one block."""
    last = cluster[-1]
    return "\u1160" < character <= "\u11ff" and ("\u1100" <= last <= "\u11ff" or "\uac00" <= last <= "\ud7a3")


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_picture(character: str) -> bool:
    # Every character with emoji presentation is wide (UAX 11), and so are no other symbols at these places.
    code = ord(character)
    return (0x2300 <= code < 0x2C00 or code >= 0x1F000) and east_asian_width(character) == "W"


def _needs_no_glyph(character: str) -> bool:
    return (
        character in _JOINERS
        or character in _BLANK_LETTERS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0020" <= character <= "\U000e01ef"
    )
