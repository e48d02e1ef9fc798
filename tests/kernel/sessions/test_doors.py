"""The names people know from their frameworks: each leads to the building in use, and commits where it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import ConfigurationError, DatabaseUnavailable
from strongroom.kernel.sessions import AsyncDatabase, Database, doors
from strongroom.kernel.sessions.request_sessions import open_scope
from strongroom.operations.schema import drop, find_position, upgrade
from strongroom.testing.databases import open_async_database, open_database
from tests.kernel.attic import Box, attic


class OneRoom:
    """A building that has the attic only."""

    def __init__(self, options: DatabaseOptions) -> None:
        self.options = options
        self.database: Database = open_database(options, (attic,))
        self.async_database: AsyncDatabase = open_async_database(options, (attic,))

    def upgrade(self) -> None:
        upgrade(attic, self.options)

    def downgrade(self) -> None:
        drop(attic, self.options)

    async def close(self) -> None:
        self.database.close()
        await self.async_database.close()


@pytest.fixture
async def room(any_options: DatabaseOptions) -> AsyncIterator[OneRoom]:
    room = OneRoom(any_options)
    doors.use_building(room)
    yield room
    doors.use_building(None)
    await room.close()


@pytest.fixture
async def unreachable() -> AsyncIterator[OneRoom]:
    room = OneRoom(DatabaseOptions("sqlite:////nowhere/at/all.db"))
    doors.use_building(room)
    yield room
    doors.use_building(None)
    await asyncio.sleep(0.05)  # the thread of a connection that never opened reports to the loop once more


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Box.name).order_by(Box.name)))


async def test_a_local_session_commits_when_its_owner_does(room: OneRoom) -> None:
    with doors.SessionLocal() as session:
        session.add(Box(name="a"))
        session.commit()
        session.add(Box(name="b"))
    assert room.database.read(names) == ["a"]


async def test_a_session_scope_commits_at_its_end_and_not_after_an_error(room: OneRoom) -> None:
    with doors.session_scope() as session:
        session.add(Box(name="a"))
    with pytest.raises(RuntimeError), doors.session_scope() as session:
        session.add(Box(name="b"))
        session.flush()
        raise RuntimeError
    assert room.database.read(names) == ["a"]


async def test_outside_an_app_get_db_leaves_the_commit_to_the_caller(room: OneRoom) -> None:
    for commits in (False, True):
        dependency = doors.get_db()
        session = next(dependency)
        session.add(Box(name=f"a{commits}".lower()))
        if commits:
            session.commit()
        with pytest.raises(StopIteration):
            next(dependency)
        assert not session.in_transaction()
    assert room.database.read(names) == ["atrue"]


async def test_inside_an_app_get_db_is_committed_before_the_response(room: OneRoom) -> None:
    with open_scope() as request:
        dependency = doors.get_db()
        next(dependency).add(Box(name="a"))
        await request.commit_all()
        assert room.database.read(names) == ["a"]  # the response would go out here
        with pytest.raises(StopIteration):
            next(dependency)


async def test_inside_an_app_get_db_commits_what_a_background_task_wrote(room: OneRoom) -> None:
    with open_scope() as request:
        dependency = doors.get_db()
        session = next(dependency)
        await request.commit_all()
        session.add(Box(name="late"))
        with pytest.raises(StopIteration):
            next(dependency)
    assert room.database.read(names) == ["late"]


async def test_an_error_in_the_request_rolls_get_db_back(room: OneRoom) -> None:
    with open_scope():
        dependency = doors.get_db()
        session = next(dependency)
        session.add(Box(name="a"))
        session.flush()
        assert isinstance(dependency, Generator)
        with pytest.raises(RuntimeError):
            dependency.throw(RuntimeError())
    assert not session.in_transaction()
    assert room.database.read(names) == []


async def test_of_two_sessions_of_a_request_the_rest_is_rolled_back_when_one_fails(room: OneRoom) -> None:
    if room.options.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    with open_scope() as request:
        first, second = doors.get_db(), doors.get_db()
        next(first).add(Box(name="a", rank=-1))
        kept_waiting = next(second)
        kept_waiting.execute(text("SELECT 1"))
        with pytest.raises(Exception, match="does not hold"):
            await request.commit_all()
        assert not kept_waiting.in_transaction()
        for dependency in (first, second):
            assert isinstance(dependency, Generator)
            dependency.close()


async def test_an_asynchronous_door_commits_at_its_end_and_not_after_an_error(room: OneRoom) -> None:
    async with doors.get_db_session() as session:
        session.add(Box(name="a"))
    async with doors.AsyncDatabaseSession() as session:
        session.add(Box(name="b"))
    for door in (doors.get_db_session, doors.AsyncDatabaseSession):
        with pytest.raises(RuntimeError):
            async with door() as session:
                session.add(Box(name="c"))
                await session.flush()
                raise RuntimeError
    assert await room.async_database.read(names) == ["a", "b"]


async def test_the_schema_comes_and_goes_by_its_doors(room: OneRoom) -> None:
    doors.drop_tables()
    assert find_position(attic, room.options).current is None
    assert doors.create_tables() is True
    doors.drop_tables()
    await doors.init_db()
    assert find_position(attic, room.options).is_newest
    assert doors.initialize_database() is True
    assert room.database.write(names) == []


async def test_a_healthy_database_says_so_at_every_door(room: OneRoom) -> None:
    assert doors.check_database_connection() is True
    assert await doors.check_db_connection() is True
    for info in (doors.get_database_info(), await doors.health_check()):
        assert info["connection_healthy"] is True
        assert info["database_version"].startswith(("PostgreSQL 1", "SQLite 3"))
        assert all(type(figure) is int for figure in info["pool_info"].values())
        assert "host" not in str(info["database_url"])


async def test_an_unreachable_database_says_so_at_every_door(unreachable: OneRoom) -> None:
    assert doors.check_database_connection() is False
    assert await doors.check_db_connection() is False
    assert doors.create_tables() is False
    assert doors.initialize_database() is False
    assert doors.get_database_info()["connection_healthy"] is False
    with pytest.raises(DatabaseUnavailable), doors.session_scope():
        pass
    await doors.close_db()


async def test_closing_gives_every_connection_back(room: OneRoom) -> None:
    closed: list[int] = []
    event.listen(room.database.engine, "close", lambda *_: closed.append(1))
    with doors.session_scope() as session:
        session.execute(text("SELECT 1"))
    await doors.close_db()
    assert closed == [1]


def test_without_a_building_a_door_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "entry_points", lambda group: [])
    doors.use_building(None)
    with pytest.raises(ConfigurationError, match=r"^strongroom\.building: "):
        doors.SessionLocal()
    assert doors.get_database_info() == {
        "error": "strongroom.building: no entry point of this group is installed",
        "connection_healthy": False,
    }
