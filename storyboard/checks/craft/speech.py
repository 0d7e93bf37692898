"""Who speaks, how long it takes, and what is heard."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.checks.craft.film import is_cjk, read
from storyboard.checks.craft.rule import Said, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film, Reading, Seen, Speech

WORDS_A_SECOND = 2.5
"""How fast people speak, by prompt guides."""
_BEFORE = 60
_FOREIGN = (
    "[\u0370-\u03ff\u0400-\u052f\u0530-\u05ff\u0600-\u06ff\u0700-\u074f\u0780-\u07bf\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f"
    "\u10a0-\u10ff\u1200-\u139f\u1780-\u17ff]|[ßäöœæãõøåłąęśżźćńğışřěčžůțșőű]"
)


def _spoken(reading: Reading) -> list[Speech]:
    """Quotations that somebody may speak: those that are shown, on a sign or as a caption, are left out."""
    return [one for one in reading.quoted if not is_shown(reading, one)]


_SHOWN = frozenset(
    ("text", "caption", "title", "sign", "subtitle", "super", "card", "title card", "logo", "on screen", "screen")
)


def is_shown(reading: Reading, speech: Speech) -> bool:
    """Whether a quotation is letters in the picture: its label or the words before it say so."""
    if speech.label.lower() in _SHOWN:
        return True
    before = read(reading.text[max(speech.start - _BEFORE, 0) : speech.start].rpartition(". ")[2])
    return any(found.kind == "screen text" and found.written != "words" for found in before.phrases)


def _has_speaker(reading: Reading, speech: Speech) -> bool:
    """A label before it, or a verb of saying in the words right before or behind it."""
    if speech.label:
        return True
    around = reading.text[max(speech.start - _BEFORE, 0) : speech.start], reading.text[speech.end : speech.end + 40]
    return any(read(text).of("says") for text in around)


def _count(words: str) -> int:
    """Words of a speech; two characters of Chinese, Japanese or Korean count as one."""
    wide = 0 if words.isascii() else sum(map(is_cjk, words))
    if wide:
        words = "".join(" " if is_cjk(character) else character for character in words)
    return len(read(words).words) + (wide + 1) // 2


@rule(
    "SB218",
    "warning",
    "speech without a speaker",
    reason="A line that nobody is named for is spoken by the wrong mouth, or by none.",
    source="blog.fal.ai/kling-3-0-prompting-guide",
    wrong=('Medium shot, a baker and a courier at a hatch. Static camera. "You are late again, my friend."',),
    right=('Medium shot, a baker wipes a counter. Static camera. [Baker, dry low voice]: "You are late again."',),
)
def no_speaker(film: Film) -> Iterator[Said]:
    """Quoted words, two at least, with neither a label nor a verb of saying beside them."""
    for shot in film.shots:
        for speech in _spoken(shot.reading):
            if _count(speech.words) >= 2 and not _has_speaker(shot.reading, speech):
                yield Said(
                    shot.path,
                    f"{shot.name}: nobody is named for “{_short(speech.words)}”: put [Name, voice]: before it, "
                    "or say that it is text on screen",
                )


def _short(words: str) -> str:
    return words if len(words) <= 30 else words[:29] + "…"


@rule(
    "SB219",
    "warning",
    "more speech than fits the seconds",
    reason="People speak about 2.5 words a second, with a moment before and after: the rest is cut off or hurried.",
    source="prompt guides by users",
    wrong="""\
shots:
  - seconds: 4
    prompt: >-
      Medium shot, a baker leans on a counter. Static camera. [Baker, dry low voice]: "You are late, and the bread
      has been waiting under this counter since four o'clock."
""",
    right="""\
shots:
  - seconds: 4
    prompt: >-
      Medium shot, a baker leans on a counter. Static camera. [Baker, dry low voice]: "You are late."
""",
)
def too_much_speech(film: Film) -> Iterator[Said]:
    """Words of a shot's speech at 2.5 a second, against its seconds less one."""
    for shot in film.shots:
        lines = [speech for speech in _spoken(shot.reading) if _has_speaker(shot.reading, speech)]
        words = sum(_count(speech.words) for speech in lines)
        needed = words / WORDS_A_SECOND
        if shot.seconds is not None and words >= 2 and needed > max(shot.seconds - 1, 1):
            yield Said(
                shot.path,
                f"{shot.name}: {words} spoken words take about {needed:.0f} s, and a moment around them; "
                f"the shot has {shot.seconds} s",
            )


@rule(
    "SB220",
    "info",
    "a shot begins with speech",
    reason="An action before the line tells the model whose mouth moves.",
    source="blog.fal.ai/kling-3-0-prompting-guide",
    wrong=('[Baker, dry low voice]: "You are late." Medium shot, a baker at a counter. Static camera.',),
    right=('Medium shot, a baker wipes a counter. Static camera. [Baker, dry low voice]: "You are late."',),
)
def speech_first(film: Film) -> Iterator[Said]:
    """A label or a quotation with a speaker before any other word."""
    for shot in film.shots:
        first = next(iter(_spoken(shot.reading)), None)
        if (
            first is not None
            and first.label
            and not re.search(r"\w", shot.reading.text[: first.start].split(first.label)[0])
        ):
            yield Said(shot.path, f"{shot.name} begins with speech: let the speaker do something first")


@rule(
    "SB221",
    "info",
    "speech late in a long clip",
    reason="In the last third of a clip of 13 to 15 s lips drift from the sound.",
    source="prompt guides by users",
    wrong="""\
shots:
  - {seconds: 5, prompt: "Wide shot of a bakery at dawn, a courier waits. Static camera. Rain."}
  - {seconds: 5, prompt: "Close-up of bread in a bakery, steam. Static camera. Rain."}
  - {seconds: 5, prompt: 'Medium shot, a baker at a counter stops. Static camera. [Baker, dry voice]: "You are late."'}
""",
    right="""\
shots:
  - {seconds: 5, prompt: 'Medium shot, a baker at a counter stops. Static camera. [Baker, dry voice]: "You are late."'}
  - {seconds: 5, prompt: "Close-up of bread in a bakery, steam. Static camera. Rain."}
  - {seconds: 5, prompt: "Wide shot of a bakery at dawn, a courier waits. Static camera. Rain."}
""",
)
def speech_late(film: Film) -> Iterator[Said]:
    """A total of 13 s or more, and a shot with speech that starts in its last third."""
    total = film.total
    if total is None or total < 13:
        return
    for shot in film.shots:
        if shot.start is not None and shot.start * 3 >= total * 2 and _spoken(shot.reading):
            yield Said(
                shot.path, f"{shot.name}: speech that starts after {shot.start} of {total} s drifts from the lips"
            )


@rule(
    "SB222",
    "info",
    "two lines that nothing joins",
    reason="Between two speakers a word such as “Immediately,” or “After a beat,” keeps the lines apart.",
    source="blog.fal.ai/kling-3-0-prompting-guide",
    wrong=('Two-shot, a boy, a keeper, a lamp. Static. [Keeper, low]: "Not tonight." [Boy, whisper]: "You promised."',),
    right=(
        (
            'Two-shot, a boy, a keeper, a lamp. Static. [Keeper, low]: "Not tonight." After a beat, '
            '[Boy, whisper]: "You promised."'
        ),
    ),
)
def lines_not_joined(film: Film) -> Iterator[Said]:
    """Two labelled lines of different speakers with nothing to part them in between."""
    for shot in film.shots:
        lines = [speech for speech in _spoken(shot.reading) if speech.label]
        for one, other in pairwise(lines):
            between = read(shot.reading.text[one.end : other.start])
            if _name(one.label) != _name(other.label) and not between.of("connector") and len(between.words) < 3:
                yield Said(
                    shot.path,
                    f"{shot.name}: two speakers' lines run together: “Immediately,” or “After a beat,” parts them",
                )
                break


def _name(label: str) -> str:
    """Whom a label names: `Speaker A: Tired Brother, low voice` is the tired brother."""
    return label.partition(",")[0].rpartition(":")[2].strip().lower()


@rule(
    "SB223",
    "info",
    "a language that is not spoken",
    reason="Speech is native in Chinese, English, Japanese, Korean and Spanish; others come out translated or garbled.",
    source="Kling's release notes",
    wrong=('Medium shot, a baker wipes a counter. Static camera. [Baker, dry voice]: "Где ты был?"',),
    right=('Medium shot, a baker wipes a counter. Static camera. [Baker, dry voice]: "¿Dónde estabas?"',),
)
def foreign_speech(film: Film) -> Iterator[Said]:
    """Two letters or more of another script, or that none of the five languages is written with."""
    for shot in film.shots:
        for speech in _spoken(shot.reading):
            if not speech.words.isascii() and len(re.findall(_FOREIGN, speech.words.lower())) >= 2:
                yield Said(
                    shot.path,
                    f"{shot.name}: “{_short(speech.words)}” is in none of the languages that are spoken "
                    "(Chinese, English, Japanese, Korean, Spanish)",
                )
                break


@rule(
    "SB225",
    "info",
    "a speaker whom the shot does not show",
    reason="A label finds its face by its words: “a man” and “Tired Brother” leave it open whose mouth moves.",
    source="blog.fal.ai/kling-3-0-prompting-guide",
    wrong=('Medium shot, a man drops a toolbox. Static camera. [Tired Brother, low voice]: "You always walk away."',),
    right=(
        'Medium shot, a tired brother drops a toolbox. Static camera. [Tired Brother, low voice]: "You walk away."',
    ),
)
def speaker_not_shown(film: Film) -> Iterator[Said]:
    """A label none of whose words stands in the shot's text or is a name of its cast."""
    for shot in film.shots:
        for label in dict.fromkeys(shot.reading.labels):
            if not _is_shown_in(shot, label):
                yield Said(
                    shot.path,
                    f"{shot.name}: [{_short(label)}] is nobody whom the shot shows: name them before the line",
                )
                break


def _is_shown_in(shot: Seen, label: str) -> bool:
    name = _name(label)
    words = [word for word in re.findall(r"[^\W_]+", name) if len(word) > 2]
    there = set(shot.reading.words)
    told = shot.prompt.lower()
    voice_only = {"narrator", "voiceover", "voice", "narration", "radio", "announcer", "crowd"}
    return not words or any(word in there or f"@{word}" in told or word in voice_only for word in words)


@rule(
    "SB224",
    "info",
    "no sound is named",
    reason="The model always makes sound: what is not named becomes room tone, or music of its choice.",
    source="published client code for Kling; Kling's 3.0 Turbo pages",
    wrong=("Wide shot of a fox that crosses a frozen meadow and stops. Static camera.",),
    right=("Wide shot of a fox that crosses a frozen meadow and stops. Static camera. Wind whistles.",),
)
def no_sound(film: Film) -> Iterator[Said]:
    """Once a film, where no shot and not the look has a word for a sound, music or speech."""
    heard = film.look.of("sound") or any(shot.reading.quoted or shot.reading.of("sound") for shot in film.shots)
    if film.whole and not heard:
        yield Said(
            film.shots[0].path, "no shot names a sound, and there always is one: say what is heard, or “silence”"
        )


RULES = (
    no_speaker,
    too_much_speech,
    speech_first,
    speech_late,
    lines_not_joined,
    foreign_speech,
    no_sound,
    speaker_not_shown,
)
