"""Where things stand in a YAML text; knows no schema."""

from storyboard.document.document import Document
from storyboard.document.errors import DocumentError, EditRefused
from storyboard.document.reading import Duplicate, Reading, Span
from storyboard.document.source import SIZE_LIMIT, read_bytes, read_stdin
from storyboard.document.tree import path_step

__all__ = [
    "SIZE_LIMIT",
    "Document",
    "DocumentError",
    "Duplicate",
    "EditRefused",
    "Reading",
    "Span",
    "path_step",
    "read_bytes",
    "read_stdin",
]
