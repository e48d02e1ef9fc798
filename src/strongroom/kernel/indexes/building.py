"""Builds and drops the indexes that models declare, while the application goes on reading and writing.

PostgreSQL builds concurrently, outside of any transaction; a build that was interrupted leaves an index nobody can
use, which is told and made anew. An index of a partitioned table is built part by part and put together.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateIndex

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import InvalidValue, StrongroomError
from strongroom.kernel.indexes.catalogue import StoredIndex, read_indexes
from strongroom.kernel.indexes.declared import DeclaredIndex, declared_indexes
from strongroom.kernel.sessions.patience import LOCK_TIMEOUT_S, insist, patient_engine

#: names as they are declared, or a mapping of other names to them; every declared index when None
Names = Iterable[str] | Mapping[str, str] | None

_CREATE = re.compile(r"\s*CREATE (?P<unique>UNIQUE )?INDEX (?P<name>\S+) ON (?P<table>\S+) (?P<keys>.*)", re.DOTALL)
_PAUSE_S = 0.1


def check_indexes(options: DatabaseOptions, tables: MetaData, names: Names = None) -> dict[str, bool]:
    """By name, whether the index is there, as declared, and usable. Raises InvalidValue for an unknown name."""
    with _connected(options, tables) as connection:
        chosen = _chosen(connection, tables, names)
        present = _present(connection, tables)
        return {name: one.name in present for name, one in chosen.items()}


def create_indexes(options: DatabaseOptions, tables: MetaData, names: Names = None) -> dict[str, bool]:
    """Build what is missing or unusable; what is there is left alone. By name, whether it is there now.

    False is left only for what a constraint brings along: run the migrations. Raises AlreadyExists when rows break
    a unique index, of which nothing then stays; InvalidValue for an unknown name.
    """
    with _connected(options, tables) as connection, _alone(connection, tables):
        chosen = _chosen(connection, tables, names)
        present = _present(connection, tables)
        for one in chosen.values():
            if one.name not in present and one.index is not None:
                _create(connection, tables, one)
        present = _present(connection, tables)
        return {name: one.name in present for name, one in chosen.items()}


def drop_indexes(options: DatabaseOptions, tables: MetaData, names: Names = None) -> dict[str, bool]:
    """Drop indexes that no constraint rests on. By name, whether it is gone. Raises InvalidValue as the others."""
    with _connected(options, tables) as connection, _alone(connection, tables):
        chosen = _chosen(connection, tables, names)
        stored = {index.name: index for index in read_indexes(connection, str(tables.schema))}
        for one in chosen.values():
            if not one.backs_constraint and one.name in stored:
                _drop(connection, tables, stored[one.name])
        left = {index.name for index in read_indexes(connection, str(tables.schema))}
        return {name: not one.backs_constraint and one.name not in left for name, one in chosen.items()}


def _chosen(connection: Connection, tables: MetaData, names: Names) -> dict[str, DeclaredIndex]:
    declared = declared_indexes(tables, connection.dialect.name)
    if names is None:
        return declared
    by_name = dict(names) if isinstance(names, Mapping) else {name: name for name in names}
    for name in by_name.values():
        if name not in declared:
            raise InvalidValue(field="index", reason=f"no table of {tables.schema} has an index {name!r}")
    return {name: declared[real] for name, real in by_name.items()}


def _present(connection: Connection, tables: MetaData) -> set[str]:
    """The declared indexes that are there, as declared, and usable."""
    declared = declared_indexes(tables, connection.dialect.name).values()
    stored = [index for index in read_indexes(connection, str(tables.schema)) if index.is_valid]
    return {one.name for one in declared if any(_is_same(one, index) for index in stored)}


def _is_same(declared: DeclaredIndex, stored: StoredIndex) -> bool:
    if (declared.table, declared.is_unique) != (stored.table, stored.is_unique):
        return False
    if stored.name is not None and stored.name != declared.name:
        return False
    return declared.columns == stored.columns or (declared.columns is None and stored.name is not None)


def _create(connection: Connection, tables: MetaData, one: DeclaredIndex) -> None:
    assert one.index is not None, "what a constraint brings along is not made here"
    stored = {index.name: index for index in read_indexes(connection, str(tables.schema))}
    if one.name in stored:  # unusable, or not as declared
        _drop(connection, tables, stored[one.name])
    if connection.dialect.name == "sqlite":
        one.index.create(connection)
        return
    written = _CREATE.match(str(CreateIndex(one.index).compile(dialect=connection.dialect)))
    assert written is not None, "an index is written in one way"
    create = f"CREATE {written['unique'] or ''}INDEX"
    schema, whole, keys = str(tables.schema), written["table"], written["keys"]
    partitions = _partitions(connection, whole)
    if partitions is None:
        _build(connection, schema, one.name, f"{create} CONCURRENTLY {one.name} ON {whole} {keys}")
        return
    _briefly(connection, f"{create} {one.name} ON ONLY {whole} {keys}")
    try:
        for part in partitions:
            name = f"{one.name}_{part.removeprefix(one.table)}"
            _build(connection, schema, name, f"{create} CONCURRENTLY {name} ON {schema}.{part} {keys}")
            _briefly(connection, f"ALTER INDEX {schema}.{one.name} ATTACH PARTITION {schema}.{name}")
    except StrongroomError:
        _briefly(connection, f"DROP INDEX IF EXISTS {schema}.{one.name}")  # with the parts it has already
        raise


def _build(connection: Connection, schema: str, name: str, statement: str) -> None:
    """Run one concurrent build; when it fails, nothing of it stays. What an interrupted one left is removed first."""
    remove = f"DROP INDEX CONCURRENTLY IF EXISTS {schema}.{name}"
    try:
        connection.exec_driver_sql(remove)
        connection.exec_driver_sql(statement)
    except StrongroomError:
        with suppress(StrongroomError):  # what went wrong first is what matters
            connection.exec_driver_sql(remove)
        raise


def _drop(connection: Connection, tables: MetaData, stored: StoredIndex) -> None:
    name = f"{tables.schema}.{stored.name}"
    if connection.dialect.name == "postgresql" and not stored.is_partitioned:
        connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    else:
        _briefly(connection, f"DROP INDEX IF EXISTS {name}")


def _briefly(connection: Connection, statement: str) -> None:
    """Run what has no concurrent way: its lock is short, and it steps back where others hold theirs."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
    insist(lambda: connection.exec_driver_sql(statement))
    connection.exec_driver_sql("SET lock_timeout = 0")


def _partitions(connection: Connection, table: str) -> list[str] | None:
    """The partitions of a table, None when it is no partitioned one."""
    kind = text("SELECT relkind::text FROM pg_class WHERE oid = to_regclass(:table)")
    if connection.scalar(kind, {"table": table}) != "p":
        return None
    query = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = to_regclass(:table) ORDER BY c.relname"""
    return list(connection.scalars(text(query), {"table": table}))


@contextmanager
def _connected(options: DatabaseOptions, tables: MetaData) -> Iterator[Connection]:
    """A connection on which each statement stands alone; building waits for others, who never wait for it."""
    with patient_engine(options, str(tables.schema), lock_timeout_s=0) as engine:
        if options.is_sqlite:
            with engine.begin() as connection:
                yield connection
        else:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection


@contextmanager
def _alone(connection: Connection, tables: MetaData) -> Iterator[None]:
    """One builder at a time. Asked for again and again: who waits inside a statement would hold a build up for ever."""
    if connection.dialect.name == "sqlite":
        yield
        return
    key = {"name": f"strongroom.indexes.{tables.schema}"}
    while not connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name))"), key):
        time.sleep(_PAUSE_S)
    try:
        yield
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), key)
