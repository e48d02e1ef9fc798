"""Fixtures for tests against real databases: `pytest_plugins = ["strongroom.testing.fixtures"]` in your conftest.py.

Override `systems` to say whose tables the databases hold. Each worker of pytest-xdist has a server of its own, started
when the first test asks for it; each test has a database of its own. Fixtures of one test share that database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.system import System
from strongroom.testing.databases import ThrowAwayFiles, ThrowAwayServer, open_async_database, opened


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgresql",
        type=int,
        default=None,
        help="major version of PostgreSQL to test on; the embedded one when not given",
    )


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    """The systems whose tables the databases hold; none, unless overridden."""
    return ()


@pytest.fixture(scope="session")
def postgresql_version(request: pytest.FixtureRequest) -> int | None:
    """What --postgresql asks for."""
    return cast("int | None", request.config.getoption("--postgresql"))


@pytest.fixture(scope="session")
def postgresql_server(postgresql_version: int | None) -> Iterator[ThrowAwayServer]:
    """The server that the databases of this worker live on; quick, and not to be killed."""
    with ThrowAwayServer(postgresql_version) as server:
        yield server


@pytest.fixture
def durable_server(postgresql_version: int | None) -> Iterator[ThrowAwayServer]:
    """A server of this test's own, which keeps what it acknowledged when it is killed."""
    with ThrowAwayServer(postgresql_version, durable=True) as server:
        yield server


@pytest.fixture
def postgresql_options(postgresql_server: ThrowAwayServer, systems: tuple[System, ...]) -> Iterator[DatabaseOptions]:
    """A fresh database on PostgreSQL."""
    options = postgresql_server.create_database(systems)
    yield options
    postgresql_server.drop_database(options)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> ThrowAwayFiles:
    """What the SQLite databases of this worker are copied from."""
    return ThrowAwayFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_options(sqlite_files: ThrowAwayFiles, tmp_path: Path, systems: tuple[System, ...]) -> DatabaseOptions:
    """A fresh database on SQLite."""
    return sqlite_files.create_database(tmp_path / "database", systems)


@pytest.fixture(params=["postgresql", "sqlite"])
def any_options(request: pytest.FixtureRequest) -> DatabaseOptions:
    """A fresh database on PostgreSQL, then on SQLite: what is claimed with it holds on both."""
    return cast("DatabaseOptions", request.getfixturevalue(f"{request.param}_options"))


@pytest.fixture
def database(postgresql_options: DatabaseOptions, systems: tuple[System, ...]) -> Iterator[Database]:
    """A fresh database on PostgreSQL, opened."""
    with opened(postgresql_options, systems) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_options: DatabaseOptions, systems: tuple[System, ...]) -> Iterator[Database]:
    """A fresh database on SQLite, opened."""
    with opened(sqlite_options, systems) as database:
        yield database


@pytest.fixture
def any_database(any_options: DatabaseOptions, systems: tuple[System, ...]) -> Iterator[Database]:
    """A fresh database on PostgreSQL, then on SQLite, opened."""
    with opened(any_options, systems) as database:
        yield database


@pytest_asyncio.fixture
async def async_database(
    postgresql_options: DatabaseOptions, systems: tuple[System, ...]
) -> AsyncIterator[AsyncDatabase]:
    """The same database on PostgreSQL as `database`, opened asynchronously."""
    database = open_async_database(postgresql_options, systems)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def any_async_database(any_options: DatabaseOptions, systems: tuple[System, ...]) -> AsyncIterator[AsyncDatabase]:
    """The same database as `any_database`, opened asynchronously."""
    database = open_async_database(any_options, systems)
    yield database
    await database.close()
