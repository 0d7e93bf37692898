"""What a render costs by the model's list, in decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.profiles import Profile


def price(profile: Profile, resolution: str, seconds: int, takes: int) -> Decimal:
    """US dollars for `takes` films of so many whole seconds at "720p" or "1080p"."""
    return Decimal(profile.usd_per_second[resolution]) * seconds * takes


def dollars(amount: Decimal | float) -> str:
    """An amount for people: two places, three where the third is not zero."""
    exact = Decimal(str(amount)).quantize(Decimal("0.001"))
    places = exact if exact * 100 % 1 else exact.quantize(Decimal("0.01"))
    return f"${places:,}"
