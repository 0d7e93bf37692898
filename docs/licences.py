"""Makes docs/licences.md from the metadata of the packages that are installed: `python docs/licences.py`."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).with_suffix(".md")
PACKAGE = "multishot-storyboard"
# What old metadata says in words or classifiers, as SPDX names it.
_SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "BSD 3-Clause License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
}
_TOP = """\
# Licences

Storyboard is under the MIT licence. Installing it installs other people's packages, each under its own; none is copied
into ours.

**GPL parts.** PyAV (`av`, extra `[preview]`) is BSD. The wheel that pip installs carries FFmpeg, which calls itself
LGPL, version 3 or later, and beside it the libraries x264 and x265, which are under the GPL, version 2 or later. Using
them binds you to nothing. Whoever passes on a copy of that wheel, say in an image or an installer, passes on GPL
software and owes what the GPL asks: its text and the sources. Without `[preview]` no part of an installation is under
the GPL; PyAV built from source against an FFmpeg of your own carries what that carries.

This table is made from the packages' metadata by `python docs/licences.py`: what
`pip install 'multishot-storyboard[all]'` brings on Linux, and the extras that bring it; the core needs the others.

| package | licence | brought by |
|---|---|---|
"""


def brought() -> dict[str, set[str]]:
    """Each package of an installation with all extras, and the extras that bring it; the core is the extra ''."""
    found: dict[str, set[str]] = {}
    extras = distribution(PACKAGE).metadata.get_all("Provides-Extra") or []
    for extra in ["", *sorted(set(extras) - {"all"})]:
        for name in _closure(PACKAGE, frozenset((extra,)), set()):
            found.setdefault(name, set()).add(extra)
    return {name: found[name] for name in sorted(found)}


def _closure(package: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> set[str]:
    """What a package with these extras needs here, directly and through others; itself left out."""
    if (package, extras) in seen:
        return set()
    seen.add((package, extras))
    names: set[str] = set()
    for line in distribution(package).requires or []:
        needed = Requirement(line)
        if needed.marker and not any(needed.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            continue
        name = canonicalize_name(needed.name)
        names |= {name} if name != PACKAGE else set()
        names |= _closure(name, frozenset(needed.extras), seen)
    return names


def licence(package: Distribution) -> str:
    """What its metadata says, the newest way of saying it first; '' where they say nothing."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License :: ")
    ]
    short = str(said.get("License") or "").strip()
    words = classified if not short or "\n" in short or len(short) > 60 else [short]
    return " AND ".join(_SPDX.get(word, word) for word in words if word != "OSI Approved")


def page() -> str:
    """The whole page."""
    rows = []
    for name, extras in brought().items():
        by = "" if "" in extras else ", ".join(f"`[{extra}]`" for extra in sorted(extras))
        remark = "; its wheel carries x264 and x265, GPL-2.0-or-later" if name == "av" else ""
        rows.append(f"| {name} | {licence(distribution(name))}{remark} | {by} |\n")
    return re.sub(r" +\|$", " |", _TOP + "".join(rows), flags=re.MULTILINE)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
