"""Scores of a company over time, and where all companies stand by their latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import as_utc
from strongroom.systems.biotech.errors import ScoreNotFound
from strongroom.systems.biotech.models import Company, LatestScore, MAScore
from strongroom.systems.biotech.repositories.percentiles import rank_percentiles
from strongroom.systems.biotech.repositories.score_changes import fill_changes
from strongroom.systems.biotech.repositories.writing import bounded, first_free, given, settable

_GIVEN = settable(MAScore, "percentile_rank")
HIGHEST_FIRST = (LatestScore.total_score.desc(), Company.ticker)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A company whose score has moved. score: the latest, with its company; before: the total it had then."""

    score: MAScore
    before: float
    change: float


@query
def scores_of_company(company_id: UUID) -> Select[MAScore]:
    return select(MAScore).where(MAScore.company_id == company_id)


@query
def latest_scores() -> Select[MAScore]:
    """The latest score of each company that is not hidden, with the company loaded."""
    return (
        select(MAScore)
        .join(LatestScore, LatestScore.score_id == MAScore.id)
        .join(MAScore.company)
        .options(contains_eager(MAScore.company))
    )


@query
def top_scores_as_of(moment: datetime, limit: int) -> Select[MAScore]:
    """The highest of the companies' newest scores before the moment, with the company loaded; hidden ones left out.

    Companies are sorted by one figure each, and only those at the top are read as rows.
    """
    earlier = aliased(MAScore)
    newest = (
        select(earlier.total_score)
        .where(earlier.company_id == Company.id, earlier.score_date < moment)
        .order_by(earlier.score_date.desc())
        .limit(1)
        .correlate(Company)
        .scalar_subquery()
    )
    # companies without a score come last, and fall out when the scores are joined
    top = select(Company.id).order_by(newest.desc().nulls_last(), Company.ticker).limit(limit).subquery()
    last_date = (
        select(func.max(earlier.score_date))
        .where(earlier.company_id == top.c.id, earlier.score_date < moment)
        .correlate(top)
        .scalar_subquery()
    )
    return (
        select(MAScore)
        .join(top, and_(MAScore.company_id == top.c.id, MAScore.score_date == last_date))
        .join(MAScore.company)
        .options(contains_eager(MAScore.company))
        .order_by(MAScore.total_score.desc(), Company.ticker)
    )


class ScoreRepository(Repository[SessionT, MAScore]):
    """Scores: 0 to 100, the newest of a company by score_date counts."""

    row = MAScore
    not_found = ScoreNotFound

    @operation
    def create(
        self: ScoreRepository[Session],
        /,
        company_id: UUID | str,
        total_score: float,
        pipeline_score: float = 0.0,
        patent_score: float = 0.0,
        financial_score: float = 0.0,
        insider_score: float = 0.0,
        strategic_fit_score: float = 0.0,
        regulatory_score: float = 0.0,
        **values: Any,
    ) -> MAScore:
        """Add a score of now, or of the score_date given, and fill in how it changed in 30 and in 90 days.

        The total is what it is said to be: it need not follow from the components given. Raises ScoreExists for a
        second score of the same company and moment.
        """
        score = MAScore(
            company_id=company_id,
            total_score=total_score,
            pipeline_score=pipeline_score,
            patent_score=patent_score,
            financial_score=financial_score,
            insider_score=insider_score,
            strategic_fit_score=strategic_fit_score,
            regulatory_score=regulatory_score,
            **given(values, _GIVEN),
        )
        if values.get("score_date") is None:
            score.score_date = self._free_moment(score.company_id)
        self.add(score)
        fill_changes(self.session, score)
        return score

    @operation
    def get_latest_by_company(self: ScoreRepository[Session], company_id: UUID) -> MAScore | None:
        """The score of a company that counts now, or None."""
        found = scores_of_company(company_id).order_by(MAScore.score_date.desc())
        return self.session.scalars(found.limit(1)).one_or_none()

    @operation
    def get_history(
        self: ScoreRepository[Session], company_id: UUID, days: int = 90, limit: int = 100
    ) -> Sequence[MAScore]:
        """A company's scores of the last days, newest first."""
        limit, _ = bounded(limit)
        found = scores_of_company(company_id).where(MAScore.score_date >= now_of(self.session) - timedelta(days=days))
        return self.session.scalars(found.order_by(MAScore.score_date.desc()).limit(limit)).all()

    @operation
    def get_top_scores(
        self: ScoreRepository[Session], limit: int = 50, score_date: date | datetime | None = None
    ) -> Sequence[MAScore]:
        """The highest of all companies' latest scores, ties by ticker, each with its company.

        score_date: as it was at the end of that UTC day.
        """
        limit, _ = bounded(limit)
        if score_date is None:
            found = latest_scores().order_by(*HIGHEST_FIRST)
        else:
            after = datetime.combine(_day(score_date) + timedelta(days=1), time(), UTC)
            found = top_scores_as_of(after, limit)
        return self.session.scalars(found.limit(limit)).all()

    @operation
    def get_by_score_range(
        self: ScoreRepository[Session], min_score: float, max_score: float = 100.0, limit: int = 100
    ) -> Sequence[MAScore]:
        """Latest scores between two totals, both included, the highest first."""
        limit, _ = bounded(limit)
        found = latest_scores().where(LatestScore.total_score.between(min_score, max_score))
        return self.session.scalars(found.order_by(*HIGHEST_FIRST).limit(limit)).all()

    @operation
    def update_percentile_ranks(self: ScoreRepository[Session], score_date: date | datetime | None = None) -> int:
        """Rank the latest score of each company within a UTC day, today's unless given. Returns how many there were."""
        return rank_percentiles(self.session, _day(score_date or now_of(self.session)))

    @operation
    def get_score_changes(
        self: ScoreRepository[Session], since: date | datetime, min_change: float = 10.0, limit: int = 100
    ) -> list[ScoreChange]:
        """Companies whose latest score is off the one they had at that moment by this much or more, most first."""
        limit, _ = bounded(limit)
        moment = as_utc(since) if isinstance(since, datetime) else datetime.combine(since, time(), UTC)
        earlier = aliased(MAScore)
        before = (
            select(earlier.total_score)
            .where(earlier.company_id == LatestScore.company_id, earlier.score_date <= moment)
            .order_by(earlier.score_date.desc())
            .limit(1)
            .correlate(LatestScore)
            .scalar_subquery()
        )
        change = LatestScore.total_score - before
        moved = func.abs(change, type_=MAScore.total_score.type)
        found = (
            latest_scores()
            .where(LatestScore.score_date > moment, moved >= min_change)
            .add_columns(before.label("before"))
            .order_by(moved.desc(), Company.ticker)
            .limit(limit)
        )
        rows = self.session.execute(found)
        return [ScoreChange(score, was, round(score.total_score - was, 2)) for score, was in rows]

    def _free_moment(self: ScoreRepository[Session], company_id: UUID) -> datetime:
        """Now, by the session's clock; a microsecond later for each score of this company that is of now already."""
        now = now_of(self.session)
        at_once = (MAScore.score_date >= now, MAScore.score_date < now + timedelta(seconds=1))
        taken = self.session.scalars(select(MAScore.score_date).where(MAScore.company_id == company_id, *at_once))
        return first_free(taken, now)


def _day(moment: date | datetime) -> date:
    return as_utc(moment).date() if isinstance(moment, datetime) else moment
