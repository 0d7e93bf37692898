"""What a screen asks its session, answered as far as the file is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.profiles import KLING_3_TURBO

if TYPE_CHECKING:
    from storyboard.profiles import Profile
    from storyboard.session import Session


class Asking:
    """Mixed into what has a session; never raises, whatever stands in the file."""

    session: Session

    def prompt_of(self, index: int) -> str:
        """A shot's prompt as the file says it; empty where it is no text."""
        return self.text_of(index, "prompt")

    def text_of(self, index: int, key: str) -> str:
        """A text of a shot as the file says it; empty where there is none."""
        data = self.session.document.data
        shots = data.get("shots") if isinstance(data, dict) else None
        shot = shots[index] if isinstance(shots, list) and index < len(shots) else None
        value = shot.get(key) if isinstance(shot, dict) else None
        return value if isinstance(value, str) else ""

    def cast(self) -> dict[str, str]:
        """Names to texts, as far as they are sound."""
        draft = self.session.outlook.draft
        return (draft.cast or {}) if draft else {}

    @property
    def profile(self) -> Profile:
        """The limits of the model that is meant."""
        draft = self.session.outlook.draft
        return draft.profile if draft is not None else KLING_3_TURBO

    def characters(self, index: int) -> int:
        """Characters of a shot's text as it would be sent."""
        draft = self.session.outlook.draft
        text = draft.shots[index].text if draft and index < len(draft.shots) else None
        return text.characters if text is not None else 0
