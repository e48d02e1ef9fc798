"""Hot views are kept, and never given once they are no longer true."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.caching import Cache, install_cache
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter
from strongroom.systems.portfolio.services.funds import fund_overview
from strongroom.systems.portfolio.services.snapshot import snapshot
from strongroom.systems.portfolio.services.trends import company_trend
from tests.systems.portfolio.views.conftest import AddCompany, Report

QUARTER = FundQuarter(2025, 4)
Act = Callable[..., Any]


@pytest.fixture
def cache(any_database: Database) -> Cache:
    cache = Cache()
    install_cache(any_database, cache)
    return cache


@pytest.fixture
def acme(any_database: Database, add_company: AddCompany, report: Report, put_rates: Act) -> UUID:
    def fill(session: Session) -> UUID:
        put_rates(session)
        acme = add_company(session, "Acme")
        report(session, acme)
        report(session, add_company(session, "Beta"))
        return acme

    return any_database.write(fill)


def revenue(database: Database) -> Decimal:
    return database.read(fund_overview, QUARTER).total.total_revenue


def test_a_view_is_asked_of_the_database_once(any_database: Database, cache: Cache, acme: UUID) -> None:
    first, again = (any_database.read(snapshot, QUARTER) for _ in range(2))
    assert first.lines == again.lines
    assert (cache.figures.misses, cache.figures.hits) == (1, 1)


def test_a_restatement_is_in_every_view_at_once(
    any_database: Database, cache: Cache, acme: UUID, report: Report
) -> None:
    before = revenue(any_database)
    assert revenue(any_database) == before
    any_database.write(report, acme, total_revenue=Decimal(5_000_000))
    assert revenue(any_database) == before + Decimal(3_800_000)
    (point,) = any_database.read(company_trend, acme, [Measure.TOTAL_REVENUE]).points
    assert point.values[Measure.TOTAL_REVENUE] == Decimal(5_000_000)


def test_another_company_s_restatement_leaves_a_trend_kept(
    any_database: Database, cache: Cache, acme: UUID, add_company: AddCompany, report: Report
) -> None:
    any_database.read(company_trend, acme, [Measure.ARR])
    any_database.write(lambda session: report(session, add_company(session, "Gamma")))
    any_database.read(company_trend, acme, [Measure.ARR])
    assert cache.figures.hits == 1


def test_whoever_asks_gets_what_the_database_would_say(any_database: Database, cache: Cache, acme: UUID) -> None:
    kept = any_database.acting_as(Actor(new_id(), "Ada", frozenset({"viewer"}))).read(snapshot, QUARTER)
    cache.stores[0].clear()
    assert (
        any_database.acting_as(Actor(new_id(), "Ben", frozenset({"admin"}))).read(snapshot, QUARTER).lines == kept.lines
    )
