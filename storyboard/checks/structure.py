"""Keys and kinds of values (SB002, SB003, SB103, SB104, SB109): data in, a draft and findings out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.checks.diagnostic import Finding
from storyboard.checks.draft import Draft, DraftShot
from storyboard.checks.hints import nearest
from storyboard.checks.kinds import one_of, text, web_address, whole, whole_in
from storyboard.compiler.expand import fold_white_space, is_cast_name, same_name
from storyboard.document import path_step
from storyboard.profiles import ASPECT_RATIOS, FORMATS, KLING_3_TURBO, PROFILES, RESOLUTIONS, SAFETY_MODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storyboard.checks.diagnostic import Path
    from storyboard.checks.kinds import Kind

_TOP: Mapping[str, Kind] = {
    "title": text(most=200),
    "model": one_of(tuple(PROFILES)),
    "duration": whole(unit="seconds"),
    "aspect_ratio": one_of(ASPECT_RATIOS),
    "resolution": one_of(RESOLUTIONS),
    "first_frame": text(),
    "negative_prompt": text(),
    "look": text(blank=True),
}
_OUTPUT: Mapping[str, Kind] = {
    "format": one_of(FORMATS),
    "quality": whole_in(KLING_3_TURBO.quality),
    "takes": whole_in(KLING_3_TURBO.takes),
    "safety": one_of(SAFETY_MODES),
    "ttl": whole(least=KLING_3_TURBO.ttl_at_least, unit="seconds"),
    "upload_endpoint": web_address,
    "webhook_url": web_address,
}
TOP_KEYS = (*_TOP, "cast", "shots", "output")
SHOT_KEYS = ("seconds", "prompt", "note")
OUTPUT_KEYS = tuple(_OUTPUT)
ADDRESS_KEYS = ("upload_endpoint", "webhook_url")

_SHOTS_LOOKED_AT = 50
"""A file with more shots than this is told so; what is in the rest does not matter any more."""
_HINTS_AT_MOST = 20

_seconds = whole(least=1)
_text = text()
_note = text(blank=True)


def read_structure(data: object, folder: str) -> tuple[Draft, list[Finding]]:
    """The draft of a file's data, and every finding about its keys and kinds."""
    draft = Draft(folder, {}, frozenset())
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "the file is not a mapping of keys to values"
        return draft, [Finding("SB003", (), f"{what}: a storyboard has at least the key `shots`")]
    draft.given = frozenset(key for key in data if isinstance(key, str))
    findings = list(_unknown_keys(data, (), TOP_KEYS, private=True))
    for key, kind in _TOP.items():
        if key in data:
            if (wrong := kind(data[key])) is None:
                draft.fields[key] = data[key]
            else:
                findings.append(_wrong((key,), wrong))
    findings += _read_cast(data, draft)
    findings += _read_shots(data, draft)
    findings += _read_output(data, draft)
    return draft, findings


def _wrong(path: Path, words: str, code: str = "SB003") -> Finding:
    return Finding(code, path, f"`{path[-1]}` {words}")


def _unknown_keys(mapping: dict[Any, Any], path: Path, known: tuple[str, ...], *, private: bool) -> Iterator[Finding]:
    unknown = [
        key for key in mapping if not (isinstance(key, str) and (key in known or (private and key.startswith("x-"))))
    ]
    for count, key in enumerate(unknown):
        step = path_step(key)
        shown = str(step)[:80]
        advice = _advice(shown, known, private=private) if count < _HINTS_AT_MOST else "delete it"
        yield Finding("SB002", (*path, step), f"unknown key `{shown}`: {advice}", at_key=True)


def _advice(key: str, known: tuple[str, ...], *, private: bool) -> str:
    for elsewhere, where in (
        (TOP_KEYS, "at the top of the file"),
        (SHOT_KEYS, "in a shot"),
        (OUTPUT_KEYS, "under `output`"),
    ):
        if key in elsewhere and elsewhere is not known:
            return f"it belongs {where}"
    if hint := nearest(key, known):
        return f"did you mean `{hint}`?"
    own = " (a key of your own starts with `x-`)" if private else ""
    return f"known here: {', '.join(known)}{own}"


def _read_cast(data: dict[Any, Any], draft: Draft) -> Iterator[Finding]:
    if "cast" not in data:
        draft.cast = {}
        return
    cast = data["cast"]
    if isinstance(cast, str) and cast:
        draft.cast_file = cast
    elif isinstance(cast, dict):
        for name, words, at_key in read_cast(cast, draft):
            yield Finding("SB003", ("cast", name), words, at_key=at_key)
    else:
        yield _wrong(("cast",), "must be a mapping of names to texts, or the path of a YAML file with such a mapping")


def read_cast(cast: dict[Any, Any], draft: Draft) -> Iterator[tuple[str | int, str, bool]]:
    """Gives the draft the sound entries; of the others the name, what is wrong, and whether it is with the name."""
    draft.cast = {}
    known: dict[str, str] = {}
    for name, description in cast.items():
        if not isinstance(name, str) or not is_cast_name(name):
            step = path_step(name)
            shown = str(step)[:80]
            rule = "a letter, then letters and their marks, digits, `_` or `-`, and no `-` at the end"
            yield step, f"`{shown}` is no cast name: {rule}", True
        elif (first := known.setdefault(same_name(name), name)) is not name:
            yield name, f"`{name[:80]}` is the name `{first[:80]}` again, composed otherwise: delete one", True
        elif (wrong := _text(description)) is not None:
            draft.broken_names.add(name)
            yield name, f"the cast's `{name[:80]}` {wrong}", False
        else:
            draft.cast[name] = description


def _read_shots(data: dict[Any, Any], draft: Draft) -> Iterator[Finding]:
    if "shots" not in data:
        yield Finding("SB003", (), "`shots` is missing: a storyboard lists one to six shots under it")
        return
    shots, most = data["shots"], KLING_3_TURBO.shots.most
    if shots is None or shots == []:
        yield Finding("SB103", ("shots",), f"no shot: a storyboard has 1 to {most}")
        return
    if not isinstance(shots, list):
        yield _wrong(("shots",), "must be a list: each shot starts with a dash")
        return
    draft.shots_are_whole = len(shots) <= _SHOTS_LOOKED_AT and all(isinstance(shot, dict) for shot in shots)
    if len(shots) > most:
        yield Finding("SB103", ("shots", most), f"{len(shots)} shots, {len(shots) - most} too many (at most {most})")
    for index, shot in enumerate(shots[:_SHOTS_LOOKED_AT]):
        draft.shots.append(DraftShot(index))
        yield from _read_shot(shot, draft.shots[-1])


def _read_shot(shot: object, into: DraftShot) -> Iterator[Finding]:
    path: Path = ("shots", into.index)
    if not isinstance(shot, dict):
        yield Finding("SB003", path, f"{into.name} must be a mapping with `seconds` and `prompt`")
        return
    yield from _unknown_keys(shot, path, SHOT_KEYS, private=True)
    for key in ("seconds", "prompt"):
        if key not in shot:
            yield Finding("SB003", path, f"{into.name} has no `{key}`")
    if "seconds" in shot:
        if (wrong := _seconds(shot["seconds"])) is None:
            into.seconds = shot["seconds"]
        else:
            yield Finding("SB104", (*path, "seconds"), f"{into.name}: `seconds` {wrong}")
    if "prompt" in shot:
        yield from _read_prompt(shot["prompt"], into, (*path, "prompt"))
    if "note" in shot:
        if (wrong := _note(shot["note"])) is None:
            into.note = shot["note"]
        else:
            yield Finding("SB003", (*path, "note"), f"{into.name}: `note` {wrong}")


def _read_prompt(prompt: object, into: DraftShot, path: Path) -> Iterator[Finding]:
    if prompt is None or (isinstance(prompt, str) and not fold_white_space(prompt)):
        yield Finding("SB109", path, f"{into.name} has an empty prompt: say what is seen, or delete the shot")
    elif not isinstance(prompt, str):
        yield Finding("SB003", path, f"{into.name}: `prompt` {_text(prompt)}")
    else:
        into.prompt = prompt


def _read_output(data: dict[Any, Any], draft: Draft) -> Iterator[Finding]:
    if "output" not in data:
        return
    output = data["output"]
    if not isinstance(output, dict):
        yield _wrong(("output",), f"must be a mapping; known in it: {', '.join(OUTPUT_KEYS)}")
        return
    yield from _unknown_keys(output, ("output",), OUTPUT_KEYS, private=False)
    for key, kind in _OUTPUT.items():
        if key in output and (wrong := kind(output[key])) is not None:
            yield _wrong(("output", key), wrong)
        elif key == "takes":
            draft.takes = output.get(key, draft.takes)
        elif key in ADDRESS_KEYS and key in output:
            draft.addresses[key] = output[key]
