"""What hides from the eye though a storyboard may compile with it: SB247, and names that look alike: SB248."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import name as name_of

from storyboard.checks.characters import STRAY_CHARACTERS, hidden_characters, long_blanks, stray_characters
from storyboard.checks.diagnostic import Finding, Fix
from storyboard.normal_forms import normalized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.draft import Draft

_NAMES_LOOKED_AT = 200
_FINDINGS_AT_MOST = 20
_BLANKS = re.compile(r"\s{40,}")

# Alphabets whose letters look like those of another one: a name is written in one of them.
_ALPHABETS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "DESERET"))
_ALIKE = {
    **str.maketrans(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u051b\u051d\u04bb\u04cf", "aeopcyxijsqwhl"
    ),  # Cyrillic
    **str.maketrans("\u0475\u0501\u043a", "vdk"),  # Cyrillic
    **str.maketrans(
        "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423", "ABESlJKMHOPCTY"
    ),  # Cyrillic capitals
    **str.maketrans("\u0425\u050c\u051a\u051c\u0474", "XGQWV"),  # Cyrillic capitals
    **str.maketrans("\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c5\u03c7\u03b3", "aopvikuxy"),  # Greek
    **str.maketrans(
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7", "ABEZHlKMNOPTYX"
    ),  # Greek capitals
    **str.maketrans(
        "\u0585\u057d\u0578\u0570\u0581\u0575\u0131\u0251\u0261\u0269", "ounhgjiagi"
    ),  # Armenian, and Latin of other languages
    **str.maketrans("0I1", "Oll"),  # digits and capitals as fonts draw them
}


def hidden_in_sound_texts(draft: Draft) -> Iterator[Finding]:
    """SB247: selectors of variants that choose none, blanks of Braille, and white space that moves words out of sight.

    Warnings, because a board with them compiled before, and goes on compiling to the same text.
    """
    for path, what, text in draft.texts():
        if stray := stray_characters(text):
            more = f", and {len(stray) - 1} more" if len(stray) > 1 else ""
            words = f"{what}: {stray[0].name} at character {stray[0].position} hides in the text{more}: delete it"
            never_sent = path == ("title",) or path[-1] == "note"
            fix = Fix("delete what hides", path, STRAY_CHARACTERS.sub("", text)) if never_sent else None
            yield Finding("SB247", path, words, "warning", fix=fix)
        if blanks := long_blanks(text):
            place, many = blanks[0]
            words = f"{what}: {many} blanks at character {place} move words out of sight: write one space"
            safe = path != ("negative_prompt",) and not (path[0] == "cast" and draft.cast_file)
            fix = Fix("write one space", path, _with_one_space(text)) if safe and not stray else None
            yield Finding("SB247", path, words, "warning", fix=fix)
    for name in islice(draft.cast or (), _NAMES_LOOKED_AT):
        if not name.isascii() and (unseen := [*hidden_characters(name), *stray_characters(name)]):
            words = (
                f"the name @{name[:80]} has {unseen[0].name}, which nobody sees: delete it, where it is used as well"
            )
            yield Finding("SB247", draft.cast_path(name), words, "warning", at_key=not draft.cast_file)


def _with_one_space(text: str) -> str:
    end = len(text.rstrip())
    return _BLANKS.sub(" ", text[:end]) + text[end:]


def names_that_look_alike(draft: Draft) -> Iterator[Finding]:
    """SB248: two names of the cast that look the same, or one name in the letters of two alphabets."""
    seen: dict[str, str] = {}
    told = 0
    for name in islice(draft.cast or (), _NAMES_LOOKED_AT):
        first = seen.setdefault(looks(name), name)
        words = ""
        if first is not name:
            words = f"@{name[:40]} looks like @{first[:40]}{_difference(name, first)}: rename one"
        elif alphabets := _mixed(name):
            words = (
                f"@{name[:40]} mixes letters of two alphabets ({alphabets}): write it in one, where it is used as well"
            )
        if words and (told := told + 1) <= _FINDINGS_AT_MOST:
            yield Finding("SB248", draft.cast_path(name), words, "warning", at_key=not draft.cast_file)


def looks(name: str) -> str:
    """A name as the eye takes it: the same for names that are drawn alike."""
    plain = name if name.isascii() else STRAY_CHARACTERS.sub("", normalized("NFKD", name))
    return plain.translate(_ALIKE)


def unlike_letter(name: str, other: str) -> str:
    """The first letter of a name that another name, which looks the same, does not have."""
    return next((f"U+{ord(one):04X} {name_of(one, '')}".rstrip() for one in name if one not in other), "")


def _difference(name: str, other: str) -> str:
    letter = unlike_letter(name, other)
    return f", but has {letter}" if letter else ""


def _alphabet(letter: str) -> str:
    return "LATIN" if letter.isascii() else name_of(letter, "").partition(" ")[0]


def _mixed(name: str) -> str:
    if name.isascii():
        return ""
    found = dict.fromkeys(_alphabet(one) for one in name if one.isalpha())
    alphabets = [one.capitalize() for one in found if one in _ALPHABETS]
    return " and ".join(alphabets[:2]) if len(alphabets) > 1 else ""
