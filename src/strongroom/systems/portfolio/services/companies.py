"""Companies: taken in, changed, and retired by their status; one with reported quarters is never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.systems.portfolio.errors import CompanyHasData, CompanyNotFound
from strongroom.systems.portfolio.models import Company, MetricsInput, signature
from strongroom.systems.portfolio.repositories import (
    CompanyRepository,
    Listing,
    as_key,
    companies_where,
    find_row,
    insert_unless_there,
    read_listing,
)
from strongroom.systems.portfolio.rules import (
    CustomerTypeEnum,
    ReportingStatusEnum,
    RevenueTypeEnum,
    normalise_revenue_type,
)
from strongroom.systems.portfolio.services.recomputing import lock_company
from strongroom.systems.portfolio.services.valuations import check_valuation, revalue_latest_quarter

#: what a caller may say of a company
FIELDS = (
    "name",
    "reporting_status",
    "reporting_currency",
    "fund",
    "location_country",
    "customer_type",
    "revenue_type",
    "equity_raised",
    "post_money_valuation",
    "year_end_date",
)
_VALUATION = ("reporting_currency", "equity_raised", "post_money_valuation")


def create_company(session: Session, /, **values: Any) -> Company:
    """Take in a company; all of FIELDS are needed but the status, Active, and what it has raised and is worth.

    Raises InvalidValue, CompanyAlreadyExists; TypeError for any other name.
    """
    return CompanyRepository(session).add(Company(**_checked(values)))


def put_company(session: Session, company_id: UUID, /, **values: Any) -> tuple[Company, bool]:
    """Change the company with this id, or take it in under this id; and whether it is new. Raises as both do."""
    company = CompanyRepository(session).find(company_id)
    if company is None:
        new = Company(id=company_id, created_by=signature(session), **_checked(values))
        is_new = insert_unless_there(session, new)
        if is_new:
            return lock_company(session, company_id), True
    return update_company(session, company_id, **values), False


def update_company(session: Session, company_id: UUID | str, /, **changes: Any) -> Company:
    """Change some of FIELDS. A new valuation, or a new currency of it, is that of the latest quarter as well.

    Earlier quarters keep the valuation of their time. Raises CompanyNotFound, CompanyAlreadyExists, InvalidValue,
    RateUnavailable.
    """
    company = lock_company(session, company_id)
    before = [getattr(company, name) for name in _VALUATION]
    for name, value in _checked(changes).items():
        setattr(company, name, value)
    session.flush()
    if before != [getattr(company, name) for name in _VALUATION]:
        revalue_latest_quarter(session, company)
    return company


def set_reporting_status(session: Session, company_id: UUID | str, status: ReportingStatusEnum | str) -> Company:
    """Whether the company is expected to report. Raises CompanyNotFound, InvalidValue."""
    return update_company(session, company_id, reporting_status=status)


def delete_company(session: Session, company_id: UUID | str) -> None:
    """Remove a company that has reported nothing. Raises CompanyNotFound, CompanyHasData."""
    company = lock_company(session, company_id)
    if session.scalar(select(MetricsInput.id).where(MetricsInput.company_id == company.id).limit(1)) is not None:
        raise CompanyHasData
    company.last_updated_by = signature(session)
    session.flush()
    session.delete(company)
    session.flush()


def get_company(session: Session, company_id: UUID | str, *, known_at: datetime | None = None) -> Company:
    """The company; as it was known at a moment, if one is given. Raises CompanyNotFound."""
    if known_at is None:
        return CompanyRepository(session).get(company_id)
    key = as_key(company_id, CompanyNotFound)
    return _present(find_row(session, Company, lambda row: [row.id == key], known_at=known_at))


def get_company_by_name(session: Session, name: str, *, known_at: datetime | None = None) -> Company:
    """The company of exactly this name. Raises CompanyNotFound."""
    return _present(find_row(session, Company, lambda row: [row.name == name.strip()], known_at=known_at))


def list_companies(
    session: Session,
    *,
    status: ReportingStatusEnum | None = None,
    fund: str | None = None,
    customer_type: CustomerTypeEnum | None = None,
    revenue_type: RevenueTypeEnum | None = None,
    skip: int = 0,
    limit: int = 100,
    known_at: datetime | None = None,
) -> Listing[Company]:
    """By name. Raises InvalidValue."""
    where = companies_where(status=status, fund=fund, customer_type=customer_type, revenue_type=revenue_type)
    return read_listing(
        session, Company, where, lambda row: [row.name, row.id], skip=skip, limit=limit, known_at=known_at
    )


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the columns take them; the columns themselves check the rest."""
    if refused := values.keys() - set(FIELDS):
        raise TypeError(f"a company has no {', '.join(sorted(refused))} to be given")
    checked = dict(values)
    if "revenue_type" in checked:
        checked["revenue_type"] = normalise_revenue_type(checked["revenue_type"])
    for name in ("equity_raised", "post_money_valuation"):
        if name in checked:
            checked[name] = check_valuation(name, checked[name])
    return checked


def _present(company: Company | None) -> Company:
    if company is None:
        raise CompanyNotFound
    return company
