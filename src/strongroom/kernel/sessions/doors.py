"""The names people know from their frameworks (`SessionLocal`, `get_db`, `session_scope`, …), bound when first used.

A system offers these names without knowing where its database is. The building that knows is found through the
entry point group `strongroom.building`, so a program that assembles its own may install another, or call
`use_building`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import entry_points
from types import TracebackType
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel.errors import ConfigurationError, StrongroomError
from strongroom.kernel.sessions.database import AsyncDatabase, Database
from strongroom.kernel.sessions.request_sessions import register
from strongroom.kernel.sessions.unit_of_work import commit_session


class Building(Protocol):
    """What stands behind the doors: one configured database, ready to be migrated and closed."""

    @property
    def database(self) -> Database: ...
    @property
    def async_database(self) -> AsyncDatabase: ...
    def upgrade(self) -> None:
        """Bring every system's schema to its newest revision."""

    def downgrade(self) -> None:
        """Remove every system's schema, with all that is in it. Refuses in production."""

    async def close(self) -> None:
        """Close connections and stop what was started; the next use opens everything again."""


_building: Building | None = None
_lock = threading.Lock()


def use_building(building: Building | None) -> None:
    """Stand this building behind the doors; None: find the installed one when next needed."""
    global _building
    with _lock:
        _building = building


def building() -> Building:
    """The building behind the doors. Raises ConfigurationError when none is installed."""
    global _building
    with _lock:
        if _building is None:
            found = list(entry_points(group="strongroom.building"))
            if not found:
                raise ConfigurationError(
                    setting="strongroom.building", reason="no entry point of this group is installed"
                )
            _building = found[0].load()()
        return _building


def SessionLocal() -> Session:  # the name every FastAPI tutorial gives it
    """A session in the hands of the caller, who commits and closes it."""
    return building().database.new_session()


@contextmanager
def session_scope() -> Iterator[Session]:
    """A session that is committed when the block ends and rolled back on any error."""
    with building().database.session() as session:
        yield session


def get_db() -> Iterator[Session]:
    """A FastAPI dependency: a session for one request, always closed.

    In an app of ours it is committed before the response goes out, and a failed COMMIT becomes an error response.
    Elsewhere the caller commits: a dependency ends too late to tell the client that storing failed.
    """
    session = SessionLocal()
    try:
        is_collected = register(session)
        yield session
        if is_collected:
            # what was written after the response began, by a background task, has nobody else to commit it
            commit_session(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@asynccontextmanager
async def get_db_session() -> AsyncIterator[AsyncSession]:
    """An asynchronous session, committed when the block ends and rolled back on any error."""
    async with building().async_database.session() as session:
        yield session


class AsyncDatabaseSession:
    """The same as an object: `async with AsyncDatabaseSession() as session`."""

    def __init__(self) -> None:
        self._scope = get_db_session()

    async def __aenter__(self) -> AsyncSession:
        return await self._scope.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._scope.__aexit__(kind, error, traceback)


async def init_db() -> None:
    """Bring the schema to its newest revision."""
    await asyncio.to_thread(building().upgrade)


async def close_db() -> None:
    """Close every connection."""
    await building().close()


def create_tables() -> bool:
    """Bring the schema to its newest revision. True when it is there, False when the database cannot be reached."""
    try:
        building().upgrade()
    except StrongroomError:
        return False
    return True


def drop_tables() -> None:
    """Remove the schema and all that is in it. Refuses in production."""
    building().downgrade()


def initialize_database() -> bool:
    """Whether the database answers and has the newest schema, after making it so."""
    return check_database_connection() and create_tables()


def check_database_connection() -> bool:
    """Whether the database answers. Never raises."""
    return bool(get_database_info()["connection_healthy"])


async def check_db_connection() -> bool:
    """Whether the database answers, asked asynchronously. Never raises."""
    return bool((await health_check())["connection_healthy"])


def get_database_info() -> dict[str, Any]:
    """Version and pool of the database, without any secret. Never raises."""
    try:
        return building().database.info()
    except StrongroomError as error:
        return {"error": str(error), "connection_healthy": False}


async def health_check() -> dict[str, Any]:
    """The same, asked asynchronously. Never raises."""
    try:
        return await building().async_database.info()
    except StrongroomError as error:
        return {"error": str(error), "connection_healthy": False}
