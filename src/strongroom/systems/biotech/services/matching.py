"""Who might buy a company: every acquirer judged, ranked and stored as one run, beside what the judgement rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.models import AcquirerMatch, Company, DrugCandidate
from strongroom.systems.biotech.repositories import AcquirerMatchRepository, CompanyRepository
from strongroom.systems.biotech.rules.companies import enterprise_value
from strongroom.systems.biotech.rules.enums import Phase
from strongroom.systems.biotech.rules.matching import (
    MATCH_SCORE_MIN,
    Acquirer,
    Match,
    Target,
    best_matches,
    premium_tier,
)
from strongroom.systems.biotech.rules.pipeline import patent_years_remaining

KEY_ASSETS_MAX = 3


def match_target(
    session: Session, target_id: UUID | str, acquirers: Iterable[Acquirer], *, min_score: float = MATCH_SCORE_MIN
) -> list[AcquirerMatch]:
    """Judge the acquirers and store those that fit as the target's newest run, best first.

    min_score: of 100; what fits less is left out. Earlier runs stay as history. What each match was made from is
    stored beside it, in extra["inputs"]. Raises CompanyNotFound.
    """
    company = CompanyRepository(session).get(target_id)
    assets = _assets_of(session, company.id)
    target = _target(company, assets)
    names = [asset.name for asset in assets][:KEY_ASSETS_MAX]
    pairs = best_matches(target, acquirers, min_score=min_score)
    tracked = _tracked(session, [pair.acquirer.ticker for pair in pairs])
    rows = [_row(pair, tracked.get(pair.acquirer.ticker), names) for pair in pairs]
    return AcquirerMatchRepository(session).replace_matches(company.id, rows)


def acquirer_of(session: Session, company_id: UUID | str, *, deals_in_five_years: int = 0) -> Acquirer:
    """One of our companies as an acquirer. Raises CompanyNotFound.

    Its patent cliff is the first patent of an approved drug to end.
    """
    company = CompanyRepository(session).get(company_id)
    expiries = [
        asset.patent_expiry
        for asset in _assets_of(session, company.id)
        if asset.phase is Phase.APPROVED and asset.patent_expiry is not None
    ]
    return Acquirer(
        ticker=company.ticker,
        name=company.name,
        therapeutic_areas=frozenset(company.therapeutic_areas),
        cash_usd=company.cash_position_usd,
        market_cap_usd=company.market_cap_usd,
        headquarters=company.headquarters_location,
        deals_in_five_years=deals_in_five_years,
        patent_cliff_years=patent_years_remaining(min(expiries, default=None), now_of(session).date()),
    )


def _assets_of(session: Session, company_id: UUID) -> Sequence[DrugCandidate]:
    """The furthest first."""
    query = select(DrugCandidate).where(DrugCandidate.company_id == company_id)
    return session.scalars(query.order_by(DrugCandidate.phase_score.desc(), DrugCandidate.name)).all()


def _target(company: Company, assets: Sequence[DrugCandidate]) -> Target:
    return Target(
        ticker=company.ticker,
        therapeutic_areas=frozenset(company.therapeutic_areas),
        best_phase_score=max((asset.phase_score or 0.0 for asset in assets), default=0.0),
        enterprise_value_usd=enterprise_value(
            company.market_cap_usd, company.total_debt_usd, company.cash_position_usd
        ),
        headquarters=company.headquarters_location,
    )


def _tracked(session: Session, tickers: Sequence[str]) -> dict[str, UUID]:
    """Those acquirers that are among our companies."""
    found = session.execute(select(Company.ticker, Company.id).where(Company.ticker.in_(tickers)))
    return {ticker: company_id for ticker, company_id in found}


def _row(pair: Match, acquirer_id: UUID | None, key_assets: Sequence[str]) -> AcquirerMatch:
    fit, value = pair.fit, pair.valuation
    return AcquirerMatch(
        acquirer_company_id=acquirer_id,
        acquirer_ticker=pair.acquirer.ticker,
        acquirer_name=pair.acquirer.name,
        strategic_fit_score=fit.strategic,
        therapeutic_overlap_score=fit.therapeutic,
        financial_capacity_score=fit.financial,
        geographic_fit_score=fit.geographic,
        historical_ma_score=fit.historical,
        match_score=pair.score,
        probability=pair.likelihood,
        estimated_premium_pct=pair.premium_pct,
        estimated_valuation_range_usd=str(value) if value else None,
        valuation_low_usd=value.low if value else None,
        valuation_base_usd=value.base if value else None,
        valuation_high_usd=value.high if value else None,
        synergy_rationale=_rationale(pair),
        key_assets_of_interest=list(key_assets),
        extra={"inputs": {"target": _document(pair.target), "acquirer": _document(pair.acquirer)}},
    )


def _rationale(pair: Match) -> str:
    shared = sorted(pair.target.therapeutic_areas & pair.acquirer.therapeutic_areas)
    fields = f"shares {', '.join(shared)}" if shared else "shares no field"
    cliff = pair.acquirer.patent_cliff_years
    need = "no known patent cliff" if cliff is None else f"main patent ends in {cliff:g} years"
    return f"{fields}; {need}; {premium_tier(pair.premium_pct).value.replace('_', ' ')} premium"


def _document(side: Target | Acquirer) -> dict[str, Any]:
    """All of its fields as JSON."""
    return {name: _plain(getattr(side, name)) for name in side.__slots__}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Decimal) else value
