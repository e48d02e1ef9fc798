"""What must be true of reported quarters, as SELECTs for what is not; Python's rules said a second time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, func, literal, or_, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from strongroom.kernel.integrity import Check, Violations
from strongroom.kernel.tables import find_history
from strongroom.systems.portfolio.models import (
    Company,
    MetricsInput,
    QuarterValuation,
    ReportingFinancials,
    ReportingMetrics,
)
from strongroom.systems.portfolio.rules import AMOUNT_FIELDS, REPORTING_CURRENCIES

REMEMBERED: tuple[Any, ...] = (Company, MetricsInput, QuarterValuation, ReportingFinancials, ReportingMetrics)
_PERIODS = ("fiscal_reporting_quarter", "reporting_year", "reporting_quarter")


class differs_from_product(FunctionElement[bool]):
    """Whether an amount is not amount * rate rounded half up to the cent; arguments: amount, rate, converted.

    Exact on PostgreSQL. SQLite, which keeps amounts as whole cents and rates as ten decimals, multiplies in floating
    point: there it holds to twelve digits.
    """

    inherit_cache = True


@compiles(differs_from_product, "postgresql")
def _exactly(element: Any, compiler: Any, **arguments: Any) -> str:
    amount, rate, converted = (compiler.process(clause, **arguments) for clause in element.clauses)
    return f"round({amount} * {rate}, 2) <> {converted}"


@compiles(differs_from_product, "sqlite")
def _nearly(element: Any, compiler: Any, **arguments: Any) -> str:
    amount, rate, converted = (compiler.process(clause, **arguments) for clause in element.clauses)
    product = f"CAST({amount} AS REAL) * {rate} / 1e10"
    return f"abs({product} - {converted}) > 0.5 + 1e-6 + abs({product}) * 1e-12"


def quarters_without_derived_rows() -> Violations:
    """Of each input: its own currency, USD and CAD."""
    own = select(MetricsInput.company_id, MetricsInput.fiscal_reporting_date, MetricsInput.currency)
    others = [
        select(MetricsInput.company_id, MetricsInput.fiscal_reporting_date, literal(currency))
        for currency in REPORTING_CURRENCIES
    ]
    wanted = union_all(own, *others).subquery()
    company_id, day, currency = wanted.c

    def exists_in(model: Any) -> ColumnElement[bool]:
        same = and_(model.company_id == company_id, model.fiscal_reporting_date == day, model.currency == currency)
        return select(model.id).where(same).exists()

    return (
        select(company_id, day, currency)
        .distinct()
        .where(or_(~exists_in(ReportingFinancials), ~exists_in(ReportingMetrics)))
    )


def derived_rows_without_a_quarter() -> Violations:
    """Including those in a currency that the quarter is not reported in."""

    def orphans(model: Any) -> Select[Any]:
        reported = select(MetricsInput.id).where(
            _same_quarter(MetricsInput, model),
            or_(model.currency == MetricsInput.currency, model.currency.in_(REPORTING_CURRENCIES)),
            *(getattr(model, name) == getattr(MetricsInput, name) for name in _PERIODS),
        )
        return select(model.id).where(~reported.exists())

    return _any_of(orphans(ReportingFinancials), orphans(ReportingMetrics))


def quarters_without_a_valuation() -> Violations:
    valued = select(QuarterValuation.id).where(_same_quarter(QuarterValuation, MetricsInput))
    return select(MetricsInput.id).where(~valued.exists())


def periods_off_their_date() -> Violations:
    day, quarter = MetricsInput.fiscal_reporting_date, MetricsInput.reporting_quarter
    return select(MetricsInput.id).where(
        or_(
            extract("year", day) != MetricsInput.reporting_year,
            ~extract("month", day).between(3 * quarter - 2, 3 * quarter),
        )
    )


def amounts_off_their_rate() -> Violations:
    wrong = [
        differs_from_product(
            getattr(MetricsInput, name), ReportingFinancials.exchange_rate_used, getattr(ReportingFinancials, name)
        )
        for name in AMOUNT_FIELDS
    ]
    debt, sent_debt = ReportingFinancials.debt_outstanding, MetricsInput.debt_outstanding
    return (
        select(ReportingFinancials.id)
        .join(MetricsInput, _same_quarter(MetricsInput, ReportingFinancials))
        .where(or_(*wrong, debt.is_(None) != sent_debt.is_(None)))
    )


def own_currencies_not_at_one() -> Violations:
    is_own = ReportingFinancials.currency == MetricsInput.currency
    # an exact decimal: SQLite keeps ten decimals as a whole number
    return (
        select(ReportingFinancials.id)
        .join(MetricsInput, and_(is_own, _same_quarter(MetricsInput, ReportingFinancials)))
        .where(ReportingFinancials.exchange_rate_used != Decimal(1))
    )


def recurring_revenue_off_a_year() -> Violations:
    recurring = ReportingFinancials.recurring_revenue
    return (
        select(ReportingMetrics.id)
        .join(ReportingFinancials, _same_row(ReportingFinancials, ReportingMetrics))
        .where(ReportingMetrics.arr != recurring + recurring + recurring + recurring)
    )


def changes_in_cash_off_the_quarter_before() -> Violations:
    before = aliased(ReportingFinancials)
    return (
        select(ReportingMetrics.id)
        .join(ReportingFinancials, _same_row(ReportingFinancials, ReportingMetrics))
        .outerjoin(before, and_(_same_series(before, ReportingMetrics), _quarters_back(before, ReportingMetrics, 1, 1)))
        .where(
            ReportingMetrics.change_in_cash.is_distinct_from(
                ReportingFinancials.cash_balance - before.cash_balance,
            )
        )
    )


def years_off_their_quarters() -> Violations:
    """The sum of four, and only where there are four."""
    earlier = aliased(ReportingFinancials)
    year = and_(_same_series(earlier, ReportingMetrics), _quarters_back(earlier, ReportingMetrics, 0, 3))
    return (
        select(ReportingMetrics.id)
        .join(earlier, year)
        .group_by(ReportingMetrics.id, ReportingMetrics.fiscal_reporting_date, ReportingMetrics.ltm_total_revenue)
        .having(
            or_(
                and_(func.count() == 4, func.sum(earlier.total_revenue) != ReportingMetrics.ltm_total_revenue),
                (func.count() == 4) == ReportingMetrics.ltm_total_revenue.is_(None),
            )
        )
    )


def rows_without_their_open_version() -> Violations:
    """What is, is what was last known."""
    missing = []
    for model in REMEMBERED:
        history = find_history(model)
        assert history is not None, f"{model.__name__} is remembered"
        same = [history.c[column.name].is_not_distinct_from(column) for column in model.__table__.columns]
        known = select(history.c.history_id).where(history.c.known_until.is_(None), *same)
        missing.append(select(model.id).where(~known.exists()))
    return _any_of(*missing)


def open_versions_without_their_row() -> Violations:
    left_open = []
    for model in REMEMBERED:
        history = find_history(model)
        assert history is not None, f"{model.__name__} is remembered"
        present = select(model.id).where(model.id == history.c.id)
        left_open.append(select(history.c.id).where(history.c.known_until.is_(None), ~present.exists()))
    return _any_of(*left_open)


CHECKS = (
    Check(
        "derived_rows_are_there",
        "every quarter has amounts and metrics in each of its currencies",
        quarters_without_derived_rows,
    ),
    Check(
        "derived_rows_have_a_quarter",
        "all amounts and metrics are of a quarter that was sent, with its periods",
        derived_rows_without_a_quarter,
    ),
    Check(
        "quarters_are_valued",
        "every quarter has what the company was worth then, if only nothing",
        quarters_without_a_valuation,
    ),
    Check(
        "periods_follow_the_date",
        "a quarter's year and number are those of the calendar on its last day",
        periods_off_their_date,
    ),
    Check(
        "amounts_are_converted",
        "every amount is what was sent times the rate that was used, to the cent",
        amounts_off_their_rate,
    ),
    Check(
        "own_currency_is_at_one",
        "amounts in the currency they were sent in are as they were sent",
        own_currencies_not_at_one,
    ),
    Check(
        "arr_is_four_quarters", "annual recurring revenue is the quarter's, four times", recurring_revenue_off_a_year
    ),
    Check(
        "changes_in_cash_follow",
        "a change in cash is that since the quarter before, if that was sent",
        changes_in_cash_off_the_quarter_before,
    ),
    Check(
        "years_are_four_quarters",
        "revenue of twelve months is the sum of four quarters in a row",
        years_off_their_quarters,
    ),
    Check("rows_are_known", "every row is its own open version", rows_without_their_open_version),
    Check("known_rows_are_there", "every open version has its row", open_versions_without_their_row),
)


def _same_quarter(left: Any, right: Any) -> ColumnElement[bool]:
    return and_(left.company_id == right.company_id, left.fiscal_reporting_date == right.fiscal_reporting_date)


def _same_series(left: Any, right: Any) -> ColumnElement[bool]:
    return and_(left.company_id == right.company_id, left.currency == right.currency)


def _same_row(left: Any, right: Any) -> ColumnElement[bool]:
    return and_(_same_quarter(left, right), left.currency == right.currency)


def _quarters_back(earlier: Any, later: Any, least: int, most: int) -> ColumnElement[bool]:
    """So many quarters earlier, in the same rhythm: a company may have moved the end of its fiscal year."""
    distance = (later.reporting_year - earlier.reporting_year) * 4 + later.reporting_quarter - earlier.reporting_quarter
    months = extract("month", later.fiscal_reporting_date) - extract("month", earlier.fiscal_reporting_date)
    return and_(distance.between(least, most), months % 3 == 0)


def _any_of(*violations: Select[Any]) -> Violations:
    return select(union_all(*violations).subquery().c[0])
