"""Figures of the field that are told and not stored: they follow from a quarter, the one before it and its year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from strongroom.kernel.values import WIDE
from strongroom.systems.portfolio.rules.metrics import (
    QUARTERS_OF_YEAR,
    Headcounts,
    Series,
    Valuation,
    annual_recurring_revenue,
    as_percent,
    enterprise_value,
    growth,
    money,
    multiple,
    percent,
    quotient,
    sum_of_year,
    year_before,
)
from strongroom.systems.portfolio.rules.quarters import quarters_before

RULE_OF_40 = Decimal(40)


class BurnGradeEnum(Enum):
    """How much cash a company burns for each unit of new recurring revenue."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Indicators:
    """Money in the currency of the series; percentages in points.

    rule_of_40: growth of revenue over a year and EBITDA margin, of four quarters where they are there, added up.
    burn_multiple: cash burnt for each unit of net new ARR; negative when cash was generated.
    magic_number: net new ARR for each unit of sales and marketing expense of the quarter before.
    """

    ebitda_margin: Decimal | None
    net_margin: Decimal | None
    rule_of_40: Decimal | None
    net_new_arr: Decimal | None
    burn_multiple: Decimal | None
    magic_number: Decimal | None
    arr_per_fte: Decimal | None
    annualised_revenue_per_fte: Decimal | None
    annualised_gross_profit_per_fte: Decimal | None
    enterprise_value_net_of_cash: Decimal | None
    ev_to_ltm_revenue: Decimal | None
    ev_to_arr: Decimal | None

    @property
    def passes_rule_of_40(self) -> bool | None:
        """Whether growth and margin make 40 or more; None when they are not known."""
        return None if self.rule_of_40 is None else self.rule_of_40 >= RULE_OF_40

    @property
    def burn_grade(self) -> BurnGradeEnum | None:
        """What the field says of the burn multiple: below 1 excellent, to 1.5 good, to 2 fair, above that poor."""
        return None if self.burn_multiple is None else burn_grade(self.burn_multiple)


def compute_indicators(
    series: Series,
    day: date,
    headcounts: Headcounts,
    valuation: Valuation = Valuation(),  # noqa: B008 - frozen
) -> Indicators:
    """Of the quarter that ends on `day`, which is part of the series; from exact figures, rounded once."""
    now = series[day]
    amounts, employees = now.amounts, Decimal(headcounts[day])
    before = series.get(quarters_before(day))
    arr = annual_recurring_revenue(amounts)
    net_new_arr = arr - annual_recurring_revenue(before.amounts) if before else None
    ltm = sum_of_year(series, day)
    value = enterprise_value(now, valuation)
    is_growing = net_new_arr is not None and net_new_arr > 0
    return Indicators(
        ebitda_margin=percent(now.sent.ebitda, now.sent.total_revenue),
        net_margin=percent(now.sent.net_income, now.sent.total_revenue),
        rule_of_40=_rule_of_40(series, day),
        net_new_arr=net_new_arr,
        burn_multiple=multiple(quotient(amounts.cash_burn, net_new_arr)) if is_growing else None,
        magic_number=multiple(quotient(net_new_arr, before.amounts.sales_marketing_expense)) if before else None,
        arr_per_fte=money(quotient(arr, employees)),
        annualised_revenue_per_fte=money(quotient(amounts.total_revenue * QUARTERS_OF_YEAR, employees)),
        annualised_gross_profit_per_fte=money(quotient(amounts.gross_profit * QUARTERS_OF_YEAR, employees)),
        enterprise_value_net_of_cash=None if value is None else value - amounts.cash_balance,
        ev_to_ltm_revenue=multiple(quotient(value, ltm.total_revenue)),
        ev_to_arr=multiple(quotient(value, arr)),
    )


def burn_grade(burn_multiple: Decimal) -> BurnGradeEnum:
    """The grade of a burn multiple."""
    if burn_multiple < 1:
        return BurnGradeEnum.EXCELLENT
    if burn_multiple <= Decimal("1.5"):
        return BurnGradeEnum.GOOD
    return BurnGradeEnum.FAIR if burn_multiple <= 2 else BurnGradeEnum.POOR


def _rule_of_40(series: Series, day: date) -> Decimal | None:
    now, year_ago = series[day], series.get(year_before(day))
    rise = growth(now.amounts.total_revenue, year_ago.amounts.total_revenue if year_ago else None)
    ltm = sum_of_year(series, day)
    margin = quotient(ltm.ebitda, ltm.total_revenue)
    if margin is None:
        margin = quotient(now.amounts.ebitda, now.amounts.total_revenue)
    return None if rise is None or margin is None else as_percent(WIDE.add(rise, margin))
