"""Which certifications a product needs for a destination, by rules that are data, and which part a subsidy pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from strongroom.systems.export_readiness.rules.amounts import RUPEE, ZERO, percent_of, ratio, rounded
from strongroom.systems.export_readiness.rules.countries import find_country, is_in_union
from strongroom.systems.export_readiness.rules.enums import BusinessTypeEnum, CertificationTypeEnum, CompanySizeEnum
from strongroom.systems.export_readiness.rules.hs_codes import chapter_of
from strongroom.systems.export_readiness.rules.reference_rates import Rates

_UNION = "EU"


@dataclass(frozen=True, slots=True)
class Certification:
    """One certification. id: stable, such as `ce-marking`. priority: high, medium or low. cost_…: INR."""

    id: str
    name: str
    type: CertificationTypeEnum
    is_mandatory: bool
    priority: str
    cost_min: Decimal
    cost_max: Decimal
    days: int
    currency: str = RUPEE

    @property
    def cost(self) -> Decimal:
        """What is reckoned with: the middle of the two."""
        return rounded(ratio(self.cost_min + self.cost_max, Decimal(2)))


@dataclass(frozen=True, slots=True)
class Subsidy:
    """What is paid back of a certification's cost. amount: INR."""

    certification_id: str
    percent: Decimal
    amount: Decimal
    source: str
    currency: str = RUPEE


def required_certifications(
    *, destination: str, hs_code: str | None, business_type: BusinessTypeEnum, rates: Rates
) -> tuple[Certification, ...]:
    """Mandatory ones first, then by how long they take, the longest first."""
    named = [
        (name, rates.details("certification", name))
        for name, rule in rates.of("certification").items()
        if _applies(rule.details, destination, hs_code, business_type, rates)
    ]
    found = [_certification(name, details) for name, details in named]
    return tuple(sorted(found, key=lambda one: (not one.is_mandatory, -one.days, one.id)))


def subsidies_for(
    certifications: tuple[Certification, ...], company_size: CompanySizeEnum, rates: Rates
) -> tuple[Subsidy, ...]:
    """Of every certification that there is a subsidy for on the day of the rates."""
    found = []
    for certification in certifications:
        calculator = f"subsidy {certification.id}"
        if (percent := rates.find(calculator, company_size.value)) is not None:
            source = rates.get(calculator, company_size.value).source
            found.append(Subsidy(certification.id, percent, percent_of(certification.cost, percent), source))
    return tuple(found)


def total_cost(certifications: tuple[Certification, ...]) -> Decimal:
    """Of all of them, INR."""
    return sum((certification.cost for certification in certifications), ZERO)


def longest_days(certifications: tuple[Certification, ...]) -> int:
    """How long the slowest takes; they run side by side."""
    return max((certification.days for certification in certifications), default=0)


def _applies(
    rule: Mapping[str, Any], destination: str, hs_code: str | None, business_type: BusinessTypeEnum, rates: Rates
) -> bool:
    if "business_types" in rule and business_type.value not in rule["business_types"]:
        return False
    if "chapters" in rule and (hs_code is None or chapter_of(hs_code) not in rule["chapters"]):
        return False
    where = rule.get("destination")
    if where == _UNION:
        return is_in_union(destination, rates)
    country = find_country(destination)
    return where is None or (country is not None and country.code == where)


def _certification(name: str, details: Mapping[str, Any]) -> Certification:
    return Certification(
        id=name,
        name=details["name"],
        type=CertificationTypeEnum(details["type"]),
        is_mandatory=details["is_mandatory"],
        priority=details["priority"],
        cost_min=rounded(Decimal(details["cost_min"])),
        cost_max=rounded(Decimal(details["cost_max"])),
        days=int(details["days"]),
    )
