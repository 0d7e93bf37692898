"""The three standard streams, closed, full, cut off or in another encoding; data and words never mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import BOARD, CLEAN

if TYPE_CHECKING:
    from tests.cli.desk import Desk
    from tests.provider import Provider


def quiet(text: str) -> bool:
    """Whether neither a traceback nor Python itself is heard."""
    return not any(word in text for word in ("Traceback", "Exception", "Error", "bug"))


@pytest.mark.parametrize("command", ["schema", "check --format json", "--help"])
def test_reader_that_had_enough(desk: Desk, command: str) -> None:
    """Output that nobody reads any more is no error: no word about it."""
    for number in range(100):
        desk.write(f"{number}.storyboard.yaml", "shots: []")
    said = desk.shell(f'"$S" {command} | true; echo "${{PIPESTATUS[0]}}"; "$S" {command} 2>&1 | true')
    assert said.out == ("1\n" if "check" in command else "0\n")
    assert quiet(said.err)


def test_exit_code_holds_though_nobody_reads(desk: Desk) -> None:
    """A storyboard with errors is one, whoever reads how much of the report."""
    for number in range(300):
        desk.write(f"{number}.storyboard.yaml", "shots: 1")
    said = desk.shell('"$S" check | head -1; echo "${PIPESTATUS[0]}"')
    assert said.out.splitlines()[1:] == ["1"]
    assert quiet(said.err)


def test_jobs_go_on_though_nobody_reads(desk: Desk, provider: Provider) -> None:
    """A closed pipe behind `submit` stops no job: paid videos come home all the same."""
    for number in range(3):
        desk.write(f"{number}.yaml", BOARD.replace("Gulls", f"Gull {number}"))
    said = desk.shell('"$S" submit ?.yaml --yes 2>&1 | true; echo "${PIPESTATUS[0]}"; ls renders/*.mp4 | wc -l')
    assert said.out.split() == ["0", "3"]


def test_streams_that_are_closed(desk: Desk) -> None:
    """Each command ends as it would, and nothing is written where it does not belong."""
    desk.write("film.storyboard.yaml")
    desk.write("bad.yaml", "shots: 1")
    for closed in (">&- 2>&-", ">&- 2>&- <&-"):
        said = desk.shell(
            f'for c in "check bad.yaml" "check -" "submit film.storyboard.yaml --yes" "nonsense"; '
            f'do "$S" $c {closed}; echo "=$?"; done'
        )
        codes = [line for line in said.out.splitlines() if line.startswith("=")]
        assert codes == ["=1", "=1", "=6", "=2"]
        assert quiet(said.err)


def test_no_file_becomes_somebodys_standard_output(desk: Desk, provider: Provider) -> None:
    """With standard output closed the ledger must not be opened in its place, or data would be written into it."""
    desk.write("film.yaml")
    assert desk.shell('"$S" submit film.yaml --yes --json >&- 2>&-').code == 0
    jobs = desk.run("jobs", "--json")
    assert jobs.json[0]["state"] == "done"


def test_standard_output_that_is_full(desk: Desk) -> None:
    """Data that are lost are an error, exit code 3, said once."""
    said = desk.shell('"$S" schema > /dev/full')
    assert said.code == 3
    assert said.err == "storyboard: standard output cannot be written: no space left on device\n"
    assert desk.shell('"$S" check - 2> /dev/full').code == 1


def test_standard_input_that_cannot_be_read(desk: Desk) -> None:
    """Is a finding, or a line, in the words of every other trouble of the disk."""
    assert desk.shell('"$S" check - 0> /dev/null').out == "-:1:1: SB001 cannot be read: bad file descriptor\n"
    said = desk.shell('"$S" import - 0> /dev/null')
    assert (said.code, said.err) == (1, "storyboard: -: cannot be read: bad file descriptor\n")


def test_data_and_words_do_not_mix(desk: Desk, provider: Provider) -> None:
    """What a program reads from standard output holds no word for people."""
    desk.write("film.storyboard.yaml", CLEAN)
    for line, data in (
        ("new other", "other.storyboard.yaml\n"),
        ("check film.storyboard.yaml", ""),
        ("submit film.storyboard.yaml --yes", "renders/film-1.mp4\n"),
        ("resume", ""),
        ("nonsense", ""),
    ):
        said = desk.run(*line.split())
        assert said.out == data
        assert said.err


def test_ascii_only(desk: Desk, provider: Provider) -> None:
    """In a terminal without Unicode every command works, and JSON is JSON."""
    desk.write("灯台.storyboard.yaml", BOARD.replace("dawn", "黎明"))
    env = {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    for line in ("submit . --yes", "jobs"):
        said = desk.process(*line.split(), env=env)
        assert said.code == 0, said.err
        assert (said.out + said.err).isascii()
    assert desk.process("cost", ".", "--json", env=env).json["files"][0]["file"] == "灯台.storyboard.yaml"
