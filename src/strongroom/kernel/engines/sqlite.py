"""Makes SQLite keep the kernel's promises: a schema for each system, foreign keys, one writer, reads that only read.

A system's schema is an attached database file, so `banking.users` is the same SQL on both engines. The file
`ledger.db` holds schema `banking` in `ledger-banking.db`; a schema named like the file lives in that file itself, and
what SQLite calls the main database, which holds nothing of ours, beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.pool import PoolResetState

#: execution option that tells a transaction is only going to read
READ_ONLY = "strongroom_read_only"


def attach_schemas(engine: Engine, url: URL, schemas: Iterable[str], *, busy_timeout_s: float) -> None:
    """Attach each schema to every new connection and take transactions into our own hands."""
    files = _files(url, schemas)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself: see `begin`
        cursor = connection.cursor()
        for schema, file in files.items():
            cursor.execute(f'ATTACH DATABASE ? AS "{schema}"', (file,))
            if file != ":memory:":
                cursor.execute(f'PRAGMA "{schema}".journal_mode = WAL')
                cursor.execute(f'PRAGMA "{schema}".synchronous = FULL')
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes rows behind their triggers
        cursor.execute(f"PRAGMA busy_timeout = {round(busy_timeout_s * 1000)}")
        cursor.close()

    @event.listens_for(engine, "reset")
    def end_transaction(connection: Any, _: Any, state: PoolResetState) -> None:
        # SQLite keeps a transaction open whose COMMIT it has refused, and SQLAlchemy takes it for ended
        if state.transaction_was_reset and state.asyncio_safe:
            connection.rollback()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(READ_ONLY, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {int(bool(read_only))}")
        # IMMEDIATE: a transaction that reads before it writes would otherwise fail halfway, without waiting
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def beside_schemas(url: URL, schemas: Collection[str]) -> URL:
    """Where the main database lives: in the file that is named, unless that is a schema's.

    One file under two names would wait for its own lock.
    """
    file = Path(url.database or "")
    if file.stem not in schemas:
        return url
    return url.set(database=str(file.with_name(f"{file.stem}-main{file.suffix}")))


def file_of_schema(database: str | None, schema: str) -> str:
    """Where a schema lives: beside the main file, in it when the names agree, or in memory."""
    if not database or database == ":memory:":
        return ":memory:"
    main = Path(database)
    return str(main if main.stem == schema else main.with_name(f"{main.stem}-{schema}{main.suffix}"))


def _files(url: URL, schemas: Iterable[str]) -> dict[str, str]:
    return {schema: file_of_schema(url.database, schema) for schema in schemas}
