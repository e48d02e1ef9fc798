"""Claims about signals: when they happened, how they are found, and how many come in at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, StillReferenced
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.models import Company, Signal
from strongroom.systems.biotech.repositories import CompanyRepository, SignalRepository, build_signal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add_company(session: Session, ticker: str = "ABCD") -> Company:
    return CompanyRepository(session).create(ticker, f"{ticker} Inc.", 1000, 100)


def add(session: Session, /, company_id: UUID, **values: Any) -> Signal:
    given = {"signal_type": "test_signal", "event_date": NOON, "title": "Something", **values}
    return SignalRepository(session).create(company_id, **given)


@pytest.fixture
def company_id(any_database: Database) -> UUID:
    return any_database.write(add_company).id


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 3, 1, 12), NOON, NOON.astimezone(timezone(timedelta(hours=-5)))],  # noqa: DTZ001 - naive is the point
    ids=["naive", "utc", "elsewhere"],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_a_moment_without_a_zone_is_utc_whatever_the_session_says(
    any_database: Database, company_id: UUID, moment: datetime, zone: str
) -> None:
    def act(session: Session) -> tuple[datetime, list[Signal]]:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"SET LOCAL timezone = '{zone}'"))
        signal = add(session, company_id, event_date=moment)
        session.expire(signal)
        found = SignalRepository(session).get_by_company(company_id, start_date=moment, end_date=moment)
        return signal.event_date, list(found)

    stored, found = any_database.write(act)
    assert stored == NOON
    assert len(found) == 1


async def test_a_naive_moment_is_utc_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    async with any_async_database.session() as session:
        company = await CompanyRepository(session).create("ABCD", "A", 1000, 100)
        signal = await SignalRepository(session).create(
            company_id=company.id,
            signal_type="sec_filing",
            event_date=NOON.replace(tzinfo=None),
            title="8-K Filing: Material Agreement",
        )
        await session.refresh(signal)
        assert signal.event_date == NOON


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["d", "c", "b", "a"]),
        ({"signal_types": ["sec_filing", "fda_approval"]}, ["c", "b"]),
        ({"signal_types": []}, []),
        ({"start_date": NOON - timedelta(days=1)}, ["d", "c", "b"]),
        ({"end_date": NOON - timedelta(days=1)}, ["b", "a"]),
        ({"min_severity": "high"}, ["d", "b"]),
        ({"min_severity": "low"}, ["d", "c", "b", "a"]),
        ({"limit": 2}, ["d", "c"]),
    ],
)
def test_signals_of_a_company_are_found_newest_first(
    any_database: Database, company_id: UUID, conditions: dict[str, Any], expected: list[str]
) -> None:
    def act(session: Session) -> list[str]:
        for title, days, kind, severity in (
            ("a", 5, "market", "medium"),
            ("b", 1, "sec_filing", "high"),
            ("c", 0, "fda_approval", "low"),
            ("d", 0, "market", "critical"),
        ):
            moment = NOON - timedelta(days=days)
            add(session, company_id, title=title, event_date=moment, signal_type=kind, severity=severity)
        return [signal.title for signal in SignalRepository(session).get_by_company(company_id, **conditions)]

    assert any_database.write(act) == expected


def test_a_level_that_there_is_not_is_an_error_and_not_the_lowest(any_database: Database, company_id: UUID) -> None:
    with pytest.raises(ValueError, match="low, medium, high, critical"):
        any_database.read(lambda session: SignalRepository(session).get_by_company(company_id, min_severity="banana"))
    with pytest.raises(InvalidValue):
        any_database.write(add, company_id, severity="banana")


def test_lists_of_all_companies_leave_out_the_hidden_ones(any_database: Database) -> None:
    def act(session: Session) -> None:
        kept, hidden = add_company(session, "KEPT"), add_company(session, "HIDDEN")
        for company in (kept, hidden):
            add(session, company.id, event_date=datetime.now(UTC), title=company.ticker, severity="high")
        CompanyRepository(session).soft_delete(hidden.id)
        signals = SignalRepository(session)
        assert [signal.title for signal in signals.get_recent()] == ["KEPT"]
        assert [signal.title for signal in signals.get_recent(severity="high")] == ["KEPT"]
        assert signals.get_recent(severity="low") == []
        assert [signal.title for signal in signals.get_by_type("test_signal")] == ["KEPT"]
        assert signals.get_count_by_type() == {"test_signal": 1}
        assert [signal.title for signal in signals.get_by_company(hidden.id)] == ["HIDDEN"]  # kept, for those who ask

    any_database.write(act)


def test_counts_are_by_type_and_from_a_date_on(any_database: Database, company_id: UUID) -> None:
    def act(session: Session) -> tuple[dict[str, int], dict[str, int]]:
        for days, kind in ((9, "market"), (1, "market"), (0, "sec_filing")):
            add(session, company_id, event_date=NOON - timedelta(days=days), signal_type=kind)
        signals = SignalRepository(session)
        since = NOON - timedelta(days=1)
        return signals.get_count_by_type(company_id=company_id), signals.get_count_by_type(start_date=since)

    assert any_database.write(act) == ({"market": 2, "sec_filing": 1}, {"market": 1, "sec_filing": 1})


def test_a_change_inside_the_data_of_a_signal_is_saved(any_database: Database, company_id: UUID) -> None:
    signal = any_database.write(add, company_id, signal_data={"filing_type": "8-K"})

    def change(session: Session) -> None:
        held = SignalRepository(session).get(signal.id)
        held.signal_data["seen"] = True

    any_database.write(change)
    stored = any_database.read(lambda session: SignalRepository(session).get(signal.id))
    assert stored.signal_data == {"filing_type": "8-K", "seen": True}


def test_a_signal_of_no_company_is_refused(any_database: Database) -> None:
    with pytest.raises(StillReferenced) as refused:
        any_database.write(add, new_id())
    assert isinstance(refused.value, IntegrityError)


def coming_in(company_id: UUID, numbers: range) -> Iterator[Signal]:
    for number in numbers:
        yield build_signal(
            company_id,
            "market",
            NOON + timedelta(minutes=number),
            f"No. {number}",
            source="feed",
            external_id=str(number),
            signal_data={"number": number},
            confidence=0.125,
        )


def stored_numbers(session: Session) -> list[int]:
    return list(session.scalars(select(Signal.signal_data["number"].as_integer()).order_by(Signal.event_date)))


def test_what_came_in_before_is_left_out_and_the_rest_is_given_back_in_order(
    any_database: Database, company_id: UUID
) -> None:
    def act(session: Session) -> list[str]:
        signals = SignalRepository(session)
        assert signals.add_new([]) == []
        assert len(signals.add_new(list(coming_in(company_id, range(3))))) == 3
        return [signal.title for signal in signals.add_new(list(coming_in(company_id, range(4, 0, -1))))]

    assert any_database.write(act) == ["No. 4", "No. 3"]
    assert any_database.read(stored_numbers) == [0, 1, 2, 3, 4]


def test_many_are_copied_in_and_none_twice(any_database: Database, company_id: UUID) -> None:
    def act(session: Session) -> tuple[int, int]:
        signals = SignalRepository(session)
        return (
            signals.copy_new(coming_in(company_id, range(2000))),
            signals.copy_new(coming_in(company_id, range(1990, 2010))),
        )

    assert any_database.write(act) == (2000, 10)
    assert any_database.read(stored_numbers) == list(range(2010))


async def test_many_are_copied_in_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    async with any_async_database.session() as session:
        company = await CompanyRepository(session).create("ABCD", "A", 1000, 100)
        signals = SignalRepository(session)
        assert await signals.copy_new(coming_in(company.id, range(50))) == 50
        assert [row.title for row in await signals.add_new(list(coming_in(company.id, range(49, 51))))] == ["No. 50"]


def test_one_bad_signal_refuses_the_whole_copy(any_database: Database, company_id: UUID) -> None:
    bad = build_signal(new_id(), "market", NOON, "of no company", source="feed", external_id="bad")
    with pytest.raises(StillReferenced):
        any_database.write(lambda session: SignalRepository(session).copy_new([*coming_in(company_id, range(5)), bad]))
    assert any_database.read(stored_numbers) == []
