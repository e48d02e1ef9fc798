"""Three levels of risk and their order."""

from __future__ import annotations

from collections.abc import Iterable

LOW, MEDIUM, HIGH = "low", "medium", "high"
#: the least risk first
RISK_LEVELS = (LOW, MEDIUM, HIGH)


def worst_of(levels: Iterable[str]) -> str:
    """The highest of some levels, at least one."""
    return max(levels, key=RISK_LEVELS.index)
