"""How urgent a triggered alert is: how high the score stands, and how fast it rose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from strongroom.systems.biotech.rules.enums import AlertLevel, Severity

#: the same alert about the same company is not told again within this time
QUIET = timedelta(hours=24)

#: level, least total score, least rise in points, within so many days; the first that fits counts
_LEVELS = (
    (AlertLevel.CRITICAL, 85.0, 15.0, 7),
    (AlertLevel.HIGH, 75.0, 10.0, 14),
    (AlertLevel.MEDIUM, 65.0, 5.0, 30),
)
#: over which rises are asked for
RISE_DAYS = tuple(days for _, _, _, days in _LEVELS)

_LEVEL_OF_SIGNAL = MappingProxyType(
    {
        Severity.LOW: AlertLevel.INFO,
        Severity.MEDIUM: AlertLevel.MEDIUM,
        Severity.HIGH: AlertLevel.HIGH,
        Severity.CRITICAL: AlertLevel.CRITICAL,
    }
)


def level_of_score(total: float, rises: Mapping[int, float | None]) -> AlertLevel:
    """The level of an alert about a score. rises: points gained within 7, 14 and 30 days, None when unknown."""
    for level, least, rise, days in _LEVELS:
        risen = rises.get(days)
        if total >= least or (risen is not None and risen >= rise):
            return level
    return AlertLevel.INFO


def level_of_signal(severity: Severity | str) -> AlertLevel:
    """The level of an alert about a signal."""
    return _LEVEL_OF_SIGNAL[Severity(severity)]


def dedupe_key(alert_id: UUID, subject_id: UUID, moment: datetime) -> str:
    """Unique among triggers: one alert about one company (or report) once in a UTC day, whatever else fails."""
    return f"{alert_id}:{subject_id}:{moment:%Y-%m-%d}"
