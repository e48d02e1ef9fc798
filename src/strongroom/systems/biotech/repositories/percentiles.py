"""Where each company's score stands among all others of its day, in one statement for any number of companies."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Integer, Numeric, case, func, select, type_coerce, update
from sqlalchemy.orm import Session

from strongroom.systems.biotech.models import Company, MAScore
from strongroom.systems.biotech.repositories.score_changes import read_again

#: the rank of a company that nobody can be compared with
ALONE = 50


def rank_percentiles(session: Session, day: date) -> int:
    """Give the newest score of each company within the UTC day its percentile rank. Returns how many were ranked.

    0 for the lowest, 100 for the highest, two decimals; equal totals have equal ranks. Deleted companies are left
    out, and what was ranked earlier in the day and is no longer the newest keeps the rank it had.
    """
    begins = datetime.combine(day, time(), UTC)
    place = func.row_number().over(partition_by=MAScore.company_id, order_by=MAScore.score_date.desc())
    of_the_day = (
        select(MAScore.id, MAScore.total_score, place.label("place"))
        .join(Company, Company.id == MAScore.company_id)
        .where(MAScore.score_date >= begins, MAScore.score_date < begins + timedelta(days=1))
        .subquery()
    )
    total = of_the_day.c.total_score
    ranked = select(of_the_day.c.id, _rank(session, total).label("rank")).where(of_the_day.c.place == 1).subquery()
    session.flush()
    changed = session.execute(
        update(MAScore)
        .where(MAScore.id == ranked.c.id)
        .values(percentile_rank=type_coerce(ranked.c.rank, MAScore.percentile_rank.type))
        .execution_options(synchronize_session=False)
    )
    read_again(session)
    return cast("CursorResult[Any]", changed).rowcount


def _rank(session: Session, total: ColumnElement[float]) -> ColumnElement[Any]:
    """percent_rank() in per cent, in the form each database stores it: numeric, or an integer of hundredths."""
    rank = func.percent_rank().over(order_by=total)
    alone = func.count().over() == 1
    if session.get_bind().dialect.name == "sqlite":
        return case((alone, ALONE * 100), else_=func.round(rank * 10_000).cast(Integer))
    return case((alone, ALONE), else_=func.round((rank * 100).cast(Numeric), 2))
