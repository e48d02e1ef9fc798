"""What follows from what companies send, in each currency a quarter is reported in: amounts, and metrics of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from strongroom.kernel.tables import Capabilities, Id, Row, history_of, within
from strongroom.systems.portfolio.models.row import (
    Amount,
    Base,
    CreatedBy,
    CreatedDate,
    Currency,
    ExchangeRate,
    LastUpdateDate,
    LastUpdatedBy,
    Months,
    Multiple,
    Percent,
    Quarter,
    amount_checks,
    currency_checks,
    period_checks,
)

_CAPABILITIES = Capabilities(
    remembered=True,
    partitioned_by="fiscal_reporting_date",
    sharded_by="company_id",
    owned_by="company_id",
    cached_by="company_id",
)
#: of a numeric(12, 2)
_PERCENT_MIN = "-9999999999.99"


class ReportingFinancials(Base):
    """A quarter's amounts in one currency. exchange_rate_used: its units for one unit of the currency of the input."""

    __tablename__ = "quarterly_reporting_financials"
    __capabilities__ = _CAPABILITIES
    __mapper_args__ = {**Row.__mapper_args__, "primary_key": ["id"]}

    id: Mapped[Id]
    company_id: Mapped[UUID] = mapped_column(ForeignKey("portfolio.companies.id", ondelete="RESTRICT"))
    currency: Mapped[Currency]
    exchange_rate_used: Mapped[ExchangeRate]
    total_revenue: Mapped[Amount]
    recurring_revenue: Mapped[Amount]
    gross_profit: Mapped[Amount]
    sales_marketing_expense: Mapped[Amount]
    total_operating_expense: Mapped[Amount]
    ebitda: Mapped[Amount]
    net_income: Mapped[Amount]
    cash_burn: Mapped[Amount]
    cash_balance: Mapped[Amount]
    debt_outstanding: Mapped[Amount | None]
    fiscal_reporting_date: Mapped[date] = mapped_column(primary_key=True)
    fiscal_reporting_quarter: Mapped[Quarter]
    reporting_year: Mapped[int]
    reporting_quarter: Mapped[Quarter]
    created_date: Mapped[CreatedDate]
    created_by: Mapped[CreatedBy]
    last_update_date: Mapped[LastUpdateDate]
    last_updated_by: Mapped[LastUpdatedBy]

    __table_args__ = (
        UniqueConstraint(
            "company_id",
            "currency",
            "fiscal_reporting_date",
            name="uq_quarterly_reporting_financials_company_date",
        ),
        Index("ix_quarterly_reporting_financials_company_date", "company_id", "fiscal_reporting_date"),
        Index("ix_quarterly_reporting_financials_year_quarter", "reporting_year", "reporting_quarter"),
        CheckConstraint("exchange_rate_used > 0", name="exchange_rate_used"),
        *amount_checks(),
        *period_checks(),
        *currency_checks("currency"),
    )


quarterly_reporting_financials_history = history_of(ReportingFinancials, index=("company_id",))


class ReportingMetrics(Base):
    """A quarter's metrics in one currency; None where a figure they need is missing or zero.

    `…_growth…`: against the quarter before; `yoy_…`: against the quarter a year before; `ltm_…`: over the four
    quarters that end here. `…_per_fte`: of the quarter, by employee.
    """

    __tablename__ = "quarterly_reporting_metrics"
    __capabilities__ = _CAPABILITIES
    __mapper_args__ = {**Row.__mapper_args__, "primary_key": ["id"]}

    id: Mapped[Id]
    company_id: Mapped[UUID] = mapped_column(ForeignKey("portfolio.companies.id", ondelete="RESTRICT"))
    currency: Mapped[Currency]
    enterprise_value: Mapped[Amount | None]
    arr: Mapped[Amount]
    recurring_percentage_revenue: Mapped[Percent | None]
    revenue_per_fte: Mapped[Amount | None]
    gross_profit_per_fte: Mapped[Amount | None]
    employee_growth_rate: Mapped[Percent | None]
    change_in_cash: Mapped[Amount | None]
    revenue_growth: Mapped[Percent | None]
    monthly_cash_burn: Mapped[Amount | None]
    runway_months: Mapped[Months | None]
    ev_by_equity_raised_plus_debt: Mapped[Multiple | None]
    sales_marketing_percentage_revenue: Mapped[Percent | None]
    total_operating_percentage_revenue: Mapped[Percent | None]
    gross_profit_margin: Mapped[Percent | None]
    valuation_to_revenue: Mapped[Multiple | None]
    yoy_growth_revenue: Mapped[Percent | None]
    yoy_growth_profit: Mapped[Percent | None]
    yoy_growth_employees: Mapped[Percent | None]
    yoy_growth_ltm_revenue: Mapped[Percent | None]
    ltm_total_revenue: Mapped[Amount | None]
    ltm_gross_profit: Mapped[Amount | None]
    ltm_sales_marketing_expense: Mapped[Amount | None]
    ltm_gross_margin: Mapped[Percent | None]
    ltm_operating_expense: Mapped[Amount | None]
    ltm_ebitda: Mapped[Amount | None]
    ltm_net_income: Mapped[Amount | None]
    ltm_ebitda_margin: Mapped[Percent | None]
    ltm_net_income_margin: Mapped[Percent | None]
    fiscal_reporting_date: Mapped[date] = mapped_column(primary_key=True)
    fiscal_reporting_quarter: Mapped[Quarter]
    reporting_year: Mapped[int]
    reporting_quarter: Mapped[Quarter]
    created_date: Mapped[CreatedDate]
    created_by: Mapped[CreatedBy]
    last_update_date: Mapped[LastUpdateDate]
    last_updated_by: Mapped[LastUpdatedBy]

    __table_args__ = (
        UniqueConstraint(
            "company_id",
            "currency",
            "fiscal_reporting_date",
            name="uq_quarterly_reporting_metrics_company_date",
        ),
        Index("ix_quarterly_reporting_metrics_company_date", "company_id", "fiscal_reporting_date"),
        Index("ix_quarterly_reporting_metrics_year_quarter", "reporting_year", "reporting_quarter"),
        CheckConstraint("arr >= 0", name="arr"),
        CheckConstraint("runway_months >= 0", name="runway_months"),
        *within("recurring_percentage_revenue", 0, 100, 2),
        # an expense, or a gain that is no revenue, may well exceed the revenue; a gross profit cannot
        *within("gross_profit_margin", _PERCENT_MIN, 100, 2),
        *within("ltm_gross_margin", _PERCENT_MIN, 100, 2),
        *period_checks(),
        *currency_checks("currency"),
    )


quarterly_reporting_metrics_history = history_of(ReportingMetrics, index=("company_id",))
