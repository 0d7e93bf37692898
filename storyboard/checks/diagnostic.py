"""One finding about a storyboard, in the one shape that every report and screen uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from storyboard.document import Document

Severity = Literal["error", "warning", "info"]
Path = tuple[str | int, ...]
SEVERITY_WORDS = {"error": "error", "warning": "warning", "info": "hint"}
"""What people call each severity."""


class Fix(NamedTuple):
    """What `--fix` does about a finding; it touches one value and nothing else."""

    title: str
    """What is done, in words such as "write 15"."""
    path: Path
    value: Any = None
    """What is written there; without one, white space at the ends of the text's lines goes."""

    def apply(self, document: Document) -> None:
        """Makes the change; raises EditRefused and changes nothing."""
        if self.value is None:
            document.trim(self.path)
        else:
            document.replace(self.path, self.value)


class Finding(NamedTuple):
    """What a rule says: a code, where in the data, and words; `at_key` points at the key instead of its value."""

    code: str
    path: Path
    message: str
    severity: Severity = "error"
    at_key: bool = False
    fix: Fix | None = None


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
    fix: Fix | None = None
    """What `--fix` would do about it."""

    def to_json(self) -> dict[str, Any]:
        """The shape of `check --format json`."""
        return {
            **self._asdict(),
            "path": list(self.path),
            "fix": None if self.fix is None else {"title": self.fix.title},
        }
