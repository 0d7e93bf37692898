"""Files are made and replaced in one place, and never through a link."""

from __future__ import annotations

import ast
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import storyboard
from storyboard import writing
from storyboard.document.saving import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = Path(storyboard.__file__).parent
WRITES = "writing.py"
ALLOWED = {
    ("preview/filming.py", "open"): "FFmpeg writes by name, into the fresh file of `filling`",
    ("jobs/ledger.py", "connect"): "SQLite opens by name; the file is made before, and lies in the state folder",
    ("jobs/salvage.py", "connect"): "copies in a private folder, and a ledger in another",
    ("sandbox/state.py", "connect"): "as the ledger",
    ("tui/external.py", "mkstemp"): "a fresh private file for the writer's own editor",
    ("cli/streams.py", "open"): "the null device in the place of closed streams",
    ("disk.py", "TemporaryFile"): "a file without a name, to try locks on",
}
_MODE = re.compile(r"[rwaxbtU+]+")
_NAMES = frozenset((
    "write_bytes", "write_text", "touch", "symlink_to", "hardlink_to", "truncate", "mkfifo", "symlink", "link",
    "copy", "copy2", "copyfile", "copytree", "move", "rename", "renames", "mkstemp", "NamedTemporaryFile",
    "TemporaryFile", "SpooledTemporaryFile", "connect",
))  # fmt: skip
_OF_MODULES = {"copy": "shutil", "move": "shutil", "link": "os", "rename": "os", "truncate": "os", "connect": "sqlite3"}
"""Where methods of other things have such names as well, those of this module count."""


def writes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Calls that open, make, move or replace a file, with their lines."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        owner = getattr(getattr(call.func, "value", None), "id", "") if isinstance(call.func, ast.Attribute) else ""
        if name == "open" and owner == "os":
            if not (call.args and ast.unparse(call.args[0]) == "os.devnull") and _may_write(call):
                yield name, call.lineno
        elif name in ("open", "fdopen"):
            if name == "open" and _opens_to_write(call):
                yield name, call.lineno
        elif name == "replace":
            is_of_os = owner == "os" and isinstance(call.func, ast.Attribute)
            if is_of_os or (isinstance(call.func, ast.Attribute) and len(call.args) == 1 and not call.keywords):
                yield name, call.lineno
        elif name in _NAMES and (name not in _OF_MODULES or owner == _OF_MODULES[name]):
            yield name, call.lineno


def _may_write(call: ast.Call) -> bool:
    flags = ast.unparse(call.args[1]) if len(call.args) > 1 else ""
    return "O_RDONLY" not in flags or "O_CREAT" in flags


def _opens_to_write(call: ast.Call) -> bool:
    """Whether any argument is a mode that writes; one that is no constant may be."""
    given = [*call.args, *(word.value for word in call.keywords if word.arg in (None, "mode"))]
    texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    modes = [text for text in texts if _MODE.fullmatch(text)]
    if any(set(mode) & set("wax+") for mode in modes):
        return True
    is_builtin = isinstance(call.func, ast.Name)
    return is_builtin and len(call.args) > 1 and not modes


def test_files_are_written_in_one_place() -> None:
    """Nothing else opens a file to write, replaces, moves or copies one."""
    found = {
        (file.relative_to(PACKAGE).as_posix(), name, line)
        for file in PACKAGE.rglob("*.py")
        for name, line in writes(ast.parse(file.read_text(encoding="utf-8")))
    }
    elsewhere = {one for one in found if one[0] != WRITES and one[:2] not in ALLOWED}
    assert elsewhere == set()
    assert {one[:2] for one in found} >= set(ALLOWED), "what is allowed and not done any more goes out of the list"


@pytest.mark.parametrize(
    "line",
    [
        "open(path, 'w')", "open(path, mode='ab')", "path.open('x')", "path.open(mode='r+b')", "io.open(path, 'wb')",
        "open(path, mode)", "os.open(path, os.O_RDWR)", "os.open(path, flags)", "os.replace(a, b)", "a.replace(b)",
        "os.open(path, os.O_RDONLY | os.O_CREAT)", "path.write_text(x)", "path.touch()", "os.rename(a, b)",
        "shutil.move(a, b)", "shutil.copyfile(a, b)", "os.link(a, b)", "tempfile.NamedTemporaryFile()",
        "sqlite3.connect(path)",
    ],
)  # fmt: skip
def test_every_way_to_write_is_seen(line: str) -> None:
    """The test above can fail."""
    assert [name for name, _ in writes(ast.parse(line))]


@pytest.mark.parametrize("line", ["open(path)", "open(path, 'rb')", "text.replace('a', 'b')", "path.open('rb')"])
def test_reading_is_not_writing(line: str) -> None:
    """And does not fail for what only reads."""
    assert not list(writes(ast.parse(line)))


def _link(place: Path, outside: Path) -> None:
    place.symlink_to(outside)


def _dangling(place: Path, outside: Path) -> None:
    place.symlink_to(outside.with_name("nowhere"))


def _folder_link(place: Path, outside: Path) -> None:
    place.symlink_to(outside.parent)


def _hard_link(place: Path, outside: Path) -> None:
    os.link(outside, place)


def _pipe(place: Path, outside: Path) -> None:
    os.mkfifo(place)


TRAPS = [_link, _dangling, _folder_link, _hard_link, _pipe]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Somebody's file outside of the project."""
    file = tmp_path / "home" / "bashrc"
    file.parent.mkdir()
    file.write_bytes(b"mine")
    return file


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize(
    "write",
    [
        lambda place: writing.replace_file(place, b"new"),
        lambda place: writing.replace_file(place, b"new", private=True),
        lambda place: writing.open_to_grow(place, 0).close(),
    ],
)
def test_what_lies_there_is_replaced_and_not_followed(
    tmp_path: Path, outside: Path, trap: Callable[[Path, Path], None], write: Callable[[Path], object]
) -> None:
    """Whatever a name leads to stays as it was, and nothing new appears there."""
    place = tmp_path / "project" / "film-1.mp4.json"
    place.parent.mkdir()
    trap(place, outside)
    write(place)
    found = place.lstat()
    assert stat.S_ISREG(found.st_mode)
    assert found.st_nlink == 1
    assert outside.read_bytes() == b"mine"
    assert os.listdir(outside.parent) == ["bashrc"]
    assert os.listdir(place.parent) == [place.name]


@pytest.mark.parametrize("trap", TRAPS)
def test_a_new_file_is_never_one_that_is_there(
    tmp_path: Path, outside: Path, trap: Callable[[Path, Path], None]
) -> None:
    """Not even a link that leads nowhere."""
    place = tmp_path / "film.storyboard.yaml"
    trap(place, outside)
    with pytest.raises(FileExistsError):
        writing.make_file(place, b"new")
    assert (outside.read_bytes(), os.listdir(outside.parent)) == (b"mine", ["bashrc"])


def test_a_link_that_leads_nowhere_is_not_saved_through(tmp_path: Path, outside: Path) -> None:
    """Nobody knows what would be made there."""
    link = tmp_path / "film.storyboard.yaml"
    link.symlink_to(outside.with_name("authorized_keys"))
    with pytest.raises(OSError, match="which is not there"):
        save(link, b"shots: []\n", read=None)
    assert os.listdir(outside.parent) == ["bashrc"]


@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_not_ours_alone_is_not_gone_on_with(
    tmp_path: Path, outside: Path, trap: Callable[[Path, Path], None]
) -> None:
    """Its bytes are none of a video's."""
    place = tmp_path / "film-1.mp4.part"
    trap(place, outside)
    assert writing.size_to_grow(place) == 0


def test_a_part_is_gone_on_with_where_it_ended(tmp_path: Path) -> None:
    """What stands behind is cut off; fewer bytes than were counted on are an error and not a hole."""
    place = tmp_path / "film-1.mp4.part"
    place.write_bytes(b"0123456789")
    with writing.open_to_grow(place, 4) as stream:
        stream.write(b"x")
    assert place.read_bytes() == b"0123x"
    with pytest.raises(OSError, match="changed meanwhile"):
        writing.open_to_grow(place, 6)


def test_names_on_the_way_cannot_be_foreseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes of one file go by two names, both beside it."""
    seen: list[str] = []
    real = os.replace

    def replace(old: str, new: str) -> None:
        seen.append(os.path.relpath(old, tmp_path))
        real(old, new)

    monkeypatch.setattr(os, "replace", replace)
    for _ in range(2):
        writing.replace_file(tmp_path / "a.json", b"{}")
    assert len(set(seen)) == 2
    assert all(re.fullmatch(r"\.storyboard-[0-9a-f]{16}\.tmp", name) for name in seen)


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way is taken."""
    place = tmp_path / "a.json"
    place.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace"):
        monkeypatch.setattr(os, step, full)
        with pytest.raises(OSError, match="No space"):
            writing.replace_file(place, b"new")
        with pytest.raises(OSError, match="No space"), writing.filling(place, ".part") as part:
            part.write_bytes(b"new")
        monkeypatch.undo()
    assert (place.read_bytes(), os.listdir(tmp_path)) == (b"old", ["a.json"])


def test_what_died_is_swept_and_who_writes_is_left(tmp_path: Path, outside: Path) -> None:
    """A file that another process is just writing is locked; links of such a name are nobody's."""
    left, link = tmp_path / ".storyboard-0123456789abcdef.tmp", tmp_path / ".storyboard-00.tmp"
    left.write_bytes(b"half")
    link.symlink_to(outside)
    with writing.replacing(tmp_path / "a.json") as stream:
        stream.write(b"{}")
        writing.sweep(tmp_path)
        assert not left.exists()
    assert (tmp_path / "a.json").read_bytes() == b"{}"
    assert outside.read_bytes() == b"mine"


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_private_files_are_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    """Folders above them too, and what was open to others before is closed."""
    folder, wide = tmp_path / "a" / "b" / "state", tmp_path / "a" / "b" / "state" / "recovery"
    old = os.umask(umask)
    try:
        writing.make_private_folder(folder)
        wide.mkdir(0o777)
        (wide / "x").write_bytes(b"")
        writing.make_private_folder(wide, is_ours=True)
        writing.make_file(wide / "new", b"secret", private=True)
        (wide / "open").write_bytes(b"old")
        writing.replace_file(wide / "open", b"secret", private=True)
        writing.copy_file(wide / "open", wide / "copy")
        os.close(writing.open_lock(wide / "lock"))
    finally:
        os.umask(old)
    for place in (tmp_path / "a", tmp_path / "a" / "b", folder, wide):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    for name in ("new", "open", "copy", "lock"):
        assert stat.S_IMODE((wide / name).stat().st_mode) == 0o600, name


def test_a_folder_of_somebody_else_is_not_closed(tmp_path: Path) -> None:
    """One that was named and is full of other things stays as it is; one with a file of ours is known by it."""
    folder = tmp_path / "shared"
    folder.mkdir(0o755)
    folder.chmod(0o755)
    (folder / "theirs").write_bytes(b"")
    writing.make_private_folder(folder, "ledger.sqlite3", "crash-????.txt")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    (folder / "crash-0001.txt").write_bytes(b"")
    writing.make_private_folder(folder, "ledger.sqlite3", "crash-????.txt")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
