"""Scores: computed from what is known about a company, or given by whoever knows better; alerts hear of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import as_utc
from strongroom.systems.biotech.errors import ScoringModelNotFound
from strongroom.systems.biotech.models import MAScore, ScoringModel
from strongroom.systems.biotech.repositories import CompanyRepository, ScoreRepository
from strongroom.systems.biotech.repositories.score_changes import fill_changes
from strongroom.systems.biotech.repositories.scoring_inputs import Known, known_about
from strongroom.systems.biotech.rules.evidence import Observation, loudest
from strongroom.systems.biotech.rules.scoring import (
    Weighting,
    key_drivers,
    known_weight,
    risk_factors,
    weighted_total,
)
from strongroom.systems.biotech.services.alerts import evaluate_scores


def score_company(
    session: Session,
    company_id: UUID | str,
    *,
    as_of: datetime | None = None,
    version: str | None = None,
    redistribute: bool = False,
) -> MAScore:
    """Compute and store one company's score. See `score_companies`. Raises CompanyNotFound."""
    company = CompanyRepository(session).get(company_id)
    (score,) = score_companies(session, [company.id], as_of=as_of, version=version, redistribute=redistribute)
    return score


def score_companies(
    session: Session,
    company_ids: Sequence[UUID],
    *,
    as_of: datetime | None = None,
    version: str | None = None,
    redistribute: bool = False,
    announce: bool = True,
) -> list[MAScore]:
    """Compute and store a score for each of the companies, in their order; those that are not there are left out.

    as_of: now unless given; signals after it do not count, figures are those of today. version: the scoring model,
    the default one unless given. redistribute: see `rules.scoring.weighted_total`. What each score was made from is
    stored beside it, in extra["inputs"]. announce: False for scores of the past, of which nobody needs to be told.
    Raises ScoringModelNotFound, ScoreExists.
    """
    now = now_of(session)
    moment = now if as_of is None else as_utc(as_of)
    if moment > now:
        raise InvalidValue(field="as_of", reason="must not lie in the future")
    weighting = weighting_of(session, version)
    known = known_about(session, company_ids, moment)
    scores = [
        _score(company_id, known[company_id], weighting, moment, redistribute)
        for company_id in dict.fromkeys(company_ids)
        if company_id in known
    ]
    # in one order: two runs over the same companies wait for one another, not in a circle
    in_order = sorted(scores, key=lambda score: score.company_id)
    session.add_all(in_order)
    fill_changes(session, *scores)
    if announce:
        evaluate_scores(session, scores)
    return scores


def record_score(session: Session, /, company_id: UUID | str, total_score: float, **values: Any) -> MAScore:
    """Store a score that was computed elsewhere. values: as ScoreRepository.create takes them. Raises InvalidValue."""
    score = ScoreRepository(session).create(company_id=company_id, total_score=total_score, **values)
    evaluate_scores(session, [score])
    return score


def weighting_of(session: Session, version: str | None = None) -> Weighting:
    """The weights of a version, of the default one unless given. Raises ScoringModelNotFound."""
    wanted = ScoringModel.is_default if version is None else ScoringModel.version == version
    model = session.scalars(select(ScoringModel).where(wanted)).one_or_none()
    if model is None:
        raise ScoringModelNotFound(version=version or "default")
    return Weighting.from_document(model.version, model.weights)


def _score(company_id: UUID, known: Known, weighting: Weighting, moment: datetime, redistribute: bool) -> MAScore:
    components = known.facts.components()
    inputs = {
        "as_of": moment.isoformat(),
        "weights": weighting.to_document(),
        "redistributed": redistribute,
        **known.facts.to_document(),
        "signals": _signals_document(known.observations, moment),
    }
    return MAScore(
        company_id=company_id,
        score_date=moment,
        score_version=weighting.version,
        total_score=weighted_total(components, weighting, redistribute=redistribute),
        confidence=known_weight(components, weighting),
        key_drivers=key_drivers(components, weighting),
        risk_factors=risk_factors(components),
        extra={"inputs": inputs},
        **{f"{part}_score": score or 0.0 for part, score in components.items()},
    )


def _signals_document(observations: Sequence[Observation], moment: datetime) -> dict[str, Any]:
    """How many signals were read, and by component the loudest of them."""
    return {
        "count": len(observations),
        "loudest": {
            part.value: [
                {"id": str(signal.id), "type": signal.signal_type, "weight": round(weight, 4)} for weight, signal in top
            ]
            for part, top in loudest(observations, moment).items()
        },
    }
