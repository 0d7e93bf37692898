"""Puts a screen together from the widgets that are there and that a change can be seen in, and from no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate, Compositor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.geometry import Region
    from textual.widget import Widget


class PresentCompositor(Compositor):
    """Textual's own draws what is being taken out until the layout is made anew, which is after its styles are gone."""

    @property
    def visible_widgets(self) -> dict[Widget, tuple[Region, Region]]:
        """Each widget that is in sight and stays, from the front to the back, with its region and its clip."""
        seen = super().visible_widgets
        if any(widget._pruning for widget in seen):  # noqa: SLF001 - Textual has no public word for it
            return {widget: place for widget, place in seen.items() if not widget._pruning}  # noqa: SLF001
        return seen


class SparingCompositor(PresentCompositor):
    """Textual's own asks every widget between the first and the last row that changed for all of its lines."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What is written to the terminal for the regions that changed."""
        whole, _ = self.visible_widgets, self.cuts  # both are made of the whole screen, and kept
        seen = self._seen_in(self._dirty_regions)
        self._visible_widgets = {widget: place for widget, place in whole.items() if widget in seen}
        try:
            return super().render_partial_update()
        finally:
            self._visible_widgets = whole

    def _seen_in(self, regions: Iterable[Region]) -> set[Widget]:
        """Whose parts are in sight there: from the front to the first that covers the region."""
        seen = set()
        for region in regions:
            for widget, (place, clip) in self.visible_widgets.items():
                if part := region.intersection(place).intersection(clip):
                    seen.add(widget)
                    if part == region:
                        break
        return seen
