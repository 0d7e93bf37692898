"""Packages that cannot be loaded: whether they are missing or broken, and what to do about it."""

from __future__ import annotations

import re
import sys
from importlib import import_module, util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_NAMES = {
    "av": ("PyAV", "av"),
    "PIL": ("Pillow", "pillow"),
    "yaml": ("PyYAML", "pyyaml"),
    "_yaml": ("PyYAML", "pyyaml"),
    "pydantic_core": ("pydantic", "pydantic-core"),
    "textual_serve": ("textual-serve", "textual-serve"),
    "psycopg_binary": ("psycopg", "psycopg-binary"),
}
"""By module: the package as people call it, and as pip does, where those are not the module's name."""
_OWN = __name__.partition(".")[0]
_NO_MEMORY = ("cannot allocate memory", "failed to map segment", "not enough memory", "not enough quota")
"""What loaders of libraries say where the machine has no room for them, in small letters."""


def is_missing(module: str) -> bool:
    """Whether a module is not installed; a broken one is."""
    try:
        return util.find_spec(module.partition(".")[0]) is None
    except (ImportError, ValueError):
        return False


def load_failure(module: str) -> str | None:
    """Why a module that is installed cannot be loaded, and what to do; None where it can be, or is missing.

    Raises ImportError where the machine has no memory for it.
    """
    try:
        import_module(module)
    except ImportError as error:
        if is_for_memory(error):
            raise
        return None if is_missing(module) else failure_in_words(error, module)
    except Exception as error:  # a package's own code runs here, and may raise anything
        if package_of(error) is None:
            raise
        return failure_in_words(error, module)
    return None


def package_of(error: BaseException) -> str | None:
    """The package of others that failed to load with this error; None where the error is of another kind.

    An error says by itself only sometimes which package it is about, so the import that it came through tells it.
    """
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None):
        return None  # the machine's, whatever was under way
    known = None
    if isinstance(error, ImportError):
        known = _of_path(error.path) or error.name
    package = (known or _imported(error) or "").partition(".")[0]
    return package if package not in ("", _OWN) else None


def _imported(error: BaseException) -> str | None:
    """What was being imported when the error came: by the innermost frame of ours, or by code that it called."""
    steps: list[tuple[FrameType, int]] = []
    step = error.__traceback__
    while step is not None:
        if _package(step.tb_frame) == _OWN:
            steps.clear()
        steps.append((step.tb_frame, step.tb_lasti))
        step = step.tb_next
    return next(filter(None, (_import_at(*one) for one in steps)), None)


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _import_at(frame: FrameType, offset: int) -> str | None:
    """The module that a frame imports at this place of its code; None where it does something else there."""
    from dis import get_instructions

    if frame.f_code is import_module.__code__:
        return str(frame.f_locals.get("name", ""))
    steps = list(get_instructions(frame.f_code))
    for at, step in enumerate(steps):
        if step.offset == offset and step.opname == "IMPORT_NAME":
            is_relative = at > 1 and isinstance(steps[at - 2].argval, int) and steps[at - 2].argval > 0
            return _package(frame) if is_relative else str(step.argval)
    return None


def failure_in_words(error: Exception, module: str | None = None) -> str:
    """What an import's failure says of its package, `module` where it is known, and what to do."""
    package = (module or package_of(error) or "a package").partition(".")[0]
    name, pip_name = _NAMES.get(package, (package, package.replace("_", "-")))
    lacking = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if lacking and lacking not in sys.stdlib_module_names and is_missing(lacking):
        return _missing_in_words(lacking, name)
    if package in sys.stdlib_module_names:
        return f"Python's own {package} cannot be loaded: {error}; install a whole Python"
    words = " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__
    if is_for_memory(error):
        return f"{name} cannot be loaded: {words}; there is too little memory for it"
    return f"{name} cannot be loaded: {words}; install it anew: pip install --force-reinstall {pip_name}"


def _of_path(path: str | None) -> str | None:
    """The package whose file it is; an extension module's error names the module alone."""
    found = re.search(r"[/\\](?:site|dist)-packages[/\\](\w+)", path or "")
    return found[1] if found else None


def is_for_memory(error: Exception) -> bool:
    """Whether a package cannot be loaded because the machine has no memory for it, which may pass."""
    return any(words in str(error).lower() for words in _NO_MEMORY)


def _missing_in_words(missing: str, name: str) -> str:
    missing_name, pip_name = _NAMES.get(missing, (missing, missing.replace("_", "-")))
    subject = missing_name if missing_name == name else f"{name} needs {missing_name}, which"
    return f"{subject} is not installed: pip install {pip_name}"
