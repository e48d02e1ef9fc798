"""Claims about how signals come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.errors import CompanyNotFound
from strongroom.systems.biotech.models import Alert, AlertTrigger, Company, Signal
from strongroom.systems.biotech.services.signals import Ingested, IngestedMany, ingest, ingest_many

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add_company(session: Session, ticker: str = "ABCD") -> UUID:
    company = Company(ticker=ticker, name="Company", market_cap_usd=Decimal(10**9), cash_position_usd=Decimal(10**8))
    session.add(company)
    session.flush()
    return company.id


def item(number: int = 0, **values: Any) -> dict[str, Any]:
    first = {
        "ticker": "ABCD",
        "signal_type": "sec_filing",
        "event_date": NOW - timedelta(hours=number),
        "title": f"8-K number {number}",
        "source": "edgar",
        "external_id": f"{number:04}",
    }
    return {**first, **values}


def count(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(Signal))


def test_a_signal_is_stored_with_our_names(any_database: Database) -> None:
    any_database.write(add_company)
    data = {"price": "12.50", "transaction_type": "purchase"}
    stored = any_database.write(
        ingest, **item(ticker="abcd", signal_type="insider_trading", severity="HIGH", signal_data=data)
    )
    assert stored.is_new
    assert stored.signal.signal_type == "insider_transaction"
    assert stored.signal.severity == "high"
    assert stored.signal.signal_data == {"price_per_share": "12.50", "transaction_type": "purchase"}


def test_a_signal_sent_again_is_given_back_as_it_was_stored(any_database: Database) -> None:
    any_database.write(add_company)
    first = any_database.write(ingest, **item(title="As it was"))
    again = any_database.write(ingest, **item(title="As it is told now"))
    assert not again.is_new
    assert again.signal.id == first.signal.id
    assert again.signal.title == "As it was"
    assert any_database.read(count) == 1


def test_without_a_name_from_outside_a_signal_is_new_each_time(any_database: Database) -> None:
    any_database.write(add_company)
    for _ in range(2):
        assert any_database.write(ingest, **item(external_id=None)).is_new
    assert any_database.read(count) == 2


async def test_a_signal_comes_in_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    await any_async_database.write(add_company)
    stored = await any_async_database.write(ingest, **item())
    assert isinstance(stored, Ingested)
    assert stored.signal.title == "8-K number 0"


def test_a_batch_sent_twice_adds_nothing_the_second_time(any_database: Database) -> None:
    any_database.write(add_company)
    batch = [item(number) for number in range(2500)]
    first = any_database.write(ingest_many, batch, announce=False)
    assert (first.added, first.repeated) == (2500, 0)
    assert any_database.write(ingest_many, [*batch, item(9999)], announce=False).repeated == 2500
    assert any_database.read(count) == 2501


def test_what_a_batch_holds_twice_is_added_once(any_database: Database) -> None:
    any_database.write(add_company)
    assert any_database.write(ingest_many, [item(1), item(2), item(1)]).repeated == 1
    assert any_database.read(count) == 2


def test_an_empty_batch_adds_nothing(any_database: Database) -> None:
    assert any_database.write(ingest_many, []) == IngestedMany(0, 0)


def test_one_bad_item_refuses_the_batch_by_its_place_and_field(any_database: Database) -> None:
    any_database.write(add_company)
    batch = [item(1), item(2, signal_type="clinical_trial", signal_data={"trial_id": "NCT1"}), item(3)]
    with pytest.raises(InvalidValue) as refused:
        any_database.write(ingest_many, batch)
    assert refused.value.facts["field"] == "1.signal_data.trial_id"
    assert any_database.read(count) == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"severity": "banana"}, "severity"),
        ({"luck": 7}, "luck"),
        ({"ma_impact_score": "lots"}, "ma_impact_score"),
        ({"signal_type": "8k"}, "signal_type"),
        ({"title": " "}, "title"),
        ({"title": None}, "title"),
        ({"event_date": None}, "event_date"),
        ({"event_date": "soon"}, "event_date"),
        ({"signal_data": []}, "signal_data"),
        ({"ticker": "no ticker"}, "ticker"),
    ],
)
def test_a_bad_signal_is_refused_by_its_field(sqlite_database: Database, values: dict[str, Any], field: str) -> None:
    sqlite_database.write(add_company)
    with pytest.raises(InvalidValue) as refused:
        sqlite_database.write(ingest, **item(**values))
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("unknown", [{"ticker": "ZZZZ"}, {"company_id": new_id()}])
def test_a_signal_of_an_unknown_company_is_refused(any_database: Database, unknown: dict[str, Any]) -> None:
    any_database.write(add_company)
    values = {name: value for name, value in item().items() if name != "ticker"} | unknown
    with pytest.raises(CompanyNotFound):
        any_database.write(ingest, **values)
    with pytest.raises(CompanyNotFound):
        any_database.write(ingest_many, [item(1), values])
    assert any_database.read(count) == 0


def test_a_signal_of_a_deleted_company_is_refused(any_database: Database) -> None:
    def delete(session: Session) -> None:
        session.get_one(Company, add_company(session)).deleted_at = NOW

    any_database.write(delete)
    with pytest.raises(CompanyNotFound):
        any_database.write(ingest, **item())


def test_signals_of_many_companies_come_in_one_batch(any_database: Database) -> None:
    tickers = [f"T{number}" for number in range(20)]

    def act(session: Session) -> None:
        for ticker in tickers:
            add_company(session, ticker)
        ingest_many(session, [item(number, ticker=tickers[number % 20]) for number in range(100)])

    any_database.write(act)
    by_company = select(func.count()).select_from(Signal).group_by(Signal.company_id)
    assert any_database.read(lambda session: session.scalars(by_company).all()) == [5] * 20


def test_the_same_batch_from_two_sides_at_once_is_added_once(database: Database) -> None:
    database.write(add_company)
    batch = [item(number) for number in range(300)]
    results: list[IngestedMany] = []
    threads = [
        Thread(target=lambda part: results.append(database.write(ingest_many, part)), args=(part,))
        for part in (batch, batch[::-1], batch[100:] + batch[:100])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result.added for result in results) == 300
    assert sum(result.repeated for result in results) == 600
    assert database.read(count) == 300


@pytest.mark.parametrize(("announce", "triggers"), [(True, 1), (False, 0)])
def test_alerts_hear_of_what_is_new_unless_told_not_to(any_database: Database, announce: bool, triggers: int) -> None:
    def act(session: Session) -> int | None:
        add_company(session)
        session.add(Alert(name="Filings", alert_type="new_signal", condition={"signal_types": ["sec_filing"]}))
        session.flush()
        ingest_many(session, [item()], announce=announce)
        ingest_many(session, [item()], announce=announce)  # sent again: nobody hears of it twice
        return session.scalar(select(func.count()).select_from(AlertTrigger))

    assert any_database.write(act) == triggers
