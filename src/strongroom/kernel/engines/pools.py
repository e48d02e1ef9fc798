"""Builds an engine from its options: driver, pool, timeouts, named faults, watched commits. Nothing connects yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    URL,
    AsyncAdaptedQueuePool,
    Engine,
    Pool,
    PoolProxiedConnection,
    QueuePool,
    StaticPool,
    create_engine,
    event,
)
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from strongroom.kernel.engines.faults import name_faults
from strongroom.kernel.engines.options import DatabaseOptions
from strongroom.kernel.engines.postgresql import (
    COMMIT_NOT_REPLICATED,
    WARNED,
    asyncpg_arguments,
    psycopg_arguments,
    session_settings,
)
from strongroom.kernel.engines.sqlite import attach_schemas, beside_schemas
from strongroom.kernel.engines.urls import parse_url, with_driver
from strongroom.kernel.errors import PoolExhausted, StrongroomError


def build_engine(
    options: DatabaseOptions,
    schemas: Collection[str] = (),
    by_constraint: Mapping[str, type[StrongroomError]] | None = None,
) -> Engine:
    """A synchronous engine. schemas: the systems' schemas, which SQLite attaches; by_constraint: see name_faults."""
    url = parse_url(options.url)
    arguments = {} if options.is_sqlite else psycopg_arguments(url, options)
    engine = create_engine(
        with_driver(_main(url, options, schemas), asynchronous=False),
        **_pool(url, options, NamedQueuePool),
        connect_args=arguments,
    )
    _prepare(engine, url, options, schemas, by_constraint or {})
    if not options.is_sqlite:

        @event.listens_for(engine, "connect")
        def watch(connection: Any, record: Any) -> None:
            def heard(notice: Any) -> None:
                if notice.sqlstate == COMMIT_NOT_REPLICATED:
                    record.info[WARNED] = True

            connection.add_notice_handler(heard)

    return engine


def build_async_engine(
    options: DatabaseOptions,
    schemas: Collection[str] = (),
    by_constraint: Mapping[str, type[StrongroomError]] | None = None,
) -> AsyncEngine:
    """An asynchronous engine that means the same as `build_engine` with the same options."""
    url = parse_url(options.url)
    arguments = {} if options.is_sqlite else asyncpg_arguments(url, options)
    engine = create_async_engine(
        with_driver(_main(url, options, schemas), asynchronous=True),
        **_pool(url, options, AsyncNamedQueuePool),
        connect_args=arguments,
    )
    _prepare(engine.sync_engine, url, options, schemas, by_constraint or {})
    if not options.is_sqlite:

        @event.listens_for(engine.sync_engine, "connect")
        def watch(connection: Any, record: Any) -> None:
            def heard(_: Any, message: Any) -> None:
                if message.sqlstate == COMMIT_NOT_REPLICATED:
                    record.info[WARNED] = True

            connection.driver_connection.add_log_listener(heard)

    return engine


def driver_arguments(options: DatabaseOptions) -> dict[str, Any]:
    """What psycopg's own connect() takes, for a library that brings its own pool; it means the same as an engine."""
    url = parse_url(options.url)
    plain = with_driver(_without(url, "sslmode"), asynchronous=False)
    _, given = plain.get_dialect()().create_connect_args(plain)
    return {**given, **psycopg_arguments(url, options)}


class NamedQueuePool(QueuePool):
    """A pool that says by a name of ours that nothing became free in time."""

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except NoneFree:
            raise PoolExhausted(timeout_s=self.timeout()) from None


class AsyncNamedQueuePool(NamedQueuePool, AsyncAdaptedQueuePool):
    """The same for an event loop."""


def _pool(url: URL, options: DatabaseOptions, pool_class: type[Pool]) -> dict[str, Any]:
    # hide_parameters: an error message must not carry the values of the statement
    shared: dict[str, Any] = {"echo": options.echo, "hide_parameters": True}
    if options.is_sqlite and url.database in (None, "", ":memory:"):
        return {**shared, "poolclass": StaticPool}
    return {
        **shared,
        "poolclass": pool_class,
        "pool_size": options.pool_size,
        "max_overflow": options.max_overflow,
        "pool_timeout": options.pool_timeout_s,
        "pool_recycle": options.pool_recycle_s,
        "pool_pre_ping": options.pool_pre_ping,
    }


def _prepare(
    engine: Engine,
    url: URL,
    options: DatabaseOptions,
    schemas: Collection[str],
    by_constraint: Mapping[str, Any],
) -> None:
    name_faults(engine, by_constraint)
    if options.is_sqlite:
        attach_schemas(engine, url, schemas, busy_timeout_s=max(options.lock_timeout_s, 1))
    elif options.pgbouncer:
        settings = session_settings(options)
        names = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())

        @event.listens_for(engine, "begin")
        def set_for_this_transaction(connection: Any) -> None:
            # session state would leak to the pooler's next client
            connection.exec_driver_sql(f"SELECT {names}")


def _main(url: URL, options: DatabaseOptions, schemas: Collection[str]) -> URL:
    return beside_schemas(url, schemas) if options.is_sqlite else _without(url, "sslmode")


def _without(url: URL, name: str) -> URL:
    return url.difference_update_query([name])
