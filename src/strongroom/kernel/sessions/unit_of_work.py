"""One business action: all of it is committed, or none of it happened. The only file that commits.

An action is a function whose first parameter is the session. It may run more than once, so it touches nothing
but the session: no mail, no HTTP, no global. Actions are written once, as plain functions over a synchronous
session; `AsyncDatabase` runs the same function on SQLAlchemy's greenlet bridge, where waiting for the database
suspends the task and never blocks the event loop.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast, overload

import anyio
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from strongroom.kernel.engines import DatabaseOptions, build_async_engine, build_engine
from strongroom.kernel.engines.postgresql import WARNED
from strongroom.kernel.engines.sqlite import READ_ONLY
from strongroom.kernel.errors import Collided, CommitIndeterminate, DatabaseUnavailable, StrongroomError
from strongroom.kernel.sessions.actors import SYSTEM, Actor
from strongroom.kernel.sessions.attempts import Attempts
from strongroom.kernel.sessions.probes import connection_info, failure_info
from strongroom.kernel.sessions.refusals import is_kept
from strongroom.kernel.tables import hide_soft_deleted
from strongroom.kernel.values import Clock, SystemClock

_SYSTEM_CLOCK = SystemClock()

P = ParamSpec("P")
T = TypeVar("T")

#: keys in session.info under which the acting person or program, and the clock, stand
ACTOR = "actor"
CLOCK = "clock"


class WorkSession(Session):
    """A session whose rows stay readable after commit and whose queries leave soft-deleted rows out."""


hide_soft_deleted(WorkSession)

_READ_ONLY = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """One database, synchronously. `write` and `read` run actions; `session` is for those who want it plain.

    Engines are made at once and connect on first use; share one Database per process.
    """

    def __init__(
        self,
        options: DatabaseOptions,
        *,
        schemas: tuple[str, ...] = (),
        errors_by_constraint: Mapping[str, type[StrongroomError]] | None = None,
        attempts: Attempts = Attempts(),  # noqa: B008 - frozen
        clock: Clock = SystemClock(),  # noqa: B008 - has no state
    ) -> None:
        self.options = options
        self.attempts = attempts
        self.clock = clock
        self.actor = SYSTEM
        self.engine = build_engine(options, schemas, errors_by_constraint)

    def acting_as(self, actor: Actor) -> Self:
        """The same database, with every write known to be this actor's."""
        bound = copy(self)
        bound.actor = actor
        return bound

    def write(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the action and commit; run it again when it collided. Raises what it raises, after rolling back."""
        pauses = self.attempts.pauses()
        while True:
            try:
                with self.open_session() as session:
                    return _run_and_commit(session, action, *args, **kwargs)
            except StrongroomError as error:
                pause = next(pauses, None) if error.retryable else None
                if pause is None:
                    raise
                time.sleep(pause)

    def read(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the action on one snapshot, in a transaction in which the database itself refuses every write."""
        with self.open_session(read_only=True) as session:
            return action(session, *args, **kwargs)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A plain session: committed when the block ends, rolled back on any error."""
        with self.open_session() as session:
            yield session
            commit_session(session)

    @contextmanager
    def open_session(self, *, read_only: bool = False) -> Iterator[Session]:
        """A session that has its connection and ends in rollback unless somebody committed."""
        with self.new_session() as session:
            session.connection(execution_options=_transaction_options(self.options, read_only))
            yield session

    def new_session(self) -> Session:
        """A session in the hands of the caller, who closes it."""
        return WorkSession(self.engine, expire_on_commit=False, info={ACTOR: self.actor, CLOCK: self.clock})

    def check(self) -> bool:
        """Whether the database answers. Never raises."""
        return bool(self.info()["connection_healthy"])

    def info(self) -> dict[str, Any]:
        """Version and pool of the database, without any secret. Never raises."""
        try:
            with self.open_session(read_only=True) as session:
                return connection_info(session, self.options)
        except (StrongroomError, SQLAlchemyError, OSError) as error:
            return failure_info(self.options, error)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


class AsyncDatabase:
    """One database, asynchronously: the same three verbs, awaited, over the same actions."""

    def __init__(
        self,
        options: DatabaseOptions,
        *,
        schemas: tuple[str, ...] = (),
        errors_by_constraint: Mapping[str, type[StrongroomError]] | None = None,
        attempts: Attempts = Attempts(),  # noqa: B008 - frozen
        clock: Clock = SystemClock(),  # noqa: B008 - has no state
    ) -> None:
        self.options = options
        self.attempts = attempts
        self.clock = clock
        self.actor = SYSTEM
        self.engine = build_async_engine(options, schemas, errors_by_constraint)

    def acting_as(self, actor: Actor) -> Self:
        """The same database, with every write known to be this actor's."""
        bound = copy(self)
        bound.actor = actor
        return bound

    @overload
    async def write(
        self, action: Callable[Concatenate[AsyncSession, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T: ...
    @overload
    async def write(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T: ...
    async def write(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the action (a plain function or a coroutine function) and commit; again when it collided."""
        pauses = self.attempts.pauses()
        while True:
            try:
                async with self.open_session() as session:
                    return await _run_and_commit_async(session, action, *args, **kwargs)
            except StrongroomError as error:
                pause = next(pauses, None) if error.retryable else None
                if pause is None:
                    raise
            await asyncio.sleep(pause)

    @overload
    async def read(
        self, action: Callable[Concatenate[AsyncSession, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T: ...
    @overload
    async def read(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T: ...
    async def read(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the action on one snapshot, in a transaction in which the database itself refuses every write."""
        async with self.open_session(read_only=True) as session:
            return await _run_async(session, action, *args, **kwargs)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A plain session: committed when the block ends, rolled back on any error."""
        async with self.open_session() as session:
            yield session
            await commit_async_session(session)

    @asynccontextmanager
    async def open_session(self, *, read_only: bool = False) -> AsyncIterator[AsyncSession]:
        """A session that has its connection and ends in rollback unless somebody committed."""
        async with self.new_session() as session:
            await session.connection(execution_options=_transaction_options(self.options, read_only))
            yield session

    def new_session(self) -> AsyncSession:
        """A session in the hands of the caller, who closes it."""
        return AsyncSession(
            self.engine,
            sync_session_class=WorkSession,
            expire_on_commit=False,
            info={ACTOR: self.actor, CLOCK: self.clock},
        )

    async def check(self) -> bool:
        """Whether the database answers. Never raises."""
        return bool((await self.info())["connection_healthy"])

    async def info(self) -> dict[str, Any]:
        """Version and pool of the database, without any secret. Never raises."""
        try:
            return await self.read(connection_info, self.options)
        except (StrongroomError, SQLAlchemyError, OSError) as error:
            return failure_info(self.options, error)

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


def actor_of(session: Session) -> Actor:
    """Who is acting in this session; every write knows."""
    return cast("Actor", session.info.get(ACTOR, SYSTEM))


def now_of(session: Session) -> datetime:
    """The present moment, UTC, by the clock the database was given."""
    return cast("Clock", session.info.get(CLOCK, _SYSTEM_CLOCK)).now()


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


def _run_and_commit(session: Session, action: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    with _stale_rows_collide():
        try:
            result = action(session, *args, **kwargs)
        except StrongroomError as error:
            if is_kept(action, error):
                commit_session(session)
            raise
        commit_session(session)
        return result


async def _run_and_commit_async(session: AsyncSession, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with _stale_rows_collide():
        try:
            result = await _run_async(session, action, *args, **kwargs)
        except StrongroomError as error:
            if is_kept(action, error):
                await commit_async_session(session)
            raise
        await commit_async_session(session)
        return result


@contextmanager
def _stale_rows_collide() -> Iterator[None]:
    """A row with a version that somebody else has changed since it was read is a collision like any other."""
    try:
        yield
    except StaleDataError:
        raise Collided("a row was changed by another transaction since it was read; run the action again") from None


async def _run_async(session: AsyncSession, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    if inspect.iscoroutinefunction(action):
        return await action(session, *args, **kwargs)
    return await session.run_sync(action, *args, **kwargs)


def _transaction_options(options: DatabaseOptions, read_only: bool) -> dict[str, Any]:
    if options.is_sqlite:
        return {READ_ONLY: read_only}
    return _READ_ONLY if read_only else {}
