"""The kernel is tested on a room of its own, so that no system's rules stand between a test and its claim."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.system import System
from tests.kernel.attic import attic
from tests.kernel.attic.drivers import DRIVERS, ENGINE_OF, OnDriver, on_driver
from tests.kernel.attic.watching import Watcher


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (attic,)


@pytest.fixture(params=DRIVERS)
def any_driver(request: pytest.FixtureRequest, systems: tuple[System, ...]) -> Iterator[OnDriver]:
    """A fresh database by each of the four drivers."""
    options: DatabaseOptions = request.getfixturevalue(f"{ENGINE_OF[request.param]}_options")
    with on_driver(request.param, options, systems) as database:
        yield database


@pytest.fixture(params=["psycopg", "asyncpg"])
def postgresql_driver(
    request: pytest.FixtureRequest, postgresql_options: DatabaseOptions, systems: tuple[System, ...]
) -> Iterator[OnDriver]:
    """A fresh database on PostgreSQL by each of its two drivers."""
    with on_driver(request.param, postgresql_options, systems) as database:
        yield database


@pytest.fixture
def watcher(postgresql_options: DatabaseOptions) -> Iterator[Watcher]:
    """Somebody who watches the server while others work on the same database."""
    watcher = Watcher(postgresql_options)
    yield watcher
    watcher.connection.close()
