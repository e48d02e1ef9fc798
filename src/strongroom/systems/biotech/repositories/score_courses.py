"""What a company's scores were before one of them, read for many scores at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from strongroom.systems.biotech.models import LatestScore, MAScore
from strongroom.systems.biotech.repositories.batches import given_rows, portions
from strongroom.systems.biotech.rules.alert_conditions import METRICS

_COMPANY_AND_MOMENT = {"company_id": MAScore.company_id.type, "moment": MAScore.score_date.type}


class Place(NamedTuple):
    """Where a score stands among its company's. previous: the one before it by metric, None when there is none."""

    is_latest: bool
    previous: Mapping[str, float] | None


def places(session: Session, score_ids: Collection[UUID]) -> dict[UUID, Place]:
    """Where each of the scores stands."""
    before, earlier, later = aliased(MAScore), aliased(MAScore), aliased(MAScore)
    last_date = (
        select(func.max(earlier.score_date))
        .where(earlier.company_id == MAScore.company_id, earlier.score_date < MAScore.score_date)
        .correlate(MAScore)
        .scalar_subquery()
    )
    has_later = exists().where(later.company_id == MAScore.company_id, later.score_date > MAScore.score_date)
    query = select(
        MAScore.id, has_later.correlate(MAScore), *(getattr(before, metric) for metric in METRICS)
    ).outerjoin(before, and_(before.company_id == MAScore.company_id, before.score_date == last_date))
    return {
        score_id: Place(not is_history, None if figures[0] is None else dict(zip(METRICS, figures, strict=True)))
        for portion in portions(score_ids)
        for score_id, is_history, *figures in session.execute(query.where(MAScore.id.in_(portion)))
    }


def totals_at(
    session: Session, moments: Collection[tuple[UUID, datetime]]
) -> dict[tuple[UUID, datetime], float | None]:
    """The total of each company's newest score at or before a moment, None when there was none."""
    totals: dict[tuple[UUID, datetime], float | None] = {}
    for portion in portions(moments):
        asked = given_rows("asked", _COMPANY_AND_MOMENT, portion)
        newest = (
            select(MAScore.total_score)
            .where(MAScore.company_id == asked.c.company_id, MAScore.score_date <= asked.c.moment)
            .order_by(MAScore.score_date.desc())
            .limit(1)
            .correlate(asked)
            .scalar_subquery()
        )
        query = select(asked.c.company_id, asked.c.moment, newest)
        totals |= {(company_id, moment): total for company_id, moment, total in session.execute(query)}
    return totals


def latest_totals(session: Session, company_ids: Collection[UUID]) -> dict[UUID, float]:
    """The total of each company's latest score; those without one are left out."""
    latest = select(LatestScore.company_id, LatestScore.total_score)
    return {
        company_id: total
        for portion in portions(company_ids)
        for company_id, total in session.execute(latest.where(LatestScore.company_id.in_(portion)))
    }
