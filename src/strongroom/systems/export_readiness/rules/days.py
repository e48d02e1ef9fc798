"""Days that calculators count from: late enough for the law, early enough that years can be added."""

from __future__ import annotations

from datetime import date

from strongroom.kernel.errors import InvalidValue

YEAR_MIN, YEAR_MAX = 2000, 9000


def check_day(day: date, field: str) -> date:
    """The day. Raises InvalidValue for one out of bounds."""
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise InvalidValue(field=field, reason=f"must lie between the years {YEAR_MIN} and {YEAR_MAX}")
    return day
