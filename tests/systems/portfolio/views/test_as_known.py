"""Claims about the second clock: every view can be had as it would have been at a moment, and every change is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidCursor, InvalidValue
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.errors import CompanyNotFound, InputNotFound
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter, quarters_before
from strongroom.systems.portfolio.services import companies, inputs
from strongroom.systems.portfolio.services.alerts import find_alerts
from strongroom.systems.portfolio.services.cohorts import CohortBy, cohort_comparison
from strongroom.systems.portfolio.services.exposure import currency_exposure
from strongroom.systems.portfolio.services.funds import fund_overview
from strongroom.systems.portfolio.services.missing import missing_submissions
from strongroom.systems.portfolio.services.pages import page_companies, page_inputs, page_metrics
from strongroom.systems.portfolio.services.snapshot import snapshot
from strongroom.systems.portfolio.services.trail import Recorded, TrailAction, trail_of
from strongroom.systems.portfolio.services.trends import company_trend
from tests.systems.portfolio.views.conftest import Q4, AddCompany, Report

QUARTER = FundQuarter(2025, 4)
CURSORS = Cursors(b"a secret of sixteen bytes")
Act = Callable[..., Any]
ADA, BEN = Actor(new_id(), "Ada"), Actor(new_id(), "Ben")


def test_the_report_as_we_knew_it_then_does_not_know_what_came_later(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def first(session: Session) -> tuple[UUID, UUID]:
        put_rates(session)
        acme = add_company(session, "Acme")
        report(session, acme, quarters_before(Q4))
        return acme, report(session, acme)

    def later(session: Session) -> None:
        companies.update_company(session, acme, fund="Fund II", name="Acme Worldwide")
        inputs.update_input(session, input_id, total_revenue=1_000_000, cash_balance=500_000)
        report(session, add_company(session, "Newcomer", fund="Fund II"))

    acme, input_id = any_database.write(first)
    then = _now_for_sure()
    before = _all_views(any_database, acme, None)
    any_database.write(later)
    assert _all_views(any_database, acme, then) == before
    now = _all_views(any_database, acme, None)
    assert all(now[name] != before[name] for name in before)
    assert [line.company.name for line in any_database.read(snapshot, QUARTER, known_at=then).lines] == ["Acme"]


def test_before_anything_was_known_there_is_nothing(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    before = _now_for_sure()

    def fill(session: Session) -> UUID:
        put_rates(session)
        company_id = add_company(session, "Acme")
        report(session, company_id)
        return company_id

    company_id = any_database.write(fill)
    assert any_database.read(snapshot, QUARTER, known_at=before).lines == ()
    assert any_database.read(fund_overview, QUARTER, known_at=before).funds == ()
    with pytest.raises(CompanyNotFound):
        any_database.read(company_trend, company_id, [Measure.ARR], known_at=before)


def test_what_will_be_known_is_not_known(database: Database) -> None:
    to_come = datetime.now(UTC) + timedelta(days=1)
    for view in (snapshot, fund_overview, find_alerts, missing_submissions, currency_exposure):
        with pytest.raises(InvalidValue, match="known_at"):
            database.read(view, QUARTER, known_at=to_come)


def test_lists_go_on_where_they_were_also_in_the_past(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    def fill(session: Session) -> UUID:
        put_rates(session)
        company_id = add_company(session, "Acme")
        for count in range(5):
            report(session, company_id, quarters_before(Q4, count))
        return company_id

    company_id = any_database.write(fill)
    then = _now_for_sure()

    def change(session: Session) -> None:
        latest = inputs.get_latest_input(session, company_id)
        inputs.update_input(session, latest.id, customers=7)
        inputs.delete_input(session, inputs.get_input_of_quarter(session, company_id, quarters_before(Q4, 2)).id)
        add_company(session, "Brisk")

    any_database.write(change)

    def days(known_at: datetime | None) -> list[Any]:
        found: list[Any] = []
        cursor = None
        while True:
            part = Part(CURSORS, 2, cursor, "exact")
            page = any_database.read(page_inputs, part, {"company_id": company_id}, known_at=known_at)
            found += [(row.fiscal_reporting_date, row.customers) for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                assert page.count == len(found)
                return found

    assert days(then) == [(quarters_before(Q4, count), None) for count in range(5)]
    assert days(None) == [(Q4, 7), *((quarters_before(Q4, count), None) for count in (1, 3, 4))]
    names = [row.name for row in any_database.read(page_companies, Part(CURSORS), known_at=then).items]
    assert names == ["Acme"]
    of_all = any_database.read(page_metrics, Part(CURSORS, count="exact"), {"currency": "CAD"}, known_at=then)
    assert of_all.count == 5
    first = any_database.read(page_inputs, Part(CURSORS, 1), {}, known_at=then)
    with pytest.raises(InvalidCursor):
        any_database.read(page_inputs, Part(CURSORS, 1, first.next_cursor), {})


def test_a_trail_says_who_changed_what_when_and_from_what(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    ada, ben = any_database.acting_as(ADA), any_database.acting_as(BEN)
    any_database.write(put_rates)
    company_id = ada.write(add_company, "Acme")
    input_id = ada.write(report, company_id)
    then = _now_for_sure()
    ben.write(inputs.update_input, input_id, cash_balance=Decimal("5000000.00"), employees=41)
    ada.write(inputs.delete_input, input_id)
    trail = any_database.read(trail_of, Recorded.INPUTS, input_id)
    created, changed, deleted = trail.entries
    assert [(entry.actor, entry.action) for entry in trail.entries] == [
        ("Ada", TrailAction.CREATED),
        ("Ben", TrailAction.CHANGED),
        ("Ada", TrailAction.DELETED),
    ]
    assert created.at < then < changed.at <= deleted.at
    assert {(change.field, change.before, change.after) for change in changed.changes} == {
        ("cash_balance", "6000000.00", "5000000.00"),
        ("employees", "40", "41"),
    }
    assert ("currency", None, "USD") in {(change.field, change.before, change.after) for change in created.changes}
    with pytest.raises(InputNotFound):
        any_database.read(trail_of, Recorded.INPUTS, company_id)


def test_derived_rows_have_a_trail_too(
    any_database: Database, add_company: AddCompany, report: Report, put_rates: Act
) -> None:
    any_database.write(put_rates)
    company_id = any_database.write(add_company, "Acme")
    input_id = any_database.write(report, company_id)
    [metrics] = any_database.read(page_metrics, Part(CURSORS), {"company_id": company_id, "currency": "USD"}).items
    any_database.acting_as(BEN).write(inputs.update_input, input_id, recurring_revenue=900_000)
    changed = any_database.read(trail_of, Recorded.METRICS, metrics.id).entries[-1]
    assert changed.actor == "Ben"
    assert ("arr", "4000000.00", "3600000.00") in {(one.field, one.before, one.after) for one in changed.changes}


def _all_views(database: Database, company_id: UUID, known_at: datetime | None) -> dict[str, Any]:
    """Each view without the moment it was asked at."""
    read = database.read
    return {
        "snapshot": read(snapshot, QUARTER, known_at=known_at).lines,
        "funds": read(fund_overview, QUARTER, known_at=known_at).funds,
        "total": read(fund_overview, QUARTER, known_at=known_at).total,
        "cohorts": read(cohort_comparison, QUARTER, CohortBy.FUND, [Measure.ARR], known_at=known_at).cohorts,
        "alerts": read(find_alerts, QUARTER, known_at=known_at).alerts,
        "exposure": read(currency_exposure, QUARTER, known_at=known_at).lines,
        "trend": read(company_trend, company_id, [Measure.TOTAL_REVENUE], known_at=known_at).points,
        "company": read(company_trend, company_id, [Measure.TOTAL_REVENUE], known_at=known_at).company,
    }


def _now_for_sure() -> datetime:
    """A moment after all that was written before and before all that is written after: SQLite counts milliseconds."""
    time.sleep(0.01)
    moment = datetime.now(UTC)
    time.sleep(0.01)
    return moment
