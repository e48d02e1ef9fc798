"""The metrics of a quarter: the worked example to the digit, and what must hold for any figures."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.portfolio.rules import (
    METRIC_FIELDS,
    Amounts,
    BurnGradeEnum,
    Indicators,
    Metrics,
    Position,
    Series,
    Valuation,
    burn_grade,
    compute_indicators,
    compute_metrics,
    quarters_before,
)
from tests.systems.portfolio.worked_example import (
    EIGHTH_QUARTER,
    EQUITY_RAISED,
    FIRST_QUARTER,
    LAST,
    POST_MONEY_VALUATION,
    submissions,
)

VALUATION = Valuation(EQUITY_RAISED, POST_MONEY_VALUATION)


def worked_example() -> dict[date, Position]:
    """By the last day of the quarter."""
    series = {}
    for sent in submissions():
        amounts = Amounts.of(sent)
        series[sent.fiscal_reporting_date] = Position(amounts, amounts, Decimal(1), sent.employees)
    return series


def headcounts(series: Series) -> dict[date, int]:
    return {day: position.employees for day, position in series.items()}


def metrics_of(series: Series, day: date = LAST, valuation: Valuation = VALUATION) -> Metrics:
    return compute_metrics(series, day, headcounts(series), valuation)


def indicators_of(series: Series, day: date = LAST, valuation: Valuation = VALUATION) -> Indicators:
    return compute_indicators(series, day, headcounts(series), valuation)


@pytest.mark.parametrize("name", METRIC_FIELDS)
def test_the_eighth_quarter_of_the_worked_example_is_right(name: str) -> None:
    assert getattr(metrics_of(worked_example()), name) == EIGHTH_QUARTER[name]


@pytest.mark.parametrize("name", METRIC_FIELDS)
def test_the_first_quarter_has_no_growth_and_no_year(name: str) -> None:
    first = metrics_of(worked_example(), quarters_before(LAST, 7))
    assert getattr(first, name) == FIRST_QUARTER.get(name)


def test_the_year_of_the_fourth_quarter_is_what_the_eighth_is_compared_with() -> None:
    fourth = metrics_of(worked_example(), quarters_before(LAST, 4))
    assert (fourth.ltm_total_revenue, fourth.yoy_growth_ltm_revenue) == (Decimal(4_300_000), None)


def test_the_indicators_of_the_worked_example_are_right() -> None:
    assert indicators_of(worked_example()) == Indicators(
        ebitda_margin=Decimal("-3.33"),
        net_margin=Decimal("-4.00"),
        rule_of_40=Decimal("22.66"),
        net_new_arr=Decimal("320000"),
        burn_multiple=Decimal("0.38"),
        magic_number=Decimal("0.76"),
        arr_per_fte=Decimal("76190.48"),
        annualised_revenue_per_fte=Decimal("95238.10"),
        annualised_gross_profit_per_fte=Decimal("57142.86"),
        enterprise_value_net_of_cash=Decimal("47560000"),
        ev_to_ltm_revenue=Decimal("9.44"),
        ev_to_arr=Decimal("10.63"),
    )
    assert indicators_of(worked_example()).passes_rule_of_40 is False
    assert indicators_of(worked_example()).burn_grade is BurnGradeEnum.EXCELLENT


def test_before_there_is_a_year_the_rule_of_40_takes_the_quarters_own_margin() -> None:
    series = worked_example()
    for count in (1, 2, 3):
        del series[quarters_before(LAST, count)]
    assert indicators_of(series).rule_of_40 == Decimal("27.10")  # 30.4348 - 3.3333


@pytest.mark.parametrize(
    ("multiple", "grade"),
    [("-1", "excellent"), ("0.99", "excellent"), ("1", "good"), ("1.5", "good"), ("2", "fair"), ("2.01", "poor")],
)
def test_a_burn_multiple_has_the_fields_grade(multiple: str, grade: str) -> None:
    assert burn_grade(Decimal(multiple)).value == grade


def test_a_missing_quarter_is_never_jumped_over() -> None:
    series = worked_example()
    del series[quarters_before(LAST)]
    gap = metrics_of(series)
    assert (gap.revenue_growth, gap.employee_growth_rate, gap.change_in_cash) == (None, None, None)
    assert (gap.ltm_total_revenue, gap.ltm_ebitda_margin, gap.yoy_growth_ltm_revenue) == (None, None, None)
    assert gap.yoy_growth_revenue == Decimal("30.43")


def test_employees_are_counted_whatever_currency_the_quarter_before_was_sent_in() -> None:
    series = worked_example()
    everybody = headcounts(series)
    del series[quarters_before(LAST)]
    changed = compute_metrics(series, LAST, everybody)
    assert (changed.revenue_growth, changed.employee_growth_rate) == (None, Decimal("5.00"))


def test_without_revenue_nothing_is_a_share_of_it() -> None:
    series = worked_example()
    nothing = replace(
        series[LAST].sent,
        total_revenue=Decimal(0),
        recurring_revenue=Decimal(0),
        gross_profit=Decimal(0),
    )
    series[LAST] = Position(nothing, nothing, Decimal(1), 63)
    metrics = metrics_of(series)
    assert metrics.arr == 0
    assert {
        metrics.recurring_percentage_revenue,
        metrics.gross_profit_margin,
        metrics.sales_marketing_percentage_revenue,
        metrics.total_operating_percentage_revenue,
        metrics.valuation_to_revenue,
    } == {None}
    assert metrics.revenue_growth == -100
    assert indicators_of(series).ev_to_arr is None


@pytest.mark.parametrize("burn", ["0.00", "-250000.00"])
def test_a_company_that_burns_nothing_has_no_end_of_its_runway(burn: str) -> None:
    series = worked_example()
    sent = replace(series[LAST].sent, cash_burn=Decimal(burn))
    series[LAST] = Position(sent, sent, Decimal(1), 63)
    assert metrics_of(series).runway_months is None
    assert metrics_of(series).monthly_cash_burn == (Decimal(burn) / 3).quantize(Decimal("0.01"))


def test_the_burn_of_a_month_is_rounded_only_to_be_shown() -> None:
    series = worked_example()
    sent = replace(series[LAST].sent, cash_burn=Decimal("0.02"), cash_balance=Decimal("1.00"))
    series[LAST] = Position(sent, sent, Decimal(1), 63)
    assert metrics_of(series).monthly_cash_burn == Decimal("0.01")
    assert metrics_of(series).runway_months == 150  # a rounded burn of 0.01 would make it 100


def test_growth_from_a_loss_is_no_percentage() -> None:
    series = worked_example()
    year_ago = quarters_before(LAST, 4)
    sent = replace(series[year_ago].sent, gross_profit=Decimal(-1))
    series[year_ago] = Position(sent, sent, Decimal(1), 55)
    assert metrics_of(series).yoy_growth_profit is None


def test_a_company_without_a_valuation_has_no_enterprise_value() -> None:
    metrics = metrics_of(worked_example(), valuation=Valuation())
    assert (metrics.enterprise_value, metrics.ev_by_equity_raised_plus_debt, metrics.valuation_to_revenue) == (
        None,
        None,
        None,
    )


def test_a_company_that_raised_and_owes_nothing_has_no_multiple_of_that() -> None:
    series = worked_example()
    sent = replace(series[LAST].sent, debt_outstanding=None)
    series[LAST] = Position(sent, sent, Decimal(1), 63)
    metrics = metrics_of(series, valuation=Valuation(Decimal(0), Decimal(5)))
    assert (metrics.enterprise_value, metrics.ev_by_equity_raised_plus_debt) == (Decimal(5), None)


def test_growth_too_large_for_its_column_says_nothing() -> None:
    series = worked_example()
    before = quarters_before(LAST)
    sent = replace(series[before].sent, total_revenue=Decimal("0.01"))
    series[before] = Position(sent, sent, Decimal(1), 60)
    assert metrics_of(series).revenue_growth is None


def test_a_half_goes_away_from_zero() -> None:
    series = worked_example()
    sent = replace(series[LAST].sent, total_revenue=Decimal(800), gross_profit=Decimal("-1.00"), cash_burn=Decimal(1))
    series[LAST] = Position(sent, sent, Decimal(1), 63)
    assert metrics_of(series).gross_profit_margin == Decimal("-0.13")  # -0.125


def test_ratios_of_a_quarter_are_the_same_in_every_currency_and_growth_holds_the_rate() -> None:
    series = worked_example()
    rates = {day: Decimal("1.25") + Decimal(number) / 100 for number, day in enumerate(sorted(series))}
    in_cad = {
        day: Position(position.sent, position.sent.converted(rates[day]), rates[day], position.employees)
        for day, position in series.items()
    }
    own, cad = metrics_of(series), metrics_of(in_cad)
    same = [
        "recurring_percentage_revenue",
        "gross_profit_margin",
        "runway_months",
        "ev_by_equity_raised_plus_debt",
        "valuation_to_revenue",
        "employee_growth_rate",
        "yoy_growth_employees",
    ]
    assert [getattr(own, name) for name in same] == [getattr(cad, name) for name in same]
    assert cad.arr == Decimal("1200000") * Decimal("1.32") * 4
    assert cad.enterprise_value == Decimal("51000000") * Decimal("1.32")
    assert cad.revenue_growth == Decimal("7.96")  # 1.98 M / 1.834 M
    assert cad.ltm_total_revenue == sum(series[day].sent.total_revenue * rates[day] for day in sorted(series)[4:])


cents = st.integers(0, 10**14).map(lambda value: Decimal(value).scaleb(-2))
signed = st.integers(-(10**14), 10**14).map(lambda value: Decimal(value).scaleb(-2))


@st.composite
def any_amounts(draw: st.DrawFn) -> Amounts:
    revenue, marketing = draw(cents), draw(cents)
    return Amounts(
        total_revenue=revenue,
        recurring_revenue=min(draw(cents), revenue),
        gross_profit=min(draw(signed), revenue),
        sales_marketing_expense=marketing,
        total_operating_expense=marketing + draw(cents),
        ebitda=draw(signed),
        net_income=draw(signed),
        cash_burn=draw(signed),
        cash_balance=draw(cents),
        debt_outstanding=draw(st.none() | cents),
    )


@st.composite
def any_series(draw: st.DrawFn) -> dict[date, Position]:
    """Up to eight quarters that end at LAST, some of them missing, in a currency of its own rates."""
    series = {}
    for count in range(8):
        if count == 0 or draw(st.booleans()):
            sent, rate = draw(any_amounts()), Decimal(draw(st.integers(1, 10**11))).scaleb(-10)
            series[quarters_before(LAST, count)] = Position(sent, sent.converted(rate), rate, draw(st.integers(1, 999)))
    return series


any_valuation = st.builds(Valuation, st.none() | cents, st.none() | cents)


@given(any_series(), any_valuation)
def test_any_figures_give_metrics_that_fit_their_columns(series: dict[date, Position], valuation: Valuation) -> None:
    metrics = metrics_of(series, valuation=valuation)
    for name, value in asdict(metrics).items():
        if value is not None:
            assert value.is_finite()
            assert -value.as_tuple().exponent <= (1 if name == "runway_months" else 2)
            assert abs(value) < 10**18
    share = metrics.recurring_percentage_revenue
    assert share is None or 0 <= share <= 100
    assert metrics.gross_profit_margin is None or metrics.gross_profit_margin <= 100
    assert metrics.ltm_gross_margin is None or metrics.ltm_gross_margin <= 100
    assert metrics.runway_months is None or metrics.runway_months >= 0


@given(any_series(), any_valuation)
def test_what_is_missing_depends_on_the_quarters_that_are_there(
    series: dict[date, Position], valuation: Valuation
) -> None:
    metrics = metrics_of(series, valuation=valuation)
    has = {count: quarters_before(LAST, count) in series for count in range(8)}
    assert (metrics.change_in_cash is None) == (not has[1])
    assert (metrics.ltm_total_revenue is None) == (not all(has[count] for count in (1, 2, 3)))
    if metrics.yoy_growth_ltm_revenue is not None:
        assert all(has.values())
    if not has[4]:
        assert {metrics.yoy_growth_revenue, metrics.yoy_growth_profit, metrics.yoy_growth_employees} == {None}


@given(any_series(), any_valuation, st.integers(1, 7))
def test_a_quarter_changes_no_metric_that_comes_before_it(
    series: dict[date, Position], valuation: Valuation, count: int
) -> None:
    earlier = [day for day in series if day < quarters_before(LAST, count)]
    without = {day: series[day] for day in earlier}
    for day in earlier:
        assert metrics_of(series, day, valuation) == metrics_of(without, day, valuation)


@given(any_series(), any_valuation)
def test_an_indicator_in_money_follows_from_the_metrics(series: dict[date, Position], valuation: Valuation) -> None:
    metrics, indicators = metrics_of(series, valuation=valuation), indicators_of(series, valuation=valuation)
    if quarters_before(LAST) in series:
        before = metrics_of(series, quarters_before(LAST), valuation)
        assert indicators.net_new_arr == metrics.arr - before.arr
        if metrics.arr <= before.arr:
            assert indicators.burn_multiple is None
    else:
        assert (indicators.net_new_arr, indicators.burn_multiple, indicators.magic_number) == (None, None, None)
