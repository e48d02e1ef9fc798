"""How far a score has moved in 30 and in 90 days, also for scores that stood there before an older one came in late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session, aliased

from strongroom.systems.biotech.models import Company, MAScore

#: each change, and how long before the score the one lies that it is measured against
SPANS = {"score_change_30d": timedelta(days=30), "score_change_90d": timedelta(days=90)}


def fill_changes(session: Session, *scores: MAScore) -> None:
    """Fill what changed since 30 and 90 days before each score, just inserted, and correct the later ones it affects.

    A change is against the company's newest score at or before that moment, None when there is none. A change that
    was given stays, until a late score takes its baseline's place.
    """
    session.flush()
    _lock_companies(session, {score.company_id for score in scores})
    by_moment = sorted(scores, key=lambda score: score.score_date)
    has_later: list[tuple[MAScore, datetime]] = []
    for moment, group in groupby(by_moment, key=lambda score: score.score_date):
        together = list(group)
        surroundings = _surroundings(session, [score.company_id for score in together], moment)
        for score in together:
            around = surroundings[score.company_id]
            for name, baseline in zip(SPANS, around.baselines, strict=True):
                if getattr(score, name) is None and baseline is not None:
                    setattr(score, name, score.total_score - baseline)
            if around.next_date is not None:
                has_later.append((score, around.next_date))
    session.flush()
    for score, next_date in has_later:
        _correct_later(session, score, next_date)
    if has_later:
        read_again(session)


def read_again(session: Session) -> None:
    """Read the scores that the session holds once more, after a statement has changed them behind its back."""
    held = [row.id for row in session.identity_map.values() if isinstance(row, MAScore)]
    if held:
        session.scalars(select(MAScore).where(MAScore.id.in_(held)).execution_options(populate_existing=True)).all()


class _Surroundings(NamedTuple):
    """What a company's scores were before a moment, by span, and when the next one after it is."""

    baselines: Sequence[float | None]
    next_date: datetime | None


def _lock_companies(session: Session, company_ids: Iterable[UUID]) -> None:
    # two scores of one company at once do not see each other: whoever comes second waits here and then sees both
    query = select(Company.id).where(Company.id.in_(company_ids)).order_by(Company.id).with_for_update(key_share=True)
    session.execute(query.execution_options(include_deleted=True)).all()


def _surroundings(session: Session, company_ids: Sequence[UUID], moment: datetime) -> dict[UUID, _Surroundings]:
    next_date = (
        select(func.min(MAScore.score_date))
        .where(MAScore.company_id == Company.id, MAScore.score_date > moment)
        .scalar_subquery()
    )
    baselines = [_total_at(moment - span).label(name) for name, span in SPANS.items()]
    query = select(Company.id, next_date, *baselines).where(Company.id.in_(company_ids))
    rows = session.execute(query.execution_options(include_deleted=True))
    return {company_id: _Surroundings(totals, later) for company_id, later, *totals in rows}


def _total_at(moment: datetime) -> ScalarSelect[float]:
    """The total of the company's newest score at or before the moment."""
    earlier = aliased(MAScore)
    return (
        select(earlier.total_score)
        .where(earlier.company_id == Company.id, earlier.score_date <= moment)
        .order_by(earlier.score_date.desc())
        .limit(1)
        .scalar_subquery()
    )


def _correct_later(session: Session, score: MAScore, next_date: datetime) -> None:
    """The late score is the baseline of all that lie a span after it, up to a span after the next one."""
    for name, span in SPANS.items():
        session.execute(
            update(MAScore)
            .where(
                MAScore.company_id == score.company_id,
                MAScore.score_date >= score.score_date + span,
                MAScore.score_date < next_date + span,
            )
            .values({name: MAScore.total_score - score.total_score})
            .execution_options(synchronize_session=False)
        )
