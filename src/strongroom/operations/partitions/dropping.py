"""Drops partitions whose time is over: empty ones at once, others only when told to remove their rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from strongroom.kernel.caching import renew_all
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.sessions.patience import insist, patient_engine
from strongroom.kernel.system import System
from strongroom.kernel.tables.versions import VERSIONS
from strongroom.operations.partitions.catalogue import Partition, count_rows, find_partitions


class PartitionHasRows(StrongroomError):
    """{partition} holds {rows} rows; repeat with --yes to remove them with it"""

    code = "PARTITION_HAS_ROWS"
    status = 409


def find_expired(system: System, options: DatabaseOptions, before: date) -> list[Partition]:
    """The partitions that end before this day or on it, in order. Raises NeedsPostgreSQL."""
    return [part for part in find_partitions(system, options) if part.end is not None and part.end <= before]


def drop_partition(system: System, options: DatabaseOptions, partition: Partition, *, with_rows: bool = False) -> int:
    """Drop one partition; what is gone already is no error. Returns how many rows went with it.

    Rows are counted under the lock under which they go. Raises PartitionHasRows unless `with_rows`.
    """
    name = f"{system.name}.{partition.name}"

    def once() -> int:
        with patient_engine(options, system.name) as engine, engine.begin() as connection:
            if connection.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is None:
                return 0
            # the table first: whoever reads it takes the same locks in this order
            connection.exec_driver_sql(f"LOCK TABLE {system.name}.{partition.table} IN ACCESS EXCLUSIVE MODE")
            rows = count_rows(connection, system.name, partition.name)
            if rows and not with_rows:
                raise PartitionHasRows(partition=name, rows=rows)
            connection.exec_driver_sql(f"DROP TABLE {name}")
            if rows and _keeps_versions(system):  # no trigger sees rows go in this way
                renew_all(connection, system.name)
            return rows

    return insist(once)


def _keeps_versions(system: System) -> bool:
    return f"{system.name}.{VERSIONS}" in system.tables.tables
