"""The one error of this room, and the words for a preview that is not installed."""

from __future__ import annotations


class PreviewError(Exception):
    """No preview can be drawn; the text says why and what to do about it."""


class TakenError(PreviewError):
    """Another file stands where a preview should go, and stays there."""


def missing_extra(module: str | None) -> PreviewError:
    """What to raise when PyAV or Pillow cannot be imported; `module` is the name that failed."""
    return PreviewError(
        f"An animatic needs PyAV and Pillow, and {module or 'one of them'} is not installed. "
        "Install them with: pip install 'multishot-storyboard[preview]'"
    )
