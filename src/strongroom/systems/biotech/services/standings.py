"""Where companies stand: the score that counts now, the best of all, what moved, and the models behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from strongroom.systems.biotech.errors import ScoreNotFound, ScoringModelNotFound
from strongroom.systems.biotech.models import MAScore, ScoringModel
from strongroom.systems.biotech.repositories import CompanyRepository, ScoreChange, ScoreRepository
from strongroom.systems.biotech.rules.scoring import Weighting
from strongroom.systems.biotech.services import scoring


def record_score(session: Session, company_id: UUID, /, **values: Any) -> MAScore:
    """Store a score that was computed elsewhere. Raises CompanyNotFound, ScoreExists, InvalidValue."""
    return scoring.record_score(session, CompanyRepository(session).get(company_id).id, **values)


def latest_score(session: Session, company_id: UUID) -> MAScore:
    """The score of a company that counts now. Raises CompanyNotFound, ScoreNotFound."""
    score = ScoreRepository(session).get_latest_by_company(CompanyRepository(session).get(company_id).id)
    if score is None:
        raise ScoreNotFound
    return score


def get_score(session: Session, score_id: UUID) -> MAScore:
    """Raises ScoreNotFound, also when its company was deleted."""
    score = ScoreRepository(session).get(score_id)
    if CompanyRepository(session).find(score.company_id) is None:
        raise ScoreNotFound
    return score


def top_scores(session: Session, limit: int, score_date: date | None = None) -> Sequence[MAScore]:
    """The highest latest scores, each with its company; score_date: as it was at the end of that UTC day."""
    return ScoreRepository(session).get_top_scores(limit, score_date)


def scores_in_range(session: Session, min_score: float, max_score: float, limit: int) -> Sequence[MAScore]:
    """Latest scores between two totals, both included, the highest first."""
    return ScoreRepository(session).get_by_score_range(min_score, max_score, limit)


def score_changes(session: Session, since: datetime, min_change: float, limit: int) -> list[ScoreChange]:
    """Companies whose latest score is off the one of that moment by this much or more, most first."""
    return ScoreRepository(session).get_score_changes(since, min_change, limit)


def rank_scores(session: Session, score_date: date | None = None) -> int:
    """Rank the companies within a UTC day, today unless given. Returns how many there were."""
    return ScoreRepository(session).update_percentile_ranks(score_date)


def list_scoring_models(session: Session) -> Sequence[ScoringModel]:
    """Oldest first."""
    return session.scalars(select(ScoringModel).order_by(ScoringModel.created_at, ScoringModel.version)).all()


def get_scoring_model(session: Session, version: str) -> ScoringModel:
    """Raises ScoringModelNotFound."""
    model = session.get(ScoringModel, version)
    if model is None:
        raise ScoringModelNotFound(version=version)
    return model


def create_scoring_model(
    session: Session, version: str, weights: Mapping[str, Decimal], description: str | None = None
) -> ScoringModel:
    """Add weights under a new version. Raises InvalidValue, AlreadyExists: those of a version never change."""
    weighting = Weighting.from_document(version, weights)
    model = ScoringModel(version=version, weights=weighting.to_document(), description=description)
    session.add(model)
    session.flush()
    return model


def make_default(session: Session, version: str) -> ScoringModel:
    """Score by this version from now on, where none is named. Raises ScoringModelNotFound."""
    model = get_scoring_model(session, version)
    others = update(ScoringModel).where(ScoringModel.is_default, ScoringModel.version != version)
    session.execute(others.values(is_default=False))
    model.is_default = True
    session.flush()
    return model
