"""Claims about API clients: whose key opens what, for how long, how often, and what is kept of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, RateLimitExceeded, StrongroomError
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.biotech.errors import (
    ApiKeyRefused,
    ClientNotFound,
    CompanyNotFound,
    EndpointNotAllowed,
)
from strongroom.systems.biotech.models import Client, ClientKey, RateWindow
from strongroom.systems.biotech.repositories import ClientRepository, NewKey
from strongroom.systems.biotech.rules.rate import Allowance
from strongroom.systems.biotech.services.clients import Admission, admit
from tests.systems.biotech.outbox import add_company

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
AT_ONCE = 16
LIMIT = 25


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def door(any_database: Database, clock: FixedClock) -> Database:
    """A database whose clock stands still."""
    any_database.clock = clock
    return any_database


def create(session: Session, /, **values: Any) -> NewKey:
    return ClientRepository(session).create("Fund One", **values)


def authenticate(session: Session, key: str) -> Client:
    return ClientRepository(session).authenticate(key)


def rotate(session: Session, client_id: UUID, overlap: timedelta = timedelta(0)) -> NewKey:
    return ClientRepository(session).rotate(client_id, overlap)


def revoke(session: Session, client_id: UUID) -> int:
    return ClientRepository(session).revoke(client_id)


def change(session: Session, client_id: UUID, /, **values: Any) -> Client:
    return ClientRepository(session).update(client_id, **values)


def get(session: Session, client_id: UUID) -> Client:
    return ClientRepository(session).get(client_id)


def everything_stored(session: Session) -> list[Any]:
    tables = ("clients", "client_keys")
    return [session.execute(text(f"SELECT * FROM biotech.{table}")).all() for table in tables]


def test_a_key_opens_its_own_clients_door(door: Database) -> None:
    one, other = door.write(create), door.write(create)
    assert door.read(authenticate, one.key).id == one.client.id
    assert door.read(authenticate, other.key).id == other.client.id


def test_a_key_is_nowhere_in_the_database_and_not_in_what_is_printed(door: Database) -> None:
    made = door.write(create)
    stored = str(door.read(everything_stored))
    assert made.key not in stored
    assert made.key[-43:] not in stored
    assert made.key not in repr(made)


@pytest.mark.parametrize(
    "spoil",
    [lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), lambda key: key[:12], str.swapcase, lambda key: ""],
)
def test_a_key_that_is_nearly_right_is_wrong(door: Database, spoil: Any) -> None:
    made = door.write(create)
    with pytest.raises(ApiKeyRefused):
        door.read(authenticate, spoil(made.key))


def test_the_end_of_a_client_is_the_end_of_its_key(door: Database, clock: FixedClock) -> None:
    expiring = door.write(create, expires_at=NOW + timedelta(hours=1))
    paused, deleted = door.write(create), door.write(create)
    door.write(change, paused.client.id, is_active=False)
    door.write(lambda session: ClientRepository(session).soft_delete(deleted.client.id))
    door.read(authenticate, expiring.key)
    clock.advance(timedelta(hours=1))
    for made in (expiring, paused, deleted):
        with pytest.raises(ApiKeyRefused):
            door.read(authenticate, made.key)


def test_a_new_key_ends_the_old_one_after_the_overlap(door: Database, clock: FixedClock) -> None:
    first = door.write(create)
    second = door.write(rotate, first.client.id, timedelta(hours=2))
    assert second.client.key_last_rotated == NOW
    door.read(authenticate, first.key)
    clock.advance(timedelta(hours=2))
    with pytest.raises(ApiKeyRefused):
        door.read(authenticate, first.key)
    assert door.read(authenticate, second.key).id == first.client.id


def test_revoking_ends_every_key_at_once_and_keeps_their_history(door: Database) -> None:
    first = door.write(create)
    second = door.write(rotate, first.client.id, timedelta(hours=2))
    assert door.write(revoke, first.client.id) == 2
    assert door.write(revoke, first.client.id) == 0
    for made in (first, second):
        with pytest.raises(ApiKeyRefused):
            door.read(authenticate, made.key)
    ends = door.read(lambda session: session.scalars(select(ClientKey.revoked_at)).all())
    assert ends == [NOW, NOW]


@pytest.mark.parametrize(
    "values",
    [{"request_count": 0}, {"id": UUID(int=1)}, {"deleted_at": NOW}, {"watchlist_tickers": ["X"]}, {"key": "x"}],
)
def test_what_is_not_the_callers_to_set_is_refused(door: Database, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        door.write(create, **values)


def test_a_client_may_call_only_what_it_was_allowed(door: Database) -> None:
    made = door.write(create, allowed_endpoints=["/scores"])
    door.write(admit, made.key, "/scores/top")
    with pytest.raises(EndpointNotAllowed):
        door.write(admit, made.key, "/signals")


def test_every_request_let_in_is_counted_and_told_what_remains(door: Database, clock: FixedClock) -> None:
    made = door.write(create, rate_limit_per_hour=2)
    allowances = [door.write(admit, made.key, "/scores").allowance for _ in range(2)]
    reset = NOW.replace(minute=0) + timedelta(hours=1)
    assert allowances == [Allowance(2, 1, reset), Allowance(2, 2, reset)]
    for _ in range(3):
        with pytest.raises(RateLimitExceeded) as refusal:
            door.write(admit, made.key, "/scores")
        assert refusal.value.facts == {"retry_after_s": 1801, "limit": 2, "reset_at": reset}
    client = door.read(get, made.client.id)
    assert (client.request_count, client.last_access) == (2, NOW)
    clock.advance(timedelta(minutes=30))
    assert door.write(admit, made.key, "/scores").allowance.remaining == 1


def test_one_client_uses_nothing_of_another(door: Database) -> None:
    one, other = (door.write(create, rate_limit_per_hour=1) for _ in range(2))
    door.write(admit, one.key, "/scores")
    door.write(admit, other.key, "/scores")


def test_a_refused_key_uses_nothing_up(door: Database) -> None:
    made = door.write(create)
    with pytest.raises(ApiKeyRefused):
        door.write(admit, made.key[:-1] + "-", "/scores")
    assert door.read(lambda session: session.scalar(select(func.count()).select_from(RateWindow))) == 0


def test_counts_of_hours_long_over_are_forgotten(door: Database, clock: FixedClock) -> None:
    made = door.write(create)
    door.write(admit, made.key, "/scores")
    assert door.write(lambda session: ClientRepository(session).forget_windows()) == 0
    clock.advance(timedelta(hours=26))
    assert door.write(lambda session: ClientRepository(session).forget_windows()) == 1


def test_of_many_who_ask_at_once_no_more_than_the_limit_are_let_in(database: Database) -> None:
    database.clock = FixedClock(NOW)
    made = database.write(create, rate_limit_per_hour=LIMIT)
    together = threading.Barrier(AT_ONCE)

    def ask(_: int) -> list[Admission | None]:
        together.wait()
        return [try_to_enter(database, made.key) for _ in range(4)]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = [answer for answers in threads.map(ask, range(AT_ONCE)) for answer in answers]
    let_in = [answer for answer in answers if answer is not None]
    assert len(answers) == 4 * AT_ONCE
    assert sorted(admission.allowance.used for admission in let_in) == list(range(1, LIMIT + 1))
    assert database.read(get, made.client.id).request_count == LIMIT


def try_to_enter(database: Database, key: str) -> Admission | None:
    try:
        return database.write(admit, key, "/scores")
    except RateLimitExceeded:
        return None


def test_the_same_race_is_lost_by_reading_first_and_counting_after(database: Database) -> None:
    client = database.write(create, rate_limit_per_hour=1).client
    together = threading.Barrier(AT_ONCE)

    def enter(session: Session) -> bool:
        used = session.scalar(select(RateWindow.count).where(RateWindow.client_id == client.id)) or 0
        together.wait()
        return used < client.rate_limit_per_hour

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sum(threads.map(lambda _: database.read(enter), range(AT_ONCE))) > 1


def test_when_requests_cannot_be_counted_nobody_is_let_in(database: Database) -> None:
    made = database.write(create)
    database.write(lambda session: session.execute(text("DROP TABLE biotech.rate_windows")))
    with pytest.raises(StrongroomError):
        database.write(admit, made.key, "/scores")
    assert database.read(get, made.client.id).request_count == 0


async def test_the_same_door_is_there_for_asynchronous_callers(async_database: AsyncDatabase) -> None:
    async with async_database.session() as session:
        made = await ClientRepository(session).create("Fund One")
        assert (await ClientRepository(session).authenticate(made.key)).id == made.client.id
    assert (await async_database.write(admit, made.key, "/scores")).client.id == made.client.id


def watch(session: Session, client_id: UUID, ticker: str) -> bool:
    return ClientRepository(session).watchlist_add(client_id, ticker)


def unwatch(session: Session, client_id: UUID, ticker: str) -> bool:
    return ClientRepository(session).watchlist_remove(client_id, ticker)


def test_a_company_is_watched_once_however_its_ticker_is_written(door: Database) -> None:
    client = door.write(create).client
    door.write(add_company, "ABCD")
    assert door.write(watch, client.id, " abcd ")
    assert not door.write(watch, client.id, "ABCD")
    assert door.read(get, client.id).watchlist_tickers == ["ABCD"]
    assert door.write(unwatch, client.id, "abcd")
    assert not door.write(unwatch, client.id, "ABCD")
    assert door.read(get, client.id).watchlist_tickers == []


def test_only_companies_there_are_can_be_watched_and_only_by_clients_there_are(door: Database) -> None:
    client = door.write(create).client
    door.write(add_company, "GONE", deleted_at=NOW)
    for ticker in ("NONE", "GONE"):
        with pytest.raises(CompanyNotFound):
            door.write(watch, client.id, ticker)
    door.write(add_company, "ABCD")
    with pytest.raises(ClientNotFound):
        door.write(watch, UUID(int=1), "ABCD")


def test_of_many_companies_watched_at_once_none_is_lost(database: Database) -> None:
    client = database.write(create).client
    tickers = [f"T{number}" for number in range(AT_ONCE)]
    for ticker in tickers:
        database.write(add_company, ticker)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda ticker: database.write(watch, client.id, ticker), tickers))
    assert sorted(database.read(get, client.id).watchlist_tickers) == sorted(tickers)
