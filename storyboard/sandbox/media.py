"""Pictures that are uploaded before they are used: `imageUpload`, and its successor `mediaStorage`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from storyboard.sandbox.picture import UUID, PictureError, decode, is_reference, kind_of
from storyboard.sandbox.refusal import Refusal, RefusedError, invalid, missing
from storyboard.sandbox.rules import check_envelope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storyboard.sandbox.pictures import Pictures
    from storyboard.sandbox.state import State

UPLOAD_BYTES_AT_MOST = 50_000_000
_OPERATIONS = ("upload", "delete")
_ADDRESS = re.compile(r"https?://[^/?#]+/sandbox/media/([0-9a-f-]{36})(?:\.[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Media:
    """Uploaded pictures of one sandbox, found again by the UUID they got."""

    state: State
    pictures: Pictures

    def upload_image(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        """Answer an `imageUpload`. Raises RefusedError."""
        refusals = [*check_envelope(task, ("taskType", "taskUUID", "image")), *_check_picture(task, "image")]
        if refusals:
            raise RefusedError(*refusals)
        yield _head(task) | {"imageUUID": self._keep(str(task["image"]))}

    def store(self, task: Mapping[str, object], origin: str) -> Iterator[dict[str, object]]:
        """Answer a `mediaStorage`; its `mediaURL` begins with `origin`. Raises RefusedError."""
        refusals = list(check_envelope(task, ("taskType", "taskUUID", "operation", "media")))
        operation = task.get("operation")
        if "operation" not in task:
            refusals.append(missing("operation", "operation is needed."))
        elif operation not in _OPERATIONS:
            refusals.append(invalid("operation", "No such operation.", type="string", allowed=_OPERATIONS))
        elif operation == "upload":
            refusals += _check_picture(task, "media")
        elif not isinstance(task.get("media"), str) or self._key(str(task["media"])) is None:
            refusals.append(invalid("media", "media is the mediaUUID of something that was stored.", type="string"))
        if refusals:
            raise RefusedError(*refusals)
        head = _head(task) | {"operation": operation}
        if operation == "delete":
            uuid = uuid_in(str(task["media"]))
            self.state.drop_upload(uuid)
            yield head | {"mediaUUID": uuid}
            return
        uuid = self._keep(str(task["media"]))
        yield head | {"mediaUUID": uuid, "mediaURL": f"{origin}/media/{uuid}"}

    def find(self, image: str) -> str | None:
        """What was uploaded under a UUID or this sandbox's own address of it: data URI, base64 or URL; None if nothing.

        Raises OSError where the picture's file is gone.
        """
        key = self._key(image)
        return None if key is None else self.pictures.bring(key)

    def bytes_of(self, uuid: str) -> tuple[bytes, str] | None:
        """An uploaded picture and its media type; None for an unknown UUID and for one that only points elsewhere."""
        text = self.find(uuid)
        if text is None or is_reference(text):
            return None
        data = decode(text, bytes_at_most=UPLOAD_BYTES_AT_MOST)
        return data, f"image/{kind_of(data)}"

    def _key(self, image: str) -> str | None:
        uuid = uuid_in(image)
        return self.state.find_upload(uuid) if UUID.fullmatch(uuid) else None

    def _keep(self, image: str) -> str:
        uuid = str(uuid4())
        # What is stored already is known under another UUID too; what is elsewhere stays there.
        known = self._key(image)
        self.state.add_upload(uuid, known or (image if is_reference(image) else self.pictures.keep(image)))
        return uuid


def uuid_in(image: str) -> str:
    """The UUID in a sandbox's own address of a stored picture; any other text is given back as it is."""
    address = _ADDRESS.fullmatch(image)
    return image if address is None else address[1]


def _head(task: Mapping[str, object]) -> dict[str, object]:
    return {"taskType": task["taskType"], "taskUUID": task["taskUUID"]}


def _check_picture(task: Mapping[str, object], name: str) -> Iterator[Refusal]:
    if name not in task:
        yield missing(name, f"{name} is needed.")
        return
    image = task[name]
    if not isinstance(image, str):
        yield invalid(name, f"{name} is a data URI, base64, a URL or a UUID.", type="string")
        return
    if is_reference(image):
        return
    try:
        known = kind_of(decode(image, bytes_at_most=UPLOAD_BYTES_AT_MOST)) is not None
    except PictureError as error:
        yield invalid(name, f"The picture cannot be taken: {error}.", type="string")
        return
    if not known:
        yield invalid(name, "The picture is none of PNG, JPEG, WEBP, BMP and GIF.", type="string")
