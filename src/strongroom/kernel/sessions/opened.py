"""The doors of a program that opens and closes its pool itself: init_db, get_db_session, health_check, close_db.

Nothing is opened by itself here: a session that is asked for too early is a mistake, and raises.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from strongroom.kernel.errors import NotInitialised
from strongroom.kernel.sessions import doors
from strongroom.kernel.sessions.database import AsyncDatabase

log = logging.getLogger("strongroom.sessions")

_opened: AsyncDatabase | None = None


async def init_db(pool_size: int = 20, max_overflow: int = 10, *, echo: bool = False) -> None:
    """Bring the schema to its newest revision and open a pool. Called again it warns and changes nothing.

    pool_size: connections kept open; max_overflow: further ones under load; echo: log every statement, no values.
    """
    global _opened
    if _opened is not None:
        log.warning("init_db was called again; the pool that is open stays as it is")
        return
    building = doors.building()
    _opened = building.async_database.with_options(pool_size=pool_size, max_overflow=max_overflow, echo=echo)
    try:
        await asyncio.to_thread(building.upgrade)
    except BaseException:
        await close_db()
        raise


async def close_db() -> None:
    """Close every connection; init_db may be called again."""
    global _opened
    opened, _opened = _opened, None
    if opened is not None:
        await opened.close()
        await doors.building().close()


@asynccontextmanager
async def get_db_session() -> AsyncIterator[AsyncSession]:
    """A session that is committed when the block ends and rolled back on any error. Raises NotInitialised."""
    if _opened is None:
        raise NotInitialised
    async with _opened.session() as session:
        yield session


async def health_check() -> bool:
    """Whether the database is open and answers. Never raises."""
    return _opened is not None and await _opened.check()
