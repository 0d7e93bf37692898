"""Pictures as they were sent, kept as files beside the state, so that the state stays small."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from storyboard.sandbox.first_frame import first_frame_image
from storyboard.sandbox.picture import is_reference
from storyboard.sandbox.state import PICTURE_KEY, PICTURE_PREFIX
from storyboard.writing import make_private_folder, replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Pictures:
    """A folder of pictures' texts (data URI, base64), each named by the text's SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_private_folder(folder, is_ours=True)

    def keep(self, text: str) -> str:
        """Store a text and return the key that brings it back."""
        data = text.encode()
        name = hashlib.sha256(data).hexdigest()
        target = self._folder / name
        if not target.exists():
            replace_file(target, data, private=True)
        return PICTURE_PREFIX + name

    def bring(self, key: str) -> str:
        """The text that was stored under a key; any other text is given back as it is."""
        if PICTURE_KEY.fullmatch(key) is None:
            return key
        return (self._folder / key.removeprefix(PICTURE_PREFIX)).read_bytes().decode()

    def sweep(self, kept: set[str], before: float) -> None:
        """Delete the texts that no key in `kept` names and that are older than `before`, in seconds since the epoch."""
        for file in self._folder.iterdir():
            if PICTURE_PREFIX + file.name not in kept and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)

    def shelve(self, task: Mapping[str, object]) -> dict[str, object]:
        """The task with a picture in it replaced by the picture's key."""
        image = first_frame_image(task.get("inputs"))
        if image is None or is_reference(image):
            return dict(task)
        return _with_image(task, self.keep(image))

    def unshelve(self, task: Mapping[str, object]) -> dict[str, object]:
        """The task as it was sent."""
        image = first_frame_image(task.get("inputs"))
        return dict(task) if image is None else _with_image(task, self.bring(image))


def _with_image(task: Mapping[str, object], image: str) -> dict[str, object]:
    inputs = task["inputs"]
    item = inputs["frameImages"][0] if isinstance(inputs, dict) else None
    item = {**item, "image": image} if isinstance(item, dict) else image
    return {**task, "inputs": {"frameImages": [item]}}
