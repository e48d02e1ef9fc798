"""The 28 metrics of a quarter in one currency: what they are, and why there may be none.

Definitions are those of the fund's own field list, with its slips put right: growth is a change, not a quotient;
margins over a year are of the year's sums; runway is cash over burn. A figure whose denominator is zero, or that
needs a quarter that was not reported, is None. Everything is rounded once, half up, at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from strongroom.kernel.values import WIDE
from strongroom.systems.portfolio.rules.amounts import CENT, Amounts, convert, round_half_up
from strongroom.systems.portfolio.rules.quarters import quarters_before

QUARTERS_OF_YEAR = 4
MONTHS_OF_QUARTER = 3
#: how many quarters after a restated one can change: growth of the year's sum looks back seven
QUARTERS_AFFECTED = 7
PERCENT_BOUND = Decimal("9999999999.99")
RUNWAY_BOUND = Decimal("999999999.9")
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Position:
    """A company at the end of one quarter, seen in one currency.

    sent: in the currency it was sent in. amounts: converted at exchange_rate, to the cent.
    """

    sent: Amounts
    amounts: Amounts
    exchange_rate: Decimal
    employees: int


@dataclass(frozen=True, slots=True)
class Valuation:
    """What was raised and what the last round said the company is worth, in the currency the quarter was sent in."""

    equity_raised: Decimal | None = None
    post_money_valuation: Decimal | None = None

    def converted(self, rate: Decimal) -> Valuation:
        """Both amounts times the rate, to the cent. Raises InvalidValue."""
        raised, value = self.equity_raised, self.post_money_valuation
        return Valuation(
            None if raised is None else convert(raised, rate), None if value is None else convert(value, rate)
        )


#: a company's quarters in one currency, by their last day; those that were not reported in it are missing
Series = Mapping[date, Position]
#: employees at the end of each reported quarter, in whatever currency that was sent
Headcounts = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Money in the currency of the series, percentages in points (80.00 is 80 %), runway in months to a tenth."""

    enterprise_value: Decimal | None
    arr: Decimal
    recurring_percentage_revenue: Decimal | None
    revenue_per_fte: Decimal | None
    gross_profit_per_fte: Decimal | None
    employee_growth_rate: Decimal | None
    change_in_cash: Decimal | None
    revenue_growth: Decimal | None
    monthly_cash_burn: Decimal | None
    runway_months: Decimal | None
    ev_by_equity_raised_plus_debt: Decimal | None
    sales_marketing_percentage_revenue: Decimal | None
    total_operating_percentage_revenue: Decimal | None
    gross_profit_margin: Decimal | None
    valuation_to_revenue: Decimal | None
    yoy_growth_revenue: Decimal | None
    yoy_growth_profit: Decimal | None
    yoy_growth_employees: Decimal | None
    yoy_growth_ltm_revenue: Decimal | None
    ltm_total_revenue: Decimal | None
    ltm_gross_profit: Decimal | None
    ltm_sales_marketing_expense: Decimal | None
    ltm_gross_margin: Decimal | None
    ltm_operating_expense: Decimal | None
    ltm_ebitda: Decimal | None
    ltm_net_income: Decimal | None
    ltm_ebitda_margin: Decimal | None
    ltm_net_income_margin: Decimal | None


METRIC_FIELDS = tuple(field.name for field in fields(Metrics))


def compute_metrics(series: Series, day: date, headcounts: Headcounts, valuation: Valuation = Valuation()) -> Metrics:
    """The metrics of the quarter that ends on `day`, which is part of the series.

    Ratios within the quarter are of the amounts as they were sent, so they are the same in every currency. Growth and
    sums of four quarters are of the series' own amounts, so they hold what the exchange rate did.
    """
    now = series[day]
    sent, amounts, employees = now.sent, now.amounts, Decimal(now.employees)
    before, year_ago = _amounts_at(series, quarters_before(day)), _amounts_at(series, year_before(day))
    ltm, ltm_year_ago = sum_of_year(series, day), sum_of_year(series, year_before(day))
    return Metrics(
        enterprise_value=enterprise_value(now, valuation),
        arr=annual_recurring_revenue(amounts),
        recurring_percentage_revenue=percent(sent.recurring_revenue, sent.total_revenue),
        revenue_per_fte=money(quotient(amounts.total_revenue, employees)),
        gross_profit_per_fte=money(quotient(amounts.gross_profit, employees)),
        employee_growth_rate=_headcount_growth(headcounts, day, quarters_before(day)),
        change_in_cash=amounts.cash_balance - before.cash_balance if before else None,
        revenue_growth=as_percent(growth(amounts.total_revenue, before.total_revenue if before else None)),
        monthly_cash_burn=money(quotient(amounts.cash_burn, Decimal(MONTHS_OF_QUARTER))),
        runway_months=runway_months(sent),
        ev_by_equity_raised_plus_debt=_ev_to_capital(sent, valuation),
        sales_marketing_percentage_revenue=percent(sent.sales_marketing_expense, sent.total_revenue),
        total_operating_percentage_revenue=percent(sent.total_operating_expense, sent.total_revenue),
        gross_profit_margin=percent(sent.gross_profit, sent.total_revenue),
        valuation_to_revenue=multiple(quotient(valuation.post_money_valuation, sent.total_revenue)),
        yoy_growth_revenue=as_percent(growth(amounts.total_revenue, year_ago.total_revenue if year_ago else None)),
        yoy_growth_profit=as_percent(growth(amounts.gross_profit, year_ago.gross_profit if year_ago else None)),
        yoy_growth_employees=_headcount_growth(headcounts, day, year_before(day)),
        yoy_growth_ltm_revenue=as_percent(growth(ltm.total_revenue, ltm_year_ago.total_revenue)),
        ltm_total_revenue=ltm.total_revenue,
        ltm_gross_profit=ltm.gross_profit,
        ltm_sales_marketing_expense=ltm.sales_marketing_expense,
        ltm_gross_margin=percent(ltm.gross_profit, ltm.total_revenue),
        ltm_operating_expense=ltm.total_operating_expense,
        ltm_ebitda=ltm.ebitda,
        ltm_net_income=ltm.net_income,
        ltm_ebitda_margin=percent(ltm.ebitda, ltm.total_revenue),
        ltm_net_income_margin=percent(ltm.net_income, ltm.total_revenue),
    )


@dataclass(frozen=True, slots=True)
class YearSum:
    """Sums over four consecutive quarters; all None when one of them is missing."""

    total_revenue: Decimal | None = None
    gross_profit: Decimal | None = None
    sales_marketing_expense: Decimal | None = None
    total_operating_expense: Decimal | None = None
    ebitda: Decimal | None = None
    net_income: Decimal | None = None


def sum_of_year(series: Series, day: date) -> YearSum:
    """Over the quarter that ends on `day` and the three before it."""
    year = [_amounts_at(series, quarters_before(day, count)) for count in range(QUARTERS_OF_YEAR)]
    reported = [amounts for amounts in year if amounts is not None]
    if len(reported) < QUARTERS_OF_YEAR:
        return YearSum()
    return YearSum(
        *(sum((getattr(amounts, field.name) for amounts in reported), Decimal(0)) for field in fields(YearSum))
    )


def year_before(day: date) -> date:
    """The last day of the same quarter a year earlier."""
    return quarters_before(day, QUARTERS_OF_YEAR)


def annual_recurring_revenue(amounts: Amounts) -> Decimal:
    """The quarter's recurring revenue, four times."""
    return amounts.recurring_revenue * QUARTERS_OF_YEAR


def enterprise_value(now: Position, valuation: Valuation) -> Decimal | None:
    """What the last round said the company is worth, and its debt, in the currency of the position."""
    if valuation.post_money_valuation is None:
        return None
    return convert(valuation.post_money_valuation, now.exchange_rate) + now.amounts.debt


def runway_months(sent: Amounts) -> Decimal | None:
    """How long the cash lasts at this quarter's burn; None for a company that burns none."""
    if sent.cash_burn <= 0:
        return None
    months = quotient(sent.cash_balance * MONTHS_OF_QUARTER, sent.cash_burn)
    return _fitting(months, TENTH, RUNWAY_BOUND)


def quotient(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Unrounded; None when either is missing or the denominator is zero."""
    if numerator is None or not denominator:
        return None
    return WIDE.divide(numerator, denominator)


def growth(current: Decimal | None, base: Decimal | None) -> Decimal | None:
    """The change as a share of the base, unrounded; None unless there is a base above zero."""
    if current is None or base is None or base <= 0:
        return None
    return WIDE.divide(WIDE.subtract(current, base), base)


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The part in percent of the whole, to two decimals."""
    return as_percent(quotient(part, whole))


def as_percent(share: Decimal | None) -> Decimal | None:
    """A share in percent points, to two decimals; None above ten thousand million, which says nothing any more."""
    return _fitting(None if share is None else WIDE.multiply(share, Decimal(100)), CENT, PERCENT_BOUND)


def multiple(number: Decimal | None) -> Decimal | None:
    """A multiple to two decimals, within the same bounds."""
    return _fitting(number, CENT, PERCENT_BOUND)


def money(number: Decimal | None) -> Decimal | None:
    """An amount to the cent."""
    return None if number is None else round_half_up(number, CENT)


def _fitting(number: Decimal | None, unit: Decimal, bound: Decimal) -> Decimal | None:
    if number is None or abs(rounded := round_half_up(number, unit)) > bound:
        return None
    return rounded


def _ev_to_capital(sent: Amounts, valuation: Valuation) -> Decimal | None:
    if valuation.post_money_valuation is None or valuation.equity_raised is None:
        return None
    return multiple(quotient(valuation.post_money_valuation + sent.debt, valuation.equity_raised + sent.debt))


def _headcount_growth(headcounts: Headcounts, day: date, base_day: date) -> Decimal | None:
    base = headcounts.get(base_day)
    return as_percent(growth(Decimal(headcounts[day]), None if base is None else Decimal(base)))


def _amounts_at(series: Series, day: date) -> Amounts | None:
    position = series.get(day)
    return None if position is None else position.amounts
