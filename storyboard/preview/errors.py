"""The one error of this room, and the words for a preview that is not installed."""

from __future__ import annotations

from storyboard.packages import failure_in_words, is_for_memory, is_missing


class PreviewError(Exception):
    """No preview can be drawn; the text says why and what to do about it."""


class TakenError(PreviewError):
    """Another file stands where a preview should go, and stays there."""


class LoadError(PreviewError):
    """A package is installed and cannot be loaded."""


def missing_extra(error: ImportError) -> PreviewError:
    """What to raise when PyAV or Pillow cannot be imported: they are not installed, or broken.

    Raises the error itself where the machine has no memory for them.
    """
    if is_for_memory(error):
        raise error
    if not isinstance(error, ModuleNotFoundError) or (error.name is not None and not is_missing(error.name)):
        return LoadError(failure_in_words(error))
    return PreviewError(
        f"An animatic needs PyAV and Pillow, and {error.name or 'one of them'} is not installed. "
        "Install them with: pip install 'multishot-storyboard[preview]'"
    )
