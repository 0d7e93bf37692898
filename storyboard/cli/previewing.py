"""What `animatic` and `sheet` share: checked storyboards into one file, its name to standard output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.inputs import check_input, some_storyboards
from storyboard.disk import ReadOnly, is_misnamed, reported, unlocking, why_not_replaced, words_of
from storyboard.preview.boards import Board, read_board
from storyboard.preview.errors import LoadError, PreviewError, TakenError
from storyboard.preview.places import default_place
from storyboard.submitting.words import refuse_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.preview.previews import Made


def preview(path: str, out: str | None, ending: str, make: Callable[[list[Board], Path], Made]) -> int:
    """Draws the storyboards of a path with `make`; `ending` names the file where `out` does not."""
    reports = [check_input(file) for file in some_storyboards([path])]
    refuse_errors(reports, "nothing was drawn")
    try:
        target = Path(out) if out is not None else default_place(path, ending)
    except PreviewError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    try:
        made = make([read_board(report) for report in reports], target)
    except TakenError as error:
        raise Stop(Exit.USAGE, f"{error}: name another -o, or say --force to replace it") from None
    except LoadError as error:
        raise Stop(Exit.PERSON, str(error)) from None
    except PreviewError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    except ReadOnly as error:
        words = f"{target} was not replaced: {words_of(error)}; name another -o, or {unlocking(str(target))}"
        raise Stop(Exit.SERVICE, words) from None
    except OSError as error:
        code = Exit.USAGE if is_misnamed(error) else Exit.SERVICE
        raise Stop(code, f"{target} cannot be written: {why_not_replaced(error)}") from None
    for remark in made.remarks:
        say.words(remark)
    say.data(reported(str(made.path)))
    return Exit.DONE
