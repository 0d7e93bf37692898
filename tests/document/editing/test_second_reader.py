"""Another YAML reader, ruamel.yaml, sees the same texts after an edit."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from ruamel.yaml import YAML

from storyboard.document import Document, EditRefused
from tests.document.editing.cases import edits, load_cases
from tests.document.editing.messy import is_readable, messy


def texts_of(value: Any) -> Any:
    """Data with its texts bared of line breaks at the end, where readers differ, and everything else as text."""
    if isinstance(value, dict):
        return {str(key): texts_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [texts_of(item) for item in value]
    return value.rstrip("\n") if isinstance(value, str) else None


def seen_by_ruamel(data: bytes) -> Any:
    """What ruamel.yaml reads, by YAML 1.2; merged keys written out."""
    return texts_of(_plain(YAML(typ="rt", pure=True).load(data)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in value}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.name)
def test_a_second_reader_sees_the_texts_that_were_set(case: Any) -> None:
    """What one reader takes for text is text to the other."""
    for edit in edits(case, Document.parse(case.data).data):
        document = Document.parse(case.data)
        try:
            edit.apply(document)
        except EditRefused:
            continue
        assert seen_by_ruamel(document.to_bytes()) == texts_of(document.data), str(edit)


def test_a_second_reader_sees_the_hostile_texts_of_messy_documents() -> None:
    """The prompts and titles alone: of other values the two readers have views of their own."""
    compared = 0
    for seed in range(30):
        case = messy(Random(seed))
        if not is_readable(case) or b"\t" in case.data or "%YAML" in case.text:
            continue  # ruamel.yaml refuses tabs that libyaml takes
        for edit in [edit for edit in edits(case, Document.parse(case.data).data) if edit.kind == "set"][:16:3]:
            document = Document.parse(case.data)
            edit.apply(document)
            seen, wanted = seen_by_ruamel(document.to_bytes()), texts_of(document.data)
            for step in edit.path:
                seen, wanted = seen[step], wanted[step]
            assert seen == wanted, f"seed {seed}, {edit}"
            compared += 1
    assert compared > 50
