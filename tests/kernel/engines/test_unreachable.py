"""A database that cannot be reached, or has no connection left, is said to be so: in time and without secrets."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import DatabaseUnavailable, PoolExhausted
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.testing.databases import ThrowAwayServer
from tests.kernel.attic.drivers import on_driver
from tests.kernel.attic.watching import connect_plainly

SECRETS = ("s3cr3t", "maria", "127.0.0.1", "db.invalid")


def ask(session: Session) -> int:
    return int(session.execute(text("SELECT 1")).scalar_one())


@pytest.fixture(scope="module")
def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody listens there and never answers."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture(params=["psycopg", "asyncpg"])
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_refused_connection_is_an_unavailable_database(driver: str, closed_port: int) -> None:
    _check_is_unavailable(driver, DatabaseOptions(f"postgresql://maria:s3cr3t@127.0.0.1:{closed_port}/bank"))


def test_a_host_that_does_not_exist_is_an_unavailable_database(driver: str) -> None:
    _check_is_unavailable(driver, DatabaseOptions("postgresql://maria:s3cr3t@db.invalid/bank"))


def test_a_server_that_does_not_answer_is_given_up_in_time(driver: str, silent_port: int) -> None:
    url = f"postgresql://maria:s3cr3t@127.0.0.1:{silent_port}/bank"
    begun = time.monotonic()
    _check_is_unavailable(driver, DatabaseOptions(url, connect_timeout_s=1))
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("encryption", ["disable", "prefer", "require"])
def test_a_server_that_does_not_answer_hides_behind_no_ssl_mode(driver: str, closed_port: int, encryption: str) -> None:
    url = f"postgresql://maria:s3cr3t@127.0.0.1:{closed_port}/bank?sslmode={encryption}"
    _check_is_unavailable(driver, DatabaseOptions(url))


def test_a_database_that_does_not_exist_is_unavailable(driver: str, postgresql_options: DatabaseOptions) -> None:
    url = make_url(postgresql_options.url).set(database="maria")
    _check_is_unavailable(driver, DatabaseOptions(url.render_as_string(hide_password=False)))


@pytest.fixture(scope="module")
def server_with_passwords(postgresql_version: int | None) -> Iterator[DatabaseOptions]:
    """Reached by TCP as `maria`, password `right`."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"listen_addresses": "127.0.0.1", "port": str(port)}
    with ThrowAwayServer(postgresql_version, settings=settings) as server:
        options = server.create_database()
        with connect_plainly(options) as connection:
            connection.execute("CREATE ROLE maria LOGIN PASSWORD 'right'")
        database = make_url(options.url).database
        yield replace(options, url=f"postgresql://maria:right@127.0.0.1:{port}/{database}")


def test_a_right_password_opens_and_a_wrong_one_does_not(driver: str, server_with_passwords: DatabaseOptions) -> None:
    with on_driver(driver, server_with_passwords, ()) as database:
        assert database.read(ask) == 1
    _check_is_unavailable(
        driver, replace(server_with_passwords, url=server_with_passwords.url.replace("right", "s3cr3t"))
    )


@pytest.mark.parametrize("driver", ["sqlite3", "aiosqlite"])
def test_a_file_that_cannot_be_opened_is_an_unavailable_database(driver: str, tmp_path: Path) -> None:
    _check_is_unavailable(driver, DatabaseOptions(f"sqlite:///{tmp_path}/maria/bank.db"))


def test_a_database_comes_back_when_its_server_does(driver: str, durable_server: ThrowAwayServer) -> None:
    with on_driver(driver, durable_server.create_database(), ()) as database:
        assert database.read(ask) == 1
        durable_server.kill()
        with pytest.raises(DatabaseUnavailable):
            database.read(ask)
        durable_server.start()
        assert database.read(ask) == 1


@pytest.fixture
def narrow(postgresql_options: DatabaseOptions) -> DatabaseOptions:
    return replace(postgresql_options, pool_size=1, max_overflow=1, pool_timeout_s=0.2)


WAYS: dict[str, Callable[[Database], object]] = {
    "write": lambda database: database.write(ask),
    "read": lambda database: database.read(ask),
    "session": lambda database: database.session().__enter__(),
    "new_session": lambda database: ask(database.new_session()),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_pool_that_is_used_up_says_so_in_time(narrow: DatabaseOptions, way: Callable[[Database], object]) -> None:
    database = Database(narrow)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(database.session())
        begun = time.monotonic()
        with pytest.raises(PoolExhausted, match=r"^no connection became free within 0\.2 s"):
            way(database)
        assert 0.2 <= time.monotonic() - begun < 2
    assert database.read(ask) == 1
    database.close()


async def _ask_plainly(database: AsyncDatabase) -> int:
    async with database.new_session() as session:
        return await session.run_sync(ask)


async def _ask_by_coroutine(database: AsyncDatabase) -> int:
    async def action(session: AsyncSession) -> int:
        return await session.run_sync(ask)

    return await database.write(action)


@pytest.mark.parametrize("way", [lambda database: database.read(ask), _ask_by_coroutine, _ask_plainly])
async def test_an_asynchronous_pool_that_is_used_up_says_so_in_time(narrow: DatabaseOptions, way: object) -> None:
    assert callable(way)
    database = AsyncDatabase(narrow)
    async with database.session(), database.session():
        begun = time.monotonic()
        with pytest.raises(PoolExhausted, match=r"^no connection became free within 0\.2 s"):
            await way(database)
        assert 0.2 <= time.monotonic() - begun < 2
    assert await database.read(ask) == 1
    await database.close()


async def test_a_plain_asynchronous_session_says_that_nobody_answers(closed_port: int) -> None:
    database = AsyncDatabase(DatabaseOptions(f"postgresql://maria:s3cr3t@127.0.0.1:{closed_port}/bank"))
    with pytest.raises(DatabaseUnavailable):
        await _ask_plainly(database)
    await database.close()


async def test_a_health_check_tells_failure_without_secrets(closed_port: int) -> None:
    options = DatabaseOptions(f"postgresql://maria:s3cr3t@127.0.0.1:{closed_port}/bank")
    database, async_database = Database(options), AsyncDatabase(options)
    expected = {
        "database_url": "postgresql://***",
        "error": "the database cannot be reached; check DATABASE_URL and that the server runs",
        "connection_healthy": False,
    }
    assert database.info() == expected
    assert await async_database.info() == expected
    assert (database.check(), await async_database.check()) == (False, False)


def _check_is_unavailable(driver: str, options: DatabaseOptions) -> None:
    with on_driver(driver, options, ()) as database, pytest.raises(DatabaseUnavailable) as caught:
        database.read(ask)
    shown = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in SECRETS if secret in shown]
