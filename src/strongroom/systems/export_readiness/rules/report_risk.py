"""How risky an export is, 0 to 100, in points that each say where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.systems.export_readiness.rules.amounts import count_of, number_of
from strongroom.systems.export_readiness.rules.bands import band, number_band
from strongroom.systems.export_readiness.rules.certifications import Certification, longest_days, total_cost
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.risk_levels import HIGH, LOW


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points that one circumstance adds. severity: high, medium or low, by the points."""

    name: str
    points: int
    severity: str
    title: str


@dataclass(frozen=True, slots=True)
class RiskScore:
    """score: the points and a base added up, at most 100."""

    score: int
    contributions: tuple[Contribution, ...]


def score_risk(
    *,
    hs_confidence: Decimal | None,
    certifications: tuple[Certification, ...],
    restricted_substances: int,
    past_rejections: int,
    rates: Rates,
) -> RiskScore:
    """hs_confidence: 0 to 100, None counts as 0. The other two: how many were found. Raises InvalidValue."""
    confidence = Decimal(0) if hs_confidence is None else number_of(hs_confidence, "hs_confidence")
    mandatory = sum(certification.is_mandatory for certification in certifications)
    is_urgent = any(certification.priority == HIGH for certification in certifications)
    substances = count_of(restricted_substances, "restricted_substances")
    rejections = count_of(past_rejections, "past_rejections")
    points = (
        ("hs_confidence", confidence, f"The HS code is known with a confidence of {confidence:f} %"),
        ("mandatory_certifications", mandatory, f"Mandatory certifications: {mandatory}"),
        ("restricted_substances", substances, f"Restricted substances: {substances}"),
        ("past_rejections", rejections, f"Past rejections at the border: {rejections}"),
        ("certification_cost", total_cost(certifications), "The certifications are expensive"),
        ("certification_days", longest_days(certifications), "A certification takes long"),
    )
    found = [(name, number_band(rates, "report_risk", name, value), title) for name, value, title in points]
    if is_urgent:
        urgent = rates.value("report_risk", "high_priority_certification")
        found.append(("high_priority_certification", urgent, "A certification of high priority is missing"))
    total = rates.value("report_risk", "base") + sum(value for _, value, _ in found)
    contributions = tuple(
        Contribution(name, int(value), band(rates, "report_risk", "severity", value) or LOW, title)
        for name, value, title in found
        if value
    )
    return RiskScore(int(min(rates.value("report_risk", "maximum"), total)), contributions)
