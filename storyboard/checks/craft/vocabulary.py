"""Words of the trade, by what they say: found in one pass over a text, however many kinds of them there are."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_LISTS = frozenset(("person", "pronoun", "colour", "worn", "verb", "noun too", "stop", "filler"))
"""Kinds that are looked up word by word; all others are phrases to be found."""
_SHORT_VERB = 4


class Found(NamedTuple):
    """A phrase in a text: its kind, what it means, how it is written, its first word, from 0, and how many it has."""

    kind: str
    meaning: str
    written: str
    place: int
    length: int


def in_quotes(found: Sequence[Found]) -> str:
    """The first three phrases as they are written, each once."""
    return ", ".join(dict.fromkeys(f"“{one.written}”" for one in found[:3]))


@cache
def _lines() -> list[tuple[str, str, list[str]]]:
    """Kind, meaning and ways of writing, as `words.txt` has them."""
    with open(os.path.join(os.path.dirname(__file__), "words.txt"), encoding="utf-8") as file:
        text = file.read().replace("\n ", " ")
    lines = (line.partition(": ") for line in text.splitlines() if line and not line.startswith("#"))
    heads = ((head.partition(" / "), phrases.split(", ")) for head, _, phrases in lines)
    return [(kind, meaning, [" ".join(phrase.split()) for phrase in phrases]) for (kind, _, meaning), phrases in heads]


@cache
def words_of(kind: str) -> frozenset[str]:
    """All words of a kind."""
    return frozenset(phrase for found, _, phrases in _lines() if found == kind for phrase in phrases)


@cache
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for kind, meaning, phrases in _lines():
        if kind not in _LISTS:
            for phrase in phrases:
                first, *rest = phrase.split(" ")
                found.setdefault(first, []).append((tuple(rest), kind, meaning))
    for ways in found.values():
        ways.sort(key=lambda way: -len(way[0]))
    return found


@cache
def actions() -> frozenset[str]:
    """Forms of verbs that somebody does something in: `walks`, `walking`; words that are mostly nouns left out."""
    forms: set[str] = set()
    for verb in words_of("verb"):
        stem = verb if verb.endswith(("ee", "ye")) else verb.removesuffix("e")
        ends = stem == verb and len(stem) <= _SHORT_VERB and stem[-1] in "bgmnpt" and stem[-2] in "aeiou"
        forms |= {verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s"), stem + "ing"}
        forms.add(stem + stem[-1] * ends + "ing")
        if verb.endswith("y"):
            forms.add(verb[:-1] + "ies")
    return frozenset(forms - words_of("noun too"))


def find_phrases(words: Sequence[str]) -> list[Found]:
    """Every phrase of every kind; of one kind the longest that begins at a word."""
    table, found = _by_first_word(), []
    for place, word in enumerate(words):
        kinds: list[str] = []
        for rest, kind, meaning in table.get(word, ()):
            if kind not in kinds and (not rest or tuple(words[place + 1 : place + 1 + len(rest)]) == rest):
                kinds.append(kind)
                found.append(Found(kind, meaning, " ".join((word, *rest)), place, 1 + len(rest)))
    return found
