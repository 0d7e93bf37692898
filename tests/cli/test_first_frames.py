"""What commands say of a storyboard's first frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import CLEAN
from tests.test_frames import jpeg
from tests.test_pictures import exif, photograph, tiff

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def test_a_turned_picture_is_told_before_it_is_paid_for(desk: Desk) -> None:
    """By `submit` as well, unless the project leaves it out."""
    (desk.folder / "portrait.jpg").write_bytes(jpeg(800, 450, exif(tiff(6))))
    desk.write("film.storyboard.yaml", f"first_frame: portrait.jpg\n{CLEAN}")
    command = ("submit", "film.storyboard.yaml", "--sandbox", "--dry-run")
    said = desk.run(*command)
    assert said.code == 0
    assert "film.storyboard.yaml:1:14: SB246 first frame 'portrait.jpg': the picture is turned to 450×800" in said.err
    desk.write(".storyboard.toml", 'ignore = ["SB246"]\n')
    assert "SB246" not in desk.run(*command).err


def test_half_a_picture_is_never_sent(desk: Desk) -> None:
    """Nor drawn: each command refuses the storyboard with SB113."""
    (desk.folder / "half.jpg").write_bytes(photograph()[:3000])
    desk.write("film.storyboard.yaml", f"first_frame: half.jpg\n{CLEAN}")
    for arguments in (
        ("submit", "--sandbox"),
        ("compile", "--request"),
        ("animatic", "--draft"),
        ("sheet",),
        ("cost",),
    ):
        said = desk.run(arguments[0], "film.storyboard.yaml", *arguments[1:])
        assert (said.code, said.out) == (1, ""), arguments
        assert "SB113 first frame 'half.jpg': a JPEG that is cut off, its end is missing: copy it again" in said.err
