"""Every command of the editor, declared once: it feeds keys, palette, footer and help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Command:
    """Something the editor does: `id` names it in the key file and as the method `do_ID` that does it."""

    id: str
    keys: str
    title: str
    help: str
    group: str
    footer: bool = False


FILE, SHOT, TIME, TEXT, VIEW = "File", "Shots", "Seconds", "Text", "Looking"

BOARD_COMMANDS: tuple[Command, ...] = (
    Command("help", "f1", "Help", "All keys, and what each field means", VIEW, footer=True),
    Command("save", "ctrl+s", "Save", "Write the file; never over a version you have not seen", FILE, footer=True),
    Command("settings", "f2", "Settings", "Title, size, first frame, look, output", VIEW, footer=True),
    Command("problems", "f3", "Problems", "What is wrong or weak; Enter goes there", VIEW, footer=True),
    Command("compiled", "f4", "Compiled", "The prompt and the request exactly as they are sent", VIEW, footer=True),
    Command("submit", "f5", "Submit", "Show what would be sent and paid, then render", VIEW, footer=True),
    Command("animatic", "f6", "Animatic", "The timing as a video in renders/, free; unsaved text too", VIEW),
    Command("sheet", "f7", "Sheet", "The storyboard on paper: a PDF in renders/", VIEW),
    Command("jobs", "f8", "Jobs", "What was sent, what came of it, where the videos are", VIEW, footer=True),
    Command("cast", "f9", "Cast", "Who @names are, what each costs in characters", VIEW, footer=True),
    Command("changes", "f10", "Changes", "The difference to the file on disk", VIEW, footer=True),
    Command("jump", "ctrl+g", "Jump", "Label every place; one key goes there", VIEW, footer=True),
    Command("back", "escape", "Back", "Close the panel, go back to the prompt", VIEW),
    Command("save_as", "alt+a", "Save as", "Write another file and go on with that one", FILE),
    Command("open", "ctrl+o", "Open", "The storyboards of this folder", FILE, footer=True),
    Command("undo", "ctrl+z", "Undo", "Take the last step back, whatever it was", FILE),
    Command("palette", "ctrl+p", "Commands", "Every command by its name", VIEW, footer=True),
    Command("redo", "ctrl+y", "Redo", "Make it again", FILE),
    Command("quit", "ctrl+q", "Quit", "Leave; unsaved work asks first, jobs go on", FILE),
    Command("add", "ctrl+n", "New shot", "A shot behind this one, with seconds from the longest", SHOT, footer=True),
    Command("split", "ctrl+t", "Split shot", "Two shots from one, cut at the cursor", SHOT),
    Command("merge", "alt+m", "Merge with next", "One shot from this and the next", SHOT),
    Command("duplicate", "alt+d", "Duplicate shot", "A copy behind it; the two share the seconds", SHOT),
    Command("delete", "alt+x", "Delete shot", "Take it out; a neighbour gets its seconds", SHOT),
    Command("cut", "alt+k", "Delete shot and seconds", "Take it out; the film gets shorter", SHOT),
    Command("move_up", "alt+up", "Move shot up", "One place towards the beginning", SHOT),
    Command("move_down", "alt+down", "Move shot down", "One place towards the end", SHOT),
    Command("previous", "pageup,alt+left", "Previous shot", "Go to the shot before", SHOT),
    Command("next", "pagedown,alt+right", "Next shot", "Go to the shot after", SHOT),
    Command("longer", "alt+l", "Longer", "A second more for this shot", TIME),
    Command("shorter", "alt+s", "Shorter", "A second less for this shot", TIME),
    Command("take", "alt+t", "Take a second", "A second from its neighbours; the total holds", TIME),
    Command("give", "alt+g", "Give a second", "A second to its neighbour; the total holds", TIME),
    Command("fit", "alt+i", "Fit to a total", "Stretch or shorten all shots in proportion", TIME),
    Command("even", "alt+e", "Even out", "The same total, spread evenly", TIME),
    Command("lock", "ctrl+l", "Lock seconds", "Keep this shot's seconds out of fitting; again frees them", TIME),
    Command("note", "alt+n", "Note", "Write this shot's note; it is never sent", TEXT),
    Command("fix", "alt+y", "Fix", "Make the fix that the problem here offers", TEXT),
    Command("external", "f12", "Edit in $EDITOR", "This prompt in your own editor, back as one step", TEXT),
    Command("copy_prompt", "alt+c", "Copy prompt", "The compiled prompt to the clipboard", TEXT),
    Command("copy_request", "alt+r", "Copy request", "The request as JSON to the clipboard", TEXT),
)
FOLDER_COMMANDS: tuple[Command, ...] = (
    Command("help", "f1", "Help", "All keys, and what each mark means", VIEW, footer=True),
    Command("open_file", "enter", "Open", "This storyboard, to write in", FILE, footer=True),
    Command("new_file", "ctrl+n", "New", "A small commented film to begin with", FILE, footer=True),
    Command("duplicate_file", "alt+d", "Duplicate", "The same bytes under another name", FILE, footer=True),
    Command("rename_file", "alt+r", "Rename", "Another name, never one that is taken", FILE, footer=True),
    Command("animatic", "f6", "Animatic", "The timing of this one as a video in renders/, free", VIEW),
    Command("sheet", "f7", "Sheet", "This one on paper: a PDF in renders/", VIEW),
    Command("refresh", "ctrl+r", "Refresh", "Read the folder and all its files again", VIEW, footer=True),
    Command("palette", "ctrl+p", "Commands", "Every command by its name", VIEW, footer=True),
    Command("quit", "ctrl+q", "Quit", "Leave; jobs go on", FILE, footer=True),
)
# Fields would take these for themselves, or write them; after Escape, what is pasted at once is the prompt's already.
_BEFORE_FIELDS = re.compile(r"ctrl\+[zy]|f\d+|alt\+.+|escape")
SHOT_KEYS = tuple(f"alt+{number % 10}" for number in range(1, 11))
"""Also for shots that are too many: who takes them out goes there."""


def bindings(commands: tuple[Command, ...]) -> list[Binding]:
    """The keys of commands, each with its id, so that a key file can move it."""
    return [
        Binding(
            key,
            f"command('{one.id}')",
            one.title,
            show=one.footer,
            tooltip=one.help,
            id=one.id,
            priority=_BEFORE_FIELDS.fullmatch(key) is not None,
        )
        for one in commands
        for key in one.keys.split(",")
    ]


def by_group(commands: tuple[Command, ...]) -> Iterator[tuple[str, list[Command]]]:
    """The commands of each group, in the order they were declared."""
    for group in dict.fromkeys(one.group for one in commands):
        yield group, [one for one in commands if one.group == group]
