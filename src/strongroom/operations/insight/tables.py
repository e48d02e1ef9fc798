"""How large each table is and how much of it is dead, and the cleaning that takes the dead rows away."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import InvalidValue, NeedsPostgreSQL
from strongroom.kernel.sessions.patience import patient_engine
from strongroom.kernel.system import System


@dataclass(frozen=True, slots=True)
class TableFigures:
    """One table, a partitioned one with all its parts. rows, dead_rows: as last estimated.

    cleaned_at: the last VACUUM, by hand or by the server itself; None: never since the statistics began.
    """

    name: str
    rows: int
    dead_rows: int
    table_bytes: int
    index_bytes: int
    cleaned_at: datetime | None


def measure_tables(system: System, options: DatabaseOptions, table: str | None = None) -> list[TableFigures]:
    """The system's tables, the largest first, or one of them. Raises NeedsPostgreSQL: SQLite keeps no such figures."""
    if options.is_sqlite:
        raise NeedsPostgreSQL(what="figures of tables")
    with patient_engine(options, system.name) as engine, engine.connect() as connection:
        rows = connection.execute(text(_FIGURES), {"schema": system.name}).all()
    return [TableFigures(*row) for row in rows if table in (None, row[0])]


def vacuum(system: System, options: DatabaseOptions) -> list[str]:
    """Clean each of the system's tables and give the planner fresh statistics, while the application goes on.

    Returns the names of the tables; of SQLite the file is packed as a whole.
    """
    names = sorted(table.name for table in system.tables.tables.values())
    with patient_engine(options, system.name) as engine:
        quote = engine.dialect.identifier_preparer.quote
        if options.is_sqlite:
            # by the driver itself: whatever goes through SQLAlchemy begins a transaction, in which nothing is packed
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute(f"VACUUM {quote(system.name)}")
            return names
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connected:
            for name in names:
                connected.exec_driver_sql(f"VACUUM (ANALYZE) {quote(system.name)}.{quote(name)}")
    return names


def check_is_table(systems: tuple[System, ...], name: str) -> None:
    """Raises InvalidValue when none of the systems has such a table."""
    if not any(table.name == name for system in systems for table in system.tables.tables.values()):
        raise InvalidValue(field="table", reason=f"{name!r} is in none of {', '.join(one.name for one in systems)}")


# a part of a table belongs to the one it is attached to
_FIGURES = """
    SELECT coalesce(whole.relname, t.relname), greatest(sum(t.reltuples), 0)::bigint,
           coalesce(sum(s.n_dead_tup), 0)::bigint, sum(pg_table_size(t.oid))::bigint,
           sum(pg_indexes_size(t.oid))::bigint, max(greatest(s.last_vacuum, s.last_autovacuum))
      FROM pg_class t LEFT JOIN pg_inherits h ON h.inhrelid = t.oid LEFT JOIN pg_class whole ON whole.oid = h.inhparent
      LEFT JOIN pg_stat_all_tables s ON s.relid = t.oid
     WHERE t.relnamespace = to_regnamespace(:schema) AND t.relkind IN ('r', 'p')
     GROUP BY 1 ORDER BY sum(pg_table_size(t.oid)) + sum(pg_indexes_size(t.oid)) DESC, 1"""
