"""The companies a fund has invested in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from strongroom.kernel.tables import Capabilities, EnumText, Id, history_of
from strongroom.systems.portfolio.models.row import (
    Base,
    CreatedBy,
    CreatedDate,
    Currency,
    LastUpdateDate,
    LastUpdatedBy,
    currency_checks,
)
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.rules.naming import normalise_currency, normalise_text


class Company(Base):
    """A company and how it reports.

    equity_raised: in total to date; post_money_valuation: of the last round; both in full units of
    reporting_currency, the currency it reports in now. year_end_date: its month is the last of the fiscal year.
    """

    __tablename__ = "companies"
    __capabilities__ = Capabilities(remembered=True, sharded_by="id", cached_by="id")

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(255), unique=True)
    reporting_status: Mapped[ReportingStatusEnum] = mapped_column(
        EnumText(ReportingStatusEnum), default=ReportingStatusEnum.ACTIVE, server_default="Active", index=True
    )
    reporting_currency: Mapped[Currency]
    fund: Mapped[str] = mapped_column(String(100), index=True)
    location_country: Mapped[str] = mapped_column(String(100))
    customer_type: Mapped[CustomerTypeEnum] = mapped_column(EnumText(CustomerTypeEnum), index=True)
    revenue_type: Mapped[RevenueTypeEnum] = mapped_column(EnumText(RevenueTypeEnum), index=True)
    equity_raised: Mapped[Decimal | None]
    post_money_valuation: Mapped[Decimal | None]
    year_end_date: Mapped[date]
    created_date: Mapped[CreatedDate]
    created_by: Mapped[CreatedBy]
    last_update_date: Mapped[LastUpdateDate]
    last_updated_by: Mapped[LastUpdatedBy]

    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="name"),
        CheckConstraint("equity_raised >= 0", name="equity_raised"),
        CheckConstraint("post_money_valuation >= 0", name="post_money_valuation"),
        *currency_checks("reporting_currency"),
    )

    @validates("name", "fund", "location_country", "reporting_currency")
    def _normalise(self, field: str, value: Any) -> str:
        return normalise_currency(value, field) if field == "reporting_currency" else normalise_text(value, field)


companies_history = history_of(Company)
