"""What follows from a storyboard's text: what is wrong, what would be sent, what it would cost."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from storyboard.checks import Diagnostic, Report, check_document
from storyboard.checks.settings import quiet
from storyboard.compiler.price import price
from storyboard.compiler.template import write_template
from storyboard.profiles import DEFAULT_TAKES

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.checks.draft import Draft
    from storyboard.document import Document
    from storyboard.model import Storyboard


class Outlook:
    """A text as it stands, and everything that follows from it."""

    def __init__(self, document: Document, path: str | os.PathLike[str]) -> None:
        """`path` is the storyboard's file: paths in it start at its folder."""
        folder = os.path.dirname(os.path.abspath(path))
        self.report: Report = check_document(document, os.fspath(path), folder)
        self.report.diagnostics = quiet(self.report.diagnostics, folder)
        self._data = document.data

    @property
    def draft(self) -> Draft | None:
        """The sound parts of the storyboard."""
        return self.report.draft

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Everything wrong or weak, in file order."""
        return self.report.diagnostics

    @cached_property
    def texts(self) -> list[str]:
        """Each shot's text as it would be sent, empty where there is none."""
        return [shot.text.text if shot.text is not None else "" for shot in self.draft.shots] if self.draft else []

    @cached_property
    def seconds(self) -> list[int]:
        """Each shot's seconds; 1 stands for what is missing or unsound."""
        return [shot.seconds or 1 for shot in self.draft.shots] if self.draft else []

    @cached_property
    def storyboard(self) -> Storyboard | None:
        """The model, None while there are errors."""
        if self.report.has_errors:
            return None
        from storyboard.model import Storyboard, without_private_keys

        return Storyboard.model_validate(without_private_keys(self._data))

    @property
    def prompt(self) -> str | None:
        """The whole compiled prompt, None while there are errors."""
        if self.report.has_errors:
            return None
        return write_template(list(zip(self.seconds, self.texts, strict=True)))

    @property
    def price(self) -> Decimal | None:
        """US dollars that submitting would cost, None while the seconds make no sum."""
        draft = self.draft
        if draft is None or draft.total_seconds is None:
            return None
        return price(draft.profile, draft.resolution, draft.total_seconds, self.takes)

    @property
    def takes(self) -> int:
        """Videos that one submission makes; one where the file's number is unsound."""
        return self.draft.takes if self.draft is not None else DEFAULT_TAKES

    @property
    def total(self) -> int:
        """The total that timing tools hold: `duration` where it is sound, else the sum of the shots."""
        draft = self.draft
        if draft is not None and draft.duration is not None and draft.duration in draft.profile.total_seconds:
            return draft.duration
        return sum(self.seconds)
