"""Who acts and what time it is: known in every session, and told to no other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import DatabaseRefused, Refused
from strongroom.kernel.sessions import SYSTEM, Actor, AsyncDatabase, Database, actor_of, keeps_refusals, now_of
from strongroom.kernel.values import FixedClock, new_id
from tests.kernel.attic import Box
from tests.kernel.attic.drivers import OnDriver

MARIA = Actor(new_id(), "maria", frozenset({"user", "teller"}))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_whoever_acts_is_known_in_a_write_a_read_and_a_plain_session(sqlite_database: Database) -> None:
    acting = sqlite_database.acting_as(MARIA)
    assert acting.write(actor_of) is MARIA
    assert acting.read(actor_of) is MARIA
    with acting.session() as session, acting.new_session() as plain:
        assert (actor_of(session), actor_of(plain)) == (MARIA, MARIA)


def test_an_actor_does_not_leak_into_the_database_it_was_bound_to(sqlite_database: Database) -> None:
    other = Actor(new_id(), "other")
    acting = sqlite_database.acting_as(MARIA)
    assert acting.acting_as(other).write(actor_of) is other
    assert acting.write(actor_of) is MARIA
    assert sqlite_database.write(actor_of) is SYSTEM
    assert acting.engine is sqlite_database.engine


async def test_an_asynchronous_database_knows_its_actor_too(any_async_database: AsyncDatabase) -> None:
    acting = any_async_database.acting_as(MARIA)
    assert await acting.write(actor_of) is MARIA
    assert await acting.read(actor_of) is MARIA
    assert await any_async_database.write(actor_of) is SYSTEM
    async with acting.session() as session:
        assert await session.run_sync(actor_of) is MARIA


def test_a_session_of_somebody_elses_making_acts_as_the_program() -> None:
    assert actor_of(Session()) is SYSTEM
    assert abs((now_of(Session()) - datetime.now(UTC)).total_seconds()) < 5


async def test_the_clock_of_a_database_is_the_clock_of_its_sessions(sqlite_options: DatabaseOptions) -> None:
    database = Database(sqlite_options, clock=FixedClock(NOON))
    async_database = AsyncDatabase(sqlite_options, clock=FixedClock(NOON))
    assert database.acting_as(MARIA).write(now_of) == NOON
    assert await async_database.read(now_of) == NOON
    database.close()
    await async_database.close()


def test_an_actor_has_any_of_the_roles_it_is_asked_for() -> None:
    assert MARIA.has_role("admin", "teller")
    assert not MARIA.has_role("admin")
    assert not MARIA.has_role()
    assert SYSTEM.has_role("system")


class TooHeavy(Refused):
    """the box is too heavy"""

    code = "TOO_HEAVY"


@keeps_refusals
def remember_and_refuse(session: Session, name: str = "refused") -> None:
    session.add(Box(name=name))
    raise TooHeavy


@keeps_refusals
def remember_and_break(session: Session) -> None:
    session.add(Box(name="broken"))
    session.flush()
    raise DatabaseRefused


def refuse_without_keeping(session: Session) -> None:
    session.add(Box(name="forgotten"))
    raise TooHeavy


def do_more_around_it(session: Session) -> None:
    session.add(Box(name="outer"))
    remember_and_refuse(session)


@pytest.mark.parametrize(
    ("action", "error", "stored"),
    [
        (remember_and_refuse, TooHeavy, ["refused"]),
        (refuse_without_keeping, TooHeavy, []),
        (do_more_around_it, TooHeavy, []),
        (remember_and_break, DatabaseRefused, []),
    ],
)
def test_a_refusal_is_kept_when_it_is_the_whole_outcome_of_an_action_that_keeps_them(
    any_driver: OnDriver, action: Any, error: type[Exception], stored: list[str]
) -> None:
    with pytest.raises(error):
        any_driver.write(action)
    assert any_driver.read(lambda session: [box.name for box in session.query(Box)]) == stored


async def test_a_refusal_of_a_coroutine_is_kept_too(any_async_database: AsyncDatabase) -> None:
    @keeps_refusals
    async def refuse(session: Any) -> None:
        session.add(Box(name="refused"))
        raise TooHeavy

    with pytest.raises(TooHeavy):
        await any_async_database.write(refuse)
    assert await any_async_database.read(lambda session: [box.name for box in session.query(Box)]) == ["refused"]


def test_a_refusal_that_cannot_be_stored_is_not_reported_as_one(any_driver: OnDriver) -> None:
    any_driver.write(lambda session: session.add(Box(name="refused")))
    with pytest.raises(Exception, match="exists already") as caught:
        any_driver.write(remember_and_refuse)
    assert not isinstance(caught.value, TooHeavy)


def test_a_read_keeps_no_refusal(any_driver: OnDriver) -> None:
    with pytest.raises(TooHeavy):
        any_driver.read(remember_and_refuse)
    assert any_driver.read(lambda session: session.query(Box).count()) == 0
