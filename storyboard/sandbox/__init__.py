"""The provider's twin: the same API as one ASGI callable with its own state, answering with animatics."""

from __future__ import annotations

from storyboard.sandbox.app import Sandbox

__all__ = ["Sandbox"]
