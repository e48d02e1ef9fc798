"""One database with three verbs, sync and async: `write` and `read` run actions, `session` is plain."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from dataclasses import replace
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions, build_async_engine, build_engine
from strongroom.kernel.engines.sqlite import READ_ONLY
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.sessions.actors import ACTOR, CLOCK, SYSTEM, Actor
from strongroom.kernel.sessions.attempts import Attempts
from strongroom.kernel.sessions.probes import connection_info, failure_info
from strongroom.kernel.sessions.unit_of_work import (
    commit_async_session,
    commit_session,
    named_orm_errors,
    run_and_commit,
    run_and_commit_async,
    run_async,
)
from strongroom.kernel.tables import hide_soft_deleted
from strongroom.kernel.values import Clock, SystemClock

P = ParamSpec("P")
T = TypeVar("T")
EngineT = TypeVar("EngineT", Engine, AsyncEngine)
Schemas = tuple[str, ...]
ErrorsByConstraint = Mapping[str, type[StrongroomError]] | None

_READ_ONLY = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class WorkSession(Session):
    """A session whose rows stay readable after commit and whose queries leave soft-deleted rows out."""


hide_soft_deleted(WorkSession)


class _Configured(ABC, Generic[EngineT]):
    """What either kind of database is told, and in whose name it acts."""

    def __init__(
        self,
        options: DatabaseOptions,
        *,
        schemas: Schemas = (),
        errors_by_constraint: ErrorsByConstraint = None,
        attempts: Attempts = Attempts(),  # noqa: B008 - frozen
        clock: Clock = SystemClock(),  # noqa: B008 - has no state
    ) -> None:
        """schemas: of the systems, which SQLite attaches; errors_by_constraint: their errors, by constraint name."""
        self.options = options
        self.schemas = schemas
        self.errors_by_constraint = errors_by_constraint
        self.attempts = attempts
        self.clock = clock
        self.actor = SYSTEM
        self.engine: EngineT = self._build_engine(schemas, errors_by_constraint)

    def acting_as(self, actor: Actor) -> Self:
        """The same database, with every write known to be this actor's."""
        bound = copy(self)
        bound.actor = actor
        return bound

    def with_options(self, **changes: Any) -> Self:
        """The same database through a pool of its own, with some options changed. Whoever asks for it closes it."""
        return type(self)(
            replace(self.options, **changes),
            schemas=self.schemas,
            errors_by_constraint=self.errors_by_constraint,
            attempts=self.attempts,
            clock=self.clock,
        )

    @abstractmethod
    def _build_engine(self, schemas: Schemas, errors_by_constraint: ErrorsByConstraint) -> EngineT: ...

    def _session_info(self) -> dict[str, Any]:
        return {ACTOR: self.actor, CLOCK: self.clock}


class Database(_Configured[Engine]):
    """One database, synchronously. `write` and `read` run actions; `session` is for those who want it plain.

    Engines are made at once and connect on first use; share one Database per process.
    """

    def write(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the action and commit; run it again when it collided. Raises what it raises, after rolling back."""
        pauses = self.attempts.pauses()
        while True:
            try:
                with self.open_session() as session:
                    return run_and_commit(session, action, *args, **kwargs)
            except StrongroomError as error:
                pause = next(pauses, None) if error.retryable else None
                if pause is None:
                    raise
                time.sleep(pause)

    def read(self, action: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the action on one snapshot, in a transaction in which the database itself refuses every write."""
        with self.open_session(read_only=True) as session, named_orm_errors():
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
        return WorkSession(self.engine, expire_on_commit=False, info=self._session_info())

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

    def _build_engine(self, schemas: Schemas, errors_by_constraint: ErrorsByConstraint) -> Engine:
        return build_engine(self.options, schemas, errors_by_constraint)


class AsyncDatabase(_Configured[AsyncEngine]):
    """One database, asynchronously: the same three verbs, awaited, over the same actions."""

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
                    return await run_and_commit_async(session, action, *args, **kwargs)
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
            with named_orm_errors():
                return await run_async(session, action, *args, **kwargs)

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
            info=self._session_info(),
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

    def _build_engine(self, schemas: Schemas, errors_by_constraint: ErrorsByConstraint) -> AsyncEngine:
        return build_async_engine(self.options, schemas, errors_by_constraint)


def _transaction_options(options: DatabaseOptions, read_only: bool) -> dict[str, Any]:
    if options.is_sqlite:
        return {READ_ONLY: read_only}
    return _READ_ONLY if read_only else {}
