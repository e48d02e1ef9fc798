"""Quarters as companies send them, and as they are shown: inputs, financials and metrics."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import ChangeBody, NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.portfolio.rules.submission import COUNT_MAX, Submission
from strongroom.systems.portfolio.schemas.bodies import CurrencyCode

_FLOW = "Of the quarter."
_STOCK = "At the quarter's end."


class InputIn(RequestBody):
    """A quarter's figures, in full units of `currency`."""

    currency: CurrencyCode = Field(examples=["EUR"])
    total_revenue: NumberIn = Field(ge=0, description=_FLOW)
    recurring_revenue: NumberIn = Field(ge=0, description="The part of it that recurs.")
    gross_profit: NumberIn = Field(description=_FLOW)
    sales_marketing_expense: NumberIn = Field(ge=0, description=_FLOW)
    total_operating_expense: NumberIn = Field(ge=0, description="Sales and marketing included.")
    ebitda: NumberIn = Field(description=_FLOW)
    net_income: NumberIn = Field(description=_FLOW)
    cash_burn: NumberIn = Field(description="Cash consumed in the quarter; negative when cash was generated.")
    cash_balance: NumberIn = Field(ge=0, description=_STOCK)
    debt_outstanding: NumberIn | None = Field(default=None, ge=0, description="Convertibles included; null: none.")
    employees: int = Field(ge=1, le=COUNT_MAX, strict=True, description=_STOCK)
    customers: int | None = Field(default=None, ge=0, le=COUNT_MAX, strict=True, description=_STOCK)

    def as_submission(self, fiscal_reporting_date: date) -> Submission:
        """The figures of the quarter that ends on that day."""
        return Submission(fiscal_reporting_date=fiscal_reporting_date, **dict(self))


class InputChangeIn(ChangeBody):
    """Figures to change; left out stays as it is. Everything that follows from them is computed anew."""

    may_be_empty = frozenset({"debt_outstanding", "customers"})

    currency: CurrencyCode | None = None
    total_revenue: NumberIn | None = None
    recurring_revenue: NumberIn | None = None
    gross_profit: NumberIn | None = None
    sales_marketing_expense: NumberIn | None = None
    total_operating_expense: NumberIn | None = None
    ebitda: NumberIn | None = None
    net_income: NumberIn | None = None
    cash_burn: NumberIn | None = None
    cash_balance: NumberIn | None = None
    debt_outstanding: NumberIn | None = None
    employees: int | None = Field(default=None, ge=1, le=COUNT_MAX, strict=True)
    customers: int | None = Field(default=None, ge=0, le=COUNT_MAX, strict=True)


class QuarterOut(ResponseBody):
    """What every row of a quarter says of itself."""

    id: UUID
    company_id: UUID
    currency: str
    fiscal_reporting_date: date = Field(description="The last day of the fiscal quarter.")
    fiscal_reporting_quarter: int = Field(description="1 to 4, of the company's fiscal year.")
    reporting_year: int = Field(description="The fund's, which is the calendar's.")
    reporting_quarter: int
    created_date: datetime
    created_by: str
    last_update_date: datetime | None
    last_updated_by: str | None


class AmountsOut(QuarterOut):
    """A quarter's amounts in full units of `currency`."""

    total_revenue: NumberOut
    recurring_revenue: NumberOut
    gross_profit: NumberOut
    sales_marketing_expense: NumberOut
    total_operating_expense: NumberOut
    ebitda: NumberOut
    net_income: NumberOut
    cash_burn: NumberOut
    cash_balance: NumberOut
    debt_outstanding: NumberOut | None


class InputOut(AmountsOut):
    """What a company sent for a quarter."""

    employees: int
    customers: int | None


class FinancialsOut(AmountsOut):
    """A quarter's amounts, converted."""

    exchange_rate_used: NumberOut = Field(description="Units of `currency` for one unit of the currency that was sent.")


class MetricsOut(QuarterOut):
    """A quarter's metrics in `currency`; percentages in points; null where a figure they need is missing or zero."""

    arr: NumberOut
    enterprise_value: NumberOut | None
    recurring_percentage_revenue: NumberOut | None
    revenue_per_fte: NumberOut | None
    gross_profit_per_fte: NumberOut | None
    employee_growth_rate: NumberOut | None
    change_in_cash: NumberOut | None
    revenue_growth: NumberOut | None
    monthly_cash_burn: NumberOut | None
    runway_months: NumberOut | None
    ev_by_equity_raised_plus_debt: NumberOut | None
    sales_marketing_percentage_revenue: NumberOut | None
    total_operating_percentage_revenue: NumberOut | None
    gross_profit_margin: NumberOut | None
    valuation_to_revenue: NumberOut | None
    yoy_growth_revenue: NumberOut | None
    yoy_growth_profit: NumberOut | None
    yoy_growth_employees: NumberOut | None
    yoy_growth_ltm_revenue: NumberOut | None
    ltm_total_revenue: NumberOut | None
    ltm_gross_profit: NumberOut | None
    ltm_sales_marketing_expense: NumberOut | None
    ltm_gross_margin: NumberOut | None
    ltm_operating_expense: NumberOut | None
    ltm_ebitda: NumberOut | None
    ltm_net_income: NumberOut | None
    ltm_ebitda_margin: NumberOut | None
    ltm_net_income_margin: NumberOut | None


class ValuationIn(RequestBody):
    """What a company had raised and was worth in a quarter."""

    equity_raised: NumberIn | None = Field(ge=0)
    post_money_valuation: NumberIn | None = Field(ge=0)
    currency: CurrencyCode | None = Field(default=None, description="Of both; what the company reports in now.")


class ValuationOut(ResponseBody):
    """What a company had raised and was worth when the quarter was its latest, in `currency`."""

    id: UUID
    company_id: UUID
    fiscal_reporting_date: date
    currency: str
    exchange_rate_used: NumberOut = Field(description="Units of the quarter's own currency for one of `currency`.")
    equity_raised: NumberOut | None
    post_money_valuation: NumberOut | None
    created_date: datetime
    created_by: str
    last_update_date: datetime | None
    last_updated_by: str | None


class RecomputedOut(ResponseBody):
    """How many quarters were computed anew."""

    quarters: int
