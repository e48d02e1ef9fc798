"""What scores are made from, read for many companies in four statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.systems.biotech.models import AcquirerMatch, Company, DrugCandidate, Signal
from strongroom.systems.biotech.rules.components import Asset
from strongroom.systems.biotech.rules.evidence import HORIZON_DAYS, SPEAKING_TYPES, Observation, pressures
from strongroom.systems.biotech.rules.facts import Facts
from strongroom.systems.biotech.rules.pipeline import patent_years_remaining


class Known(NamedTuple):
    """What is known about a company at a moment, and the signals that its pressures come from, oldest first."""

    facts: Facts
    observations: Sequence[Observation]


def known_about(session: Session, company_ids: Sequence[UUID], as_of: datetime) -> dict[UUID, Known]:
    """What is known about each of the companies; those that are not there or deleted are left out.

    Figures are those of today, signals those of the year before as_of, patents run from that day.
    """
    assets = _assets(session, company_ids, as_of)
    observations = _observations(session, company_ids, as_of)
    best_matches = _best_matches(session, company_ids)
    companies = session.scalars(select(Company).where(Company.id.in_(company_ids)))
    return {
        company.id: Known(
            Facts(
                assets=tuple(assets[company.id]),
                runway_quarters=company.runway_quarters,
                cash_usd=company.cash_position_usd,
                market_cap_usd=company.market_cap_usd,
                therapeutic_areas=tuple(company.therapeutic_areas),
                best_match=best_matches.get(company.id),
                pressures=pressures(observations[company.id], as_of),
            ),
            observations[company.id],
        )
        for company in companies
    }


def _assets(session: Session, company_ids: Sequence[UUID], as_of: datetime) -> dict[UUID, list[Asset]]:
    query = select(DrugCandidate).where(DrugCandidate.company_id.in_(company_ids)).order_by(DrugCandidate.name)
    assets: dict[UUID, list[Asset]] = defaultdict(list)
    for drug in session.scalars(query):
        assets[drug.company_id].append(
            Asset(
                phase_score=drug.phase_score or 0.0,
                name=drug.name,
                orphan_designation=drug.orphan_designation,
                fast_track=drug.fast_track,
                breakthrough_therapy=drug.breakthrough_therapy,
                patent_years=patent_years_remaining(drug.patent_expiry, as_of.date()),
            )
        )
    return assets


def _observations(session: Session, company_ids: Sequence[UUID], as_of: datetime) -> dict[UUID, list[Observation]]:
    # columns, not rows: a year of signals of many companies would fill the session
    query = (
        select(
            Signal.company_id,
            Signal.signal_type,
            Signal.event_date,
            Signal.severity,
            Signal.confidence,
            Signal.ma_impact_score,
            Signal.signal_data,
            Signal.id,
        )
        .where(
            Signal.company_id.in_(company_ids),
            Signal.event_date.between(as_of - timedelta(days=HORIZON_DAYS), as_of),
            Signal.signal_type.in_(sorted(SPEAKING_TYPES)),
        )
        .order_by(Signal.event_date, Signal.id)
    )
    observations: dict[UUID, list[Observation]] = defaultdict(list)
    for company_id, kind, event_date, severity, confidence, impact, data, signal_id in session.execute(query):
        seen = Observation(kind, event_date, severity, confidence, impact, data, signal_id)
        observations[company_id].append(seen)
    return observations


def _best_matches(session: Session, company_ids: Sequence[UUID]) -> dict[UUID, float | None]:
    """The score of each company's best acquirer in its newest run, 0 to 100."""
    query = select(AcquirerMatch.target_company_id, AcquirerMatch.match_score).where(
        AcquirerMatch.target_company_id.in_(company_ids), AcquirerMatch.is_top_match, AcquirerMatch.match_rank == 1
    )
    return {company_id: score for company_id, score in session.execute(query)}
