"""The samples: without a fault, and each one becomes a whole video in the sandbox."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import pytest

from storyboard.checks import check_file
from storyboard.cli.main import main
from storyboard.jobs.containers import damage

if TYPE_CHECKING:
    from storyboard.model import Storyboard

FOLDER = Path(__file__).parents[1] / "samples"
SAMPLES = sorted(FOLDER.glob("*.storyboard.yaml"))


def test_there_are_enough() -> None:
    """At least six, in all three aspects, one that begins with a picture, one of six shots and fifteen seconds."""
    boards = [_board(path) for path in SAMPLES]
    assert len(boards) >= 6
    assert {board.aspect_ratio or "16:9" for board in boards if not board.framed} == {"16:9", "1:1", "9:16"}
    assert any(board.framed for board in boards)
    assert any(board.cast and board.look for board in boards)
    assert any(len(board.shots) == 6 and board.seconds == 15 for board in boards)


def _board(path: Path) -> Storyboard:
    from storyboard.model import Storyboard, without_private_keys

    document = check_file(str(path)).document
    assert document is not None
    return Storyboard.model_validate(without_private_keys(document.data))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_no_errors(path: Path) -> None:
    """Nothing that would be refused; the full one alone has the warning that it is there to show."""
    codes = [found.code for found in check_file(str(path)).diagnostics]
    assert codes == (["SB201"] if path.name.startswith("glassblower") else [])


def test_the_table_says_what_they_are() -> None:
    """A row each, with its size, its shots and its seconds."""
    rows = re.findall(
        r"^\| \[(.*?)\]\((.*?)\) \| .*? \| (.*?), (\d+p) \| (\d) shots, (\d+) s \|",
        (FOLDER / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    boards = {path.name: _board(path) for path in SAMPLES}
    assert {row[1] for row in rows} == set(boards)
    for name, file, ratio, resolution, shots, seconds in rows:
        board = boards[file]
        assert file.startswith(f"{name}.")
        assert ratio == ("the picture's" if board.framed else board.aspect_ratio or "16:9")
        assert (resolution, int(shots), int(seconds)) == (board.resolution, len(board.shots), board.seconds)


def test_each_becomes_a_video(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole folder, submitted at once: files with exactly the seconds, sizes and containers that were asked for."""
    shutil.copytree(FOLDER, tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("STORYBOARD_POLL_INTERVAL", "0.5")
    assert main(["submit", "samples", "--sandbox", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(line["file"] for line in lines) == sorted(f"samples/{path.name}" for path in SAMPLES)
    for line in lines:
        _assert_video(_board(tmp_path / line["file"]), line["takes"])


def _assert_video(board: Storyboard, takes: list[dict[str, Any]]) -> None:
    assert len(takes) == board.output.takes
    for take in takes:
        assert take["path"].endswith(f".{board.output.format.lower()}")
        assert damage(take["path"], board.output.format.lower()) is None
        assert os.path.exists(take["path"] + ".json")
        with av.open(take["path"]) as video:
            stream = video.streams.video[0]
            assert (stream.duration or 0) * (stream.time_base or 0) == pytest.approx(board.seconds, abs=0.05)
            if not board.framed:
                size = board.profile.sizes[board.resolution, board.aspect_ratio or "16:9"]
                assert (stream.width, stream.height) == size
