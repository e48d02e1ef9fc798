"""The throw-away databases: fresh for each test, migrated, shared by the fixtures of one test, gone afterwards."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import DatabaseUnavailable
from strongroom.kernel.migrations import find_drift
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.system import System
from strongroom.testing.databases import ThrowAwayServer, open_database


def test_a_fresh_database_holds_the_newest_schema(any_options: DatabaseOptions, systems: tuple[System, ...]) -> None:
    assert [find_drift(system, any_options) for system in systems] == [[] for _ in systems]


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_writes_no_other_sees(any_database: Database, turn: int) -> None:
    any_database.write(lambda session: session.execute(text("CREATE TABLE banking.mark AS SELECT 1 AS one")))
    assert any_database.read(_marks) == 1


async def test_both_doors_of_one_test_open_on_one_database(
    any_database: Database, any_async_database: AsyncDatabase
) -> None:
    any_database.write(lambda session: session.execute(text("CREATE TABLE banking.mark AS SELECT 1 AS one")))
    assert await any_async_database.read(_marks) == 1


def test_a_throw_away_server_leaves_nothing_behind() -> None:
    with ThrowAwayServer() as server:
        folder, process = Path(server.folder), psutil.Process(server.pid)
        server.create_database()
    assert not folder.exists()
    assert not process.is_running()


def test_a_durable_server_keeps_what_it_acknowledged_when_it_is_killed(durable_server: ThrowAwayServer) -> None:
    database = open_database(durable_server.create_database(), ())
    database.write(lambda session: session.execute(text("CREATE TABLE mark AS SELECT 1 AS one")))
    durable_server.kill()
    with pytest.raises(DatabaseUnavailable):
        database.read(lambda session: session.scalar(text("SELECT 1")))
    durable_server.start()
    assert database.read(lambda session: session.scalar(text("SELECT count(*) FROM mark"))) == 1
    database.close()


def test_an_ordinary_server_is_told_not_to_sync(postgresql_server: ThrowAwayServer) -> None:
    database = open_database(postgresql_server.create_database(), ())
    assert database.read(lambda session: session.scalar(text("SHOW fsync"))) == "off"
    database.close()


def _marks(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM banking.mark")).scalar_one())
