"""Whether what stands on disk was paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks import Report, check_file
from tests.cli.desk import BOARD
from tests.provider import Outcome
from tests.sandbox.twin import png

if TYPE_CHECKING:
    import pytest

    from tests.provider import Provider
    from tests.submitting.editor import Editor


def test_each_standing(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running, paid, failed, and none for what was changed, never submitted, broken or not there."""
    boards = {
        name: editor.write(f"{name}.storyboard.yaml", BOARD.replace("dawn", name))
        for name in ("noon", "dusk", "night", "never")
    }
    broken = editor.write("broken.storyboard.yaml", "shots: [")
    assert set(editor.desk.standing([*boards.values(), broken, "gone"]).values()) == {None}
    editor.desk.submit(editor.offer(boards["noon"]))
    editor.finished()
    provider.add_outcomes(Outcome(code="inferenceError", message="Failed"))
    editor.desk.submit(editor.offer(boards["dusk"]))
    editor.finished(2)
    provider.job_seconds = 600
    editor.desk.submit(editor.offer(boards["night"]))
    editor.wait_for_state("accepted", boards["night"])
    files = [*boards.values(), broken, "gone", "nul\0"]
    assert list(editor.desk.standing(files).values()) == ["paid", "failed", "running", None, None, None, None]
    editor.write("noon.storyboard.yaml", BOARD.replace("dawn", "noon").replace("Gulls", "Gulls cry"))
    assert editor.desk.standing([boards["noon"]]) == {boards["noon"]: None}
    editor.write("noon.storyboard.yaml", "# a note\n" + BOARD.replace("dawn", "noon"))
    assert editor.desk.standing([boards["noon"]]) == {boards["noon"]: "paid"}
    monkeypatch.delenv("RUNWARE_API_KEY")
    assert list(editor.desk.standing(files).values()) == ["paid", "failed", "running", None, None, None, None]


def test_files_that_belong_to_the_request(editor: Editor, provider: Provider) -> None:
    """Another picture or cast behind the same storyboard is another request."""
    (editor.folder / "pier.png").write_bytes(png(640, 360))
    cast = editor.folder / "cast.yaml"
    cast.write_text("lamp: a brass lamp\n")
    board = editor.write(text=BOARD.replace("the lamp", "@lamp") + "first_frame: pier.png\ncast: cast.yaml\n")
    editor.desk.submit(editor.offer(board))
    editor.finished()
    assert editor.desk.standing([board]) == {board: "paid"}
    (editor.folder / "pier.png").write_bytes(png(641, 360))
    assert editor.desk.standing([board]) == {board: None}
    (editor.folder / "pier.png").write_bytes(png(640, 360))
    assert editor.desk.standing([board]) == {board: "paid"}
    cast.write_text("lamp: a tin lamp\n")
    assert editor.desk.standing([board]) == {board: None}


def test_a_folder_of_hundreds(editor: Editor, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look reads no file."""
    files = [editor.write(f"{number}.storyboard.yaml", BOARD.replace("dawn", f"{number}")) for number in range(300)]
    editor.desk.submit(editor.offer(files[7]))
    editor.finished()
    read: list[str] = []

    def note(file: str) -> Report:
        read.append(file)
        return check_file(file)

    monkeypatch.setattr("storyboard.submitting.standings.check_file", note)
    assert [file for file, standing in editor.desk.standing(files).items() if standing] == [files[7]]
    assert read == files
    assert editor.desk.standing(files)[files[7]] == "paid"
    assert read == files
