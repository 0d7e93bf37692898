"""Files replaced whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from storyboard.disk import Lock, ReadOnly, lock_of, unlocking, why_not_replaced
from storyboard.document.saving import ChangedOnDisk, current, fingerprint, save


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    """A link still points to its file, which has its mode."""
    real = tmp_path / "real.yaml"
    real.write_bytes(b"a: 1\n")
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    assert save(link, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert link.is_symlink()
    assert real.read_bytes() == b"a: 2\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    """A file that was not there is made as any program would make it."""
    old = os.umask(0o022)
    try:
        save(tmp_path / "new.yaml", b"a: 1\n", read=None)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new.yaml").stat().st_mode) == 0o644


def test_a_file_that_went_away_is_a_change(tmp_path: Path) -> None:
    """What was deleted by somebody is not silently brought back."""
    with pytest.raises(ChangedOnDisk) as refused:
        save(tmp_path / "gone.yaml", b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert refused.value.theirs is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Where writing fails, the old file is whole and no temporary file stays."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left"):
        save(file, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    monkeypatch.undo()
    assert file.read_bytes() == b"a: 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_a_killed_save_leaves_one_whole_version(tmp_path: Path) -> None:
    """Whoever dies in the middle of saving leaves the old bytes or the new ones, never a mixture."""
    file = tmp_path / "a.yaml"
    versions = [b"a: %d\n" % number * 20_000 for number in range(2)]
    file.write_bytes(versions[0])
    code = (
        "import sys; from pathlib import Path; from storyboard.document.saving import replace_file\n"
        "a, b = (b'a: %d\\n' % n * 20000 for n in range(2))\n"
        "print('go', flush=True)\n"
        "while True:\n    replace_file(Path(sys.argv[1]), b); replace_file(Path(sys.argv[1]), a)\n"
    )
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
            process.kill()
        assert file.read_bytes() in versions


def test_a_version_that_comes_while_writing_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look is just before the old file goes."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\n")
    fsync = os.fsync

    def meanwhile(descriptor: int) -> None:
        file.write_bytes(b"a: theirs\n")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(ChangedOnDisk) as refused:
        save(file, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert (refused.value.theirs, file.read_bytes()) == (b"a: theirs\n", b"a: theirs\n")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["影" * 79 + ".storyboard.yaml", "a" * 255, os.fsdecode(b"\xff\xfe.yaml")])
def test_any_name_a_file_can_have_can_be_saved(tmp_path: Path, name: str) -> None:
    """The longest ones and those that are no text included."""
    save(tmp_path / name, b"a: 1\n", read=None)
    save(tmp_path / name, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert (tmp_path / name).read_bytes() == b"a: 2\n"


def test_what_is_no_file_any_more_is_no_version(tmp_path: Path) -> None:
    """A pipe or folder in the file's place is an error at once, never a wait; a file below it is gone."""
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for place in (pipe, folder):
        with pytest.raises(OSError, match=r"no regular file|Is a directory"):
            current(place)
    assert current(pipe / "a.yaml") is None


def test_a_folder_that_cannot_be_synced_does_not_undo_a_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is whole and in place: saying that it was not saved would be wrong."""

    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("storyboard.writing.fsync_folder", refuse)
    assert save(tmp_path / "a.yaml", b"a: 1\n", read=None)


def test_rights_of_a_group_go_only_to_that_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not give a file its group back leaves it those that all have; without an owner it is kept."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\n")
    file.chmod(0o664)
    asked = []

    def refuse(_: str, owner: int, group: int) -> None:
        asked.append((owner, group))
        raise PermissionError(1, "Operation not permitted")

    def other_group(path: str) -> os.stat_result:
        found = list(real_stat(path))
        found[5] = 5555 if path == str(file) else found[5]
        return os.stat_result(found)

    real_stat = os.lstat
    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(os, "lstat", other_group)
    save(file, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    monkeypatch.undo()
    assert [owner for owner, _ in asked] == [file.stat().st_uid, -1]
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_locked_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    """A file that nobody may write is locked on purpose, for root too; allowed, it is written and stays locked."""
    file = tmp_path / "delivered.yaml"
    file.write_bytes(b"a: 1\n")
    file.chmod(0o444)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    for path in (file, link):
        with pytest.raises(ReadOnly, match="read-only"):
            save(path, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert file.read_bytes() == b"a: 1\n"
    assert save(link, b"a: 2\n", read=fingerprint(b"a: 1\n"), even_read_only=True)
    assert file.read_bytes() == b"a: 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert sorted(os.listdir(tmp_path)) == ["delivered.yaml", "link.yaml"]


def test_a_locked_file_that_says_the_same_is_no_question(tmp_path: Path) -> None:
    """Nothing would be written: nothing is asked."""
    file = tmp_path / "delivered.yaml"
    file.write_bytes(b"a: 1\n")
    file.chmod(0o444)
    assert not save(file, b"a: 1\n", read=fingerprint(b"a: 1\n"))


def test_a_file_that_is_locked_while_it_is_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look before the file is replaced sees the lock as well."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\n")
    real = os.fsync

    def lock(descriptor: int) -> None:
        real(descriptor)
        file.chmod(0o444)

    monkeypatch.setattr(os, "fsync", lock)
    with pytest.raises(ReadOnly):
        save(file, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert file.read_bytes() == b"a: 1\n"
    assert os.listdir(tmp_path) == ["a.yaml"]


_AS_ANOTHER = """
import os, sys
from storyboard.disk import lock_of, unlocking, why_read_only
os.chdir(sys.argv[1]); os.setgroups([]); os.setgid(54321); os.setuid(54321)
for name in sys.argv[2:]:
    lock = lock_of(name)
    print(why_read_only(name), "|", lock and lock.lets_replace, "|", lock and unlocking(name))
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another user")
def test_why_a_file_is_read_only_for_another_user() -> None:
    """Rights count as the system grants them, of a file and of its folder; advice is what this user can do."""
    # Not in pytest's folders, which are closed to other users.
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        for place, mode in (("closed", 0o755), ("sticky", 0o1777)):
            (folder / place).mkdir()
            (folder / place).chmod(mode)
        for place, mode in (
            ("theirs", 0o644), ("delivered", 0o444), ("mine", 0o464), ("open", 0o666),
            ("closed/inside", 0o666), ("sticky/inside", 0o666), ("sticky/mine", 0o644),
        ):  # fmt: skip
            (folder / place).write_bytes(b"")
            (folder / place).chmod(mode)
            if place.endswith("mine"):
                os.chown(folder / place, 54321, 54321)
        names = ("theirs", "delivered", "mine", "open", "closed/inside", "sticky/inside", "sticky/mine", "missing")
        ran = subprocess.run(
            [sys.executable, "-c", _AS_ANOTHER, name, *names],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent,
        )
    copy = "copy it to a place of your own, and change the copy"
    sticky = "it belongs to another user, and so does its folder, which keeps its files (mode +t)"
    assert ran.stdout.splitlines() == [
        f"it is read-only: it belongs to another user | True | {copy}",
        f"it is read-only: it belongs to another user | True | {copy}",
        "it is read-only (mode 464) | True | make it writable if it is meant to change: chmod u+w mine",
        "None | None | None",
        "it is read-only: its folder cannot be written to | False | make that writable first, if it is meant to change",
        f"it is read-only: {sticky} | False | {copy}",
        "None | None | None",
        "None | None | None",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="attributes of Linux")
@pytest.mark.parametrize(
    ("flags", "lock", "attribute"), [(0x10, Lock.IMMUTABLE, "-i"), (0x20, Lock.APPEND_ONLY, "-a"), (0x80000, None, "")]
)
def test_attributes_lock_a_file_for_root_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: int, lock: Lock | None, attribute: str
) -> None:
    """A mode changes nothing about them: the advice is another one, and the file cannot be replaced."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\n")
    assert lock_of(file) is None
    monkeypatch.setattr(fcntl, "ioctl", lambda *_: flags.to_bytes(8, sys.byteorder))
    assert lock_of(file) is lock
    if lock is not None:
        assert not lock.lets_replace
        assert f"chattr {attribute} " in unlocking(str(file))
        with pytest.raises(ReadOnly):
            save(file, b"a: 2\n", read=fingerprint(b"a: 1\n"))
    assert file.read_bytes() == b"a: 1\n"


def test_a_read_only_file_system_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mode helps there."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    assert lock_of(file) is Lock.FILE_SYSTEM
    assert unlocking(str(file)) == "copy it to a place of your own, and change the copy"


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EBUSY, "mount its folder"), (errno.EPERM, "attributes"), (errno.EIO, "error")]
)
def test_what_the_system_refuses_has_a_next_step(number: int, words: str) -> None:
    """A file that is mounted by itself, or protected in a way that cannot be seen before."""
    assert words in why_not_replaced(OSError(number, os.strerror(number)))
