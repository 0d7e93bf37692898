"""Packages that cannot be loaded: whether they are missing or broken, and what to do about it."""

from __future__ import annotations

import re
from importlib import import_module, util
from traceback import walk_tb

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
_NOT_PACKAGES = ("", "__main__", "importlib", "_frozen_importlib", "_frozen_importlib_external", "storyboard")
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
    return None


def failure_in_words(error: ImportError, module: str | None = None) -> str:
    """What an import's failure says of its package, `module` where it is known, and what to do."""
    package = (module or _of_path(error.path) or error.name or _raised_in(error) or "a package").partition(".")[0]
    name, pip_name = _NAMES.get(package, (package, package.replace("_", "-")))
    if isinstance(error, ModuleNotFoundError) and error.name is not None and is_missing(error.name):
        return _missing_in_words(error.name.partition(".")[0], name)
    words = " ".join(str(error).split())[:300].rstrip(".")
    if is_for_memory(error):
        return f"{name} cannot be loaded: {words}; there is too little memory for it"
    return f"{name} cannot be loaded: {words}; install it anew: pip install --force-reinstall {pip_name}"


def _of_path(path: str | None) -> str | None:
    """The package whose file it is; an extension module's error names the module alone."""
    found = re.search(r"[/\\](?:site|dist)-packages[/\\](\w+)", path or "")
    return found[1] if found else None


def _raised_in(error: ImportError) -> str | None:
    """The package whose own code raised it, as Pillow does for an extension module of another version."""
    modules = [str(frame.f_globals.get("__name__", "")) for frame, _ in walk_tb(error.__traceback__)]
    last = modules[-1].partition(".")[0] if modules else ""
    return last if last not in _NOT_PACKAGES else None


def is_for_memory(error: ImportError) -> bool:
    """Whether a package cannot be loaded because the machine has no memory for it, which may pass."""
    return any(words in str(error).lower() for words in _NO_MEMORY)


def _missing_in_words(missing: str, name: str) -> str:
    missing_name, pip_name = _NAMES.get(missing, (missing, missing.replace("_", "-")))
    subject = missing_name if missing_name == name else f"{name} needs {missing_name}, which"
    return f"{subject} is not installed: pip install {pip_name}"
