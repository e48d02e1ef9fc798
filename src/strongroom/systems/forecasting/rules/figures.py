"""Computed numbers as their columns hold them: exact, rounded once, never NaN, never too large for a database."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from strongroom.kernel.values import WIDE
from strongroom.systems.forecasting.errors import FigureOutOfRange

_RATIO_SCALE, _PERCENT_SCALE = Decimal("0.00000001"), Decimal("0.0001")
#: what both databases hold at these scales
_RATIO_MAX, _PERCENT_MAX = Decimal(92_000_000_000), Decimal(9_999_999_999)


def as_ratio(number: Decimal | float, figure: str) -> Decimal:
    """Eight places, a half away from zero. figure: its name in the FigureOutOfRange that this raises."""
    return _stored(number, figure, _RATIO_SCALE, _RATIO_MAX)


def as_percent(number: Decimal | float, figure: str) -> Decimal:
    """Four places, a half away from zero. figure: its name in the FigureOutOfRange that this raises."""
    return _stored(number, figure, _PERCENT_SCALE, _PERCENT_MAX)


def _stored(number: Decimal | float, figure: str, scale: Decimal, largest: Decimal) -> Decimal:
    exact = Decimal(repr(number)) if isinstance(number, float) else number  # the digits a person would read
    if not exact.is_finite() or abs(exact) > largest:
        raise FigureOutOfRange(figure=figure)
    rounded = exact.quantize(scale, rounding=ROUND_HALF_UP, context=WIDE)
    return rounded.copy_abs() if rounded.is_zero() else rounded
