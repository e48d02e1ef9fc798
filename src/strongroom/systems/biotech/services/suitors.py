"""Who might buy whom, as it is asked for: runs computed or put, and matches by target and by acquirer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.biotech.models import AcquirerMatch
from strongroom.systems.biotech.repositories import AcquirerMatchRepository, CompanyRepository
from strongroom.systems.biotech.repositories.writing import given, settable
from strongroom.systems.biotech.rules.matching import MATCH_SCORE_MIN, Acquirer
from strongroom.systems.biotech.services.matching import acquirer_of, match_target

_SETTABLE = settable(AcquirerMatch, "target_company_id", "run_id", "match_date", "match_rank", "is_top_match")


@dataclass(frozen=True, slots=True)
class TrackedAcquirer:
    """An acquirer that is one of our companies. deals_in_five_years: takeovers it made."""

    company_id: UUID
    deals_in_five_years: int = 0


def compute_matches(
    session: Session,
    target_id: UUID,
    acquirers: Sequence[Acquirer],
    tracked: Sequence[TrackedAcquirer] = (),
    min_score: float = MATCH_SCORE_MIN,
) -> Sequence[AcquirerMatch]:
    """Judge the acquirers and store those that fit as the target's newest run. Raises CompanyNotFound."""
    ours = [acquirer_of(session, it.company_id, deals_in_five_years=it.deals_in_five_years) for it in tracked]
    return match_target(session, target_id, [*acquirers, *ours], min_score=min_score)


def replace_matches(session: Session, target_id: UUID, matches: Sequence[Mapping[str, Any]]) -> Sequence[AcquirerMatch]:
    """Store matches that were judged elsewhere as the target's newest run. Raises CompanyNotFound, InvalidValue."""
    target = CompanyRepository(session).get(target_id)
    rows = [AcquirerMatch(**given(match, _SETTABLE)) for match in matches]
    return AcquirerMatchRepository(session).replace_matches(target.id, rows)


def matches_for_target(session: Session, target_id: UUID, limit: int) -> Sequence[AcquirerMatch]:
    """The newest run, best first. Raises CompanyNotFound."""
    target = CompanyRepository(session).get(target_id)
    return AcquirerMatchRepository(session).get_for_target(target.id, limit)


def top_matches(session: Session, limit: int) -> Sequence[AcquirerMatch]:
    """The top matches of all targets, each with its target, the best fit first."""
    return AcquirerMatchRepository(session).get_top(limit)


def matches_by_acquirer(session: Session, acquirer_ticker: str, limit: int) -> Sequence[AcquirerMatch]:
    """What an acquirer was matched with, each with the target, newest first."""
    return AcquirerMatchRepository(session).get_by_acquirer(acquirer_ticker, limit)
