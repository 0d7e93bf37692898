"""Fountain screenplays (fountain.io/syntax): a scene is a shot; of a single scene each paragraph is one."""

from __future__ import annotations

import re

from storyboard.dialects.film import FoundFilm, FoundShot, NotRead

_HEADING = re.compile(r"(?:(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I/E)[. ]|\.(?=[^.\s]))", re.IGNORECASE)
_HEADING_AT_MOST = 200
"""Characters from which on a line is no heading, however it begins."""
_TRANSITION = re.compile(r">|[^a-z]{0,80}\bTO:\Z|FADE (?:IN|OUT)[:.]?\Z")
_TITLE = re.compile(
    r"(title|credit|author|authors|source|draft date|contact|copyright|notes|revision)\s?:\s?(.*)", re.IGNORECASE
)
_ASIDE = re.compile(r"\[\[(.{0,2000}?)\]\]|/\*(.{0,5000}?)\*/", re.DOTALL)
_ASIDES_AT_MOST = 200
_SCENE_NUMBER = re.compile(r"(?<!\s)\s*#[\w.-]{1,20}#\s*\Z")


def read(text: str) -> FoundFilm | None:
    """Scenes as shots; None for a text without a scene heading, NotRead for one with hundreds of notes."""
    if not any(_HEADING.match(line) and len(line) < _HEADING_AT_MOST for line in text.split("\n")):
        return None
    film = FoundFilm("Fountain", [])
    if max(text.count("[["), text.count("/*")) > _ASIDES_AT_MOST:
        raise NotRead(f"over {_ASIDES_AT_MOST} notes: this is more than a film of six shots")
    asides = [one.strip() for match in _ASIDE.finditer(text) for one in match.groups() if one]
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", _ASIDE.sub("", text).strip("\n"))]
    if blocks and _TITLE.match(blocks[0]):
        _title_page(blocks.pop(0), film)
    scenes: list[tuple[str, list[str]]] = []
    structure: list[str] = []
    for block in blocks:
        _place(block, scenes, structure)
    if structure:
        film.others["structure"] = "\n".join(structure)
    if asides:
        film.others["notes"] = "\n".join(asides)
        film.remarks.append("notes of the screenplay are kept under x-imported, and not sent")
    _to_shots(scenes, film)
    return film


def _is_cue(line: str) -> bool:
    """Whether a paragraph's first line names a speaker: in capitals, an extension in brackets aside, or after an @."""
    name = line.partition("(")[0]
    return len(line) < 100 and (line.startswith("@") or (name.upper() == name and any(map(str.isalpha, name))))


def _title_page(block: str, film: FoundFilm) -> None:
    page: list[str] = []
    for line in block.split("\n"):
        match = _TITLE.match(line.strip())
        if match and match[1].lower() == "title" and match[2].strip():
            film.keys["title"] = match[2].strip(" *_")
        elif line.strip():
            page.append(line.strip())
    if page:
        film.others["title page"] = "\n".join(page)


def _place(block: str, scenes: list[tuple[str, list[str]]], structure: list[str]) -> None:
    """Puts one paragraph where it belongs, behind the headings that it begins with."""
    lines = block.split("\n")
    begin = 0
    while begin < len(lines) and (not (line := lines[begin].strip()) or _HEADING.match(line)):
        if line:
            scenes.append((_SCENE_NUMBER.sub("", line.removeprefix(".")), []))
        begin += 1
    if begin == len(lines):
        return
    block, rest = "\n".join(lines[begin:]), "\n".join(lines[begin + 1 :])
    if line.startswith(("#", "=")) or (_TRANSITION.match(line) and not line.endswith("<")):
        structure.append(block.strip())
    elif not scenes:
        scenes.append(("", [block]))
    elif _is_cue(line) and rest.strip():
        scenes[-1][1].append(_speech(line, rest))
    else:
        scenes[-1][1].append(block.removeprefix("!"))


def _speech(cue: str, rest: str) -> str:
    """`NAME` and its lines as `[NAME, voice]: "…"`, one label for each run of lines."""
    name = cue.removeprefix("@").rstrip("^ ").strip()
    said: list[str] = []
    parts: list[str] = []
    voice = ""
    for line in (one.strip() for one in rest.split("\n")):
        if line.startswith("(") and line.endswith(")"):
            if said:
                parts.append(_label(name, voice, said))
                said = []
            voice = line[1:-1].strip()
        else:
            said.append(line.removeprefix("~").strip())
    if said:
        parts.append(_label(name, voice, said))
    return " ".join(parts)


def _label(name: str, voice: str, said: list[str]) -> str:
    return f'[{name}{", " + voice if voice else ""}]: "{" ".join(said)}"'


def _to_shots(scenes: list[tuple[str, list[str]]], film: FoundFilm) -> None:
    if len(scenes) == 1 and len(scenes[0][1]) > 1:
        heading, paragraphs = scenes[0]
        film.remarks.append("one scene: each paragraph became a shot, the heading said again in each")
        scenes = [(heading, [paragraph]) for paragraph in _with_speech(paragraphs)]
    for heading, paragraphs in scenes:
        body = "\n".join(paragraphs)
        film.shots.append(FoundShot(f"{heading}.\n{body}" if heading and body else heading or body))
    if "structure" in film.others:
        film.remarks.append("sections, synopses and transitions are kept under x-imported, and not sent")


def _with_speech(paragraphs: list[str]) -> list[str]:
    """Paragraphs, each with the lines that are spoken after it."""
    joined: list[str] = []
    for paragraph in paragraphs:
        if paragraph.startswith("[") and joined:
            joined[-1] += "\n" + paragraph
        else:
            joined.append(paragraph)
    return joined
