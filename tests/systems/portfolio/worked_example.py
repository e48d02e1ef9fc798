"""Eight quarters of one company in USD, and what the last of them comes to, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from strongroom.systems.portfolio.rules import Submission, quarters_before

LAST = date(2024, 12, 31)
DAYS = tuple(quarters_before(LAST, count) for count in reversed(range(8)))
EQUITY_RAISED = Decimal("20000000.00")
POST_MONEY_VALUATION = Decimal("50000000.00")

_REVENUE = ("1000000", "1050000", "1100000", "1150000", "1200000", "1300000", "1400000", "1500000")
_EBITDA = ("-200000", "-190000", "-180000", "-170000", "-150000", "-120000", "-100000", "-50000")
_CASH = ("5000000", "4700000", "4420000", "4160000", "3930000", "3730000", "3560000", "3440000")
_EMPLOYEES = (50, 52, 54, 55, 56, 58, 60, 63)
_BURN_OF_THE_FIRST = Decimal(310_000)


def submissions(currency: str = "USD") -> list[Submission]:
    """Recurring revenue is 80 %, gross profit 60 % of revenue; burn is the fall in cash."""
    sent = []
    for number, day in enumerate(DAYS):
        revenue, ebitda, cash = Decimal(_REVENUE[number]), Decimal(_EBITDA[number]), Decimal(_CASH[number])
        sent.append(
            Submission(
                fiscal_reporting_date=day,
                currency=currency,
                total_revenue=revenue,
                recurring_revenue=revenue * Decimal("0.8"),
                gross_profit=revenue * Decimal("0.6"),
                sales_marketing_expense=revenue * Decimal("0.3"),
                total_operating_expense=revenue * Decimal("0.6") - ebitda,
                ebitda=ebitda,
                net_income=ebitda - 10_000,
                cash_burn=Decimal(_CASH[number - 1]) - cash if number else _BURN_OF_THE_FIRST,
                cash_balance=cash,
                debt_outstanding=Decimal(1_000_000),
                employees=_EMPLOYEES[number],
            )
        )
    return sent


EIGHTH_QUARTER = {
    "enterprise_value": Decimal("51000000.00"),
    "arr": Decimal("4800000.00"),
    "recurring_percentage_revenue": Decimal("80.00"),
    "revenue_per_fte": Decimal("23809.52"),
    "gross_profit_per_fte": Decimal("14285.71"),
    "employee_growth_rate": Decimal("5.00"),
    "change_in_cash": Decimal("-120000.00"),
    "revenue_growth": Decimal("7.14"),
    "monthly_cash_burn": Decimal("40000.00"),
    "runway_months": Decimal("86.0"),
    "ev_by_equity_raised_plus_debt": Decimal("2.43"),
    "sales_marketing_percentage_revenue": Decimal("30.00"),
    "total_operating_percentage_revenue": Decimal("63.33"),
    "gross_profit_margin": Decimal("60.00"),
    "valuation_to_revenue": Decimal("33.33"),
    "yoy_growth_revenue": Decimal("30.43"),
    "yoy_growth_profit": Decimal("30.43"),
    "yoy_growth_employees": Decimal("14.55"),
    "yoy_growth_ltm_revenue": Decimal("25.58"),
    "ltm_total_revenue": Decimal("5400000.00"),
    "ltm_gross_profit": Decimal("3240000.00"),
    "ltm_sales_marketing_expense": Decimal("1620000.00"),
    "ltm_gross_margin": Decimal("60.00"),
    "ltm_operating_expense": Decimal("3660000.00"),
    "ltm_ebitda": Decimal("-420000.00"),
    "ltm_net_income": Decimal("-460000.00"),
    "ltm_ebitda_margin": Decimal("-7.78"),
    "ltm_net_income_margin": Decimal("-8.52"),
}

#: what a first quarter can say; all else needs quarters before it
FIRST_QUARTER = {
    "enterprise_value": Decimal("51000000.00"),
    "arr": Decimal("3200000.00"),
    "recurring_percentage_revenue": Decimal("80.00"),
    "revenue_per_fte": Decimal("20000.00"),
    "gross_profit_per_fte": Decimal("12000.00"),
    "monthly_cash_burn": Decimal("103333.33"),
    "runway_months": Decimal("48.4"),
    "ev_by_equity_raised_plus_debt": Decimal("2.43"),
    "sales_marketing_percentage_revenue": Decimal("30.00"),
    "total_operating_percentage_revenue": Decimal("80.00"),
    "gross_profit_margin": Decimal("60.00"),
    "valuation_to_revenue": Decimal("50.00"),
}
