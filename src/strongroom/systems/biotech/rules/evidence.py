"""What signals say about a score: which component each one speaks to, which way, and how loudly by now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import log10
from types import MappingProxyType
from typing import Any
from uuid import UUID

from strongroom.systems.biotech.rules.decay import HALF_LIVES_DAYS, decayed_weight
from strongroom.systems.biotech.rules.enums import Component, Severity, SignalType

#: signals older than this are left out
HORIZON_DAYS = 365
#: the sum of weights at which a component is fully moved: about two fresh critical signals
SATURATION = 3.0
LOUDEST_MAX = 5
#: the largest ma_impact_score a signal can carry, either way
IMPACT_MAX = 10.0

SEVERITY_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {Severity.LOW: 0.25, Severity.MEDIUM: 0.5, Severity.HIGH: 0.75, Severity.CRITICAL: 1.0}
)

#: by type: the component it speaks to, and which way when neither its payload nor its impact says more
_SPEAKS_TO: Mapping[str, tuple[Component, float]] = MappingProxyType(
    {
        SignalType.CLINICAL_TRIAL: (Component.PIPELINE, 0.0),
        SignalType.TRIAL_SUCCESS: (Component.PIPELINE, 1.0),
        SignalType.TRIAL_FAILURE: (Component.PIPELINE, -1.0),
        SignalType.PATENT: (Component.PATENT, 0.0),
        SignalType.INSIDER_TRANSACTION: (Component.INSIDER, 0.0),
        SignalType.FINANCIAL: (Component.FINANCIAL, 0.0),
        SignalType.FINANCIAL_STRESS: (Component.FINANCIAL, 1.0),  # who is short of cash sells sooner
        SignalType.ACQUISITION_RUMOR: (Component.STRATEGIC_FIT, 1.0),
        SignalType.PARTNERSHIP: (Component.STRATEGIC_FIT, 0.5),
        SignalType.EXECUTIVE_DEPARTURE: (Component.STRATEGIC_FIT, 0.25),
        SignalType.EXECUTIVE_HIRE: (Component.STRATEGIC_FIT, 0.0),
        SignalType.HIRING: (Component.STRATEGIC_FIT, 0.0),
        SignalType.MARKET: (Component.STRATEGIC_FIT, 0.0),
        SignalType.FDA_APPROVAL: (Component.REGULATORY, 1.0),
        SignalType.REGULATORY_APPROVAL: (Component.REGULATORY, 1.0),
        SignalType.REGULATORY_SETBACK: (Component.REGULATORY, -1.0),
        SignalType.REGULATORY: (Component.REGULATORY, 0.0),
    }
)
#: the types that speak to any component; the others need not be read
SPEAKING_TYPES = frozenset(str(name) for name in _SPEAKS_TO)
_TRIAL_OUTCOMES = {"positive": 1.0, "negative": -1.0}
_STOPPED_TRIALS = frozenset({"suspended", "terminated", "withdrawn"})
_PATENT_STATUSES = {"granted": 1.0, "active": 0.5, "expired": -1.0, "revoked": -1.0, "invalidated": -1.0}
_DISTRESS = ("going_concern_warning", "covenant_breach", "guidance_lowered")
_DEALS = {"purchase": 1.0, "sale": -1.0}  # an option exercised, a gift, an award: no opinion
_CHIEFS = frozenset({"ceo", "cfo", "coo", "cso", "cmo"})
CHIEF_WEIGHT, OTHER_WEIGHT = 1.0, 0.6
PLANNED_WEIGHT = 0.25  # a plan under rule 10b5-1 was made months before
UNKNOWN_SIZE_WEIGHT = 0.5
DEAL_LOW_USD, DEAL_HIGH_USD = 1e3, 1e7


@dataclass(frozen=True, slots=True)
class Observation:
    """A signal as scoring sees it. severity: low to critical; confidence: 0 to 1; impact: -10 to 10, 0 when unknown."""

    signal_type: str
    event_date: datetime
    severity: str = "medium"
    confidence: float = 0.5
    impact: float = 0.0
    data: Mapping[str, Any] = field(default_factory=dict)
    id: UUID | None = None


def pressures(observations: Iterable[Observation], as_of: datetime) -> dict[Component, float]:
    """Where the signals of the year before as_of push each component, -1 to 1. A component without any is left out."""
    sums: dict[Component, float] = {}
    for observation in observations:
        component = component_of(observation.signal_type)
        if component is not None and is_within_horizon(observation.event_date, as_of):
            sums[component] = sums.get(component, 0.0) + weight_of(observation, as_of)
    return {component: max(-1.0, min(1.0, total / SATURATION)) for component, total in sums.items()}


def loudest(observations: Iterable[Observation], as_of: datetime) -> dict[Component, list[tuple[float, Observation]]]:
    """The signals that push each component most, five at most, each with its signed weight."""
    heard: dict[Component, list[tuple[float, Observation]]] = {}
    for observation in observations:
        component = component_of(observation.signal_type)
        if component is not None and (weight := weight_of(observation, as_of)):
            heard.setdefault(component, []).append((weight, observation))
    return {part: sorted(pairs, key=lambda pair: -abs(pair[0]))[:LOUDEST_MAX] for part, pairs in heard.items()}


def weight_of(observation: Observation, as_of: datetime) -> float:
    """Signed: direction times severity, confidence and decay. 0 for what speaks to no component or is too old."""
    component = component_of(observation.signal_type)
    if component is None or not is_within_horizon(observation.event_date, as_of):
        return 0.0
    age_days = (as_of - observation.event_date).total_seconds() / 86_400
    loudness = SEVERITY_WEIGHTS[observation.severity] * observation.confidence
    return direction_of(observation) * loudness * decayed_weight(age_days, HALF_LIVES_DAYS[component])


def is_within_horizon(event_date: datetime, as_of: datetime) -> bool:
    """Whether the event lies in the year before as_of."""
    return 0 <= (as_of - event_date).total_seconds() <= HORIZON_DAYS * 86_400


def component_of(signal_type: str) -> Component | None:
    """The component a type speaks to, None for most: a filing by itself says nothing."""
    known = _SPEAKS_TO.get(signal_type)
    return known[0] if known else None


def direction_of(observation: Observation) -> float:
    """-1 to 1; above zero makes a takeover look likelier. An impact given with the signal goes before its payload."""
    if observation.impact:
        return max(-1.0, min(1.0, observation.impact / IMPACT_MAX))
    read = _READERS.get(observation.signal_type)
    if read is not None:
        return read(observation.data)
    known = _SPEAKS_TO.get(observation.signal_type)
    return known[1] if known else 0.0


def _trial_direction(data: Mapping[str, Any]) -> float:
    outcome = _TRIAL_OUTCOMES.get(str(data.get("outcome")))
    if outcome is not None:
        return outcome
    if data.get("primary_endpoint_met") is not None:
        return 1.0 if data["primary_endpoint_met"] else -1.0
    return -0.5 if str(data.get("status")) in _STOPPED_TRIALS else 0.0


def _patent_direction(data: Mapping[str, Any]) -> float:
    return -0.5 if data.get("litigation_active") else _PATENT_STATUSES.get(str(data.get("patent_status")), 0.0)


def _financial_direction(data: Mapping[str, Any]) -> float:
    return min(1.0, 0.5 * sum(bool(data.get(sign)) for sign in _DISTRESS))


def _insider_direction(data: Mapping[str, Any]) -> float:
    direction = _DEALS.get(str(data.get("transaction_type")), 0.0)
    role = CHIEF_WEIGHT if str(data.get("insider_role")) in _CHIEFS else OTHER_WEIGHT
    planned = PLANNED_WEIGHT if data.get("is_10b5_1_plan") else 1.0
    return direction * role * planned * _size_weight(data.get("shares"), data.get("price_per_share"))


def _size_weight(shares: Any, price_usd: Any) -> float:
    """0 at a thousand dollars and below, 1 at ten million and above, even steps by factors of ten between."""
    try:
        value = float(shares) * float(price_usd)
    except (TypeError, ValueError, OverflowError):
        return UNKNOWN_SIZE_WEIGHT  # not given, or stored by somebody who did not check it
    if not value > DEAL_LOW_USD:
        return 0.0
    return min(1.0, log10(value / DEAL_LOW_USD) / log10(DEAL_HIGH_USD / DEAL_LOW_USD))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], float]] = {
    SignalType.CLINICAL_TRIAL: _trial_direction,
    SignalType.PATENT: _patent_direction,
    SignalType.FINANCIAL: _financial_direction,
    SignalType.INSIDER_TRANSACTION: _insider_direction,
}
