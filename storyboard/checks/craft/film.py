"""What rules of the craft look at: shots in order, each text read once for its words, phrases and speech."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from storyboard.checks.craft.vocabulary import Found, actions, find_phrases, words_of

if TYPE_CHECKING:
    from storyboard.checks.diagnostic import Path
    from storyboard.checks.draft import Draft, DraftShot

CHARACTERS_LOOKED_AT = 2000
"""A text with more characters than this is far too long to be sent: what else is weak about it can wait."""
SAYS_SOMETHING = 5
"""Words from which on a shot is worth advice about what is missing: before that, somebody is still writing it."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_QUOTES = '"“„«「'


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(r'"([^"]{1,600})"|“([^”]{1,600})”|„([^“”]{1,600})[“”]|«([^»]{1,600})»|「([^」]{1,600})」')


@cache
def _label() -> re.Pattern[str]:
    return re.compile(r"\[([^\[\]]{1,160})\]\s*[:：]")


@cache
def _named_label() -> re.Pattern[str]:
    """`Baker:` or `Old Baker (tired):` at the end of a text."""
    name = r"[A-Z][\w'’-]{0,30}(?: [A-Z][\w'’-]{0,30}){0,2}"
    return re.compile(rf"(?:^|[.!?…\]\"”]\s)({name})(?: \([^()]{{1,60}}\))?\s?[:：]\s?\Z")


class Speech(NamedTuple):
    """Quoted words: what is said, where in the text it begins and ends, and the label before it, empty without one."""

    words: str
    start: int
    end: int
    label: str


class Reading:
    """One shot's text as it would be sent, its look left out."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def quoted(self) -> list[Speech]:
        """Everything in quotation marks, spoken or shown."""
        found: list[Speech] = []
        if not any(mark in self.text for mark in _QUOTES):
            return found
        for match in _quoted().finditer(self.text):
            before = self.text[max(match.start() - 200, 0) : match.start()]
            found.append(Speech(match[match.lastindex or 0], *match.span(), _label_before(before)))
        return found

    @cached_property
    def labels(self) -> list[str]:
        """Speaker labels in brackets, as `Baker, dry low voice`; sound tags are none."""
        if "[" not in self.text:
            return []
        found = (match[1] for match in _label().finditer(self.text))
        return [label for label in found if not label.lower().lstrip().startswith(_SOUND_TAGS)]

    @cached_property
    def told(self) -> str:
        """The text without what is quoted and without speaker labels."""
        text = _quoted().sub(" ", self.text) if self.quoted else self.text
        return _label().sub(" ", text) if "[" in text else text

    @cached_property
    def words(self) -> list[str]:
        """The words of what is told, in lower case; hyphens part them."""
        return _WORD.findall(self.told.replace("_", " ").lower())

    @cached_property
    def phrases(self) -> list[Found]:
        """Words of the trade, in order."""
        return find_phrases(self.words)

    def of(self, kind: str) -> list[Found]:
        """Phrases of one kind."""
        return [found for found in self.phrases if found.kind == kind]

    @cached_property
    def size(self) -> str:
        """The shot size that stands among the first words, empty where there is none."""
        for found in self.phrases:
            if found.kind == "size" and found.place < _FIRST_WORDS:
                return found.meaning
        first = self.words[:2]
        return next((_BARE[word] for word in first if word in _BARE), "")

    @cached_property
    def moves(self) -> list[str]:
        """Different camera moves, in order; one inside another phrase is not counted twice."""
        found: dict[str, None] = {}
        behind = 0
        for one in self.of("move"):
            if one.place >= behind:
                found[one.meaning] = None
                behind = one.place + one.length
        return list(found)

    @cached_property
    def deeds(self) -> list[str]:
        """Different verbs of doing, in order; what follows an article or says how a thing is does not count."""
        known = actions()
        words = self.words
        found = (
            word
            for index, word in enumerate(words)
            if word in known and (index == 0 or words[index - 1] not in _ARTICLES)
        )
        return list(dict.fromkeys(found))

    @cached_property
    def content(self) -> frozenset[str]:
        """Words that say what is there, of four letters at least, a plural's s left out."""
        stop = words_of("stop")
        return frozenset(word.rstrip("s") for word in self.words if len(word) > 3 and word not in stop)

    @cached_property
    def bag(self) -> Counter[str]:
        """How often each word stands in it."""
        return Counter(self.words)

    @cached_property
    def persons(self) -> list[tuple[int, str]]:
        """Nouns for people, with the word that each is, from 0."""
        persons = words_of("person")
        return [(place, word) for place, word in enumerate(self.words) if word in persons]

    @cached_property
    def opening(self) -> int:
        """The first word that is not about the camera: where the shot's subject begins."""
        skip = {found.place + step for found in self.phrases if found.kind in _FRAMING for step in range(found.length)}
        fillers, words = words_of("filler"), self.words
        return next(
            (place for place, word in enumerate(words) if place not in skip and word not in fillers), len(words)
        )

    @cached_property
    def opens_with_pronoun(self) -> str:
        """The pronoun that the shot's subject is, empty where the subject is named."""
        word = self.words[self.opening] if self.opening < len(self.words) else ""
        return word if word in words_of("pronoun") else ""

    @property
    def says_something(self) -> bool:
        """Whether it is long enough for advice about what is missing."""
        return len(self.words) >= SAYS_SOMETHING


def is_cjk(character: str) -> bool:
    """Whether it belongs to Chinese, Japanese or Korean writing."""
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af"


_SOUND_TAGS = ("ambient", "ambience", "audio", "sound", "sfx", "music", "score", "camera")
_FIRST_WORDS = 6
_BARE = {"wide": "wide", "medium": "medium", "macro": "extreme close-up", "insert": "insert", "closeup": "close-up"}
_ARTICLES = frozenset(["a", "an", "the", "his", "her", "its", "their", "of"])
_FRAMING = frozenset(("size", "angle", "move", "static", "camera", "back", "opener"))


def _label_before(before: str) -> str:
    """The speaker that a quotation follows directly: `[Baker, dry voice]:` or `Baker:`."""
    labels = list(_label().finditer(before)) if "[" in before else []
    if labels and not before[labels[-1].end() :].strip():
        return labels[-1][1]
    named = _named_label().search(before)
    return named[1] if named else ""


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """While one shot is being typed, the others stay as they are."""
    return Reading(text)


class Seen(NamedTuple):
    """One shot of a film: where it stands, and what its text says."""

    number: int
    """Counted from 0."""
    name: str
    seconds: int | None
    start: int | None
    """Seconds of film before it, None where that cannot be known."""
    prompt: str
    """As it is written, names not expanded."""
    reading: Reading

    @property
    def path(self) -> Path:
        """Where its prompt stands in the data."""
        return ("shots", self.number, "prompt")


class Film(NamedTuple):
    """A storyboard as rules of the craft see it."""

    draft: Draft
    shots: list[Seen]
    """Those with a text; one that is far too long is left out."""
    whole: bool
    """Whether these are all shots of the film, each long enough to be judged for what is missing."""

    @property
    def total(self) -> int | None:
        """Seconds of the whole film."""
        return self.draft.total_seconds

    @property
    def look(self) -> Reading:
        """What the look says as it is written; nothing where it is missing or far too long."""
        look = self.draft.text("look") or ""
        return read(look if len(look) <= CHARACTERS_LOOKED_AT else "")


def film_of(draft: Draft) -> Film:
    """The film that a draft tells."""
    shots, start = [], 0
    known = True
    for shot in draft.shots:
        if (text := _told(shot)) and shot.prompt is not None:
            shots.append(Seen(shot.index, shot.name, shot.seconds, start if known else None, shot.prompt, read(text)))
        known = known and shot.seconds is not None
        start += shot.seconds or 0
    whole = draft.shots_are_whole and len(shots) == len(draft.shots)
    return Film(draft, shots, whole and all(shot.reading.says_something for shot in shots))


def _told(shot: DraftShot) -> str:
    if shot.text is None or shot.text.characters > CHARACTERS_LOOKED_AT:
        return ""
    return shot.text.text[: len(shot.text.text) - shot.text.look_cost]
