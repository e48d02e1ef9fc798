"""A report's whole judgement: certifications, costs, time, risk and subsidies, from a product and its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from strongroom.systems.export_readiness.rules.amounts import as_text, number_of, rounded
from strongroom.systems.export_readiness.rules.certifications import required_certifications, subsidies_for
from strongroom.systems.export_readiness.rules.enums import BusinessTypeEnum, CompanySizeEnum
from strongroom.systems.export_readiness.rules.estimates import compliance_roadmap, estimate_costs, estimate_timeline
from strongroom.systems.export_readiness.rules.evidence import Evidence, HsGuess
from strongroom.systems.export_readiness.rules.hs_codes import normalise_hs_code
from strongroom.systems.export_readiness.rules.noted_rates import noted
from strongroom.systems.export_readiness.rules.plain import plain
from strongroom.systems.export_readiness.rules.plan import build_plan
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.report_risk import score_risk
from strongroom.systems.export_readiness.rules.reports import Findings
from strongroom.systems.export_readiness.rules.requirements import requirements_of


@dataclass(frozen=True, slots=True)
class Product:
    """What is exported, by whom, to where. destination: a country as people write it."""

    destination: str
    business_type: BusinessTypeEnum
    company_size: CompanySizeEnum


def assess(product: Product, evidence: Evidence, rates: Rates) -> Findings:
    """Everything a report says. Raises InvalidValue for a code or a confidence that is none."""
    findings, origin = noted(rates, lambda used: _assess(product, evidence, used))
    return Findings(
        data={**findings.data, **origin},
        hs_code=findings.hs_code,
        hs_code_confidence=findings.hs_code_confidence,
        risk_score=findings.risk_score,
        estimated_cost=findings.estimated_cost,
        estimated_timeline_days=findings.estimated_timeline_days,
    )


def _assess(product: Product, evidence: Evidence, rates: Rates) -> Findings:
    guesses = sorted((_checked(guess) for guess in evidence.hs_codes), key=lambda guess: -guess.confidence)
    best = guesses[0] if guesses else None
    certifications = required_certifications(
        destination=product.destination,
        hs_code=best.code if best else None,
        business_type=product.business_type,
        rates=rates,
    )
    risk = score_risk(
        hs_confidence=best.confidence if best else None,
        certifications=certifications,
        restricted_substances=len(evidence.restricted_substances),
        past_rejections=len(evidence.past_rejections),
        rates=rates,
    )
    costs, timeline = estimate_costs(certifications, rates), estimate_timeline(certifications, rates)
    data: dict[str, Any] = {
        "hs_code": _hs_code(guesses, rates),
        "certifications": [{**plain(found), "cost": as_text(found.cost)} for found in certifications],
        "restricted_substances": [plain(found) for found in evidence.restricted_substances],
        "past_rejections": [plain(found) for found in evidence.past_rejections],
        "compliance_roadmap": [plain(step) for step in compliance_roadmap(certifications, rates)],
        "risks": [plain(contribution) for contribution in risk.contributions],
        "risk_score": risk.score,
        "timeline": plain(timeline),
        "costs": plain(costs),
        "subsidies": [plain(found) for found in subsidies_for(certifications, product.company_size, rates)],
        "retrieved_sources": [plain(source) for source in evidence.retrieved_sources],
    }
    data["action_plan"] = [
        {"task_id": task.id, "day": task.day, "title": task.title} for task in build_plan(requirements_of(data))
    ]
    return Findings(
        data=data,
        hs_code=best.code if best else None,
        hs_code_confidence=best.confidence if best else None,
        risk_score=risk.score,
        estimated_cost=costs.total,
        estimated_timeline_days=timeline.estimated_days,
    )


def _checked(guess: HsGuess) -> HsGuess:
    confidence = max(Decimal(0), min(Decimal(100), number_of(guess.confidence, "confidence")))
    return HsGuess(normalise_hs_code(guess.code), rounded(confidence), guess.description)


def _hs_code(guesses: list[HsGuess], rates: Rates) -> dict[str, Any] | None:
    """The best, with the others while it is in doubt."""
    if not guesses:
        return None
    is_in_doubt = guesses[0].confidence < rates.value("report_estimate", "alternatives_below")
    return {**plain(guesses[0]), "alternatives": [plain(guess) for guess in guesses[1:]] if is_in_doubt else []}
