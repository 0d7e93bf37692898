"""Storyboards of 256 KiB that are made to be slow: one piece of text again and again, wherever text can stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.document.source import SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECES: dict[str, str] = {
    "letters": "a",
    "capitals": "A",
    "digits": "7",
    "spaces": " ",
    "tabs": "\t",
    "feeds": "\n",
    "returns": "\r",
    "both": "\r\n",
    "blank lines": " \n",
    "no-break spaces": "\u00a0",
    "line separators": "\u2028",
    "dashes": "-",
    "underscores": "_",
    "colons": ":",
    "hashes": "#",
    "quotes": '"',
    "single quotes": "'",
    "backslashes": "\\",
    "escapes": "\\n",
    "ats": "@",
    "two ats": "@@ ",
    "semicolons": ";",
    "brackets": "[",
    "closed brackets": "[]",
    "braces": "{",
    "parens": "(",
    "anchors": "&a ",
    "aliases": "*a ",
    "tags": "!a ",
    "percents": "%",
    "bars": "|",
    "angles": ">",
    "questions": "? ",
    "stops": ". ",
    "full stops": ".",
    "commas": ",",
    "list items": "- ",
    "words": "word ",
    "one word a line": "word\n",
    "words in quotes": '"a" ',
    "opening quotes": "“",
    "labels": "[A man]: ",
    "labels in brackets": "[a",
    "names": "@a ",
    "many names": "@n{n} ",
    "names with dashes": "@a-",
    "marks": "e\u0301",
    "only marks": "\u0301",
    "emoji": "🎬",
    "families": "👩\u200d",
    "selectors": "\ufe0f",
    "supplementary selectors": "\U000e0100",
    "zero widths": "\u200b",
    "joiners": "\u200d",
    "tag characters": "🏴\U000e0067",
    "blanks of braille": "\u2800",
    "right to left": "ש",
    "Arabic with joiners": "ه\u200c",
    "Han": "影",
    "Hangul": "촬",
    "Cyrillic": "а",
    "comments": "# a\r\n",
    "comments after spaces": "  # a\n",
    "spaces and a letter": " " * 40 + "a",
    "keys": "k{n}: 1\n",
    "private keys": "x-k{n}: 1\n",
    "the same key": "a: 1\n",
    "nearly known keys": "titl{n}: 1\n",
    "pairs in flow": "{a: 1}, ",
    "pairs that are merged": "{k{n}: a text of some words and of more}, ",
    "ignoring comments": "# storyboard: ignore SB203\n",
    "ignoring comments, empty": "# storyboard: ignore\n",
    "apostrophes": "a'a",
    "hyphenated": "a-a-",
    "abbreviations": "e.g. ",
    "dashes and words": "— a",
    "numbers": "1,2.",
    "moves": "pan left, then tilt up. ",
    "seconds": "3 seconds ",
    "addresses": "https://a.b/c ",
    "variables": "${A",
    "HTML": "<a ",
    "markdown": "**a",
    "timestamps": "0:01-0:02 ",
    "JSON": '{"a": 1}, ',
}
"""`{n}` in a piece counts."""

_SHOTS = "shots:\n- {seconds: 3, prompt: a fox waits}\n"
PLACES: dict[str, str] = {
    "before": "HERE\n" + _SHOTS,
    "behind": _SHOTS + "HERE",
    "the whole file": "HERE",
    "a comment": "# HERE\n" + _SHOTS,
    "a comment behind": "shots:\n- seconds: 3 # HERE\n  prompt: a\n",
    "a comment before many problems": "# storyboard: ignore SB203 HERE\n" + _SHOTS,
    "a title": "title: HERE\n" + _SHOTS,
    "a title in quotes": 'title: "HERE"\n' + _SHOTS,
    "a title in single quotes": "title: 'HERE'\n" + _SHOTS,
    "behind a value": "title: aHERE\n" + _SHOTS,
    "a block": "title: |\n  HERE\n" + _SHOTS,
    "a folded block": "title: >-\n  HERE\n" + _SHOTS,
    "a key": "HERE: 1\n" + _SHOTS,
    "a key in quotes": '"HERE": 1\n' + _SHOTS,
    "a private key": "x-HERE: 1\n" + _SHOTS,
    "a private value": "x-a: HERE\n" + _SHOTS,
    "a model": 'model: "HERE"\n' + _SHOTS,
    "a first frame": 'first_frame: "HERE"\n' + _SHOTS,
    "a cast name": 'cast: {"HERE": a}\n' + _SHOTS,
    "a cast": "cast:\n  HERE\n" + _SHOTS,
    "a cast text": "cast:\n  fox: |\n    HERE\nshots:\n- {seconds: 3, prompt: '@fox @fox runs.'}\n",
    "a look": "look: >\n  HERE\n" + _SHOTS,
    "a prompt": "shots:\n- seconds: 3\n  prompt: HERE\n",
    "a prompt, folded": "shots:\n- seconds: 3\n  prompt: >-\n    A fox. HERE\n",
    "a prompt, literal": "shots:\n- seconds: 3\n  prompt: |\n    HERE\n",
    "a prompt in quotes": 'shots:\n- seconds: 3\n  prompt: "HERE"\n',
    "a note": "shots:\n- seconds: 3\n  note: >-\n    HERE\n  prompt: a\n",
    "a shot's keys": "shots:\n- seconds: 3\n  prompt: a\n  HERE\n",
    "seconds": "shots:\n- seconds: HERE\n  prompt: a\n",
    "shots": "shots:\nHERE\n",
    "shots in flow": "shots: [HERE]\n",
    "a flow": "x-a: [HERE]\n" + _SHOTS,
    "an output": "output: {upload_endpoint: 'HERE', webhook_url: 'https://aHERE'}\n" + _SHOTS,
    "a merge": "<<: [HERE]\n" + _SHOTS,
    "a tag": "title: !HERE a\n" + _SHOTS,
    "an anchor": "title: &HERE a\n" + _SHOTS,
    "a block's header": "title: |HERE\n  a\n" + _SHOTS,
    "six shots": "look: HERE\nshots:\n" + "- {seconds: 1, prompt: '@a HERE'}\n" * 6,
    "blanks inside": "look: aHEREb \n" + _SHOTS,
    "an address over lines": 'first_frame: "https://HERE\\n x"\n' + _SHOTS,
    "a directive": "%HERE\n---\n" + _SHOTS,
}


def filled(place: str, piece: str, size: int = SIZE_LIMIT) -> bytes:
    """A file of at most `size` bytes with the piece as often as it goes where `place` says HERE."""
    before_and_behind = place.split("HERE")
    room = (size - sum(len(part.encode()) for part in before_and_behind)) // (len(before_and_behind) - 1)
    return repeated(piece, room, before_and_behind[0]).join(before_and_behind).encode()


def repeated(piece: str, room: int, before: str = "") -> str:
    """The piece as often as it goes into `room` bytes, each new line of it indented like the one it begins in."""
    line = before.rpartition("\n")[2]
    indent = " " * (len(line) - len(line.lstrip(" ")))
    piece = piece.replace("\n", "\n" + indent) if not line.strip() else piece
    if "{n}" in piece:
        each = len(piece.replace("{n}", "00000").encode())
        return "".join(piece.replace("{n}", f"{n:05}") for n in range(room // each))
    return piece * (room // len(piece.encode()))


def hostile_files(size: int = SIZE_LIMIT) -> Iterator[tuple[str, bytes]]:
    """Each piece in each place, with a name for both."""
    for where, place in PLACES.items():
        for what, piece in PIECES.items():
            yield f"{what} in {where}", filled(place, piece, size)
