"""What was known when: a report read again as it was on the day it was made, whatever was restated since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import RowIsImmutable
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.system import System
from strongroom.kernel.tables import find_history
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.errors import CompanyNotFound, InputNotFound, MetricsNotFound
from strongroom.systems.portfolio.models import Company, MetricsInput
from strongroom.systems.portfolio.services import companies, inputs, reporting
from tests.systems.portfolio.building import (
    DAYS,
    LAST,
    add_company,
    add_reporting_company,
    quarter,
    tick,
    twelve_quarters,
)


def restate(database: Database, company: Company, number: int, revenue: str) -> None:
    sent = replace(twelve_quarters()[number], total_revenue=revenue, recurring_revenue="0", gross_profit="0")
    database.write(inputs.submit, company.id, sent)


def arr(database: Database, company: Company, known_at: datetime | None = None) -> Decimal:
    return database.read(reporting.get_metrics, company.id, LAST, "EUR", known_at=known_at).arr


def test_one_company_is_read_as_it_was_known_before_and_between_two_restatements(any_database: Database) -> None:
    before_all = tick()
    company = any_database.write(add_reporting_company, twelve_quarters())
    reported = tick()
    any_database.write(inputs.submit, company.id, replace(twelve_quarters()[-1], recurring_revenue="1.00"))
    between = tick()
    any_database.write(inputs.submit, company.id, replace(twelve_quarters()[-1], recurring_revenue="2.00"))
    first = Decimal("700000.11") + 29_013 * 11
    known = [arr(any_database, company, moment) for moment in (reported, between, tick(), None)]
    assert known == [first * 4, 4, 8, 8]
    sent = [
        any_database.read(inputs.get_input_of_quarter, company.id, LAST, known_at=moment).recurring_revenue
        for moment in (reported, between, None)
    ]
    assert sent == [first, 1, 2]
    with pytest.raises(MetricsNotFound):
        arr(any_database, company, before_all)
    with pytest.raises(InputNotFound):
        any_database.read(inputs.get_latest_input, company.id, known_at=before_all)
    with pytest.raises(CompanyNotFound):
        any_database.read(companies.get_company, company.id, known_at=before_all)


def test_the_whole_fund_is_read_as_it_was_known(any_database: Database) -> None:
    one = any_database.write(add_reporting_company, twelve_quarters(), name="One")
    reported_one = tick()
    other = any_database.write(add_reporting_company, twelve_quarters(), name="Other")
    reported = tick()
    restate(any_database, one, 11, "1.00")
    restated_one = tick()
    restate(any_database, other, 11, "2.00")
    any_database.write(companies.set_reporting_status, other.id, "Exited")

    def revenue_of_fund(known_at: datetime | None) -> dict[str, Decimal]:
        found = any_database.read(reporting.list_financials, currency="EUR", year=2024, quarter=4, known_at=known_at)
        names = {row.id: row.name for row in any_database.read(companies.list_companies, known_at=known_at).items}
        assert found.total == len(found.items) == len(names)
        return {names[row.company_id]: row.total_revenue for row in found.items}

    first = Decimal("1000000.37") + 37_411 * 11
    assert revenue_of_fund(reported_one) == {"One": first}
    assert revenue_of_fund(reported) == {"One": first, "Other": first}
    assert revenue_of_fund(restated_one) == {"One": 1, "Other": first}
    assert revenue_of_fund(None) == {"One": 1, "Other": 2}
    statuses = [
        any_database.read(companies.get_company, other.id, known_at=moment).reporting_status.value
        for moment in (reported, None)
    ]
    assert statuses == ["Active", "Exited"]
    by_name = any_database.read(companies.get_company_by_name, "Other", known_at=reported)
    assert by_name.to_dict()["reporting_status"] == "Active"


def test_what_followed_from_a_restated_quarter_is_known_with_it(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, twelve_quarters())
    reported = tick()
    restate(any_database, company, 8, "1.00")
    then, now = (
        any_database.read(reporting.get_metrics, company.id, DAYS[9], "USD", known_at=moment)
        for moment in (reported, None)
    )
    assert then.revenue_growth != now.revenue_growth
    assert then.ltm_total_revenue is not None
    assert now.ltm_total_revenue is not None
    assert then.ltm_total_revenue > now.ltm_total_revenue


def test_a_quarter_taken_back_stays_readable_as_it_was_known(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, twelve_quarters())
    row = any_database.read(inputs.get_latest_input, company.id)
    reported = tick()
    any_database.acting_as(Actor(new_id(), "Bob")).write(inputs.delete_input, row.id)
    assert any_database.read(inputs.get_input, row.id, known_at=reported).total_revenue == row.total_revenue
    assert any_database.read(reporting.list_metrics, company_id=company.id, known_at=reported).total == 36
    assert any_database.read(reporting.list_metrics, company_id=company.id).total == 33
    history = find_history(MetricsInput)
    assert history is not None
    trail = select(history.c.last_updated_by).where(history.c.id == row.id).order_by(history.c.history_id)
    assert any_database.read(lambda session: session.scalars(trail).all()) == [None, "Bob"]


def test_a_list_as_it_was_known_has_the_same_order_and_parts(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, twelve_quarters())
    reported = tick()
    restate(any_database, company, 3, "1.00")
    part = any_database.read(inputs.list_inputs, company_id=company.id, skip=7, limit=3, known_at=reported)
    assert [row.fiscal_reporting_date for row in part.items] == [DAYS[4], DAYS[3], DAYS[2]]
    assert part.total == 12
    assert part.items[1].total_revenue == Decimal("1000000.37") + 37_411 * 3


def test_a_change_written_by_hand_is_dated_and_known(any_database: Database, systems: tuple[System, ...]) -> None:
    company = any_database.write(add_company)
    reported = tick()
    any_database.write(lambda session: session.execute(text("UPDATE portfolio.companies SET fund = 'Fund IX'")))
    changed = any_database.read(companies.get_company, company.id)
    assert changed.fund == "Fund IX"
    assert changed.last_update_date is not None
    assert any_database.read(companies.get_company, company.id, known_at=reported).fund == "Fund I"
    assert any_database.read(companies.get_company, company.id, known_at=tick()).to_dict() == changed.to_dict()
    assert [finding for finding in any_database.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_nobody_rewrites_what_was_known(any_database: Database) -> None:
    any_database.write(add_reporting_company, [quarter()])

    def forge(session: Session) -> None:
        session.execute(text("UPDATE portfolio.quarterly_reporting_metrics_history SET arr = 0"))

    with pytest.raises(RowIsImmutable):
        any_database.write(forge)
