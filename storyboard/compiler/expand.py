"""A shot's text from its prompt: cast names expanded, white space folded, the look said again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category

from storyboard.normal_forms import normalized

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

# A letter, then letters, digits, "_" or "-", with combining marks among them, which \w does not know; not ending in
# "-". "@@" first, so that it never starts a name.
_BEGUN = re.compile(r"@@|(?<![^\W_])@(?:[^\W\d_][\w-]*)?")
_MORE = re.compile(r"[\w-]*")
_WITHOUT_MARKS = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
_FIRST_MARK = "\u0300"
# Unicode's White_Space property; Python's \s would add the separators U+001C to U+001F, which are control characters.
_WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WHITE_RUN = re.compile(f"[{_WHITE}]+")
_EXPANSION_LIMIT = 20_000
"""Characters of cast text after which a text, far too long by then, is counted but not written out further."""
_REMEMBERED = 2000
"""Characters, and names, up to which what came of a text is remembered."""
_SENTENCE_ENDS = ".!?…。！？"
_CLOSING = frozenset(("Pe", "Pf", "Pi"))


@dataclass(frozen=True, slots=True)
class ShotText:
    """What is sent for one shot, and what its cast and look cost in characters of it."""

    text: str
    """The whole text; of one that is far too long, what was made of it before that was noticed."""
    characters: int
    """How many characters the whole text has."""
    unknown_names: tuple[str, ...]
    cast_costs: tuple[tuple[str, int], ...]
    """Each cast name used, with the characters that its text takes, in order of use."""
    look_cost: int


def is_cast_name(name: str) -> bool:
    """Whether `@name` in a prompt would be read as this whole name."""
    return next(_begun_names(f"@{name}"), None) == (0, len(name) + 1) and name != "@" and name[-1:] not in ("-", "")


def same_name(name: str) -> str:
    """A name as it is compared with others: letters and their marks composed (NFC)."""
    return normalized("NFC", name)


def references(text: str) -> Iterator[tuple[int, int]]:
    """Where each `@name` and `@@` of a text begins and ends; nothing follows the @ of the latter but an @."""
    for start, end in _begun_names(text):
        while text[end - 1] == "-":
            end -= 1  # noqa: PLW2901
        if end - start > 1:
            yield start, end


def _begun_names(text: str) -> Iterator[tuple[int, int]]:
    """The same, an @ without a name and names that end in `-` included."""
    position = 0
    while (match := _BEGUN.search(text, position)) is not None:
        start, position = match.span()
        if position > start + 1 and match[0] != "@@":
            position = _name_end(text, position)
        yield start, position


def _name_end(text: str, end: int) -> int:
    """Where a name ends whose letters up to a mark end there."""
    while end < len(text) and text[end] >= _FIRST_MARK and category(text[end])[0] == "M":
        match = _MORE.match(text, end + 1)
        end = match.end() if match else end + 1
    return end


class Spelling:
    """How the cast spells names, which may compose letters and marks in another way than a text does."""

    def __init__(self, cast: Collection[str]) -> None:
        self._cast = cast
        self._spelled: dict[str, str] | None = None

    def of(self, name: str) -> str:
        """The name as the cast has it; the same where it has none.

        What was read as a shorter name and a mark, when names had no marks, is never read as another name.
        """
        if name in self._cast or name.isascii():
            return name
        if self._spelled is None:
            self._spelled = {same_name(one): one for one in self._cast}
        found = self._spelled.get(same_name(name), name)
        before = _WITHOUT_MARKS.match(name)
        if before is not None and before[0] != name and before[0] in self._cast and _WITHOUT_MARKS.fullmatch(found):
            return name
        return found


def fold_white_space(text: str) -> str:
    """The text with every run of white space as one space and its ends trimmed."""
    return _WHITE_RUN.sub(" ", text).strip(" ")


def names_in(text: str, cast: Collection[str] = ()) -> list[str]:
    """The names that a prompt or look refers to, in order, repeats included; spelled as in `cast` where they are."""
    names = (text[start + 1 : end] for start, end in references(text) if text[start + 1] != "@")
    return list(map(Spelling(cast).of, names))


def rename_in(text: str, old: str, new: str) -> str:
    """The text with `@new` wherever it says `@old`."""
    spelling = Spelling((old,))
    return _replaced(text, lambda name: f"@{new}" if spelling.of(name) == old else None)


def _replaced(text: str, words_for: Callable[[str], str | None]) -> str:
    """The text with words in the place of its names and of `@@`, which is asked for as "@"; None leaves what stands."""
    made, told = [], 0
    for start, end in references(text):
        words = words_for(text[start + 1 : end])
        made += [text[told:start], text[start:end] if words is None else words]
        told = end
    return "".join([*made, text[told:]])


def begun_name(text: str) -> str | None:
    """What of a name stands at the end of a text that is being written, empty right after its @; None elsewhere."""
    last = None
    for last in _begun_names(text):  # noqa: B007 - only the last one counts
        pass
    return text[last[0] + 1 :] if last is not None and last[1] == len(text) and text[last[0] :] != "@@" else None


def start_of_reference(text: str, position: int) -> int:
    """Where the `@name` or `@@` begins that a cut at `position` would break; elsewhere the position itself."""
    return next((start for start, end in references(text) if start < position < end), position)


def expand(text: str, cast: Mapping[str, str]) -> ShotText:
    """A prompt or look with its cast names expanded and its white space folded.

    An unknown `@name` stays as it stands and is reported.
    """
    if len(text) > _REMEMBERED or len(cast) > _REMEMBERED:
        return _expand(text, cast)
    used = dict.fromkeys(name for name in names_in(text, cast) if name in cast)
    return _remembered(text, tuple((name, cast[name]) for name in used))


@lru_cache(maxsize=64)
def _remembered(text: str, cast: tuple[tuple[str, str], ...]) -> ShotText:
    """While one shot is being typed, the others stay as they are."""
    return _expand(text, dict(cast))


def _expand(text: str, cast: Mapping[str, str]) -> ShotText:
    unknown: dict[str, None] = {}
    costs: list[tuple[str, int]] = []
    folded: dict[str, str] = {}
    made = left_out = 0
    spelling = Spelling(cast)

    def words_for(said: str) -> str | None:
        nonlocal made, left_out
        if said == "@":
            return "@"
        name = spelling.of(said)
        if name not in cast:
            unknown[name] = None
            return None
        if name not in folded:
            # Not trimmed: white space at an end of it still parts it from the words beside it.
            folded[name] = _WHITE_RUN.sub(" ", cast[name])
        words = folded[name]
        cost = len(words.strip(" "))
        costs.append((name, cost))
        if made > _EXPANSION_LIMIT and len(words) > len(said) + 1:
            left_out += cost - len(said) - 1
            return None
        made += len(words)
        return words

    whole = fold_white_space(_replaced(text, words_for))
    return ShotText(whole, len(whole) + left_out, tuple(unknown), tuple(costs), 0)


def add_look(shot: ShotText, look: ShotText) -> ShotText:
    """The text sent for a shot: its expanded prompt with the expanded look said again at its end."""
    if not look.text:
        return shot
    link = " " if ends_sentence(shot.text) else ". "
    return ShotText(
        shot.text + link + look.text,
        shot.characters + len(link) + look.characters,
        tuple(dict.fromkeys(shot.unknown_names + look.unknown_names)),
        shot.cast_costs + look.cast_costs,
        len(link) + look.characters,
    )


def ends_sentence(text: str) -> bool:
    """Whether the last character, closing quotes and brackets aside, ends a sentence."""
    end = end_without_closing(text)
    return end > 0 and text[end - 1] in _SENTENCE_ENDS


def end_without_closing(text: str) -> int:
    """Where a text ends, closing quotes and brackets aside."""
    end = len(text)
    while end and (text[end - 1] in "\"'＂＇" or category(text[end - 1]) in _CLOSING):
        end -= 1
    return end
