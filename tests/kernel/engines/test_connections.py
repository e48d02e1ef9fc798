"""Connections: both drivers carry the same settings, and behind a pooler leave nothing of them behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.system import System
from tests.kernel.attic import Box, attic
from tests.kernel.attic.drivers import on_driver
from tests.kernel.attic.pooling import through_pgbouncer

NAMES = ("TimeZone", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name")
CLIENTS, TRANSACTIONS = 10, 100


@pytest.fixture(params=["psycopg", "asyncpg"])
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def told(postgresql_options: DatabaseOptions) -> DatabaseOptions:
    return replace(
        postgresql_options,
        command_timeout_s=7,
        lock_timeout_s=1.5,
        idle_in_transaction_timeout_s=60,
        application_name="a name",
        pool_size=1,
        max_overflow=0,
    )


@pytest.mark.parametrize("pgbouncer", [False, True])
def test_options_become_the_same_settings_of_every_transaction(
    driver: str, told: DatabaseOptions, pgbouncer: bool
) -> None:
    with on_driver(driver, replace(told, pgbouncer=pgbouncer), ()) as database:
        for run in (database.write, database.read):
            assert run(_settings) == ["UTC", "7s", "1500ms", "1min", "a name"]


def test_behind_a_pooler_no_setting_outlives_its_transaction(driver: str, told: DatabaseOptions) -> None:
    with on_driver(driver, replace(told, pgbouncer=True), ()) as database:
        database.write(_settings)
        # the next owner of the server's connection commits first, and then sees what is left of ours
        left = database.write(lambda session: (session.execute(text("COMMIT")), _settings(session))[1])
    assert left[1:4] == ["0", "0", "0"]


def test_behind_a_pooler_no_statement_stays_prepared(driver: str, told: DatabaseOptions) -> None:
    def ask_often(session: Session) -> int:
        for _ in range(20):
            session.execute(select(1)).all()
        return int(session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one())

    with on_driver(driver, told, ()) as database:
        assert database.write(ask_often) > 0
    with on_driver(driver, replace(told, pgbouncer=True), ()) as database:
        assert database.write(ask_often) == 0


@pytest.fixture
def pooled(postgresql_options: DatabaseOptions) -> Iterator[DatabaseOptions]:
    """The same database through PgBouncer, which has fewer server connections than there are clients."""
    with through_pgbouncer(postgresql_options) as pooled:
        yield pooled


def test_many_clients_share_few_connections_through_pgbouncer(
    driver: str, pooled: DatabaseOptions, systems: tuple[System, ...]
) -> None:
    def work(name: str) -> None:
        with on_driver(driver, pooled, systems) as database:
            database.write(lambda session: session.add(Box(name=name)))
            for _ in range(TRANSACTIONS):
                database.write(
                    lambda session: session.execute(update(Box).where(Box.name == name).values(rank=Box.rank + 1))
                )

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(work, [f"client{number}" for number in range(CLIENTS)]))
    with on_driver("psycopg", pooled, (attic,)) as database:
        assert database.read(lambda session: session.scalars(select(Box.rank)).all()) == [TRANSACTIONS] * CLIENTS


def _settings(session: Session) -> list[str]:
    return [str(session.scalar(text(f"SELECT current_setting('{name}')"))) for name in NAMES]


def test_a_schema_named_like_the_sqlite_file_lives_in_it_and_can_be_written(tmp_path: Path) -> None:
    options = DatabaseOptions(f"sqlite:///{tmp_path}/ledger.db")
    engine = build_engine(options, ("ledger", "other"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE ledger.entries (id INTEGER)"))
        connection.execute(text("CREATE TABLE other.entries (id INTEGER)"))
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("entries",)]
    assert (tmp_path / "ledger-other.db").exists()
