"""`storyboard compile` and `storyboard cost`: exact data, refusals, prices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tests.agreed import assert_agreed
from tests.cli.desk import BOARD, SAMPLES

if TYPE_CHECKING:
    import pytest

    from tests.cli.desk import Desk

TEMPLATE = (
    "shot 1, 2, Wide shot of a pier at dawn. A keeper walks along it with a lamp. Static camera. Gulls.; "
    "shot 2, 1, Close-up of the lamp on its hook at dawn, the flame settles. Static camera.;\n"
)


def test_template_is_all_there_is_on_standard_output(desk: Desk) -> None:
    """The template and a line feed, and no words for people."""
    desk.write("film.storyboard.yaml")
    said = desk.run("compile", "film.storyboard.yaml")
    assert (said.code, said.out, said.err) == (0, TEMPLATE, "")


def test_template_is_exact_to_the_character(desk: Desk) -> None:
    """Joiners, tags, signs of Arabic and characters newer than Python's tables are data, not something to escape."""
    text = "A keeper \U0001f469\u200d\U0001f692 under \U0001f3f4\U000e0067\U000e0062\U000e007f, \u06dd \U0001fae9."
    desk.write("film.yaml", f"shots:\n  - seconds: 3\n    prompt: {text}\n")
    said = desk.run("compile", "film.yaml")
    assert said.code == 0, said.err
    assert said.out == f"shot 1, 3, {text};\n"


def test_template_survives_a_narrow_encoding(desk: Desk) -> None:
    """What standard output's encoding cannot hold is written in UTF-8: a prompt with escapes in it would be another."""
    desk.write("film.yaml", "shots:\n  - seconds: 3\n    prompt: 灯台、夜。\n")
    said = desk.process("compile", "film.yaml", env={"PYTHONIOENCODING": "ascii", "LANG": "C"})
    assert said.out == "shot 1, 3, 灯台、夜。;\n"


def test_request_has_a_fresh_uuid_each_time(desk: Desk) -> None:
    """--request is the JSON array that would be POSTed, one task, never twice under one UUID."""
    desk.write("film.storyboard.yaml")
    first, second = (desk.run("compile", "--request", "film.storyboard.yaml").json for _ in range(2))
    assert UUID(first[0].pop("taskUUID")).version == 4
    assert second[0].pop("taskUUID") != first[0]
    assert first == second
    assert first[0]["positivePrompt"] == TEMPLATE.rstrip("\n")


def test_compiling_what_has_an_error_is_refused(desk: Desk) -> None:
    """Exit code 1, the errors on standard error, no data."""
    desk.write("film.yaml", BOARD.replace("Gulls", "Gulls; wind"))
    for arguments in (("compile", "film.yaml"), ("compile", "--request", "film.yaml"), ("cost", "film.yaml")):
        said = desk.run(*arguments)
        assert (said.code, said.out) == (1, "")
        assert "film.yaml:4:13: SB107" in said.err


def test_folder_with_one_storyboard_is_that_storyboard(desk: Desk) -> None:
    """One is meant; with none or several there is no telling which, and that is wrong usage."""
    (desk.folder / "act").mkdir()
    assert desk.run("compile", "act").code == 2
    desk.write("act/film.storyboard.yaml")
    assert desk.run("compile", "act").out == TEMPLATE
    desk.write("act/other.storyboard.yaml")
    assert "name the file" in desk.run("compile", "act").err


def test_cost_of_the_samples_reads_as_agreed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices by the list, their points below each other, within 80 columns."""
    monkeypatch.chdir(SAMPLES.parent)
    said = desk.run("cost", "samples")
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert_agreed("cli/cost.txt", said.out)


def test_cost_as_json_sums_in_decimals(desk: Desk) -> None:
    """Seconds, resolution, takes and cost of each file, and a total without binary dust."""
    desk.write("a.yaml", BOARD + "output: {takes: 3}\n")
    desk.write("b.yaml", BOARD + "resolution: 1080p\n")
    assert desk.run("cost", "a.yaml", "b.yaml", "--json").json == {
        "files": [
            {"file": "a.yaml", "seconds": 3, "resolution": "720p", "takes": 3, "cost": 1.008},
            {"file": "b.yaml", "seconds": 3, "resolution": "1080p", "takes": 1, "cost": 0.42},
        ],
        "total": 1.428,
    }


def test_cost_of_nothing_is_wrong_usage(desk: Desk) -> None:
    """A folder without storyboards was hardly meant."""
    assert desk.run("cost", ".").code == 2
