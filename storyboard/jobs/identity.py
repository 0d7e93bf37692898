"""A job's UUID, made from its request and the account's key, so that any machine comes to the same one.

The derivation is frozen: another one would make every paid job look new.
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any
from uuid import UUID

# What decides the picture. Delivery (ttl, uploadEndpoint, webhookURL) and identity are left out.
_DECIDING = (
    "model",
    "positivePrompt",
    "negativePrompt",
    "width",
    "height",
    "resolution",
    "duration",
    "outputFormat",
    "outputQuality",
    "numberResults",
    "safety",
)


def canonical(task: dict[str, Any], frame: str | None) -> bytes:
    """The bytes that two requests for the same videos have in common; `frame` stands for the first frame."""
    deciding = {key: task[key] for key in _DECIDING if key in task}
    deciding["frame"] = frame
    return json.dumps(deciding, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def digest(identity: bytes) -> str:
    """A name for the request that needs no key."""
    return sha256(identity).hexdigest()


def task_uuid(key: str, identity: bytes, attempt: int) -> str:
    """The v4-shaped UUID of an account's `attempt`-th job (from 1) for this request."""
    message = b"storyboard task 1\0" + str(attempt).encode() + b"\0" + identity
    return str(UUID(bytes=hmac.digest(key.encode(), message, "sha256")[:16], version=4))


def account_fingerprint(key: str) -> str:
    """Sixteen hex digits that tell accounts apart and give no key away."""
    return hmac.digest(key.encode(), b"storyboard account 1", "sha256").hex()[:16]
