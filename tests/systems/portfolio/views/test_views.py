"""Claims about the portfolio at a quarter: what adds up, who is missing, who is in trouble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.rules.alerts import AlertKind, AlertThresholds
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter, quarters_before
from strongroom.systems.portfolio.services import companies
from strongroom.systems.portfolio.services.alerts import find_alerts
from strongroom.systems.portfolio.services.cohorts import CohortBy, cohort_comparison
from strongroom.systems.portfolio.services.exposure import currency_exposure
from strongroom.systems.portfolio.services.funds import fund_overview
from strongroom.systems.portfolio.services.missing import missing_submissions
from strongroom.systems.portfolio.services.snapshot import snapshot
from strongroom.systems.portfolio.services.trends import company_trend
from tests.systems.portfolio.views.conftest import Q4, AddCompany, Report

QUARTER = FundQuarter(2025, 4)
Act = Callable[..., Any]


def test_the_worked_example_of_the_field_comes_out_of_one_snapshot(
    any_database: Database, add_company: AddCompany, report_two_years: Act, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        report_two_years(session, add_company(session, "Acme"))

    any_database.write(fill)
    [line] = any_database.read(snapshot, QUARTER).lines
    assert line.figures is not None
    expected = {
        Measure.ARR: "4800000.00",
        Measure.REVENUE_GROWTH: "7.14",
        Measure.LTM_TOTAL_REVENUE: "5400000.00",
        Measure.YOY_GROWTH_LTM_REVENUE: "25.58",
        Measure.RUNWAY_MONTHS: "86.0",
        Measure.EMPLOYEES: "63",
        Measure.NET_NEW_ARR: "320000.00",
        Measure.BURN_MULTIPLE: "0.38",
        Measure.ARR_PER_FTE: "76190.48",
        Measure.EV_TO_LTM_REVENUE: "9.44",
        Measure.EV_TO_ARR: "10.63",
        Measure.RULE_OF_40: "22.66",
        Measure.MAGIC_NUMBER: "1.07",
    }
    assert {measure: str(line.figures[measure]) for measure in expected} == expected


def test_a_company_that_has_not_reported_stands_in_the_snapshot_without_figures(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        report(session, add_company(session, "Acme"))
        add_company(session, "Brisk", year_end_date=date(2020, 1, 31))
        companies.set_reporting_status(session, add_company(session, "Gone"), "Exited")

    any_database.write(fill)
    view = any_database.read(snapshot, QUARTER)
    assert [line.company.name for line in view.lines] == ["Acme", "Brisk"]
    assert [line.company.name for line in view.missing] == ["Brisk"]
    assert view.missing[0].expected_date == date(2025, 10, 31)


def test_every_view_of_a_quarter_takes_a_handful_of_statements_however_many_companies_there_are(
    database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        for number in range(12):
            company_id = add_company(session, f"Company {number}", fund=f"Fund {number % 3}")
            report(session, company_id, quarters_before(Q4))
            report(session, company_id)

    database.write(fill)
    views: list[tuple[Callable[..., Any], tuple[Any, ...], int]] = [
        (snapshot, (QUARTER,), 2),
        (fund_overview, (QUARTER,), 2),
        (cohort_comparison, (QUARTER, CohortBy.FUND, [Measure.ARR]), 2),
        (find_alerts, (QUARTER,), 3),
        (missing_submissions, (QUARTER,), 1),
        (currency_exposure, (QUARTER,), 2),
    ]
    taken = {view.__name__: _statements(database, view, *arguments) for view, arguments, _ in views}
    assert taken == {view.__name__: allowed for view, _, allowed in views}


def test_funds_add_up_to_the_total_and_growth_compares_like_with_like(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        old, new = add_company(session, "Old"), add_company(session, "New")
        other = add_company(session, "Other", fund="Fund II")
        add_company(session, "Silent", fund="Fund II")
        report(session, old, quarters_before(Q4), recurring_revenue=500_000)
        report(session, old, recurring_revenue=600_000)
        report(session, new, recurring_revenue=900_000, cash_balance=400_000)
        report(session, other, total_revenue=100_000, recurring_revenue=0, gross_profit=0, cash_burn=-5)

    any_database.write(fill)
    view = any_database.read(fund_overview, QUARTER)
    first, second = view.funds
    assert (first.fund, first.companies, first.reported, first.arr) == ("Fund I", 2, 2, Decimal(6_000_000))
    assert (second.fund, second.companies, second.reported, second.arr) == ("Fund II", 2, 1, Decimal(0))
    # New was not there before: it is no growth
    assert (first.arr_growth, second.arr_growth, view.total.arr_growth) == (Decimal("20.00"), None, Decimal("20.00"))
    # 60 and 4 months; Other burns nothing, which is no runway of 0
    assert (first.median_runway_months, first.short_runway) == (Decimal("32.0"), 1)
    assert (second.median_runway_months, second.short_runway) == (None, 0)
    assert view.total.total_revenue == first.total_revenue + second.total_revenue == Decimal(2_500_000)
    assert any_database.read(fund_overview, QUARTER, runway_months_min=Decimal(100)).total.short_runway == 2


def test_a_trend_shows_the_quarters_that_are_missing(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> UUID:
        put_rates(session)
        company_id = add_company(session, "Acme")
        for count in (5, 4, 1):
            report(session, company_id, quarters_before(Q4, count))
        return company_id

    company_id = any_database.write(fill)
    trend = any_database.read(company_trend, company_id, [Measure.TOTAL_REVENUE], end_date=Q4)
    assert [(str(point.fund_quarter), point.is_reported) for point in trend.points] == [
        ("Q3 2024", True),
        ("Q4 2024", True),
        ("Q1 2025", False),
        ("Q2 2025", False),
        ("Q3 2025", True),
        ("Q4 2025", False),
    ]
    assert trend.points[2].values == {Measure.TOTAL_REVENUE: None}


def test_cohorts_know_their_middle_and_their_spread(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        for name, raised, revenue in (("A", 900_000, 1), ("B", 1_000_000, 2), ("C", 4_999_999, 3), ("D", None, 4)):
            company_id = add_company(session, name, equity_raised=raised)
            report(session, company_id, total_revenue=revenue * 1_000_000, recurring_revenue=0, gross_profit=0)

    any_database.write(fill)
    view = any_database.read(cohort_comparison, QUARTER, CohortBy.SIZE, [Measure.TOTAL_REVENUE, Measure.RULE_OF_40])
    assert [(cohort.name, [member.name for member in cohort.members]) for cohort in view.cohorts] == [
        ("under 1m", ["A"]),
        ("1m to 5m", ["B", "C"]),
        ("unknown", ["D"]),
    ]
    spread = view.cohorts[1].spreads[Measure.TOTAL_REVENUE]
    assert spread is not None
    assert (spread.median, spread.lower_quartile) == (Decimal("2500000.00"), Decimal("2250000.00"))
    assert view.cohorts[1].spreads[Measure.RULE_OF_40] is None


def test_alerts_name_who_crosses_which_threshold(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        short = add_company(session, "Short of cash")
        falling = add_company(session, "Falling")
        edge = add_company(session, "Just fine")
        stale, late = add_company(session, "Stale"), add_company(session, "Late")
        add_company(session, "Unheard of")
        report(session, short, cash_balance=500_000, cash_burn=300_000)
        report(session, falling, quarters_before(Q4))
        report(session, falling, total_revenue=1_000_000, recurring_revenue=1_000_000, gross_profit=400_000)
        report(session, edge, cash_balance=900_000, cash_burn=450_000)
        report(session, late, quarters_before(Q4))
        report(session, stale, quarters_before(Q4, 2))

    any_database.write(fill)
    view = any_database.read(find_alerts, QUARTER)
    assert {(alert.company.name, alert.kind): alert.value for alert in view.alerts} == {
        ("Falling", AlertKind.REVENUE_DECLINE): Decimal("16.67"),
        ("Falling", AlertKind.MARGIN_DROP): Decimal("26.67"),
        ("Late", AlertKind.MISSING_SUBMISSION): Decimal(1),
        ("Short of cash", AlertKind.SHORT_RUNWAY): Decimal("5.0"),
        ("Short of cash", AlertKind.LITTLE_CASH): Decimal("1.7"),
        ("Stale", AlertKind.STALE): Decimal(2),
        ("Unheard of", AlertKind.MISSING_SUBMISSION): None,
    }
    strict = AlertThresholds(runway_months_min=Decimal("6.1"))
    kinds = {(alert.company.name, alert.kind) for alert in any_database.read(find_alerts, QUARTER, strict).alerts}
    assert ("Just fine", AlertKind.SHORT_RUNWAY) in kinds


def test_the_reminder_list_says_how_late_and_how_long_silent(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        report(session, add_company(session, "Acme"))
        report(session, add_company(session, "Late"), quarters_before(Q4, 3))
        add_company(session, "New", fund="Fund II")

    any_database.write(fill)
    view = any_database.read(missing_submissions, QUARTER)
    assert [(one.company.name, one.quarters_silent) for one in view.missing] == [("Late", 3), ("New", None)]
    assert view.companies == 3
    assert view.missing[0].days_late == (view.known_at.date() - Q4).days
    of_two = any_database.read(missing_submissions, QUARTER, fund="Fund II")
    assert [one.company.name for one in of_two.missing] == ["New"]


def test_exposure_groups_by_the_currency_that_was_reported(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> None:
        put_rates(session)
        report(session, add_company(session, "Berlin", reporting_currency="EUR"), currency="EUR")
        report(session, add_company(session, "Boston"), total_revenue=880_000, recurring_revenue=0, gross_profit=0)

    any_database.write(fill)
    euro, dollar = any_database.read(currency_exposure, QUARTER).lines
    assert (euro.reporting_currency, euro.total_revenue, euro.rate_min) == ("EUR", Decimal(1_320_000), Decimal("1.1"))
    assert (dollar.reporting_currency, dollar.rate_max) == ("USD", Decimal(1))
    assert (euro.share_of_revenue, dollar.share_of_revenue) == (Decimal("60.00"), Decimal("40.00"))


def test_several_companies_are_added_up_in_a_currency_that_all_are_reported_in(database: Database) -> None:
    with pytest.raises(InvalidValue, match="USD or CAD"):
        database.read(snapshot, QUARTER, "EUR")


def _statements(database: Database, view: Callable[..., Any], *arguments: Any) -> int:
    count = 0

    def counted(session: Session) -> None:
        nonlocal count

        def add(*_: Any) -> None:
            nonlocal count
            count += 1

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", add)
        view(session, *arguments)
        event.remove(connection, "before_cursor_execute", add)

    database.read(counted)
    return count
