"""Every check on a fund whose rows were tampered with behind the services' back: each finds its own harm."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.systems.portfolio.checks import CHECKS
from tests.systems.portfolio.building import add_reporting_company, twelve_quarters

DAY = "'2023-06-30'"

#: by check: what breaks it
HARM = {
    "derived_rows_are_there": f"DELETE FROM portfolio.quarterly_reporting_metrics WHERE fiscal_reporting_date = {DAY}",
    "derived_rows_have_a_quarter": f"DELETE FROM portfolio.metrics_input WHERE fiscal_reporting_date = {DAY}",
    "quarters_are_valued": f"DELETE FROM portfolio.quarter_valuations WHERE fiscal_reporting_date = {DAY}",
    "periods_follow_the_date": "UPDATE portfolio.metrics_input SET reporting_quarter = 3 "
    f"WHERE fiscal_reporting_date = {DAY}",
    "amounts_are_converted": "UPDATE portfolio.quarterly_reporting_financials SET ebitda = ebitda + 1 "
    f"WHERE fiscal_reporting_date = {DAY} AND currency = 'CAD'",
    "own_currency_is_at_one": "UPDATE portfolio.quarterly_reporting_financials SET exchange_rate_used = 2 "
    f"WHERE fiscal_reporting_date = {DAY} AND currency = 'EUR'",
    "arr_is_four_quarters": "UPDATE portfolio.quarterly_reporting_metrics SET arr = arr + 1 "
    f"WHERE fiscal_reporting_date = {DAY} AND currency = 'USD'",
    "changes_in_cash_follow": "UPDATE portfolio.quarterly_reporting_metrics SET change_in_cash = NULL "
    f"WHERE fiscal_reporting_date = {DAY} AND currency = 'USD'",
    "years_are_four_quarters": "UPDATE portfolio.quarterly_reporting_metrics SET ltm_total_revenue = NULL "
    f"WHERE fiscal_reporting_date = {DAY} AND currency = 'USD'",
}
#: what only somebody who switches the triggers off can do
FORGERY = {
    "rows_are_known": "UPDATE portfolio.quarterly_reporting_metrics SET ltm_ebitda = 0 "
    f"WHERE fiscal_reporting_date = {DAY} AND currency = 'USD'",
    "known_rows_are_there": f"DELETE FROM portfolio.quarterly_reporting_metrics WHERE fiscal_reporting_date = {DAY}",
}


def broken(database: Database) -> set[str]:
    return {finding.check.name for finding in database.read(run_checks, CHECKS) if not finding.holds}


@pytest.mark.parametrize("name", HARM)
def test_a_check_finds_what_it_is_for(any_database: Database, name: str) -> None:
    any_database.write(add_reporting_company, twelve_quarters())
    assert broken(any_database) == set()
    any_database.write(lambda session: session.execute(text(HARM[name])))
    assert name in broken(any_database)


@pytest.mark.parametrize("name", FORGERY)
def test_what_was_done_behind_the_triggers_is_found(database: Database, name: str) -> None:
    database.write(add_reporting_company, twelve_quarters())

    def forge(session: Session) -> None:
        session.execute(text("ALTER TABLE portfolio.quarterly_reporting_metrics DISABLE TRIGGER USER"))
        session.execute(text(FORGERY[name]))

    database.write(forge)
    assert name in broken(database)


def test_every_check_is_tried_on_harm(systems: tuple[System, ...]) -> None:
    assert {check.name for check in CHECKS} == {*HARM, *FORGERY}
    assert systems[0].checks == CHECKS
