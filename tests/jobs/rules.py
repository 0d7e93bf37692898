"""What must hold whatever happened: nothing paid for twice, nothing paid for lost, no key anywhere."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tests.provider import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.jobs.studio import Ran, Studio

SECONDS = 3
"""What every storyboard of a studio lasts."""


def assert_paid_once(studio: Studio, jobs: int) -> None:
    """So many jobs were paid for, each once, and nothing that was sent or said was wrong."""
    provider = studio.provider
    assert provider.paid == Counter(dict.fromkeys(provider.paid, 1))
    assert len(provider.paid) == jobs
    assert (provider.sins, provider.leaks) == ([], [])
    assert_no_key(studio)
    assert "Traceback" not in "".join(studio.outputs)
    assert "this is a bug" not in "".join(studio.outputs)


def assert_done(studio: Studio, ran: Ran) -> None:
    """Every job of a run ended done with all its takes on disk, whole, each with a receipt that says so."""
    assert ran.code == 0, ran
    assert ran.lines
    for line in ran.lines:
        assert (line["state"], line["error"]) == ("done", None), line
        assert_takes(studio, line)


def assert_takes(studio: Studio, line: dict[str, Any], *, in_order: bool = True) -> None:
    """The takes that a line names are on disk, whole, each with a receipt that says so.

    A ledger that was made good from receipts knows no order of takes but that in which it met them.
    """
    found, made = [take["video"] for take in line["takes"]], studio.provider.videos(line["job"])
    assert found == made if in_order else sorted(found) == sorted(made)
    for take in line["takes"]:
        assert_take(studio, line["job"], take)


def assert_take(studio: Studio, job: str, take: dict[str, Any]) -> None:
    """One take is on disk, whole, with its receipt."""
    path = studio.folder / take["path"]
    data = path.read_bytes()
    assert data == studio.provider.content(take["video"], seconds=SECONDS, ending=path.suffix[1:])
    receipt = json.loads(path.with_name(path.name + ".json").read_text())
    says = [receipt[key] for key in ("job", "video", "take", "sha256", "bytes")]
    assert says == [job, take["video"], take["take"], sha256(data).hexdigest(), len(data)]
    assert take["sha256"] == receipt["sha256"]


def assert_no_leftovers(studio: Studio) -> None:
    """Beside videos and receipts nothing lies in the output folder."""
    kept = tuple(f".{ending}{receipt}" for ending in ("mp4", "webm", "mov") for receipt in ("", ".json"))
    assert [name for name in studio.files() if not name.endswith(kept)] == []


def assert_no_key(studio: Studio, *others: str) -> None:
    """Neither the key nor any of these other secrets stands in a file or in anything that was said."""
    for secret in (KEY, *others):
        assert not any(secret in text for text in studio.outputs)
        assert not [path for path in everything_below(studio.folder) if secret.encode() in path.read_bytes()]


def everything_below(folder: Path) -> Iterable[Path]:
    """All files, however deep."""
    return (path for path in folder.rglob("*") if path.is_file())
