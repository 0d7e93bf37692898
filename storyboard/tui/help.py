"""All keys by group, and what each field of a storyboard means."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from storyboard.profiles import KLING_3_TURBO
from storyboard.tui.commands import BOARD_COMMANDS, by_group
from storyboard.tui.dialogs import Question
from storyboard.tui.keyline import key_name, keys_of
from storyboard.tui.timeline import LOCK
from storyboard.tui.wording import ERROR, HINT, WARNING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.profiles import Profile
    from storyboard.tui.commands import Command

_HEAD = 45
"""Columns before a command's words."""
MARKS = (
    (ERROR, "an error: nothing can be sent"),
    (WARNING, "a warning"),
    (HINT, "a hint"),
    ("●", "unsaved"),
    (LOCK, "locked"),
)


def fields(profile: Profile) -> tuple[tuple[str, str], ...]:
    """What people write in a storyboard, and what it means for this model."""
    total, text = profile.total_seconds, profile.shot_characters
    return (
        ("seconds", f"whole seconds of a shot, at least 1; all shots together {total.least} to {total.most}"),
        ("prompt", f"what is seen and heard; @name stands for a text of the cast; {text} characters as sent"),
        ("note", "for people, never sent"),
        ("duration", "a promise: must equal the sum of the shots"),
        ("cast", "names and their texts, said again wherever a prompt has @name"),
        ("look", "said again at the end of every shot"),
        ("first_frame", "a picture to begin with: makes it image-to-video"),
        ("negative_prompt", "what should not be seen; only with a first frame"),
        ("output", "format, quality, takes (each paid), safety, delivery"),
    )


class Help(Question[None]):
    """Keys and fields; any of Escape, F1 and q closes it."""

    DEFAULT_CSS = """
    Help { align: center middle; }
    Help VerticalScroll {
        width: 90%; max-width: 96; height: 90%; border: round $primary; padding: 1 2; background: $surface;
    }
    Help Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,f1,q", "dismiss", "Close")]

    def __init__(self, commands: Sequence[Command] = BOARD_COMMANDS, profile: Profile = KLING_3_TURBO) -> None:
        super().__init__()
        self._profile = profile
        self._commands = tuple(commands)

    def compose(self) -> ComposeResult:
        """One long text that scrolls."""
        with VerticalScroll() as box:
            box.border_title = "Help: Escape closes"
            yield Static(self._text())

    def _text(self) -> Content:
        lines: list[Content] = []
        keymap = keys_of(self.app)
        width = max(min(self.app.size.width * 9 // 10, 96) - 6 - _HEAD, 16)
        for group, commands in by_group(self._commands):
            lines.append(Content.styled(group, "bold underline"))
            for one in commands:
                keys = ", ".join(map(key_name, keymap.get(one.id, one.keys).split(",")))
                first, *rest = wrap(one.help, width) or [""]
                lines.append(Content.assemble((f"  {keys:<18} ", "bold"), f"{one.title:<23} ", (first, "dim")))
                lines += [Content.styled(" " * _HEAD + more, "dim") for more in rest]
            lines.append(Content())
        lines.append(Content.styled("What the fields mean", "bold underline"))
        lines += [Content.assemble((f"  {name:<16} ", "bold"), (words, "dim")) for name, words in fields(self._profile)]
        lines += [Content(), Content.styled("Marks", "bold underline")]
        lines += [Content.assemble((f"  {mark:<16} ", "bold"), (words, "dim")) for mark, words in MARKS]
        lines += [
            Content(),
            Content("Every command is in the palette too: Ctrl+P. Keys can be changed: docs/editor.md."),
        ]
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        """Scrolls by keys at once."""
        self.query_one(VerticalScroll).focus()
