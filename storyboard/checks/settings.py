"""Which codes a project wants: `.storyboard.toml`, or `[tool.storyboard]` in `pyproject.toml`."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from storyboard.bounded import read_toml
from storyboard.disk import is_inside, is_of_other_machine
from storyboard.document import DocumentError, read_bytes
from storyboard.folders import project_folders

if TYPE_CHECKING:
    from storyboard.checks.diagnostic import Diagnostic

_FILES = (".storyboard.toml", "pyproject.toml")
_KEYS = ("select", "ignore", "strict")
_TABLE = b"storyboard"

Stamp = tuple[str, int, int]


class SettingsError(ValueError):
    """A settings file that cannot be used; the text names it and says why."""


class Settings(NamedTuple):
    """Codes, or how they begin: `select` reports only these, none means all; `ignore` leaves these out."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    """Whether warnings count as errors."""

    def wants(self, code: str) -> bool:
        """Whether a code is to be reported."""
        return (not self.select or code.startswith(self.select)) and not (self.ignore and code.startswith(self.ignore))


def begins_codes(text: str) -> bool:
    """Whether it is a code, or how codes begin: SB and up to three digits."""
    if not text.startswith("SB"):
        return False
    from storyboard.checks.catalogue import codes

    return any(code.startswith(text) for code in codes())


def settings_for(folder: str) -> Settings:
    """The settings of the nearest file, from a storyboard's folder up to its project's root; SettingsError.

    The root is the folder with `.git` in it; without one, only the folder itself is looked into.
    """
    places = project_folders(folder)
    for place in places:
        for name in _FILES:
            found = _read(os.path.join(place, name), places[-1])
            if found is not None:
                return found
    return Settings()


def quiet(diagnostics: list[Diagnostic], folder: str) -> list[Diagnostic]:
    """Diagnostics without the warnings and hints that the project does not want; all where its settings are broken."""
    try:
        settings = settings_for(folder)
    except SettingsError:
        return diagnostics
    return [found for found in diagnostics if found.severity == "error" or settings.wants(found.code)]


_remembered: dict[Stamp, Settings | None] = {}
"""What files said, as long as they are the same: an editor asks with every key."""


def _read(path: str, root: str) -> Settings | None:
    """The settings in a file, None where there is no such file, or where it is a `pyproject.toml` without any.

    A link that leads out of the project is not read: what is wrong with that file would be said with its words.
    """
    try:
        if os.path.islink(path) and (is_of_other_machine(os.readlink(path)) or not _is_in(path, root)):
            if os.path.basename(path) != _FILES[0]:
                return None
            raise SettingsError(f"{path}: a link that leads out of the project: put the file itself there")
        found = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    stamp = (path, found.st_mtime_ns, found.st_size)
    if stamp not in _remembered:
        if len(_remembered) > 100:
            _remembered.clear()
        _remembered[stamp] = _parse(path)
    return _remembered[stamp]


def _is_in(path: str, root: str) -> bool:
    return is_inside(os.path.realpath(path), root)


def _parse(path: str) -> Settings | None:
    try:
        data = read_bytes(path)
    except DocumentError as error:
        raise SettingsError(f"{path}: {error.reason}") from None
    own = os.path.basename(path) == _FILES[0]
    if not own and _TABLE not in data and b"\\" not in data:  # there are many ways to spell a table, with escapes too
        return None
    try:
        table: Any = read_toml(data.decode().replace("\r\n", "\n").removeprefix("\ufeff"))
    except ValueError as error:
        raise SettingsError(f"{path}: not TOML: {str(error)[:200]}") from None
    if not own:
        tool = table.get("tool")
        table = tool.get("storyboard") if isinstance(tool, dict) else None
        if table is None:
            return None
    return _settings(table, path)


def _settings(table: Any, path: str) -> Settings:
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: `storyboard` under `tool` must be a table")
    for key in table:
        if key not in _KEYS:
            raise SettingsError(f"{path}: unknown key {key[:40]!r}; known: {', '.join(_KEYS)}")
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise SettingsError(f"{path}: `strict` must be true or false")
    ignore = _codes(table, "ignore", path)
    for code in ignore:
        if not code.startswith("SB2"):
            words = f"errors cannot be ignored, and {code} in `ignore` means errors: write codes from SB2 on"
            raise SettingsError(f"{_place(path, code)}: {words}")
    return Settings(_codes(table, "select", path), ignore, strict)


def _codes(table: dict[str, Any], key: str, path: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise SettingsError(f'{path}: `{key}` must be a list of codes or their beginnings, as ["SB203", "SB21"]')
    for code in value:
        if not begins_codes(code.upper()):
            raise SettingsError(
                f"{_place(path, code)}: no code begins with {code[:40]!r}, in `{key}`: storyboard rule shows all codes"
            )
    return tuple(code.upper() for code in value)


def _place(path: str, code: str) -> str:
    """The settings file with the first line that names a code; without one where it is spelled in escapes."""
    try:
        lines = read_bytes(path).decode().upper().split("\n")
    except (DocumentError, UnicodeDecodeError):
        return path
    quoted = (f'"{code.upper()}"', f"'{code.upper()}'")
    found = (number for number, line in enumerate(lines, 1) if any(one in line.partition("#")[0] for one in quoted))
    return f"{path}:{line}" if (line := next(found, 0)) else path
