"""Keeps queries quick: fresh statistics for the planner, and indexes that have grown hollow built anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.patience import patient_engine
from strongroom.kernel.system import System

#: an index is hollow that is this many times as large as its entries need, and larger than this
HOLLOW_FACTOR = 2.0
HOLLOW_BYTES_MIN = 10_000_000
#: how PostgreSQL names the copy that an interrupted REINDEX leaves behind beside the index itself
_HALF_BUILT = re.compile(r"_cc(new|old)\d*$")


@dataclass(frozen=True, slots=True)
class Optimised:
    """What was done. analysed: tables with fresh statistics; rebuilt: indexes, those of partitions by their own names.

    saved_bytes: by how much the rebuilt ones became smaller.
    """

    analysed: tuple[str, ...]
    rebuilt: tuple[str, ...]
    saved_bytes: int


def optimise(system: System, options: DatabaseOptions, *, hollow_bytes_min: int = HOLLOW_BYTES_MIN) -> Optimised:
    """ANALYZE every table, and rebuild indexes that are unusable or hollow; nobody has to wait for it.

    On SQLite: ANALYZE, and REINDEX of everything, during which nobody writes.
    """
    tables = tuple(table.name for table in system.tables.sorted_tables)
    with patient_engine(options, system.name, lock_timeout_s=0) as engine:
        if options.is_sqlite:
            with engine.begin() as connection:
                for table in tables:
                    connection.exec_driver_sql(f'ANALYZE "{system.name}"."{table}"')
                    connection.exec_driver_sql(f'REINDEX "{system.name}"."{table}"')
            return Optimised(tables, (), 0)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                connection.exec_driver_sql(f"ANALYZE {system.name}.{table}")
            worn = list(_worn(connection, system.name, hollow_bytes_min))
            before = _size(connection, system.name, worn)
            for name in worn:
                how = "DROP INDEX" if _HALF_BUILT.search(name) else "REINDEX INDEX"
                connection.exec_driver_sql(f"{how} CONCURRENTLY {system.name}.{name}")
            return Optimised(tables, tuple(worn), before - _size(connection, system.name, worn))


def _worn(connection: Connection, schema: str, hollow_bytes_min: int) -> Iterator[str]:
    rows = connection.execute(text(_ENTRIES), {"schema": schema}).all()
    for name, is_valid, size, entries, key_bytes in rows:
        if not is_valid or (size > hollow_bytes_min and size > HOLLOW_FACTOR * expected_size(entries, key_bytes)):
            yield name


def expected_size(entries: float, key_bytes: float) -> float:
    """Bytes that a B-tree needs: an entry is a pointer, a header and its keys in steps of eight, a page is 90 % full.

    Equal keys share their entries since PostgreSQL 13, so an index may well be smaller. Source: the estimate of
    check_postgres (bucardo.org/check_postgres), without its corrections for empty values.
    """
    entry = 4 + 8 + -(-key_bytes // 8) * 8
    return entries * entry / 0.9


def _size(connection: Connection, schema: str, names: list[str]) -> int:
    query = "SELECT coalesce(sum(pg_relation_size(to_regclass(n))), 0)::bigint FROM unnest(CAST(:names AS text[])) n"
    qualified = [f"{schema}.{name}" for name in names]
    return int(connection.scalar(text(query), {"names": qualified}) or 0)


# indexes that hold entries themselves; only of a B-tree is it known how large it should be
_ENTRIES = """
    SELECT c.relname, i.indisvalid, pg_relation_size(c.oid), greatest(c.reltuples, 0),
           coalesce((SELECT sum(s.avg_width) FROM pg_attribute a
                       JOIN pg_stats s ON s.schemaname = :schema AND s.tablename = t.relname AND s.attname = a.attname
                      WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey)), 32)::float
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
      JOIN pg_am m ON m.oid = c.relam
     WHERE t.relnamespace = to_regnamespace(:schema) AND c.relkind = 'i' AND (m.amname = 'btree' OR NOT i.indisvalid)
     ORDER BY c.relname"""
