"""How likely customs' risk management system (RMS) picks a shipment for inspection: a heuristic, not that system."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.amounts import ZERO, amount_of, count_of, rounded
from strongroom.systems.export_readiness.rules.bands import band
from strongroom.systems.export_readiness.rules.hs_codes import chapter_of, normalise_hs_code
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.risk_levels import LOW
from strongroom.systems.export_readiness.rules.words import phrases_in, words_of

HEURISTIC = "A heuristic from experience: customs does not publish how its system decides."

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is known of a shipment and its shipper. value_usd: None when unknown. clean_exports: without any finding."""

    product_type: str
    description: str
    hs_code: str | None = None
    value_usd: Decimal | None = None
    is_first_time: bool = False
    has_violations: bool = False
    clean_exports: int = 0


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """points: percent points it adds, or takes away."""

    name: str
    points: Decimal
    description: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """probability_percent: 0 to 95, one decimal. risk_level: high, medium or low. mitigation_tips: four or more."""

    probability_percent: Decimal
    risk_level: str
    risk_factors: tuple[RiskFactor, ...]
    red_flag_keywords: tuple[str, ...]
    is_description_vague: bool
    mitigation_tips: tuple[str, ...]
    method: str = HEURISTIC


def inspection_probability(shipment: Shipment, rates: Rates) -> Inspection:
    """Points added up, within bounds. Raises InvalidValue."""
    if shipment.is_first_time and count_of(shipment.clean_exports, "clean_exports"):
        raise InvalidValue(field="clean_exports", reason="must be 0 for a first shipment")
    keywords = phrases_in(shipment.description, rates.details("inspection", "red_flag_keywords")["items"])
    factors = tuple(_factors(shipment, keywords, rates))
    points = rates.value("inspection", "base") + sum((factor.points for factor in factors), ZERO)
    bounded = max(rates.value("inspection", "floor"), min(rates.value("inspection", "cap"), points))
    is_vague = len(words_of(shipment.description)) < rates.value("inspection", "description_words_min")
    wanted = ["everybody", *(factor.name for factor in factors), *(["vague"] if is_vague else [])]
    return Inspection(
        probability_percent=rounded(bounded, _TENTH),
        risk_level=band(rates, "inspection", "level", bounded) or LOW,
        risk_factors=factors,
        red_flag_keywords=keywords,
        is_description_vague=is_vague,
        mitigation_tips=_tips(wanted, rates),
    )


def _factors(shipment: Shipment, keywords: tuple[str, ...], rates: Rates) -> list[RiskFactor]:
    found = []

    def note(name: str, points: Decimal, description: str) -> None:
        found.append(RiskFactor(name, points, description))

    if types := phrases_in(shipment.product_type, rates.details("inspection", "product_types")["items"]):
        note("product_type", rates.value("inspection", "product_type"), f"Kind of product: {', '.join(types)}")
    if keywords:
        points = len(keywords) * rates.value("inspection", "red_flag")
        most = rates.value("inspection", "red_flags_max")
        note("red_flag", min(points, most), f"Words in the description: {', '.join(keywords)}")
    if (points_of_chapter := _of_chapter(shipment.hs_code, rates)) is not None:
        note("chapter", points_of_chapter, "Chapter of the HS code that customs watches")
    if shipment.is_first_time:
        note("first_time", rates.value("inspection", "first_time"), "First export")
    if shipment.has_violations:
        note("violations", rates.value("inspection", "violations"), "Violations in the past")
    if shipment.value_usd is not None:
        limit = rates.value("inspection", "high_value_above")
        if amount_of(shipment.value_usd, "value_usd") > limit:
            note("high_value", rates.value("inspection", "high_value"), f"Worth more than {limit:f} USD")
    if count_of(shipment.clean_exports, "clean_exports") > rates.value("inspection", "clean_exports_above"):
        note("clean_record", rates.value("inspection", "clean_record"), "Many exports without any finding")
    return found


def _of_chapter(hs_code: str | None, rates: Rates) -> Decimal | None:
    if hs_code is None:
        return None
    chapter = chapter_of(normalise_hs_code(hs_code))
    for level in ("high", "medium"):
        if chapter in rates.details("inspection", f"chapters_{level}")["items"]:
            return rates.value("inspection", f"chapter_{level}")
    return None


def _tips(wanted: list[str], rates: Rates) -> tuple[str, ...]:
    known = rates.of("inspection_tips")
    return tuple(
        dict.fromkeys(
            tip for name in wanted if name in known for tip in rates.details("inspection_tips", name)["items"]
        )
    )
