"""Companies and the drug candidates in their pipelines: entered, changed, hidden and shown again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.systems.biotech.errors import CompanyNotFound, DrugCandidateNotFound
from strongroom.systems.biotech.models import Company, DrugCandidate
from strongroom.systems.biotech.repositories import CompanyRepository, DrugCandidateRepository
from strongroom.systems.biotech.rules.enums import Phase


def create_company(session: Session, /, **values: Any) -> Company:
    """Raises TickerTaken, InvalidValue."""
    return CompanyRepository(session).create(**values)


def get_company(session: Session, company_id: UUID, *, include_pipeline: bool = False) -> Company:
    """Raises CompanyNotFound, also for one that was deleted."""
    return _there(CompanyRepository(session).get_by_id(company_id, include_pipeline))


def get_company_by_ticker(session: Session, ticker: str, *, include_pipeline: bool = False) -> Company:
    """Raises CompanyNotFound."""
    return _there(CompanyRepository(session).get_by_ticker(ticker, include_pipeline))


def update_company(session: Session, company_id: UUID, /, **values: Any) -> Company:
    """Raises CompanyNotFound, TickerTaken, InvalidValue."""
    return _there(CompanyRepository(session).update(company_id, **values))


def delete_company(session: Session, company_id: UUID) -> None:
    """Hide a company with all that is known about it. Raises CompanyNotFound."""
    if not CompanyRepository(session).soft_delete(company_id):
        raise CompanyNotFound


def restore_company(session: Session, company_id: UUID) -> Company:
    """Show a company again; one that is not hidden stays as it is. Raises CompanyNotFound, TickerTaken."""
    companies = CompanyRepository(session)
    companies.restore(company_id)
    return companies.get(company_id)


def cash_constrained(session: Session, below_quarters: float, limit: int) -> Sequence[Company]:
    """Companies whose cash lasts for fewer quarters than this, the shortest first."""
    return CompanyRepository(session).get_cash_constrained(below_quarters, limit)


def similar_companies(session: Session, name: str, limit: int) -> Sequence[Company]:
    """Companies whose name is nearly this, the nearest first."""
    return CompanyRepository(session).find_similar(name, limit)


def deleted_companies(session: Session, limit: int) -> Sequence[Company]:
    """Those that are hidden and may be restored, the last deleted first."""
    hidden = select(Company).where(Company.deleted_at.is_not(None)).order_by(Company.deleted_at.desc(), Company.id)
    return CompanyRepository(session).find_deleted(hidden.limit(limit))


def company_statistics(session: Session) -> dict[str, Any]:
    """As `CompanyRepository.get_statistics`."""
    return CompanyRepository(session).get_statistics()


def create_candidate(session: Session, company_id: UUID, /, **values: Any) -> DrugCandidate:
    """Raises CompanyNotFound, DrugCandidateExists, InvalidValue."""
    company = CompanyRepository(session).get(company_id)
    return DrugCandidateRepository(session).create(company_id=company.id, **values)


def get_candidate(session: Session, candidate_id: UUID) -> DrugCandidate:
    """Raises DrugCandidateNotFound, also when its company was deleted."""
    candidate = DrugCandidateRepository(session).get(candidate_id)
    if CompanyRepository(session).find(candidate.company_id) is None:
        raise DrugCandidateNotFound
    return candidate


def list_pipeline(session: Session, company_id: UUID, phase: Phase | None = None) -> Sequence[DrugCandidate]:
    """A company's candidates, the furthest along first. Raises CompanyNotFound."""
    company = CompanyRepository(session).get(company_id)
    return DrugCandidateRepository(session).get_by_company(company.id, phase)


def update_candidate(session: Session, candidate_id: UUID, /, **values: Any) -> DrugCandidate:
    """Raises DrugCandidateNotFound, DrugCandidateExists, InvalidValue."""
    candidate = get_candidate(session, candidate_id)
    DrugCandidateRepository(session).update(candidate.id, **values)
    session.refresh(candidate, ["phase_score"])
    return candidate


def delete_candidate(session: Session, candidate_id: UUID) -> None:
    """Hide a candidate. Raises DrugCandidateNotFound."""
    DrugCandidateRepository(session).soft_delete(get_candidate(session, candidate_id).id)


def restore_candidate(session: Session, candidate_id: UUID) -> DrugCandidate:
    """Show a candidate again. Raises DrugCandidateNotFound, DrugCandidateExists."""
    DrugCandidateRepository(session).restore(candidate_id)
    return get_candidate(session, candidate_id)


def _there(company: Company | None) -> Company:
    if company is None:
        raise CompanyNotFound
    return company
