"""What each index is worth: how often it was used since the statistics began, and what it costs to keep."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import NeedsPostgreSQL
from strongroom.kernel.sessions.patience import patient_engine
from strongroom.kernel.system import System


@dataclass(frozen=True, slots=True)
class IndexUsage:
    """One index, that of a partitioned table with all its parts.

    scans: since the statistics were last reset, on this server alone: a replica counts its own.
    keys: its columns and expressions in order, with what else makes it what it is; table_rows: as last estimated.
    """

    name: str
    table: str
    keys: tuple[str, ...]
    definition: str
    scans: int
    size_bytes: int
    table_rows: int
    is_unique: bool
    is_valid: bool
    is_partial: bool
    backs_constraint: bool


def measure_usage(system: System, options: DatabaseOptions) -> list[IndexUsage]:
    """Every index of the system's tables, the largest first. Raises NeedsPostgreSQL: SQLite keeps no such figures."""
    if options.is_sqlite:
        raise NeedsPostgreSQL(what="figures of index usage")
    with patient_engine(options, system.name) as engine, engine.connect() as connection:
        rows = connection.execute(text(_USAGE), {"schema": system.name}).all()
    return [IndexUsage(name, table, tuple(keys), *rest) for name, table, keys, *rest in rows]


# a part of an index belongs to the one it is attached to
_USAGE = """
    WITH part AS (
      SELECT i.indexrelid, coalesce(h.inhparent, i.indexrelid) AS whole,
             coalesce(s.idx_scan, 0) AS scans, pg_relation_size(i.indexrelid) AS size, t.reltuples AS rows
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
        LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
       WHERE t.relnamespace = to_regnamespace(:schema) AND t.relkind IN ('r', 'p') AND t.relname <> 'alembic_version')
    SELECT c.relname, t.relname,
           ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnkeyatts) k),
           regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX \\S+ ON ', ''),
           sum(part.scans)::bigint, sum(part.size)::bigint, greatest(sum(part.rows), 0)::bigint,
           i.indisunique, i.indisvalid, i.indpred IS NOT NULL,
           EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
      FROM part JOIN pg_index i ON i.indexrelid = part.whole
      JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     GROUP BY i.indexrelid, i.indrelid, c.relname, t.relname, i.indnkeyatts, i.indisunique, i.indisvalid, i.indpred
     ORDER BY 6 DESC, 1"""
