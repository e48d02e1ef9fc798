"""One business action: all of it is committed, or none of it happened. The only file that commits.

An action is a function whose first parameter is the session. It may run more than once, so it touches nothing
but the session: no mail, no HTTP, no global. Actions are written once, as plain functions over a synchronous
session; `AsyncDatabase` runs the same function on SQLAlchemy's greenlet bridge, where waiting for the database
suspends the task and never blocks the event loop.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from strongroom.kernel.engines.postgresql import WARNED
from strongroom.kernel.errors import (
    Collided,
    CommitIndeterminate,
    DatabaseUnavailable,
    RelationshipNotLoaded,
    StrongroomError,
)
from strongroom.kernel.sessions.refusals import is_kept

T = TypeVar("T")

_NOT_LOADED = re.compile(r"'(\w+\.\w+)' is not available due to lazy='raise")


def commit_session(session: Session) -> None:
    """Write what is pending and COMMIT. Raises CommitIndeterminate when nobody can know whether it is stored."""
    session.flush()  # so that what the COMMIT raises comes from the COMMIT alone
    if not session.in_transaction():
        return
    record = session.connection().info
    record.pop(WARNED, None)
    try:
        session.commit()
    except DatabaseUnavailable:
        raise CommitIndeterminate from None
    if record.pop(WARNED, False):
        raise CommitIndeterminate


async def commit_async_session(session: AsyncSession) -> None:
    """As `commit_session`; a cancelled caller waits until the COMMIT in flight has ended, then is cancelled."""
    commit = asyncio.ensure_future(session.run_sync(commit_session))
    cancelled: asyncio.CancelledError | None = None
    with anyio.CancelScope(shield=True):  # a cancelled scope would interrupt the waiting at every turn of the loop
        while not commit.done():
            try:
                await asyncio.wait([commit])
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        commit.exception()  # seen: who was cancelled is told nothing else
        raise cancelled
    commit.result()


def run_and_commit(session: Session, action: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    with named_orm_errors():
        try:
            result = action(session, *args, **kwargs)
        except StrongroomError as error:
            if is_kept(action, error):
                commit_session(session)
            raise
        commit_session(session)
        return result


async def run_and_commit_async(session: AsyncSession, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with named_orm_errors():
        try:
            result = await run_async(session, action, *args, **kwargs)
        except StrongroomError as error:
            if is_kept(action, error):
                await commit_async_session(session)
            raise
        await commit_async_session(session)
        return result


@contextmanager
def named_orm_errors() -> Iterator[None]:
    """Name what the ORM itself raises: a row somebody else has changed since it was read, a relationship not loaded."""
    try:
        yield
    except StaleDataError:
        raise Collided("a row was changed by another transaction since it was read; run the action again") from None
    except InvalidRequestError as error:
        if match := _NOT_LOADED.search(str(error)):
            raise RelationshipNotLoaded(relationship=match[1]) from None
        raise


async def run_async(session: AsyncSession, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    if inspect.iscoroutinefunction(action):
        return await action(session, *args, **kwargs)
    return await session.run_sync(action, *args, **kwargs)
