"""Where things stand in a YAML text; knows no schema."""

from storyboard.document.document import Document, Duplicate, Span
from storyboard.document.edits import EditRefused
from storyboard.document.errors import DocumentError
from storyboard.document.source import SIZE_LIMIT, read_bytes, read_stdin
from storyboard.document.tree import path_step

__all__ = [
    "SIZE_LIMIT",
    "Document",
    "DocumentError",
    "Duplicate",
    "EditRefused",
    "Span",
    "path_step",
    "read_bytes",
    "read_stdin",
]
