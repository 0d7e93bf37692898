"""Runs every other labelled case where PyYAML has no libyaml; prints every verdict that is not right."""

from __future__ import annotations

import sys


def main() -> None:
    """As a program of its own, since PyYAML decides once what it reads with."""
    sys.modules["yaml._yaml"] = None  # type: ignore[assignment]
    from storyboard.document import Document
    from storyboard.document.loader import CoreLoader
    from tests.document.editing.cases import edits, load_cases
    from tests.document.editing.judging import verdict

    assert not hasattr(CoreLoader, "raw_parse"), "this is libyaml's loader"
    for case in load_cases()[::2]:
        for edit in edits(case, Document.parse(case.data).data):
            if said := verdict(case, edit):
                print(f"{case.name}: {edit}: {said}")


if __name__ == "__main__":
    main()
