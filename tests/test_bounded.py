"""What nests without end is refused before a parser recurses into it; what people write is read as it is."""

from __future__ import annotations

import json
import tomllib
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.bounded import TooDeep, read_json, read_toml
from storyboard.checks.settings import SettingsError, settings_for
from storyboard.tui.preferences import Preferences

if TYPE_CHECKING:
    from pathlib import Path

DEEP = {
    "key": "a." * 100_000 + "a = 1",
    "quoted key": '"a".' * 60_000 + "a = 1",
    "spaced key": "a . " * 60_000 + "a = 1",
    "table": "[" + "a." * 100_000 + "a]",
    "tables": "[[" + "a." * 100_000 + "a]]",
    "list": "a = " + "[" * 200_000,
    "inline tables": "a = " + "{b = " * 50_000,
    "key in a table": "a = {" + "a." * 100_000 + "a = 1}",
}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=30, deadline=None)
@given(PLAIN)
def test_json_of_people_is_read(value: object) -> None:
    """Whatever its texts hold."""
    assert read_json(json.dumps(value)) == value


@given(st.text(alphabet="[]{}\"\\a,:1' \n"))
def test_json_that_is_none_is_refused_as_ever(text: str) -> None:
    """The count of brackets changes nothing for what is small."""
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - whichever it is
            read_json(text)
    else:
        assert read_json(text) == expected


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 40_000, '[{"a":' * 40_000, "[" * 65 + "]" * 65])
def test_json_that_is_too_deep(text: str) -> None:
    """Refused in words."""
    with pytest.raises(TooDeep, match="at most 64 levels"):
        read_json(text)


@pytest.mark.parametrize("name", DEEP)
def test_settings_that_are_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """In a project's file and in a person's own: said with the file's name, at once."""
    (tmp_path / ".storyboard.toml").write_text(DEEP[name])
    monkeypatch.setenv("STORYBOARD_CONFIG", str(tmp_path / ".storyboard.toml"))
    begun = process_time()
    with pytest.raises(SettingsError, match=r"storyboard\.toml: not TOML: nested too deeply"):
        settings_for(str(tmp_path))
    (fault,) = Preferences.read().faults
    assert "nested too deeply" in fault
    assert process_time() - begun < 2


def test_preferences_without_end_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Like every other file, up to 256 KiB."""
    (tmp_path / "editor.toml").write_text("#" * 300_000)
    monkeypatch.setenv("STORYBOARD_CONFIG", str(tmp_path / "editor.toml"))
    assert "too large" in Preferences.read().faults[0]


def test_dots_in_texts_and_comments_are_no_keys() -> None:
    """Nor brackets, nor quotes inside of other quotes."""
    dots = "a." * 200 + "[" * 200
    text = (
        f'# {dots}\na = "{dots}"\nb = \'{dots}"\'\nc = """{dots}"" \\" {dots}"""\nd = \'\'\'{dots}\'\' "{dots}\'\'\'\n'
    )
    assert read_toml(text) == tomllib.loads(text)
