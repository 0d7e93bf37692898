"""One finding about a storyboard, in the one shape that every report and screen uses."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """What a rule says: a code, where in the data, and words; `at_key` points at the key instead of its value."""

    code: str
    path: Path
    message: str
    severity: Severity = "error"
    at_key: bool = False


class Diagnostic(NamedTuple):
    """A finding with its place in the file; lines and columns from 1, the end just behind the last character."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    message: str
    path: Path = ()
    fix: str | None = None
    """The title of what `--fix` would do about it."""

    def to_json(self) -> dict[str, Any]:
        """The shape of `check --format json`."""
        return {
            **self._asdict(),
            "path": list(self.path),
            "fix": None if self.fix is None else {"title": self.fix},
        }
