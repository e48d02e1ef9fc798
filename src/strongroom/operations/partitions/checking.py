"""Whether partitions are ready for what comes: those of the time ahead are there, and no row has been left aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.patience import patient_engine
from strongroom.kernel.system import System
from strongroom.operations.partitions.catalogue import check_engine, count_rows, partitioned_tables, parts_of
from strongroom.operations.partitions.creating import plan_partitions


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to mend. what: a sentence that names the table and the way out."""

    table: str
    what: str


def check_partitions(system: System, options: DatabaseOptions, today: date, *, ahead: int = 2) -> list[Trouble]:
    """What is not ready: missing partitions of now and of so many years or months ahead, rows that no partition is for.

    Raises NeedsPostgreSQL.
    """
    check_engine(options)
    troubles = []
    with patient_engine(options, system.name) as engine, engine.connect() as connection:
        for table in partitioned_tables(connection, system):
            rest = next((part for part in parts_of(connection, table) if part.is_default), None)
            if rest is None:
                troubles.append(Trouble(table.name, f"{table.name} has no default partition: rows may be refused"))
            elif rows := count_rows(connection, table.schema, rest.name):
                troubles.append(
                    Trouble(
                        table.name,
                        f"{rows} rows lie in {rest.name}; run `strongroom partitions create --empty-default`",
                    )
                )
    troubles += [
        Trouble(wanted.table.name, f"{wanted.name} is missing; run `strongroom partitions create`")
        for wanted in plan_partitions(system, options, today, ahead=ahead)
    ]
    return sorted(troubles, key=lambda trouble: trouble.table)
