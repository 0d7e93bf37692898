"""A key in a text, in whatever notation it stands there: found, and taken out."""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64encode
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

from storyboard.normal_forms import normalized

if TYPE_CHECKING:
    from collections.abc import Callable

ESCAPED = re.compile(
    r"(?<!\\)\\{1,8}(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2}))"
    r"|%(?:25){0,4}([0-9A-Fa-f]{2})|(&(?:amp;){0,4}#?\w{1,8};)",
    re.ASCII,
)
"""Letters as JSON, addresses and HTML escape them, also more than once."""
_PIECE = 8
"""Letters of a key in a row, digits among them, that no text has by chance."""
_LARGE_PIECE = 12


def can_be_told(key: str) -> bool:
    """Whether a key could be told from other words: one that is short, and a word, could not."""
    return len(key) >= _PIECE or _is_mixed(key)


def holds_key(text: str, key: str) -> bool:
    """Whether a text holds a key, whole in any notation or a large part of it; never one that cannot be told."""
    if not can_be_told(key):
        return False
    return without_key(text, key, "") != text or _without_pieces(text, key, "", _LARGE_PIECE) != text


def without_key(text: str, key: str, mask: str) -> str:
    """A text without a key in any form that a notation gives it; `mask` stands in its place."""
    for form in _forms(key):
        edge = "" if len(form) >= _PIECE else r"\b"
        text = re.sub(f"{edge}{re.escape(form)}{edge}", lambda _: mask, text, flags=re.IGNORECASE)
    return _without_hidden(text, key, mask)


def without_parts(text: str, key: str, mask: str) -> str:
    """The same, without pieces of the key as well: it may be spread over several texts."""
    if len(text) < _PIECE:
        return text
    if len(text) >= len(key):
        text = without_key(text, key, mask)
    return _without_pieces(text, key, mask, _PIECE)


@lru_cache(maxsize=8)
def _forms(key: str) -> tuple[str, ...]:
    """How a key is written in other notations, the whole of it in one piece."""
    data = key.encode(errors="replace")
    escaped = json.dumps(key)[1:-1]
    percent = quote(key, safe="", errors="replace")
    forms = [key, escaped, escaped.replace("/", "\\/"), percent, key.replace('"', '""'), key.replace("'", "''")]
    forms.append(data.hex())
    for before in range(3):  # a key inside of something that is coded as a whole begins at one of three places
        coded = b64encode(b"\0" * before + data).decode()
        coded = coded[(0, 2, 3)[before] : len(coded) - (0, 3, 2)[(before + len(data)) % 3]]
        forms += [coded, coded.replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(form for form in forms if form))


@lru_cache(maxsize=8)
def _pieces(key: str, size: int) -> frozenset[str]:
    pieces = (key[begin : begin + size].casefold() for begin in range(len(key) - size + 1))
    return frozenset(piece for piece in pieces if _is_mixed(piece))


def _without_pieces(text: str, key: str, mask: str, size: int) -> str:
    pieces = _pieces(key, size)
    folded = text.casefold()
    if len(folded) != len(text):  # a few letters fold into two, and no place would be right
        folded = text.lower() if len(text.lower()) == len(text) else text
    found: list[tuple[int, int]] = []
    for begin in range(len(folded) - size + 1):
        if folded[begin : begin + size] in pieces:
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], begin + size)
            else:
                found.append((begin, begin + size))
    kept, done = [], 0
    for begin, end in found:
        kept += [text[done:begin], mask]
        done = end
    return "".join(kept) + text[done:] if found else text


def _is_mixed(key: str) -> bool:
    return len(key) >= 4 and any(map(str.isdigit, key)) and any(map(str.isalpha, key))


def _without_hidden(text: str, key: str, mask: str) -> str:
    """Without a key that is escaped, spaced, full-width or cut into pieces; what stood between them goes with it."""
    for is_kept in (_is_seen, str.isalnum):
        wanted = _bare(key, is_kept)
        if len(wanted) < (_PIECE if is_kept is _is_seen else _LARGE_PIECE):
            continue
        if not (_is_mixed(wanted) or len(wanted) >= 16) or wanted not in _bare(ESCAPED.sub(unescaped, text), is_kept):
            continue
        letters, places = _letters(text, is_kept)
        pieces, done = [], 0
        place = letters.find(wanted)
        while place >= 0:
            pieces += [text[done : places[place][0]], mask]
            done = places[place + len(wanted) - 1][1]
            place = letters.find(wanted, place + len(wanted))
        text = "".join(pieces) + text[done:]
    return text


def _is_seen(letter: str) -> bool:
    return letter not in "\\\"'" and not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Cc", "Mn")


def _bare(text: str, is_kept: Callable[[str], bool]) -> str:
    """A text without its spelling: one form of each letter, small, and nothing that is not seen."""
    text = normalized("NFKC", text)
    kept = {letter: is_kept(letter) for letter in set(text)}
    return "".join([letter for letter in text if kept[letter]]).casefold()


def unescaped(match: re.Match[str]) -> str:
    """The letter that a match of ESCAPED stands for."""
    digits = match[1] or match[2] or match[3] or match[4]
    if not digits:
        return unescape("&" + (re.sub(r"\A&(?:amp;)*", "", match[5]) or "amp;"))
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def _letters(text: str, is_kept: Callable[[str], bool]) -> tuple[str, list[tuple[int, int]]]:
    """The same as `_bare`, and where in the text each of its letters stood."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []

    def take(piece: str, begin: int, end: int) -> None:
        for letter in _bare(piece, is_kept):
            letters.append(letter)
            places.append((begin, end))

    done = 0
    for match in ESCAPED.finditer(text):
        for place in range(done, match.start()):
            take(text[place], place, place + 1)
        take(unescaped(match), match.start(), match.end())
        done = match.end()
    for place in range(done, len(text)):
        take(text[place], place, place + 1)
    return "".join(letters), places
