"""How six components become one score: versioned weights, a weighted sum, and the words for what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.components import rounded
from strongroom.systems.biotech.rules.enums import Component

STALE_AFTER = timedelta(days=7)
STABLE_BELOW = 2.0
DRIVERS_MAX = 3
RISK_BELOW = 25.0


class RiskLevel(StrEnum):
    """How likely a takeover looks by this heuristic; `very_high` from 80."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    VERY_LOW = "very_low"


class Trend(StrEnum):
    RISING = "rising"
    STABLE = "stable"
    FALLING = "falling"


#: the lowest total of each level
_LEVELS = ((80.0, RiskLevel.VERY_HIGH), (65.0, RiskLevel.HIGH), (45.0, RiskLevel.MEDIUM), (25.0, RiskLevel.LOW))


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of the six components, which sum to 1 exactly. version: stored with every score they made.

    Raises InvalidValue.
    """

    version: str
    weights: Mapping[Component, Decimal]

    def __post_init__(self) -> None:
        if set(self.weights) != set(Component):
            raise InvalidValue(field="weights", reason="must name each of the six components once")
        if not all(Decimal(0) <= weight <= Decimal(1) for weight in self.weights.values()):
            raise InvalidValue(field="weights", reason="each must lie between 0 and 1")
        if sum(self.weights.values()) != 1:
            raise InvalidValue(field="weights", reason=f"must sum to 1, not {sum(self.weights.values())}")

    @classmethod
    def from_document(cls, version: str, weights: Mapping[str, str | int | float | Decimal]) -> Weighting:
        """The weights as they are stored in JSON: component by name, 0.3 or "0.3". Raises InvalidValue."""
        try:
            return cls(version, {Component(name): Decimal(str(weight)) for name, weight in weights.items()})
        except (ValueError, ArithmeticError) as error:
            if isinstance(error, InvalidValue):
                raise
            raise InvalidValue(field="weights", reason="must be a number for each component") from None

    def to_document(self) -> dict[str, str]:
        """The weights as JSON, exact."""
        return {component.value: str(weight) for component, weight in self.weights.items()}


DEFAULT_WEIGHTING = Weighting(
    "1.0",
    MappingProxyType(
        {
            Component.PIPELINE: Decimal("0.30"),
            Component.PATENT: Decimal("0.20"),
            Component.FINANCIAL: Decimal("0.15"),
            Component.INSIDER: Decimal("0.15"),
            Component.STRATEGIC_FIT: Decimal("0.10"),
            Component.REGULATORY: Decimal("0.10"),
        }
    ),
)

Components = Mapping[Component, float | None]


def weighted_total(
    components: Components, weighting: Weighting = DEFAULT_WEIGHTING, *, redistribute: bool = False
) -> float:
    """The weighted sum, 0 to 100, two decimals; a component that is missing or None counts 0.

    redistribute: give the weight of what is missing to the rest instead, in proportion.
    """
    known = {part: Decimal(str(score)) for part, score in components.items() if score is not None}
    total = sum((weighting.weights[part] * score for part, score in known.items()), Decimal(0))
    if redistribute:
        weight = sum((weighting.weights[part] for part in known), Decimal(0))
        total = total / weight if weight else Decimal(0)
    return rounded(float(total))


def known_weight(components: Components, weighting: Weighting = DEFAULT_WEIGHTING) -> float:
    """The share of the weights, 0 to 1, for which there was anything to judge by; stored as the confidence."""
    return float(sum((weighting.weights[part] for part, score in components.items() if score is not None), Decimal(0)))


def key_drivers(components: Components, weighting: Weighting = DEFAULT_WEIGHTING) -> list[str]:
    """The components that add most to the total, at most three, as in "pipeline 90.00 x 0.30 = 27.00"."""
    adds = {part: score * float(weighting.weights[part]) for part, score in components.items() if score}
    best = sorted(adds, key=lambda part: (-adds[part], part.value))[:DRIVERS_MAX]
    return [f"{part.value} {components[part]:.2f} x {weighting.weights[part]:f} = {adds[part]:.2f}" for part in best]


def risk_factors(components: Components) -> list[str]:
    """What speaks against the score: components below 25, and those nothing is known about."""
    unknown = [f"no data for {part.value}" for part in Component if components.get(part) is None]
    known = {part: score for part, score in components.items() if score is not None}
    low = [f"{part.value} only {score:.2f}" for part, score in known.items() if score < RISK_BELOW]
    return low + unknown


def risk_level(total: float) -> RiskLevel:
    """The level of a total of 0 to 100."""
    return next((level for least, level in _LEVELS if total >= least), RiskLevel.VERY_LOW)


def trend_of(change: float | None) -> Trend | None:
    """Where a change of the total points; less than 2 either way is stable. None when there is nothing before it."""
    if change is None:
        return None
    if abs(change) < STABLE_BELOW:
        return Trend.STABLE
    return Trend.RISING if change > 0 else Trend.FALLING


def is_stale(score_date: datetime, now: datetime) -> bool:
    """Whether the score is more than seven days old."""
    return now - score_date > STALE_AFTER
