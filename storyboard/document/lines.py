"""A text's lines: where they begin and end, and what on them is blank or a comment."""

from __future__ import annotations

import re

BLANK = " \t\r\n"
"""Characters that separate and say nothing; other white space, such as U+3000, is text."""

_NOTHING = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")


def ends_line(text: str) -> bool:
    """Whether a text ends with a line break, spaces and tabs behind it left aside."""
    return text.rstrip(" \t").endswith(("\n", "\r"))


class Lines:
    """A text by its lines; every position is a code point index."""

    def __init__(self, text: str, newline: str) -> None:
        self.text = text
        self.newline = newline

    def line_begin(self, index: int) -> int:
        """Where the line of this character begins."""
        if self.text[index - 1 : index + 1] == "\r\n":
            index -= 1
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def line_end(self, index: int) -> int:
        """Where the line of this character ends, its line break not included."""
        feed, carriage = self.text.find("\n", index), self.text.find("\r", index)
        if feed < 0:
            feed = len(self.text)
        end = feed if carriage < 0 else min(feed, carriage)
        return end - 1 if end and end == index and self.text[end - 1 : end + 1] == "\r\n" else end

    def next_line(self, index: int) -> int:
        """Where the line after this character's begins; the end of the text after the last one."""
        end = self.line_end(index)
        return end + (2 if self.text[end : end + 2] == "\r\n" else 1 if end < len(self.text) else 0)

    def line_before(self, begin: int) -> int:
        """Where the line before the one that begins there begins; 0 for the first."""
        return self.line_begin(begin - 1) if begin else 0

    def line_number(self, index: int) -> int:
        """The number, from 1, of the line of this character."""
        before = self.text[:index]
        return before.count("\n") + before.count("\r") - before.count("\r\n") + 1

    def column(self, index: int) -> int:
        """Columns from 0 before this character."""
        return index - self.line_begin(index)

    def line(self, begin: int) -> str:
        """The line that begins there, without its line break."""
        return self.text[begin : self.line_end(begin)]

    def is_blank(self, begin: int) -> bool:
        """Whether the line that begins there says nothing."""
        return not self.line(begin).strip(BLANK)

    def comment_behind(self, index: int) -> str:
        """What stands behind a value on its line, the space before it included."""
        return self.text[index : self.line_end(index)]

    def begins_line(self, index: int) -> bool:
        """Whether nothing but indentation stands before this character on its line."""
        return not self.text[self.line_begin(index) : index].strip(BLANK)

    def behind_nothing(self, index: int) -> int:
        """Where the next character stands that is neither blank nor in a comment."""
        match = _NOTHING.match(self.text, index)
        return match.end() if match else index

    @property
    def closed(self) -> bool:
        """Whether the last line has its line break."""
        return self.text.endswith(("\n", "\r"))
