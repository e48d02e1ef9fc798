"""Working out again what follows from what companies sent: one quarter, one company, or all."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.systems.portfolio.errors import CompanyNotFound, InputNotFound
from strongroom.systems.portfolio.models import Company, MetricsInput
from strongroom.systems.portfolio.repositories import CompanyRepository, as_key
from strongroom.systems.portfolio.services.deriving import derive


def recompute_quarter(
    session: Session, company_id: UUID | str, fiscal_reporting_date: date, *, with_new_rates: bool = False
) -> int:
    """One quarter and the seven after it. Returns how many quarters. Raises CompanyNotFound, InputNotFound.

    with_new_rates: look the quarter's exchange rates up again; else those that were used are kept.
    """
    company = lock_company(session, company_id)
    renewed = [fiscal_reporting_date] if with_new_rates else []
    worked_out = derive(session, company, [fiscal_reporting_date], with_new_rates=renewed)
    if fiscal_reporting_date not in worked_out:
        raise InputNotFound
    return len(worked_out)


def recompute_company(session: Session, company_id: UUID | str, *, with_new_rates: bool = False) -> int:
    """Every quarter of a company. Returns how many. Raises CompanyNotFound."""
    company = lock_company(session, company_id)
    reported = select(MetricsInput.fiscal_reporting_date).where(MetricsInput.company_id == company.id)
    days = session.scalars(reported).all()
    return len(derive(session, company, days, with_new_rates=days if with_new_rates else ()))


def recompute_all(session: Session, *, with_new_rates: bool = False) -> int:
    """Every quarter of every company, in order of their ids. Returns how many quarters.

    Locks each company until the end; where there are many, run `recompute_company` for each by itself.
    """
    companies = session.scalars(select(Company.id).order_by(Company.id)).all()
    return sum(recompute_company(session, company_id, with_new_rates=with_new_rates) for company_id in companies)


def lock_company(session: Session, company_id: UUID | str) -> Company:
    """The company, locked against every other change of its quarters. Raises CompanyNotFound."""
    key = as_key(company_id, CompanyNotFound)
    return CompanyRepository(session).lock([key])[key]
