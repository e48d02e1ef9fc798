"""How much an event still weighs: news counts in full or more, and is never quite forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from strongroom.systems.biotech.rules.enums import Component

HALF_LIFE_DAYS = 30
#: days after which an event weighs half; patents matter for longer than insider deals
HALF_LIVES_DAYS: Mapping[Component, int] = MappingProxyType(
    {
        Component.PIPELINE: 60,
        Component.PATENT: 90,
        Component.FINANCIAL: 14,
        Component.INSIDER: 30,
        Component.STRATEGIC_FIT: 180,
        Component.REGULATORY: 45,
    }
)
FRESH_DAYS = 7
FRESH_WEIGHT = 1.5
WEIGHT_MIN = 0.1


def decayed_weight(age_days: float, half_life_days: float = HALF_LIFE_DAYS) -> float:
    """1.5 in the first seven days, then 0.5 ** (age / half life), at least 0.1; 0 for what has not happened yet."""
    if age_days < 0:
        return 0.0
    if age_days < FRESH_DAYS:
        return FRESH_WEIGHT
    return float(max(WEIGHT_MIN, 0.5 ** (age_days / half_life_days)))
