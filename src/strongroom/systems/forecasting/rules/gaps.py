"""What stands for the periods of which a series holds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from strongroom.kernel.values import WIDE
from strongroom.systems.forecasting.errors import SeriesHasGaps
from strongroom.systems.forecasting.rules.calendars import Calendar
from strongroom.systems.forecasting.rules.periods import GapsEnum

_PLACES = Decimal("0.0001")


def fill_gaps(known: Mapping[datetime, Decimal], calendar: Calendar, gaps: GapsEnum) -> list[Decimal]:
    """A value for each period from the first that is known to the last; known: by the beginning of the period,
    all of them periods of the calendar.

    Raises SeriesHasGaps when they are to be refused.
    """
    if not known:
        return []
    starts = list(calendar.between(min(known), max(known)))
    missing = [start for start in starts if start not in known]
    if missing and gaps is GapsEnum.REFUSE:
        raise SeriesHasGaps(count=len(missing), first=missing[0].date().isoformat())
    values: list[Decimal] = []
    for at, start in enumerate(starts):
        if start in known:
            values.append(known[start])
        elif gaps is GapsEnum.ZERO:
            values.append(Decimal(0))
        elif gaps is GapsEnum.PREVIOUS:
            values.append(values[-1])
        else:
            steps, after = next((step, known[later]) for step, later in enumerate(starts[at:], 1) if later in known)
            rise = WIDE.divide(WIDE.subtract(after, values[-1]), Decimal(steps))
            values.append(WIDE.add(values[-1], rise).quantize(_PLACES, context=WIDE))
    return values
