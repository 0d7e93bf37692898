"""Prompts changed by another library; runs in that library's environment.

`python editing_peer.py LIBRARY` answers each line of JSON with one: `{"file", "calls"}` with the seconds of one edit,
`{"text", "shot", "prompt"}` with the edited text.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[int, str], str]


def _ruamel(text: str) -> Edit:
    """As its users write it: load, change, dump; nothing is kept between edits but the text."""
    from ruamel.yaml import YAML

    rewriter: Any = YAML()

    def edit(shot: int, prompt: str) -> str:
        loaded = rewriter.load(text)
        loaded["shots"][shot]["prompt"] = prompt
        stream = io.StringIO()
        rewriter.dump(loaded, stream)
        return stream.getvalue()

    return edit


def _yaml_edit(text: str) -> Edit:
    """A tree that is kept and changed."""
    from yaml_edit import Document  # type: ignore[import-not-found]

    document: Any = Document.parse(text)

    def edit(shot: int, prompt: str) -> str:
        document.set_path(f"shots[{shot}].prompt", prompt)
        return str(document)

    return edit


_LIBRARIES = {"ruamel.yaml": _ruamel, "yaml-edit": _yaml_edit}


def _seconds(begin: Callable[[str], Edit], file: str, calls: int) -> float:
    edit = begin(Path(file).read_text(encoding="utf-8"))
    prompts = [f"Wide shot of a harbour at dawn, the ropes{number} creak. Slow push in." for number in range(calls)]
    began = perf_counter()
    for prompt in prompts:
        edit(2, prompt)
    return (perf_counter() - began) / calls


def main() -> None:
    """Answers until nothing more is asked."""
    begin = _LIBRARIES[sys.argv[1]]
    for line in sys.stdin:
        asked = json.loads(line)
        if "file" in asked:
            print(json.dumps(_seconds(begin, asked["file"], asked["calls"])), flush=True)
        else:
            print(json.dumps(begin(asked["text"])(asked["shot"], asked["prompt"])), flush=True)


if __name__ == "__main__":
    main()
