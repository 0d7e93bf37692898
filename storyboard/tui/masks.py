"""Texts as an editor can hold them: what it would drop or break lines at is kept as private characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.tui.masking import UNSEEN, picture

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST, _LAST = 0xF0000, 0x10FFFD
_PRIVATE = re.compile("[\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_MASKED = re.compile(f"{UNSEEN.pattern}|{_PRIVATE.pattern}")
_MASKED_IN_A_LINE = re.compile(f"[\t\n]|{_MASKED.pattern}")


class Masks:
    """What stands for what in one field; `unmask` gives back every text that `mask` was given, or pieces of it.

    A masked text is as long as the text. Private characters that the text has itself stay as they are, and none of
    them stands for anything: stand-ins are chosen as they are needed, from those that the field has not seen. One that
    comes later, when it stands for another already, gets a stand-in too.
    """

    def __init__(self, *, one_line: bool = False) -> None:
        """`one_line`: line breaks and tabs are masked as well."""
        self._pattern = _MASKED_IN_A_LINE if one_line else _MASKED
        self._stand_ins: dict[str, str] = {}
        self._originals: dict[str, str] = {}
        self._own: set[str] = set()
        self._next = _LAST

    def mask(self, text: str) -> str:
        """The text as the field holds it."""
        return text if text.isascii() and text.isprintable() else self._pattern.sub(self._mask, text)

    def unmask(self, masked: str) -> str:
        """The text that was masked."""
        return _PRIVATE.sub(lambda match: self._originals.get(match[0], match[0]), masked)

    def shown(self, masked: str) -> str:
        """A masked text as it is painted."""
        return _PRIVATE.sub(lambda match: self._shown(match[0]), masked)

    def hidden(self, masked: str) -> Iterator[tuple[int, int]]:
        """From where to where a masked text has what is not seen: neighbours together, for painting has its price."""
        begin = end = 0
        for match in _PRIVATE.finditer(masked):
            if _PRIVATE.match(self._originals.get(match[0], match[0])):
                continue
            if match.start() != end:
                if begin < end:
                    yield begin, end
                begin = match.start()
            end = match.end()
        if end > begin:
            yield begin, end

    def _mask(self, match: re.Match[str]) -> str:
        character = match[0]
        if character not in self._originals and _PRIVATE.match(character):
            self._own.add(character)
            return character
        if character not in self._stand_ins:
            stand_in = self._unused()
            self._stand_ins[character], self._originals[stand_in] = stand_in, character
        return self._stand_ins[character]

    def _unused(self) -> str:
        while (character := chr(self._next)) in self._own or not _PRIVATE.match(character):
            self._next -= 1
        self._next -= 1
        return character

    def _shown(self, character: str) -> str:
        original = self._originals.get(character, character)
        return original if _PRIVATE.match(original) else picture(original)


def place_after(old: str, new: str, place: int | None) -> int:
    """Where a cursor that stood at a place stands in a text's new version, at its words; None: behind what changed."""
    begin, most = 0, min(len(old), len(new))
    while begin < most and old[begin] == new[begin]:
        begin += 1
    same = 0
    while same < most - begin and old[-1 - same] == new[-1 - same]:
        same += 1
    if place is None:
        return len(new) - same
    if place < begin:
        return place
    return place + len(new) - len(old) if place >= len(old) - same else begin
