"""What companies send: one row for each company and fiscal quarter, in the currency it was sent in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from strongroom.kernel.tables import Capabilities, Id, Row, history_of
from strongroom.systems.portfolio.models.row import (
    Amount,
    Base,
    CreatedBy,
    CreatedDate,
    Currency,
    ExchangeRate,
    LastUpdateDate,
    LastUpdatedBy,
    Quarter,
    amount_checks,
    currency_checks,
    period_checks,
)


class MetricsInput(Base):
    """A company's figures for one fiscal quarter.

    Revenue, profit, expense and cash_burn are of the quarter; cash_balance, debt_outstanding, employees and
    customers are at its end. cash_burn: cash consumed, negative when cash was generated. debt_outstanding: None when
    none was reported. fiscal_reporting_date: the quarter's last day.
    """

    __tablename__ = "metrics_input"
    __capabilities__ = Capabilities(
        remembered=True,
        partitioned_by="fiscal_reporting_date",
        sharded_by="company_id",
        owned_by="company_id",
        cached_by="company_id",
    )
    # a partitioned table needs the date in its key; a row is known by its id alone
    __mapper_args__ = {**Row.__mapper_args__, "primary_key": ["id"]}

    id: Mapped[Id]
    company_id: Mapped[UUID] = mapped_column(ForeignKey("portfolio.companies.id", ondelete="RESTRICT"))
    currency: Mapped[Currency]
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
    employees: Mapped[int]
    customers: Mapped[int | None]
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
            "company_id", "fiscal_reporting_date", name="uq_metrics_input_company_id_fiscal_reporting_date"
        ),
        Index("ix_metrics_input_reporting_year_reporting_quarter", "reporting_year", "reporting_quarter"),
        CheckConstraint("employees > 0", name="employees"),
        CheckConstraint("customers >= 0", name="customers"),
        *amount_checks(),
        *period_checks(),
        *currency_checks("currency"),
    )


metrics_input_history = history_of(MetricsInput, index=("company_id",))


class QuarterValuation(Base):
    """What the company was worth when a quarter was the latest, so that later rounds leave that quarter's value alone.

    Amounts are in `currency`, what the company reported in then. exchange_rate_used: units of the currency of the
    quarter's own figures for one unit of `currency`.
    """

    __tablename__ = "quarter_valuations"
    __capabilities__ = Capabilities(
        remembered=True, sharded_by="company_id", owned_by="company_id", cached_by="company_id"
    )

    id: Mapped[Id]
    company_id: Mapped[UUID]
    fiscal_reporting_date: Mapped[date]
    currency: Mapped[Currency]
    exchange_rate_used: Mapped[ExchangeRate]
    equity_raised: Mapped[Decimal | None]
    post_money_valuation: Mapped[Decimal | None]
    created_date: Mapped[CreatedDate]
    created_by: Mapped[CreatedBy]
    last_update_date: Mapped[LastUpdateDate]
    last_updated_by: Mapped[LastUpdatedBy]

    __table_args__ = (
        UniqueConstraint("company_id", "fiscal_reporting_date"),
        ForeignKeyConstraint(["company_id"], ["portfolio.companies.id"], ondelete="RESTRICT"),
        CheckConstraint("exchange_rate_used > 0", name="exchange_rate_used"),
        CheckConstraint("equity_raised >= 0", name="equity_raised"),
        CheckConstraint("post_money_valuation >= 0", name="post_money_valuation"),
        *currency_checks("currency"),
    )


quarter_valuations_history = history_of(QuarterValuation, index=("company_id",))
