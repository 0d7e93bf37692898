"""A stranger's text of 256 KiB is read or refused in words, and in a time that does not grow with its square."""

from __future__ import annotations

import json
from time import process_time

import pytest

from storyboard.dialects.film import NotRead
from storyboard.dialects.importing import import_text
from storyboard.document.source import SIZE_LIMIT

_SHOTS = "\nShot 1 (3s): a\nShot 2 (3s): b\n"


def _full(token: str) -> str:
    return token * ((SIZE_LIMIT - 400) // len(token.encode()))


TEXTS = {
    "headings": _full(".A\n"),
    "scenes": _full("INT. A\n\nB\n\n"),
    "sections": "INT. A\n\n" + _full("# a\n\n"),
    "title page": "title: a\n" + _full("b\n") + "\nINT. A\n\nb",
    "rules": _full("|---|---|\n"),
    "heads and rules": _full("a|\n|-\n"),
    "empty tables": _full("|prompt|\n|---|\n\n"),
    "columns": "prompt," + _full("a,")[:130_000] + "\n" + _full("1\n")[:130_000],
    "rows": "prompt\n" + _full("1\n"),
    "cells": "prompt," + ",".join(f"c{number}" for number in range(198)) + "\n" + ("a" + ",b" * 198 + "\n") * 190,
    "keys": "Shot 1 (3s): " + _full("key="),
    "hints": _full("token<") + _SHOTS,
    "shots": "".join(f"Shot {number} (3s): {'a b ' * 300}\n" for number in range(1, 200)),
    "items": "[" + _full('{"a":1},') + '{"prompt":"a"}]',
    "values": '{"prompt":"a",' + ",".join(f'"k{number}":1' for number in range(19_000)) + "}",
    "brackets": _full("["),
    "objects": _full('{"a":'),
    "settings": '{"prompt":"a","settings":' * 900 + "1" + "}" * 900,
    "brackets in a text": json.dumps({"prompt": "a", "x": "[" * 900 + "]" * 900}),
    "brackets in a list": '{"prompt":"a","x":' + "[" * 900 + "]" * 900 + "}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_strangers_text_takes_no_time(name: str) -> None:
    """Well under a second on a machine of its own; twice that, because others work on this one."""
    begun = process_time()
    try:
        assert import_text(TEXTS[name]).shots
    except NotRead as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017 - both ends are right
    assert process_time() - begun < 2


def test_headings_that_follow_each_other_are_scenes() -> None:
    """Also without empty lines between them; what stands below the last one is its text."""
    data = import_text("INT. CABIN\nEXT. PIER\nA boat comes to rest.").data.decode()
    assert data.count("- seconds:") == 2
    assert "EXT. PIER.\n" in data
    assert "A boat comes to rest." in data


@pytest.mark.parametrize("text", ["title: a\n.\u201c\n", "Title: 'a\n.\u201cb: 1\n.\u201c'\n"])
def test_a_title_alone_is_no_film(text: str) -> None:
    """A title page with headings that name nothing has no shot: said in words."""
    with pytest.raises(NotRead, match="no notation of shots"):
        import_text(text)


def test_what_is_too_deep_is_said() -> None:
    """And a label in brackets is no JSON, however many brackets follow."""
    with pytest.raises(NotRead, match="nested too deeply: at most 64 levels"):
        import_text('{"shots": ' + "[" * 70 + "]" * 70 + "}")
    assert import_text("[Shot 1: wide] a " + "[" * 70).shots == 1
