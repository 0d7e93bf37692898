"""What is told in passing: the last word takes the place of the one before, and of nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from textual.notifications import Notification

if TYPE_CHECKING:
    from textual.app import App

_told: WeakKeyDictionary[App[Any], Notification] = WeakKeyDictionary()


def is_asking_for_money(app: App[Any]) -> bool:
    """Whether a question is in sight that nothing may lie over."""
    return bool(app.screen_stack) and getattr(app.screen_stack[-1], "ASKS_FOR_MONEY", False)


def tell(app: App[Any], words: str, severity: str) -> None:
    """Shows these words, plain text, instead of what was told before; errors about money stay."""
    if is_asking_for_money(app):
        app.notify(words, severity=severity, markup=False)  # type: ignore[arg-type]
        return
    toasts, old = app._notifications, _told.get(app)  # noqa: SLF001 - the public way to take one back takes all
    if old is not None and old in toasts:
        del toasts[old]
    _told[app] = new = Notification(words, severity=severity, timeout=app.NOTIFICATION_TIMEOUT, markup=False)  # type: ignore[arg-type]
    toasts.add(new)
    app._refresh_notifications()  # noqa: SLF001
