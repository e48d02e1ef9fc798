"""Companies by every way a company is looked for."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.systems.portfolio.errors import CompanyNotFound
from strongroom.systems.portfolio.models import Company
from strongroom.systems.portfolio.rules import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum


def companies_where(
    *,
    status: ReportingStatusEnum | None = None,
    fund: str | None = None,
    customer_type: CustomerTypeEnum | None = None,
    revenue_type: RevenueTypeEnum | None = None,
) -> Callable[[type[Company]], list[ColumnElement[bool]]]:
    """Companies with all of what is given."""

    def conditions(company: type[Company]) -> list[ColumnElement[bool]]:
        wanted = (
            (company.reporting_status, status),
            (company.fund, fund),
            (company.customer_type, customer_type),
            (company.revenue_type, revenue_type),
        )
        return [column == value for column, value in wanted if value is not None]

    return conditions


class CompanyRepository(Repository[SessionT, Company]):
    """Companies."""

    row = Company
    not_found = CompanyNotFound

    @operation
    def get_company_by_name(self: CompanyRepository[Session], name: str) -> Company | None:
        """The company of exactly this name, or None."""
        return self.session.scalars(select(Company).where(Company.name == name.strip())).one_or_none()
