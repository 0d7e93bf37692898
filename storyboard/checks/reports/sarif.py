"""SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), which code hosts and editors show as alerts."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from storyboard import __version__
from storyboard.checks.catalogue import explain
from storyboard.checks.reports.places import from_here

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.checks.diagnostic import Diagnostic

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif_log(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """One run with all results, and the rules that they are about."""
    found = list(diagnostics)
    codes = sorted({one.code for one in found})
    places = {code: place for place, code in enumerate(codes)}
    seen: dict[str, int] = {}
    results = [_result(one, places[one.code], seen) for one in found]
    driver = {"name": "storyboard", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    known = explain(code)
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.reason},
        "help": {"text": f"{known.reason}\nSource: {known.source}\nMore: storyboard rule {code}"},
        "defaultConfiguration": {"level": _LEVELS[known.severity]},
    }


def _result(found: Diagnostic, rule: int, seen: dict[str, int]) -> dict[str, Any]:
    uri = _uri(found.file)
    return {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": found.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {
                        "startLine": found.line,
                        "startColumn": found.column,
                        "endLine": found.end_line,
                        "endColumn": found.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {"storyboard/v1": _fingerprint(found, uri, seen)},
    }


def _fingerprint(found: Diagnostic, uri: str, seen: dict[str, int]) -> str:
    """What stays the same when lines above are added: file, code, place in the data, and which of several it is."""
    what = f"{uri}\0{found.code}\0{'/'.join(map(str, found.path))}"
    seen[what] = seen.get(what, 0) + 1
    return sha256(f"{what}\0{seen[what]}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _uri(file: str) -> str:
    """A path as a URI reference: relative where the file lies below the current folder."""
    if file == "-":
        return "stdin"
    file = from_here(file)
    plain = quote(os.fsencode(file.replace(os.sep, "/")), safe="/!$&'()*+,;=@~")
    return f"file://{plain}" if os.path.isabs(file) else plain
