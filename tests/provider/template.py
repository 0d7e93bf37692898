"""The multi-shot template, read as strictly as Kling's page states it: `shot n, m, words;`."""

import re

SHOT = re.compile(r"shot ([1-9][0-9]*), ([1-9][0-9]*), ([^;]*);")
CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029]")
# It looks like a semicolon and becomes one under NFC.
GREEK_QUESTION_MARK = "\u037e"


class NotATemplate(ValueError):
    """The text would be taken as one long shot, silently, and billed."""


def shots(text: str) -> list[tuple[int, str]]:
    """The (seconds, words) of each shot; NotATemplate where the text is not exactly a template of 1 to 6 shots."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(text):
        if found and text[at] == " ":
            at += 1
        match = SHOT.match(text, at)
        if match is None:
            raise NotATemplate(f"no shot starts at character {at}")
        if int(match[1]) != len(found) + 1:
            raise NotATemplate(f"shot {match[1]} stands where shot {len(found) + 1} belongs")
        _check_words(match[3], number=len(found) + 1)
        found.append((int(match[2]), match[3]))
        at = match.end()
    if not 1 <= len(found) <= 6:
        raise NotATemplate(f"{len(found)} shots: there must be 1 to 6")
    return found


def _check_words(words: str, *, number: int) -> None:
    if not 1 <= len(words) <= 512 or not words.strip():
        raise NotATemplate(f"the words of shot {number} have {len(words)} characters: 1 to 512 are allowed")
    if CONTROL.search(words) or GREEK_QUESTION_MARK in words:
        raise NotATemplate(f"a character in shot {number} is not allowed")
