"""Annotations as GitHub's runner reads them from a log (docs.github.com, workflow commands)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.reports.places import from_here

if TYPE_CHECKING:
    from storyboard.checks.diagnostic import Diagnostic

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def annotation(found: Diagnostic) -> str:
    """One workflow command; line breaks, % and what separates properties are escaped, so that no text ends it early."""
    properties = {"file": from_here(found.file), "line": found.line, "endLine": found.end_line, "col": found.column}
    if found.end_line == found.line:
        properties["endColumn"] = found.end_column
    properties["title"] = found.code
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[found.severity]} {written}::{_data(found.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
