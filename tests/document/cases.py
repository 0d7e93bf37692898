"""The labelled documents of `cases.txt`, and the ways in which the same document can be written to disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
BOARDS = {path.name.split(".")[0]: path.read_bytes() for path in sorted((_HERE / "boards").iterdir())}


@dataclass(frozen=True)
class Case:
    """One labelled document: its lines, and for each of them what it belongs to."""

    name: str
    lines: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    flags: frozenset[str]

    def to_bytes(self, *flags: str) -> bytes:
        """The document with its own flags and these: `eol=crlf`, `bom=1`, `nofinal=1`."""
        wanted = self.flags | set(flags)
        end = "\r\n" if "eol=crlf" in wanted else "\n"
        text = end.join(self.lines) + ("" if "nofinal=1" in wanted else end)
        return (b"\xef\xbb\xbf" if "bom=1" in wanted else b"") + text.encode()

    def lines_of(self, label: str) -> list[int]:
        """The numbers, from 1, of the lines that carry a label."""
        return [number for number, labels in enumerate(self.labels, start=1) if label in labels]


def _read() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for part in (_HERE / "cases.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        head, *rows = part.splitlines()
        name, *flags = head.split()
        pairs = [row.split("|", 1) for row in rows]
        lines = tuple(text.replace("<SP>", "") for _, text in pairs)
        cases[name] = Case(name, lines, tuple(frozenset(labels.split(",")) for labels, _ in pairs), frozenset(flags))
    return cases


CASES = _read()
VARIANTS = ((), ("eol=crlf",), ("bom=1",), ("nofinal=1",), ("eol=crlf", "bom=1", "nofinal=1"))
