"""What the names of a cast cost, and where they are said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storyboard.cast_edits import prompts_and_look
from storyboard.compiler.expand import fold_white_space, names_in
from storyboard.tui.wording import WARNING

if TYPE_CHECKING:
    from storyboard.session import Session


class Use(NamedTuple):
    """One name of the cast."""

    each: int = 0
    """Characters of its text."""
    times: int = 0
    """How often it is sent."""
    shots: tuple[int, ...] = ()
    """Numbers of the shots whose prompts say it, from 1."""
    look: bool = False
    """Whether the look says it."""

    @property
    def is_used(self) -> bool:
        """Whether anything says the name."""
        return bool(self.shots) or self.look

    @property
    def places(self) -> str:
        """Where it is said, in words."""
        many = "s" if len(self.shots) > 1 else ""
        shots = f"shot{many} {', '.join(map(str, self.shots))}" if self.shots else ""
        return " and ".join(part for part in (shots, "the look" if self.look else "") if part)

    @property
    def words(self) -> str:
        """All of it."""
        if not self.is_used:
            return f"{WARNING} not used · {self.each} characters"
        if self.times > 1:
            return f"{self.each} × {self.times} = {self.each * self.times} characters · {self.places}"
        return f"{self.each} characters · {self.places}"


def uses(session: Session) -> dict[str, Use]:
    """How each name of the cast is used as the session stands."""
    draft = session.outlook.draft
    if draft is None:
        return {}
    costs: dict[str, list[int]] = {}
    for shot in draft.shots:
        for name, cost in shot.text.cast_costs if shot.text is not None else ():
            costs.setdefault(name, []).append(cost)
    said = [(path, set(names_in(text, draft.cast or ()))) for path, text in prompts_and_look(session.document.data)]
    return {
        name: Use(
            costs[name][0] if name in costs else len(fold_white_space(text)),
            len(costs.get(name, ())),
            tuple(int(path[1]) + 1 for path, names in said if path[0] == "shots" and name in names),
            any(path == ("look",) and name in names for path, names in said),
        )
        for name, text in (draft.cast or {}).items()
    }
