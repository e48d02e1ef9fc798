"""One way to ask over any of the four drivers, so that a claim is written once and tried on each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import AsyncDatabase, Attempts, Database
from strongroom.kernel.system import System
from strongroom.testing.databases import open_async_database, open_database

P = ParamSpec("P")
T = TypeVar("T")

ENGINE_OF = {"psycopg": "postgresql", "asyncpg": "postgresql", "sqlite3": "sqlite", "aiosqlite": "sqlite"}
DRIVERS = tuple(ENGINE_OF)


class OnDriver(Protocol):
    """A database on one driver; the calls return when they are done."""

    driver: str
    options: DatabaseOptions

    def write(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T: ...
    def read(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T: ...
    def attempt(self, attempts: Attempts) -> None:
        """From now on run a collided action this often."""


class Blocking:
    """Over a Database."""

    def __init__(self, driver: str, database: Database) -> None:
        self.driver, self.options, self._database = driver, database.options, database

    def write(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._database.write(action, *args, **kwargs)

    def read(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self._database.read(action, *args, **kwargs)

    def attempt(self, attempts: Attempts) -> None:
        self._database.attempts = attempts


class Looping:
    """Over an AsyncDatabase, with an event loop of its own."""

    def __init__(self, driver: str, database: AsyncDatabase, run: Callable[[Any], Any]) -> None:
        self.driver, self.options, self._database, self._run = driver, database.options, database, run

    def write(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        awaitable: Awaitable[T] = self._database.write(action, *args, **kwargs)
        result: T = self._run(awaitable)
        return result

    def read(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        awaitable: Awaitable[T] = self._database.read(action, *args, **kwargs)
        result: T = self._run(awaitable)
        return result

    def attempt(self, attempts: Attempts) -> None:
        self._database.attempts = attempts


@contextmanager
def on_driver(driver: str, options: DatabaseOptions, systems: Sequence[System]) -> Iterator[OnDriver]:
    """The database of these options, by this driver; closed at the end."""
    if driver in ("psycopg", "sqlite3"):
        database = open_database(options, systems)
        yield Blocking(driver, database)
        database.close()
        return
    with asyncio.Runner() as runner:
        async_database = open_async_database(options, systems)
        yield Looping(driver, async_database, runner.run)
        runner.run(async_database.close())
        if driver == "aiosqlite":
            runner.run(
                asyncio.sleep(0.05)
            )  # the thread of a connection that never opened reports to the loop once more
