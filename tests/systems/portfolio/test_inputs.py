"""A quarter sent, restated and taken back, and all that follows from it, on PostgreSQL and on SQLite."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.system import System
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.errors import (
    CompanyNotFound,
    FinancialsNotFound,
    InputNotFound,
    MetricsNotFound,
    RateUnavailable,
)
from strongroom.systems.portfolio.models import (
    Company,
    MetricsInput,
    QuarterValuation,
    ReportingFinancials,
    ReportingMetrics,
)
from strongroom.systems.portfolio.rules import METRIC_FIELDS, RateQuote, quarters_before
from strongroom.systems.portfolio.services import companies, inputs, rates, recomputing, reporting
from tests.systems.portfolio import worked_example
from tests.systems.portfolio.building import (
    DAYS,
    LAST,
    add_company,
    add_reporting_company,
    figures_of,
    put_daily_rates,
    quarter,
    twelve_quarters,
)

#: the fourth of twelve: seven quarters look back on it, one comes after them
MIDDLE = 3


@pytest.fixture
def company(any_database: Database) -> Company:
    """Twelve quarters in euros."""
    return any_database.write(add_reporting_company, twelve_quarters())


def test_the_worked_example_is_stored_and_read_back(any_database: Database) -> None:
    any_database.write(put_daily_rates)
    company = any_database.write(add_company)
    for submission in worked_example.submissions():
        any_database.write(inputs.submit, company.id, submission)
    last = any_database.read(reporting.get_metrics, company.id, worked_example.LAST, "USD")
    first = any_database.read(reporting.get_metrics, company.id, worked_example.DAYS[0], "USD")
    assert {name: getattr(last, name) for name in METRIC_FIELDS} == worked_example.EIGHTH_QUARTER
    assert {name: getattr(first, name) for name in METRIC_FIELDS} == {
        name: worked_example.FIRST_QUARTER.get(name) for name in METRIC_FIELDS
    }


def test_quarters_sent_in_any_order_or_at_once_come_to_the_same(any_database: Database) -> None:
    sent = twelve_quarters()
    any_database.write(put_daily_rates)
    one = any_database.write(add_company, name="One", reporting_currency="EUR")
    for submission in [*sent[6:], *reversed(sent[:6])]:
        any_database.write(inputs.submit, one.id, submission)
    other = any_database.write(add_reporting_company, sent, name="Other")
    assert any_database.read(figures_of, one.id) == any_database.read(figures_of, other.id)


def test_a_restated_quarter_changes_itself_and_the_seven_after_it(any_database: Database, company: Company) -> None:
    before = any_database.read(figures_of, company.id)
    sent = twelve_quarters()
    sent[MIDDLE] = replace(
        sent[MIDDLE], total_revenue="2000000.37", gross_profit="900000.00", cash_balance="9000000.00", employees=90
    )
    any_database.write(inputs.submit, company.id, sent[MIDDLE])
    after = any_database.read(figures_of, company.id)
    assert sorted({day for day, _ in after if after[day, "USD"] != before[day, "USD"]}) == list(
        DAYS[MIDDLE : MIDDLE + 8]
    )
    # the same as if it had been sent like this from the beginning: every figure, in every currency
    anew = any_database.write(add_reporting_company, sent, name="Anew")
    assert after == any_database.read(figures_of, anew.id)
    assert {currency for _, currency in after} == {"EUR", "USD", "CAD"}


@pytest.mark.parametrize("currency", ["EUR", "USD", "CAD"])
def test_what_a_restated_quarter_changes_is_what_looks_at_it(
    any_database: Database, company: Company, currency: str
) -> None:
    before = any_database.read(figures_of, company.id)
    restated = replace(twelve_quarters()[MIDDLE], total_revenue="2000000.37")
    any_database.write(inputs.submit, company.id, restated)
    after = any_database.read(figures_of, company.id)

    def changed(number: int) -> set[str]:
        key = DAYS[number], currency
        return {name for name, value in after[key].items() if value != before[key][name]}

    year = {"metric ltm_total_revenue", "metric ltm_gross_margin", "metric ltm_ebitda_margin"}
    year |= {"metric ltm_net_income_margin"}
    assert changed(MIDDLE - 1) == set()
    assert {"total_revenue", "metric revenue_growth", "metric gross_profit_margin", *year} <= changed(MIDDLE)
    assert changed(MIDDLE + 1) == {"metric revenue_growth", *year}
    assert changed(MIDDLE + 2) == changed(MIDDLE + 3) == year
    growth = "metric yoy_growth_ltm_revenue"
    assert changed(MIDDLE + 4) == {"metric yoy_growth_revenue", growth}
    assert [changed(MIDDLE + count) for count in (5, 6, 7)] == [{growth}] * 3
    assert changed(MIDDLE + 8) == set()
    rate = after[DAYS[MIDDLE], currency]["exchange_rate_used"]
    assert after[DAYS[MIDDLE], currency]["total_revenue"] == round(Decimal("2000000.37") * rate, 2)


def test_a_quarter_that_changes_nothing_writes_nothing(any_database: Database, company: Company) -> None:
    any_database.write(inputs.submit, company.id, twelve_quarters()[MIDDLE])
    any_database.write(recomputing.recompute_company, company.id)

    def count_changed(session: Session) -> int:
        changed = ReportingMetrics.last_update_date.is_not(None)
        return session.scalar(select(func.count()).select_from(ReportingMetrics).where(changed)) or 0

    assert any_database.read(count_changed) == 0


def test_a_quarter_taken_back_is_as_if_it_had_never_been_sent(any_database: Database, company: Company) -> None:
    row = any_database.read(inputs.get_input_of_quarter, company.id, DAYS[MIDDLE])
    any_database.write(inputs.delete_input, row.id)
    sent = twelve_quarters()
    del sent[MIDDLE]
    never_sent = any_database.write(add_reporting_company, sent, name="Never sent")
    assert any_database.read(figures_of, company.id) == any_database.read(figures_of, never_sent.id)
    with pytest.raises(InputNotFound):
        any_database.read(inputs.get_input_of_quarter, company.id, DAYS[MIDDLE])
    with pytest.raises(InputNotFound):
        any_database.write(inputs.delete_input, row.id)


@pytest.mark.parametrize(
    ("currency", "expected"), [("EUR", ["CAD", "EUR", "USD"]), ("USD", ["CAD", "USD"]), ("CAD", ["CAD", "USD"])]
)
def test_a_quarter_is_reported_in_its_own_currency_and_the_funds_two(
    any_database: Database, currency: str, expected: list[str]
) -> None:
    company = any_database.write(add_reporting_company, [quarter(currency=currency)])
    found = any_database.read(reporting.list_metrics, company_id=company.id)
    assert [row.currency for row in found.items] == expected
    own = any_database.read(reporting.get_financials, company.id, LAST, currency)
    assert (own.exchange_rate_used, own.total_revenue) == (Decimal(1), Decimal("1000000.00"))


def test_amounts_are_converted_at_the_closing_rate_and_no_debt_stays_none(any_database: Database) -> None:
    any_database.write(put_daily_rates)
    company = any_database.write(add_company, reporting_currency="EUR")
    for debt, expected in ((None, None), ("0.00", Decimal("0.00")), ("10.05", Decimal("11.00"))):
        any_database.write(inputs.submit, company.id, quarter(currency="EUR", debt_outstanding=debt))
        row = any_database.read(reporting.get_financials, company.id, LAST, "USD")
        assert row.exchange_rate_used == Decimal("1.0947")
        assert row.total_revenue == Decimal("1094700.00")
        assert row.debt_outstanding == expected
        assert row.to_dict()["debt_outstanding"] == (None if expected is None else str(expected))


def test_a_quarter_restated_in_another_currency_leaves_nothing_in_the_old_one(
    any_database: Database, company: Company
) -> None:
    sent = twelve_quarters()
    sent[MIDDLE] = replace(sent[MIDDLE], currency="GBP")
    any_database.write(inputs.submit, company.id, sent[MIDDLE])
    after = any_database.read(figures_of, company.id)
    assert sorted(currency for day, currency in after if day == DAYS[MIDDLE]) == ["CAD", "GBP", "USD"]
    assert after[DAYS[MIDDLE + 1], "EUR"]["metric revenue_growth"] is None
    assert after[DAYS[MIDDLE + 1], "USD"]["metric revenue_growth"] is not None
    assert after[DAYS[MIDDLE + 1], "EUR"]["metric employee_growth_rate"] is not None
    # what the company was worth then stays in euros
    value = after[DAYS[MIDDLE], "USD"]["metric enterprise_value"] - after[DAYS[MIDDLE], "USD"]["debt_outstanding"]
    assert abs(value - Decimal(50_000_000) * Decimal("1.0867")) < Decimal("0.05")


def test_without_a_rate_nothing_of_the_submission_is_stored(any_database: Database) -> None:
    company = any_database.write(add_company)
    with pytest.raises(RateUnavailable) as refusal:
        any_database.write(inputs.submit, company.id, quarter())
    assert refusal.value.facts == {"base": "USD", "quote": "CAD", "day": LAST}
    for model in (MetricsInput, QuarterValuation, ReportingFinancials, ReportingMetrics):
        assert any_database.read(count, model) == 0


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_figures_that_cannot_be_are_refused_and_not_stored(any_database: Database) -> None:
    any_database.write(put_daily_rates)
    company = any_database.write(add_company)
    with pytest.raises(InvalidValue) as refusal:
        any_database.write(inputs.submit_quarters, company.id, [quarter(DAYS[0]), quarter(employees=0)])
    assert refusal.value.facts["field"] == "employees"
    assert any_database.read(count, MetricsInput) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"total_revenue": "0", "recurring_revenue": "0", "gross_profit": "-10"},
        {"cash_burn": "-200000.00"},
        {"ebitda": "5000000.00", "net_income": "5000000.00"},
        {"debt_outstanding": None, "customers": None},
        {"fiscal_reporting_quarter": 4, "reporting_year": 2024, "reporting_quarter": 4},
        {"total_revenue": 10**16, "recurring_revenue": 10**16},
    ],
)
def test_figures_that_are_rare_are_taken(
    any_database: Database, systems: tuple[System, ...], changes: dict[str, Any]
) -> None:
    any_database.write(put_daily_rates)
    company = any_database.write(add_company)
    if changes.get("total_revenue") == 10**16:
        rate = RateQuote("USD", "CAD", LAST, Decimal("0.5"))
        any_database.write(rates.put_rates, [rate])
    any_database.write(inputs.submit, company.id, replace(quarter(), **changes))
    assert [finding for finding in any_database.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_a_quarter_of_an_unknown_company_is_refused(any_database: Database) -> None:
    with pytest.raises(CompanyNotFound):
        any_database.write(inputs.submit, new_id(), quarter())


def test_the_same_quarter_twice_in_one_go_is_refused(any_database: Database, company: Company) -> None:
    with pytest.raises(InvalidValue, match="given twice"):
        any_database.write(inputs.submit_quarters, company.id, [quarter(), quarter()])


def test_some_figures_of_a_quarter_can_be_restated_alone(any_database: Database, company: Company) -> None:
    row = any_database.read(inputs.get_input_of_quarter, company.id, DAYS[MIDDLE])
    changed = any_database.write(inputs.update_input, row.id, cash_balance="1.00", employees=7)
    assert (changed.cash_balance, changed.employees, changed.total_revenue) == (Decimal(1), 7, row.total_revenue)
    sent = twelve_quarters()
    sent[MIDDLE] = replace(sent[MIDDLE], cash_balance="1.00", employees=7)
    anew = any_database.write(add_reporting_company, sent, name="Anew")
    assert any_database.read(figures_of, company.id) == any_database.read(figures_of, anew.id)


def test_a_quarter_cannot_be_moved(any_database: Database, company: Company) -> None:
    row = any_database.read(inputs.get_input_of_quarter, company.id, DAYS[MIDDLE])
    with pytest.raises(TypeError, match="fiscal_reporting_date"):
        any_database.write(inputs.update_input, row.id, fiscal_reporting_date=LAST)


def test_a_company_that_moved_its_year_still_restates_what_it_sent_before(
    any_database: Database, company: Company
) -> None:
    any_database.write(companies.update_company, company.id, year_end_date=date(2024, 1, 31))
    any_database.write(inputs.submit, company.id, replace(twelve_quarters()[-1], employees=999))
    row = any_database.read(inputs.get_input_of_quarter, company.id, LAST)
    assert (row.employees, row.fiscal_reporting_quarter) == (999, 4)
    with pytest.raises(InvalidValue):
        any_database.write(inputs.submit, company.id, quarter(date(2025, 3, 31)))
    any_database.write(put_daily_rates, [date(2025, 1, 31)])
    moved = any_database.write(inputs.submit, company.id, quarter(date(2025, 1, 31), currency="EUR"))
    assert (moved.fiscal_reporting_quarter, moved.reporting_year, moved.reporting_quarter) == (4, 2025, 1)


def test_rows_are_signed_by_whoever_sent_and_restated_them(any_database: Database) -> None:
    any_database.write(put_daily_rates)
    ada, bob = (any_database.acting_as(Actor(new_id(), name)) for name in ("Ada", "Bob"))
    company = ada.write(add_company)
    ada.write(inputs.submit, company.id, quarter())
    bob.write(inputs.submit, company.id, quarter(total_revenue="1100000.00"))

    def signatures(session: Session) -> set[tuple[str, str | None, bool]]:
        models: tuple[Any, ...] = (MetricsInput, ReportingFinancials, ReportingMetrics)
        return {
            (row.created_by, row.last_updated_by, row.last_update_date is not None)
            for model in models
            for row in session.scalars(select(model))
        }

    assert any_database.read(signatures) == {("Ada", "Bob", True)}


def test_a_new_rate_changes_what_was_reported_only_when_it_is_asked_to(
    any_database: Database, company: Company
) -> None:
    before = any_database.read(figures_of, company.id)
    any_database.write(rates.put_rates, [RateQuote("EUR", "USD", DAYS[MIDDLE], Decimal("2.5"))])
    any_database.write(recomputing.recompute_all)
    assert any_database.read(figures_of, company.id) == before
    assert any_database.write(recomputing.recompute_quarter, company.id, DAYS[MIDDLE], with_new_rates=True) == 8
    after = any_database.read(figures_of, company.id)
    assert after[DAYS[MIDDLE], "USD"]["exchange_rate_used"] == Decimal("2.5")
    assert after[DAYS[MIDDLE], "CAD"]["exchange_rate_used"] == Decimal("3.3930")  # 2.5 * (1.3542 + 0.003)
    assert after[DAYS[MIDDLE], "EUR"] == before[DAYS[MIDDLE], "EUR"]
    assert after[DAYS[MIDDLE + 1], "USD"]["metric revenue_growth"] < 0


def test_what_was_lost_is_worked_out_again(any_database: Database, company: Company) -> None:
    before = any_database.read(figures_of, company.id)

    def lose(session: Session) -> None:
        for model in (ReportingFinancials, ReportingMetrics, QuarterValuation):
            for row in session.scalars(select(model)):
                session.delete(row)

    any_database.write(lose)
    assert any_database.read(figures_of, company.id) == {}
    assert any_database.write(recomputing.recompute_all) == 12
    assert any_database.read(figures_of, company.id) == before


def test_a_quarter_that_was_not_sent_cannot_be_worked_out(any_database: Database, company: Company) -> None:
    with pytest.raises(InputNotFound):
        any_database.write(recomputing.recompute_quarter, company.id, quarters_before(DAYS[0]))


def test_a_submission_takes_as_many_statements_for_many_quarters_as_for_one(database: Database) -> None:
    company = database.write(add_reporting_company, twelve_quarters())
    statements: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    database.write(inputs.submit, company.id, replace(twelve_quarters()[MIDDLE], employees=1))
    one = len(statements)
    statements.clear()
    database.write(inputs.submit_quarters, company.id, [replace(sent, employees=2) for sent in twelve_quarters()])
    assert len(statements) == one <= 10


def test_inputs_are_listed_newest_first_and_by_what_is_asked(any_database: Database, company: Company) -> None:
    other = any_database.write(add_reporting_company, [quarter(DAYS[0])], name="Other")
    found = any_database.read(inputs.list_inputs, company_id=company.id)
    assert [row.fiscal_reporting_date for row in found.items] == sorted(DAYS, reverse=True)
    assert any_database.read(inputs.get_latest_input, company.id).fiscal_reporting_date == LAST
    assert any_database.read(inputs.list_inputs, limit=5, skip=11).total == 13
    assert len(any_database.read(inputs.list_inputs, limit=5, skip=11).items) == 2
    between = any_database.read(
        inputs.list_inputs, company_id=company.id, start_date=DAYS[2], end_date=DAYS[4], limit=2
    )
    assert ([row.fiscal_reporting_date for row in between.items], between.total) == ([DAYS[4], DAYS[3]], 3)
    of_quarter = any_database.read(inputs.list_inputs, year=2022, quarter=1)
    assert {row.company_id for row in of_quarter.items} == {company.id, other.id}
    with pytest.raises(InputNotFound):
        any_database.read(inputs.get_latest_input, new_id())


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("limit", {"limit": 0}),
        ("limit", {"limit": 1001}),
        ("skip", {"skip": -1}),
        ("end_date", {"start_date": date(2024, 1, 2), "end_date": date(2024, 1, 1)}),
        ("currency", {"currency": "ABC"}),
    ],
)
def test_a_list_that_cannot_be_is_refused(any_database: Database, field: str, wanted: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        any_database.read(inputs.list_inputs, **wanted)
    assert refusal.value.facts["field"] == field


def test_derived_rows_are_found_by_date_and_by_the_funds_quarter(any_database: Database, company: Company) -> None:
    by_date = any_database.read(reporting.get_metrics, company.id, LAST, "usd")
    by_quarter = any_database.read(reporting.get_metrics_of_fund_quarter, company.id, 2024, 4, "USD")
    assert by_date.id == by_quarter.id
    financials = any_database.read(reporting.get_financials_of_fund_quarter, company.id, 2024, 4, "USD")
    assert financials.fiscal_reporting_date == LAST
    assert any_database.read(reporting.list_financials, currency="USD", year=2024).total == 4
    with pytest.raises(MetricsNotFound):
        any_database.read(reporting.get_metrics, company.id, LAST, "GBP")
    with pytest.raises(FinancialsNotFound):
        any_database.read(reporting.get_financials, new_id(), LAST, "USD")


def test_what_is_derived_passes_every_check(
    any_database: Database, company: Company, systems: tuple[System, ...]
) -> None:
    any_database.write(inputs.submit, company.id, replace(twelve_quarters()[MIDDLE], currency="GBP", employees=3))
    row = any_database.read(inputs.get_input_of_quarter, company.id, DAYS[MIDDLE + 2])
    any_database.write(inputs.delete_input, row.id)
    assert [finding for finding in any_database.read(run_checks, systems[0].checks) if not finding.holds] == []
