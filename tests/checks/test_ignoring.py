"""Comments and settings that leave warnings out, and what they must never hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard.checks.settings import Settings, SettingsError, quiet, settings_for
from tests.checks.boards import everything

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "shots:\n- {seconds: 3, prompt: x}\n"
PLACES = {
    "behind the text": "- seconds: 3\n  prompt: Then it stops  # storyboard: ignore SB203, SB204\n",
    "behind a block's header": "- seconds: 3\n  prompt: |  # storyboard: ignore SB203 SB204\n    Then it\n    stops\n",
    "on its own line": "- seconds: 3\n  # storyboard: ignore sb203,sb204\n  prompt: >-\n    Then it stops\n",
    "behind quotes": '- seconds: 3\n  prompt: "Then it\n    stops"  # storyboard: ignore SB203,SB204\n',
    "above others": "- seconds: 3\n  # storyboard: ignore SB203,SB204\n\n  # a\x85  # b\n  prompt: Then it stops\n",
    "with other words": "- {seconds: 3, prompt: Then it}  # storyboard: ignore  # on purpose\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", PLACES)
def test_a_comment_hides_what_stands_there(name: str, end: str) -> None:
    """Wherever YAML lets a comment stand."""
    text = BEFORE + PLACES[name]
    assert everything(text.replace("\n", end)).diagnostics == []
    assert {one.code for one in everything(text.replace("storyboard:", "s:")).diagnostics} == {"SB203", "SB204"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x  # storyboard: ignore SB203\n", "nothing here is SB203: delete the comment"),
        ("title: x  # storyboard: ignore\n", "nothing here needs to be ignored: delete the comment"),
        ("title: x  # storyboard: ignore all of it\n", "`ALL` is no code: write ignore SB203, SB204"),
    ],
)
def test_a_comment_that_hides_nothing_is_told(text: str, said: str) -> None:
    """It would hide the next thing that comes by."""
    (found,) = everything(text + "shots: [{seconds: 3, prompt: x}]\n").diagnostics
    assert (found.code, found.message, found.line, found.column) == ("SB244", said, 1, 11)


def test_errors_cannot_be_ignored() -> None:
    """They forbid compiling, comment or not."""
    found = everything("shots: [{seconds: 3, prompt: a; b}]  # storyboard: ignore SB107\n").diagnostics
    assert [one.code for one in found] == ["SB107", "SB244"]
    assert "is an error" in found[1].message


def test_texts_are_no_comments() -> None:
    """A prompt that says the words hides nothing."""
    prompt = "Then it # storyboard: ignore SB203,SB204"
    for written in (f"'{prompt}'", f"|\n    {prompt}"):
        report = everything(f"{BEFORE}- seconds: 3\n  prompt: {written}\n")
        assert {one.code for one in report.diagnostics} >= {"SB203"}


def test_the_nearest_settings_count_up_to_the_work_tree(tmp_path: Path) -> None:
    """From the storyboard's folder upwards; a file beyond the project is none of its business."""
    project = tmp_path / "project"
    inner = project / "act1"
    inner.mkdir(parents=True)
    (tmp_path / ".storyboard.toml").write_text('ignore = ["SB1"]\n')
    (project / "pyproject.toml").write_text('[tool.storyboard]\nselect = ["sb203"]\nstrict = true\n')
    assert settings_for(str(inner)) == Settings()
    (project / ".git").mkdir()
    (tmp_path / "link").symlink_to(inner)
    assert settings_for(str(inner)) == settings_for(str(tmp_path / "link")) == Settings(("SB203",), (), True)
    (inner / "pyproject.toml").write_text("[tool.ruff]\n")
    assert settings_for(str(inner)) == Settings(("SB203",), (), True)
    (inner / ".storyboard.toml").write_text('ignore = ["SB21"]\n')
    assert settings_for(str(inner)) == Settings((), ("SB21",), False)


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nstoryboard = {strict=true}\n", "[tool]\nstoryboard.strict=true\n",
        "[tool.'storyboard']\nstrict=true\n",
        "[tool\t.\tstoryboard]\nstrict=true\n", "tool.storyboard.strict=true\n", "tool={storyboard={strict=true}}\n",
        '["tool"."\\u0073toryboard"]\nstrict=true\n', "[tool]\n[tool.storyboard]\r\nstrict=true\r\n",
    ],
)  # fmt: skip
def test_a_table_is_read_however_it_is_spelled(tmp_path: Path, text: str) -> None:
    """Dotted, quoted, inline, with white space of any kind."""
    (tmp_path / "pyproject.toml").write_text(text, newline="")
    assert settings_for(str(tmp_path)) == Settings(strict=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ignore = SB1\n", "not TOML"),
        ("ignore = 'SB1'\n", "must be a list"),
        ("ignore = ['X1']\n", "no code begins with"),
        ("ignore = ['SB001']\n", "errors cannot be ignored"),
        ("strict = 1\n", "`strict` must be true or false"),
        ("ignored = []\n", "unknown key 'ignored'"),
        ("x = [" * 5000, "not TOML"),
        ("#" * 300_000, "too large"),
    ],
)
def test_settings_that_cannot_be_used_are_told(tmp_path: Path, text: str, words: str) -> None:
    """With the file's name; the editor goes on without them."""
    (tmp_path / ".storyboard.toml").write_text(text)
    with pytest.raises(SettingsError, match=words):
        settings_for(str(tmp_path))
    assert quiet([], str(tmp_path)) == []


def test_settings_hide_no_error_in_the_editor(tmp_path: Path) -> None:
    """A project's taste is about advice."""
    (tmp_path / ".storyboard.toml").write_text('ignore = ["SB2"]\n')
    found = everything("shots: [{seconds: 3, prompt: x}, {seconds: 3, prompt: Then it; falls}]\n").diagnostics
    assert [one.code for one in quiet(found, str(tmp_path))] == ["SB107"]
