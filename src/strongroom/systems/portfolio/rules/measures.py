"""Every figure of a company's quarter by its name, with what a table or an axis has to say about it."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """What a figure counts. Money is in the currency of its row; percent is in percent points."""

    MONEY = "money"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    MONTHS = "months"
    COUNT = "count"


class Origin(StrEnum):
    """Where a figure is kept; derived ones are computed when they are asked for."""

    FINANCIALS = "financials"
    METRICS = "metrics"
    INPUT = "input"
    DERIVED = "derived"


class Measure(StrEnum):
    """A figure of one company in one fiscal quarter. Its value is the name of its column or derived figure.

    label: for people, without the unit.
    """

    label: str
    unit: Unit
    origin: Origin

    def __new__(cls, name: str, label: str, unit: Unit, origin: Origin) -> Measure:
        member = str.__new__(cls, name)
        member._value_ = name
        member.label, member.unit, member.origin = label, unit, origin
        return member

    TOTAL_REVENUE = "total_revenue", "Revenue", Unit.MONEY, Origin.FINANCIALS
    RECURRING_REVENUE = "recurring_revenue", "Recurring revenue", Unit.MONEY, Origin.FINANCIALS
    GROSS_PROFIT = "gross_profit", "Gross profit", Unit.MONEY, Origin.FINANCIALS
    SALES_MARKETING_EXPENSE = (
        "sales_marketing_expense",
        "Sales and marketing expense",
        Unit.MONEY,
        Origin.FINANCIALS,
    )
    TOTAL_OPERATING_EXPENSE = "total_operating_expense", "Operating expense", Unit.MONEY, Origin.FINANCIALS
    EBITDA = "ebitda", "EBITDA", Unit.MONEY, Origin.FINANCIALS
    NET_INCOME = "net_income", "Net income", Unit.MONEY, Origin.FINANCIALS
    CASH_BURN = "cash_burn", "Cash burn", Unit.MONEY, Origin.FINANCIALS
    CASH_BALANCE = "cash_balance", "Cash", Unit.MONEY, Origin.FINANCIALS
    DEBT_OUTSTANDING = "debt_outstanding", "Debt", Unit.MONEY, Origin.FINANCIALS

    EMPLOYEES = "employees", "Employees", Unit.COUNT, Origin.INPUT
    CUSTOMERS = "customers", "Customers", Unit.COUNT, Origin.INPUT

    ENTERPRISE_VALUE = "enterprise_value", "Enterprise value", Unit.MONEY, Origin.METRICS
    ARR = "arr", "ARR", Unit.MONEY, Origin.METRICS
    REVENUE_PER_FTE = "revenue_per_fte", "Revenue per employee", Unit.MONEY, Origin.METRICS
    GROSS_PROFIT_PER_FTE = "gross_profit_per_fte", "Gross profit per employee", Unit.MONEY, Origin.METRICS
    CHANGE_IN_CASH = "change_in_cash", "Change in cash", Unit.MONEY, Origin.METRICS
    MONTHLY_CASH_BURN = "monthly_cash_burn", "Cash burn a month", Unit.MONEY, Origin.METRICS
    LTM_TOTAL_REVENUE = "ltm_total_revenue", "LTM revenue", Unit.MONEY, Origin.METRICS
    LTM_GROSS_PROFIT = "ltm_gross_profit", "LTM gross profit", Unit.MONEY, Origin.METRICS
    LTM_SALES_MARKETING_EXPENSE = (
        "ltm_sales_marketing_expense",
        "LTM sales and marketing expense",
        Unit.MONEY,
        Origin.METRICS,
    )
    LTM_OPERATING_EXPENSE = "ltm_operating_expense", "LTM operating expense", Unit.MONEY, Origin.METRICS
    LTM_EBITDA = "ltm_ebitda", "LTM EBITDA", Unit.MONEY, Origin.METRICS
    LTM_NET_INCOME = "ltm_net_income", "LTM net income", Unit.MONEY, Origin.METRICS
    RECURRING_PERCENTAGE_REVENUE = (
        "recurring_percentage_revenue",
        "Recurring share of revenue",
        Unit.PERCENT,
        Origin.METRICS,
    )
    EMPLOYEE_GROWTH_RATE = "employee_growth_rate", "Employee growth on the quarter", Unit.PERCENT, Origin.METRICS
    REVENUE_GROWTH = "revenue_growth", "Revenue growth on the quarter", Unit.PERCENT, Origin.METRICS
    SALES_MARKETING_PERCENTAGE_REVENUE = (
        "sales_marketing_percentage_revenue",
        "Sales and marketing to revenue",
        Unit.PERCENT,
        Origin.METRICS,
    )
    TOTAL_OPERATING_PERCENTAGE_REVENUE = (
        "total_operating_percentage_revenue",
        "Operating expense to revenue",
        Unit.PERCENT,
        Origin.METRICS,
    )
    GROSS_PROFIT_MARGIN = "gross_profit_margin", "Gross margin", Unit.PERCENT, Origin.METRICS
    YOY_GROWTH_REVENUE = "yoy_growth_revenue", "Revenue growth on the year", Unit.PERCENT, Origin.METRICS
    YOY_GROWTH_PROFIT = "yoy_growth_profit", "Gross profit growth on the year", Unit.PERCENT, Origin.METRICS
    YOY_GROWTH_EMPLOYEES = "yoy_growth_employees", "Employee growth on the year", Unit.PERCENT, Origin.METRICS
    YOY_GROWTH_LTM_REVENUE = (
        "yoy_growth_ltm_revenue",
        "LTM revenue growth on the year",
        Unit.PERCENT,
        Origin.METRICS,
    )
    LTM_GROSS_MARGIN = "ltm_gross_margin", "LTM gross margin", Unit.PERCENT, Origin.METRICS
    LTM_EBITDA_MARGIN = "ltm_ebitda_margin", "LTM EBITDA margin", Unit.PERCENT, Origin.METRICS
    LTM_NET_INCOME_MARGIN = "ltm_net_income_margin", "LTM net margin", Unit.PERCENT, Origin.METRICS
    EV_BY_EQUITY_RAISED_PLUS_DEBT = (
        "ev_by_equity_raised_plus_debt",
        "Enterprise value to equity and debt",
        Unit.MULTIPLE,
        Origin.METRICS,
    )
    VALUATION_TO_REVENUE = "valuation_to_revenue", "Valuation to quarterly revenue", Unit.MULTIPLE, Origin.METRICS
    RUNWAY_MONTHS = "runway_months", "Runway", Unit.MONTHS, Origin.METRICS

    EBITDA_MARGIN = "ebitda_margin", "EBITDA margin", Unit.PERCENT, Origin.DERIVED
    NET_MARGIN = "net_margin", "Net margin", Unit.PERCENT, Origin.DERIVED
    RULE_OF_40 = "rule_of_40", "Rule of 40", Unit.PERCENT, Origin.DERIVED
    NET_NEW_ARR = "net_new_arr", "Net new ARR", Unit.MONEY, Origin.DERIVED
    BURN_MULTIPLE = "burn_multiple", "Burn multiple", Unit.MULTIPLE, Origin.DERIVED
    MAGIC_NUMBER = "magic_number", "Magic number", Unit.MULTIPLE, Origin.DERIVED
    EV_TO_LTM_REVENUE = "ev_to_ltm_revenue", "Enterprise value to LTM revenue", Unit.MULTIPLE, Origin.DERIVED
    EV_TO_ARR = "ev_to_arr", "Enterprise value to ARR", Unit.MULTIPLE, Origin.DERIVED
    ARR_PER_FTE = "arr_per_fte", "ARR per employee", Unit.MONEY, Origin.DERIVED
    ANNUALISED_REVENUE_PER_FTE = (
        "annualised_revenue_per_fte",
        "Annualised revenue per employee",
        Unit.MONEY,
        Origin.DERIVED,
    )
    ANNUALISED_GROSS_PROFIT_PER_FTE = (
        "annualised_gross_profit_per_fte",
        "Annualised gross profit per employee",
        Unit.MONEY,
        Origin.DERIVED,
    )
    ENTERPRISE_VALUE_NET_OF_CASH = (
        "enterprise_value_net_of_cash",
        "Enterprise value net of cash",
        Unit.MONEY,
        Origin.DERIVED,
    )


#: over the last twelve months, in the order a table shows them
LTM = (
    Measure.LTM_TOTAL_REVENUE,
    Measure.YOY_GROWTH_LTM_REVENUE,
    Measure.LTM_GROSS_PROFIT,
    Measure.LTM_GROSS_MARGIN,
    Measure.LTM_SALES_MARKETING_EXPENSE,
    Measure.LTM_OPERATING_EXPENSE,
    Measure.LTM_EBITDA,
    Measure.LTM_EBITDA_MARGIN,
    Measure.LTM_NET_INCOME,
    Measure.LTM_NET_INCOME_MARGIN,
)
STORED = tuple(measure for measure in Measure if measure.origin is not Origin.DERIVED)
DERIVED = tuple(measure for measure in Measure if measure.origin is Origin.DERIVED)
