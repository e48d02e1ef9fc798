"""Makes partitions ahead of their time, and takes over the rows that came before them, without losing one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.patience import insist, patient_engine
from strongroom.kernel.system import System
from strongroom.kernel.tables.partitions import default_partition, name_indexes
from strongroom.operations.partitions.catalogue import (
    PartitionedTable,
    Span,
    check_engine,
    partitioned_tables,
    parts_of,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A partition that should be there and is not: from start to the day before end."""

    table: PartitionedTable
    start: date
    end: date

    @property
    def name(self) -> str:
        """`lines_2026`, or `lines_2026_07` when it is a month's."""
        month = f"_{self.start.month:02}" if (self.end - self.start).days <= 31 else ""
        return f"{self.table.name}_{self.start.year}{month}"


def plan_partitions(
    system: System,
    options: DatabaseOptions,
    today: date,
    *,
    ahead: int = 2,
    span: Span | None = None,
    empty_default: bool = False,
) -> list[Wanted]:
    """What is missing from the present year or month to so many ahead, for every partitioned table of the system.

    span: as the newest partition of each table when None. empty_default: also those that rows now lying in the
    default partition belong into. Raises NeedsPostgreSQL.
    """
    check_engine(options)
    with patient_engine(options, system.name) as engine, engine.connect() as connection:
        return [
            wanted
            for table in partitioned_tables(connection, system)
            for wanted in _missing(connection, table, today, ahead, span, empty_default=empty_default)
        ]


def create_partition(options: DatabaseOptions, wanted: Wanted) -> int | None:
    """Make one partition and move the rows of its time into it. Returns how many; None when it was there already.

    One transaction: all of it happens, or none. Readers go on; those who write wait only if their rows belong into
    the default partition. Steps back from locks and tries again. Raises StillReferenced when rows to be moved are
    referred to by other tables.
    """

    def once() -> int | None:
        with patient_engine(options, wanted.table.schema) as engine, engine.begin() as connection:
            return _create(connection, wanted)

    return insist(once)


def _missing(
    connection: Connection, table: PartitionedTable, today: date, ahead: int, span: Span | None, *, empty_default: bool
) -> Iterator[Wanted]:
    parts = parts_of(connection, table)
    spans = [part.span for part in parts if part.span]
    chosen = span or (spans[-1] if spans else "year")
    starts = [_start(today, chosen)]
    while len(starts) <= ahead:
        starts.append(_next(starts[-1], chosen))
    if empty_default:
        starts += _starts_in_default(connection, table, chosen)
    for start in sorted(set(starts)):
        end = _next(start, chosen)
        if not any(part.start < end and part.end > start for part in parts if part.start and part.end):
            yield Wanted(table, start, end)


def _create(connection: Connection, wanted: Wanted) -> int | None:
    table = wanted.table
    # whoever comes second finds the partition there
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"strongroom.partitions.{table.schema}"}
    )
    parts = parts_of(connection, table)
    if any(part.start < wanted.end and part.end > wanted.start for part in parts if part.start and part.end):
        return None
    whole, part = f"{table.schema}.{table.name}", f"{table.schema}.{wanted.name}"
    condition = f"{table.column} >= '{wanted.start}' AND {table.column} < '{wanted.end}'"
    # made beside the table, which goes on meanwhile; the CHECK spares ATTACH to look at every row under its lock
    _run(
        connection,
        f"CREATE TABLE {part} (LIKE {whole} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS "
        "INCLUDING STORAGE INCLUDING INDEXES)",
        f"ALTER TABLE {part} ADD CONSTRAINT {wanted.name}_bounds CHECK ({condition})",
    )
    moved = 0
    if any(one.is_default for one in parts):
        moved = _take_over(connection, wanted, condition)
    _run(
        connection,
        f"ALTER TABLE {whole} ATTACH PARTITION {part} FOR VALUES FROM ('{wanted.start}') TO ('{wanted.end}')",
        f"ALTER TABLE {part} DROP CONSTRAINT {wanted.name}_bounds",
        name_indexes(table.schema, table.name, wanted.name),
    )
    return moved


def _take_over(connection: Connection, wanted: Wanted, condition: str) -> int:
    """Move the rows. They stay rows of the table, so no trigger may take their leaving for a deletion."""
    table = wanted.table
    rest, part = f"{table.schema}.{default_partition(table.name)}", f"{table.schema}.{wanted.name}"
    _run(connection, f"LOCK TABLE {rest} IN SHARE ROW EXCLUSIVE MODE")  # else a row could come in behind our back
    triggers = connection.execute(
        text("SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = to_regclass(:rest) AND NOT tgisinternal"),
        {"rest": rest},
    ).all()
    columns = ", ".join(
        connection.scalars(
            text(
                "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = to_regclass(:part) AND attnum > 0 "
                "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
            ),
            {"part": part},
        )
    )
    _run(connection, *(f"ALTER TABLE {rest} DISABLE TRIGGER {name}" for name, _ in triggers))
    moved = connection.exec_driver_sql(
        f"WITH gone AS (DELETE FROM {rest} WHERE {condition} RETURNING {columns}) "
        f"INSERT INTO {part} ({columns}) SELECT {columns} FROM gone"
    ).rowcount
    _run(connection, *(f"ALTER TABLE {rest} {_FIRES[state]} TRIGGER {name}" for name, state in triggers))
    return moved


#: pg_trigger.tgenabled and the words that bring it about
_FIRES = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _starts_in_default(connection: Connection, table: PartitionedTable, span: Span) -> Iterable[date]:
    rest = f"{table.schema}.{default_partition(table.name)}"
    if connection.scalar(text("SELECT to_regclass(:rest)"), {"rest": rest}) is None:
        return []
    query = f"SELECT DISTINCT date_trunc('{span}', {table.column}::timestamp)::date FROM {rest}"
    return list(connection.exec_driver_sql(query).scalars())


def _start(day: date, span: Span) -> date:
    return day.replace(day=1) if span == "month" else day.replace(month=1, day=1)


def _next(start: date, span: Span) -> date:
    if span == "year":
        return start.replace(year=start.year + 1)
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
