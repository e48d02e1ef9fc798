"""What an axis of portfolio's charts counts in, and where the figures are from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from strongroom.kernel.drawing import Scale, amount_scale
from strongroom.kernel.values import as_utc
from strongroom.systems.portfolio.rules.measures import Unit

_UNITS = {Unit.PERCENT: "%", Unit.MULTIPLE: "times", Unit.MONTHS: "months", Unit.COUNT: "count"}


def scale_of(unit: Unit, currency: str, values: Iterable[Decimal | None]) -> Scale:
    """The scale of a measure; of money, the one on which the largest value has one to three digits before the point."""
    if unit is Unit.MONEY:
        return amount_scale(currency, values)
    return Scale(Decimal(1), _UNITS[unit], {Unit.PERCENT: "%", Unit.MULTIPLE: "x"}.get(unit, ""))


def source_line(currency: str, known_at: datetime, about: str) -> str:
    """Where the figures of a chart come from. about: the quarters they are of."""
    moment = as_utc(known_at).strftime("%Y-%m-%d %H:%M UTC")
    rates = f"Amounts in {currency} at each quarter's closing rate."
    return f"Source: the companies' quarterly reports, {about}, as known at {moment}. {rates}"
