"""What git leaves out of a folder, from its files alone: no git is asked, so no repository's settings run.

Each part of a path is matched by the standard library's `fnmatch`, which takes time in proportion to name and pattern.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from storyboard.disk import is_of_other_machine, open_to_read
from storyboard.gitindex import tracked_in

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = ".gitignore"
_BYTES_AT_MOST = 256 * 1024
_LENGTH_AT_MOST = 500
"""Characters of a pattern; a longer one counts for nothing."""
_WILD_AT_MOST = 1000
"""Patterns with wildcards that count in one file."""
_WILD = re.compile(r"[*?\[\\]")
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "xdigit": "0-9a-fA-F",
    "space": " \t\n\r\f\v", "blank": " \t", "punct": "!-/:-@[-`{-~", "print": " -~", "graph": "!-~",
    "cntrl": "\0-\x1f\x7f",
}  # fmt: skip
_BRACKET = re.compile(r"\[([!^]?)(\]?(?:\[:[a-z]+:\]|\\.|[^\]\\])*)\]", re.DOTALL)
_SECTION = re.compile(r"[ \t]*\[[ \t]*([^\]\s]+)(?=[\]\s])([^\]]*)\](.*)")
_EXCLUDES_FILE = re.compile(r"[ \t]*excludesfile[ \t]*=[ \t]*(.*)", re.IGNORECASE)


class _Pattern(NamedTuple):
    """One line of a file of patterns."""

    parts: tuple[Callable[[str], object] | None, ...]
    """A test for each part of the path below the file's folder; None stands for any folders, also for none."""
    keeps: bool
    folders_only: bool


class _Patterns(NamedTuple):
    """A file of patterns; the number of a line decides, for the last that fits counts."""

    names: dict[str, list[tuple[int, bool, bool]]]
    """Names without wildcards, wherever they stand: number, whether it keeps, whether it is about folders only."""
    others: list[tuple[int, _Pattern]]
    """From the last line to the first."""
    may_fit: Callable[[str], object]
    """A test of a name alone: most names fit the last part of none of the others."""

    def verdict(self, parts: tuple[str, ...], *, is_folder: bool) -> bool | None:
        """Whether a path, in parts from the file's folder on, is left out; None where no line is about it."""
        found, verdict = -1, None
        for number, keeps, folders_only in self.names.get(parts[-1], ()):
            if (is_folder or not folders_only) and number > found:
                found, verdict = number, not keeps
        for number, pattern in self.others if self.may_fit(parts[-1]) else ():
            if number < found:
                break
            if (is_folder or not pattern.folders_only) and _fits(pattern.parts, parts):
                return not pattern.keeps
        return verdict


class Ignored(NamedTuple):
    """What is left out of one folder."""

    parts: tuple[str, ...] = ()
    """The folder, from the root of the work tree on."""
    layers: tuple[tuple[int, _Patterns], ...] = ()
    """Patterns with how many parts their own folder has; those of later files count before those of earlier ones."""
    reads_files: bool = True
    """Whether files of patterns in the folder count: outside of a work tree they do not."""
    index_file: str = ""
    """The file in which git keeps what it tracks."""
    is_out: bool = False
    """Whether the folder itself is left out but for what git tracks in it."""

    def leaves_out(self, name: str, *, is_folder: bool) -> bool:
        """Whether something in the folder is left out; what git tracks, and folders with that in them, never are."""
        path = (*self.parts, _bytes(name))
        return self._fits(path, is_folder=is_folder) and not (
            self.index_file and "/".join(path) in tracked_in(self.index_file)
        )

    def _fits(self, path: tuple[str, ...], *, is_folder: bool) -> bool:
        for depth, patterns in reversed(self.layers if not self.is_out else ()):
            verdict = patterns.verdict(path[depth:], is_folder=is_folder)
            if verdict is not None:
                return verdict
        return self.is_out

    def inside(self, name: str) -> Ignored:
        """The same for a folder in it, whose own file is not read yet."""
        path = (*self.parts, _bytes(name))
        return self._replace(parts=path, is_out=self._fits(path, is_folder=True))

    def with_file_of(self, folder: str) -> Ignored:
        """The same with the patterns that lie in the folder itself, which is at `folder`."""
        found = _read(os.path.join(folder, FILE), follow=False) if self.reads_files else None
        return self if found is None else self._replace(layers=(*self.layers, (len(self.parts), found)))


def ignored_in(folder: str) -> Ignored:
    """What git leaves out of a folder, the folder's own file not read yet; nothing outside of a work tree.

    Of a folder that is itself left out, only its own files of patterns count: it was named all the same.
    """
    try:
        real = os.path.realpath(folder)
    except OSError:
        return Ignored(reads_files=False)
    root = _root_of(real)
    if root is None:
        return Ignored(reads_files=False)
    git, common = _git_folders(root)
    outer = (_excludes_file(root, common), os.path.join(common, "info", "exclude"))
    layers = tuple((0, found) for found in map(_read, outer) if found is not None)
    ignored = Ignored(layers=layers, index_file=os.path.join(git, "index"))
    at = root
    for name in [name for name in os.path.relpath(real, root).split(os.sep) if name != os.curdir]:
        at, ignored = os.path.join(at, name), ignored.with_file_of(at).inside(name)
        if ignored.is_out:
            return Ignored()
    return ignored


def _root_of(folder: str) -> str | None:
    """The root of the git work tree around a folder."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _git_folders(root: str) -> tuple[str, str]:
    """Where git keeps what belongs to a work tree, and what belongs to all work trees of its repository."""
    git = os.path.join(root, ".git")
    if not os.path.isfile(git):
        return git, git
    named = _said(git).partition("gitdir:")[2].strip()  # of a further work tree, or a submodule
    if is_of_other_machine(named):
        return git, git
    git = os.path.join(root, named)
    common = _said(os.path.join(git, "commondir")).strip()
    return git, git if is_of_other_machine(common) else os.path.join(git, common)


def _excludes_file(root: str, git: str) -> str:
    """What git's settings call `core.excludesFile`, or where git looks without one.

    A repository's own settings come from a stranger: they may name a file in the work tree and no other.
    """
    settings = os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"), "git")
    named = os.environ.get("GIT_CONFIG_GLOBAL")
    files = [named] if named else [os.path.join(settings, "config"), os.path.expanduser("~/.gitconfig")]
    found = os.path.join(settings, "ignore")
    for file in files:
        found = _excludes_file_said(file) or found
    if own := _excludes_file_said(os.path.join(git, "config")):
        own = "" if is_of_other_machine(own) else os.path.realpath(os.path.join(root, own))
        found = own if own.startswith(os.path.join(root, "")) else found
    return found


def _excludes_file_said(file: str) -> str | None:
    found = None
    in_core = False
    for text in _said(file).splitlines():
        line = text
        if section := _SECTION.match(line):
            in_core, line = section[1].lower() == "core" and not section[2].strip(), section[3]
        if in_core and (value := _EXCLUDES_FILE.match(line)):
            quoted, quote, behind = value[1].rpartition('"')
            plain = (quoted + quote + re.split(r"\s[#;]", behind, maxsplit=1)[0]).strip()
            found = os.path.expanduser(plain.strip('"').replace("\\\\", "\\"))
    return found


def _said(path: str) -> str:
    """The text of a regular file, empty where there is none that can be read."""
    return os.fsdecode(_data(path))


def _data(path: str, *, follow: bool = True) -> bytes:
    try:
        descriptor = open_to_read(path, follow=follow)
    except (OSError, ValueError):
        return b""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(_BYTES_AT_MOST)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _bytes(name: str) -> str:
    """A name with a character for each of its bytes, which is how git compares."""
    return name if name.isascii() else os.fsencode(name).decode("latin-1")


def _read(path: str, *, follow: bool = True) -> _Patterns | None:
    lines = _data(path, follow=follow).removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n")
    names: dict[str, list[tuple[int, bool, bool]]] = {}
    others: list[tuple[int, _Pattern]] = []
    last_parts: dict[str, None] = {}
    for number, line in enumerate(lines):
        text = _without_end(line.removesuffix("\r"))
        if not text or text.startswith("#") or len(text) > _LENGTH_AT_MOST:
            continue
        keeps, folders_only = text.startswith("!"), text.endswith("/")
        text = text.removeprefix("!").removesuffix("/")
        if not text:
            continue
        if "/" not in text and not _WILD.search(text):
            names.setdefault(text, []).append((number, keeps, folders_only))
        elif len(others) < _WILD_AT_MOST and (parts := _parts(text)) is not None:
            others.append((number, _Pattern(parts, keeps, folders_only)))
            last_parts[_last(text)] = None
    if not names and not others:
        return None
    return _Patterns(names, others[::-1], re.compile("|".join(filter(None, map(_expression, last_parts)))).match)


def _last(text: str) -> str:
    last = text.rpartition("/")[2]
    return last if last.strip("*") else "*"


def _without_end(line: str) -> str:
    """A line without the spaces at its end; one behind a backslash stays."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and len(bare) < len(line) else bare


def _parts(text: str) -> tuple[Callable[[str], object] | None, ...] | None:
    """A pattern by its parts; None for one that fits nothing."""
    if "/" not in text:
        test = _test(text)
        return (None, test) if test is not None else None
    parts = ["**" if len(part) > 1 and not part.strip("*") else part for part in text.removeprefix("/").split("/")]
    if parts[-1] == "**":
        parts.append("*")
    parts = [part for number, part in enumerate(parts) if part != "**" or parts[number - 1 : number] != ["**"]]
    tests = [None if part == "**" else _test(part) for part in parts[:-1]]
    last = _test(parts[-1])
    if last is None or any(test is None and part != "**" for test, part in zip(tests, parts, strict=False)):
        return None
    return (*tests, last)


@lru_cache(maxsize=4096)
def _test(part: str) -> Callable[[str], object] | None:
    """Whether a name fits one part of a pattern, as a test; None where the part cannot be read."""
    expression = _expression(part)
    return re.compile(expression).match if expression is not None else None


def _expression(part: str) -> str | None:
    made, position = [], 0
    while position < len(part):
        character = part[position]
        bracket = _BRACKET.match(part, position) if character == "[" else None
        if character == "\\":
            if position + 1 == len(part):
                return None  # git: a backslash at the end fits nothing
            position += 1
            made.append(_literal(part[position]))
        elif bracket:
            made.append(_set(bracket))
            position = bracket.end() - 1
        elif character == "[":
            return None
        else:
            made.append("*" if character == "*" and made[-1:] != ["*"] else "" if character == "*" else character)
        position += 1
    expression = fnmatch.translate("".join(made))
    try:
        re.compile(expression)
    except re.error:
        return None
    return expression


def _literal(character: str) -> str:
    return f"[{character}]" if character in "*?[" else character


def _set(bracket: re.Match[str]) -> str:
    """A set of characters in the words of `fnmatch`, which knows no classes and no backslash."""
    inner = re.sub(r"\[:([a-z]+):\]", lambda match: _CLASSES.get(match[1], ""), bracket[2])
    inner = re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)
    if "]" in inner[1:]:
        inner = "]" + inner.replace("]", "")
    if not bracket[1] and inner.startswith("!"):
        inner = inner[1:] + "!" if len(inner) > 1 else inner
    return f"[!{inner}]" if bracket[1] else _literal(inner) if inner in ("!", "^") else f"[{inner}]"


def _fits(pattern: tuple[Callable[[str], object] | None, ...], parts: tuple[str, ...]) -> bool:
    """Whether a path fits a pattern, both in parts; wherever it may stand in the pattern is followed at once."""
    last = pattern[-1]
    if last is None or not last(parts[-1]):
        return False
    if len(pattern) == 2 and pattern[0] is None:  # a name, wherever it stands
        return True
    places = _open(pattern, {0})
    for part in parts:
        places = _open(
            pattern,
            {
                place if test is None else place + 1
                for place in places
                if place < len(pattern)
                for test in (pattern[place],)
                if test is None or test(part)
            },
        )
        if not places:
            return False
    return len(pattern) in places


def _open(pattern: tuple[Callable[[str], object] | None, ...], places: set[int]) -> set[int]:
    """The same places, and those behind "any folders", which may be none."""
    found = set(places)
    for place in sorted(places):
        while place < len(pattern) and pattern[place] is None:
            place += 1  # noqa: PLW2901
            found.add(place)
    return found
