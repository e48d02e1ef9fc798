"""One company restated by many hands at once, on PostgreSQL: the end is that of some order, one after the other.

A restatement reads quarters around its own and writes what follows from them. Two that run side by side would each
work with the other's old figures, and rows would stay that no order leads to.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import AsyncDatabase, Attempts, Database
from strongroom.kernel.system import System
from strongroom.systems.portfolio.errors import CompanyHasData, CompanyNotFound
from strongroom.systems.portfolio.models import Company, MetricsInput
from strongroom.systems.portfolio.rules import AMOUNT_FIELDS, Submission
from strongroom.systems.portfolio.services import companies, inputs, recomputing
from tests.systems.portfolio.building import (
    DAYS,
    add_company,
    add_reporting_company,
    figures_of,
    put_daily_rates,
    quarter,
    twelve_quarters,
)

AT_ONCE = 50


@pytest.fixture
def postgresql_options(postgresql_options: DatabaseOptions) -> DatabaseOptions:
    """Fifty that queue for one company on a busy machine wait longer than a caller should have to."""
    return replace(postgresql_options, lock_timeout_s=200, command_timeout_s=200)


@pytest.fixture
def company(database: Database) -> Company:
    database.attempts = Attempts(count=1)  # no second run: a collision would reach the caller
    return database.write(add_reporting_company, twelve_quarters())


def restatement(number: int) -> Submission:
    """The fifty go through the twelve quarters again and again, each with figures of its own."""
    sent = twelve_quarters()[number % len(DAYS)]
    revenue = Decimal(1_000_000 + 1_009 * number)
    return replace(
        sent,
        total_revenue=revenue,
        recurring_revenue=revenue / 2,
        gross_profit=revenue / 4,
        cash_balance=Decimal(4_000_000 + 977 * number),
        employees=40 + number,
    )


def race(database: Database, company: Company) -> None:
    together = threading.Barrier(AT_ONCE)

    def restate(number: int) -> None:
        together.wait()
        database.write(inputs.submit, company.id, restatement(number))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(restate, range(AT_ONCE)))


def check_that_one_order_leads_here(database: Database, company: Company, systems: tuple[System, ...]) -> None:
    """Whichever came last for each quarter: its figures are one submission's, and all else follows from them."""
    left = database.read(figures_of, company.id)
    sent = database.read(submissions_of, company)
    for submission in sent:
        number = DAYS.index(submission.fiscal_reporting_date)
        ways = [restatement(count) for count in range(AT_ONCE) if count % len(DAYS) == number]
        assert submission.employees in {way.employees for way in ways}
        (own,) = [way for way in ways if way.employees == submission.employees]
        assert [getattr(submission, name) for name in AMOUNT_FIELDS if name != "debt_outstanding"] == [
            Decimal(getattr(own, name)) for name in AMOUNT_FIELDS if name != "debt_outstanding"
        ]
    anew = database.write(add_reporting_company, sent, name="Anew")
    assert left == database.read(figures_of, anew.id)
    database.write(recomputing.recompute_company, company.id)
    assert left == database.read(figures_of, company.id)
    assert [finding for finding in database.read(run_checks, systems[0].checks) if not finding.holds] == []


def submissions_of(session: Session, company: Company) -> list[Submission]:
    """What the company has sent last, as it could be sent again."""
    rows = session.scalars(
        select(MetricsInput).where(MetricsInput.company_id == company.id).order_by(MetricsInput.fiscal_reporting_date)
    )
    names = [field.name for field in fields(Submission)]
    return [Submission(**{name: getattr(row, name) for name in names}) for row in rows]


def test_fifty_threads_that_restate_one_company_end_where_one_order_leads(
    database: Database, company: Company, systems: tuple[System, ...]
) -> None:
    race(database, company)
    check_that_one_order_leads_here(database, company, systems)


async def test_fifty_tasks_that_restate_one_company_end_where_one_order_leads(
    database: Database, async_database: AsyncDatabase, company: Company, systems: tuple[System, ...]
) -> None:
    async_database.attempts = Attempts(count=1)
    await asyncio.gather(
        *(async_database.write(inputs.submit, company.id, restatement(number)) for number in range(AT_ONCE))
    )
    check_that_one_order_leads_here(database, company, systems)


def test_quarters_first_sent_by_many_at_once_are_there_once(database: Database, systems: tuple[System, ...]) -> None:
    database.attempts = Attempts(count=1)
    database.write(put_daily_rates)
    company = database.write(add_company, reporting_currency="EUR")
    race(database, company)
    rows = database.read(lambda session: session.scalar(select(func.count()).select_from(MetricsInput)))
    assert rows == len(DAYS)
    check_that_one_order_leads_here(database, company, systems)


def test_restating_and_changing_the_valuation_at_once_agree_in_the_end(
    database: Database, company: Company, systems: tuple[System, ...]
) -> None:
    together = threading.Barrier(AT_ONCE)

    def act(number: int) -> None:
        together.wait()
        if number % 2:
            database.write(companies.update_company, company.id, post_money_valuation=str(1_000_000 * number))
        else:
            database.write(inputs.submit, company.id, restatement(len(DAYS) * (number // 2 % 4) - 1 + len(DAYS)))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(act, range(AT_ONCE)))
    left = database.read(figures_of, company.id)
    worth = database.read(companies.get_company, company.id).post_money_valuation
    assert worth is not None
    last = left[DAYS[-1], "EUR"]
    assert last["metric enterprise_value"] == worth + last["debt_outstanding"]
    database.write(recomputing.recompute_company, company.id)
    assert left == database.read(figures_of, company.id)
    assert [finding for finding in database.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_a_company_is_not_removed_while_its_first_quarter_comes_in(database: Database) -> None:
    database.write(put_daily_rates)
    together = threading.Barrier(2)
    for _ in range(5):
        company = database.write(add_company)

        def act(number: int, company: Company = company) -> str:
            together.wait()
            try:
                if number:
                    database.write(companies.delete_company, company.id)
                else:
                    database.write(inputs.submit, company.id, quarter())
            except (CompanyHasData, CompanyNotFound) as error:
                return error.code
            return "done"

        with ThreadPoolExecutor(2) as threads:
            outcomes = sorted(threads.map(act, range(2)))
        assert outcomes in (["COMPANY_HAS_DATA", "done"], ["COMPANY_NOT_FOUND", "done"])
        if outcomes[0] == "COMPANY_HAS_DATA":
            row = database.read(inputs.get_latest_input, company.id)
            database.write(inputs.delete_input, row.id)
            database.write(companies.delete_company, company.id)
