"""Partitions: a table cut into years is one table to its readers, to its errors and to whoever compares schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import CheckFailed, StillReferenced
from strongroom.kernel.migrations import find_drift
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.tables import canonical_json, yearly_partitions
from strongroom.kernel.values import new_id
from strongroom.testing.conformance.declared import DECLARED, one_name_everywhere
from strongroom.testing.conformance.journeys import JOURNEYS
from strongroom.testing.conformance.stored import STORED
from tests.kernel.granary import Farm, Harvest, HarvestedAlready, granary

#: the first comes into a partition of its year, the last into the one for all other years
DAYS = [date(2024, 1, 1), date(2025, 12, 31), date(1999, 6, 1)]


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


@pytest.mark.parametrize("claim", [claim for claim in DECLARED if claim is not one_name_everywhere])
def test_a_partitioned_table_is_declared_like_any_other(claim: Callable[[System], Iterator[str]]) -> None:
    assert list(claim(granary)) == []


@pytest.mark.parametrize("claim", STORED + JOURNEYS)
def test_a_partitioned_table_is_built_as_declared(
    claim: Callable[[System, DatabaseOptions], Iterator[str]], any_options: DatabaseOptions
) -> None:
    assert list(claim(granary, any_options)) == []


def test_rows_come_into_the_partition_of_their_year(database: Database) -> None:
    database.write(_harvest, DAYS)
    where = "SELECT tableoid::regclass::text FROM granary.harvests ORDER BY day"
    assert database.read(lambda session: list(session.scalars(text(where)))) == [
        "granary.harvests_default", "granary.harvests_2024", "granary.harvests_2025",
    ]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_a_broken_constraint_of_a_partition_is_told_by_the_name_the_table_gives_it(
    any_database: Database, day: date
) -> None:
    any_database.write(_harvest, [day])
    with pytest.raises(HarvestedAlready):
        any_database.write(_harvest, [day])
    with pytest.raises(CheckFailed, match="ck_harvests_weight"):
        any_database.write(lambda session: session.execute(text("UPDATE granary.harvests SET weight = -1")))
    with pytest.raises(StillReferenced):
        any_database.write(lambda session: session.add(Harvest(farm_id=new_id(), day=day)))


def test_a_row_is_found_by_its_id_alone(any_database: Database) -> None:
    [harvest] = any_database.write(_harvest, [date(2024, 5, 5)])
    found = any_database.read(lambda session: session.get(Harvest, harvest.id))
    assert found is not None
    assert found.day == date(2024, 5, 5)


def test_triggers_of_the_table_hold_in_partitions_made_later(database: Database) -> None:
    [harvest] = database.write(_harvest, [date(2031, 5, 5)])
    bounds = "FOR VALUES FROM ('2032-01-01') TO ('2033-01-01')"
    add = f"CREATE TABLE granary.harvests_2032 PARTITION OF granary.harvests {bounds}"
    database.write(lambda session: session.execute(text(add)))
    database.write(lambda session: session.execute(text("UPDATE granary.harvests SET day = '2032-01-01'")))
    moved = database.read(lambda session: session.scalars(select(Harvest)).one())
    assert moved.updated_at > harvest.updated_at


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP INDEX granary.ix_harvests_crop", "ix_harvests_crop"),
        ("ALTER TABLE granary.harvests DROP COLUMN weight", "weight"),
        ("ALTER TABLE granary.harvests DROP CONSTRAINT uq_harvests_farm_id_day_crop", "uq_harvests_farm_id_day_crop"),
        ("DROP TRIGGER touch_harvests ON granary.harvests", "touch_harvests on harvests"),
        ("CREATE TABLE granary.harvests_old (id integer)", "harvests_old"),
    ],
)
def test_drift_of_a_partitioned_table_is_told_once(database: Database, change: str, told: str) -> None:
    database.write(lambda session: session.execute(text(change)))
    [drift] = find_drift(granary, database.options)
    assert told in drift.what


def test_more_partitions_or_fewer_are_no_drift(database: Database) -> None:
    database.write(lambda session: session.execute(text("DROP TABLE granary.harvests_2024")))
    assert find_drift(granary, database.options) == []


def test_the_sql_of_partitions_is_what_it_was_when_revisions_ran_it() -> None:
    made = yearly_partitions("room", "things", 2024, 2025)
    written = canonical_json({"name": made.name, "create": dict(made.create), "drop": dict(made.drop)})
    assert hashlib.sha256(written.encode()).hexdigest()[:16] == "2639f3d2d0b90e86"


def _harvest(session: Session, days: list[date]) -> list[Harvest]:
    farm = session.scalars(select(Farm)).one_or_none() or Farm(name="Hill")
    session.add(farm)
    session.flush()
    rows: list[Any] = [Harvest(farm_id=farm.id, day=day) for day in days]
    session.add_all(rows)
    session.flush()
    return rows
