"""What follows from how far a drug candidate has come and how long its patent still protects it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.enums import Phase

#: 0 (given up) to 10 (on the market); the column phase_score is generated from the same figures
PHASE_SCORES: Mapping[Phase, float] = MappingProxyType(
    {
        Phase.DISCOVERY: 1.0,
        Phase.PRECLINICAL: 2.0,
        Phase.PHASE_1: 3.5,
        Phase.PHASE_1_2: 4.5,
        Phase.PHASE_2: 6.0,
        Phase.PHASE_2_3: 7.5,
        Phase.PHASE_3: 8.5,
        Phase.NDA_BLA: 9.5,
        Phase.APPROVED: 10.0,
        Phase.DISCONTINUED: 0.0,
    }
)
MILESTONE_YEARS = range(2000, 2101)
_DAYS_A_YEAR = 365.25
_QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def patent_years_remaining(expiry: date | None, today: date) -> float | None:
    """Years of protection left, to two decimals, never below 0; None when there is no date."""
    if expiry is None:
        return None
    return round(max(0.0, (expiry - today).days / _DAYS_A_YEAR), 2)


def normalise_milestone_date(text: str) -> str:
    """A day, 2027-03-31, or a quarter, 2027-Q1. Raises InvalidValue for anything else or a year beyond 2000 to 2100."""
    if match := _QUARTER.fullmatch(text.strip()):
        year, normal = int(match[1]), f"{match[1]}-Q{match[2]}"
    else:
        year, normal = _day(text.strip())
    if year not in MILESTONE_YEARS:
        raise InvalidValue(field="next_milestone_date", reason="must lie in the years 2000 to 2100")
    return normal


def _day(text: str) -> tuple[int, str]:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).year, text
    except ValueError:
        pass  # a day that no month has
    raise InvalidValue(field="next_milestone_date", reason="must be YYYY-MM-DD or YYYY-Qn")
