"""Indexes: built as models declare them, beside the running application, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import Index, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, InvalidValue
from strongroom.kernel.indexes import check_indexes, create_indexes, drop_indexes, explain, read_indexes
from strongroom.kernel.migrations import find_drift
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from tests.kernel.attic.watching import connect_plainly
from tests.kernel.granary import Base, Farm, Harvest, granary

TABLES = Base.metadata
PLAIN = ["ix_farms_deleted_at", "ix_farms_region", "ix_harvests_crop", "ix_visits_farm_id"]
BACKING = [
    "pk_cache_versions",
    "pk_farms",
    "pk_harvests",
    "pk_visits",
    "uq_farms_name",
    "uq_harvests_farm_id_day_crop",
]


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


@pytest.fixture
def rare() -> Iterator[Index]:
    """An index that the models declare from now on, and no revision has made."""
    index = Index("ix_farms_rare", Farm.name, unique=True)
    yield index
    Farm.metadata.tables["granary.farms"].indexes.discard(index)


def test_a_migrated_database_has_every_index(any_database: Database) -> None:
    assert check_indexes(any_database.options, TABLES) == dict.fromkeys(PLAIN + BACKING, True)


def test_dropped_indexes_are_found_missing_and_built_again(any_database: Database) -> None:
    assert drop_indexes(any_database.options, TABLES, PLAIN) == dict.fromkeys(PLAIN, True)
    assert check_indexes(any_database.options, TABLES, PLAIN) == dict.fromkeys(PLAIN, False)
    assert create_indexes(any_database.options, TABLES, PLAIN) == dict.fromkeys(PLAIN, True)
    assert check_indexes(any_database.options, TABLES, PLAIN) == dict.fromkeys(PLAIN, True)
    assert find_drift(granary, any_database.options) == []


def test_creating_and_dropping_may_be_repeated(any_database: Database) -> None:
    assert all(create_indexes(any_database.options, TABLES).values())
    for _ in range(2):
        assert drop_indexes(any_database.options, TABLES, ["ix_harvests_crop"]) == {"ix_harvests_crop": True}


def test_what_a_constraint_rests_on_is_never_dropped(any_database: Database) -> None:
    assert drop_indexes(any_database.options, TABLES) == {**dict.fromkeys(PLAIN, True), **dict.fromkeys(BACKING, False)}
    assert check_indexes(any_database.options, TABLES, BACKING) == dict.fromkeys(BACKING, True)


def test_other_names_may_stand_for_the_declared_ones(any_database: Database) -> None:
    names = {"idx_crop": "ix_harvests_crop", "idx_name": "uq_farms_name"}
    assert check_indexes(any_database.options, TABLES, names) == {"idx_crop": True, "idx_name": True}
    assert drop_indexes(any_database.options, TABLES, names) == {"idx_crop": True, "idx_name": False}
    assert check_indexes(any_database.options, TABLES, names) == {"idx_crop": False, "idx_name": True}


def test_a_name_that_no_table_knows_is_refused(any_database: Database) -> None:
    with pytest.raises(InvalidValue, match="no table of granary has an index 'ix_barns'"):
        check_indexes(any_database.options, TABLES, ["ix_barns"])


def test_an_index_of_that_name_on_other_columns_is_made_anew(any_database: Database) -> None:
    name, table = ("granary.ix_farms_region", "farms")
    if not any_database.options.is_sqlite:  # where schema and table are written together
        name, table = ("ix_farms_region", "granary.farms")
    any_database.write(_execute, "DROP INDEX granary.ix_farms_region")
    any_database.write(_execute, f"CREATE INDEX {name} ON {table} (name)")
    assert check_indexes(any_database.options, TABLES, ["ix_farms_region"]) == {"ix_farms_region": False}
    assert create_indexes(any_database.options, TABLES, ["ix_farms_region"]) == {"ix_farms_region": True}


def test_an_index_in_pieces_serves_queries_again(database: Database) -> None:
    drop_indexes(database.options, TABLES, ["ix_harvests_crop"])
    create_indexes(database.options, TABLES, ["ix_harvests_crop"])
    query = select(Harvest.weight).where(Harvest.crop == "rye")
    plan = database.read(explain, query, as_if_large=True)
    assert plan.uses_index("ix_harvests_crop")
    assert sum(step.index == "ix_harvests_crop" for step in plan.walk()) == 4


def test_what_an_interrupted_build_left_is_told_and_mended(database: Database) -> None:
    drop_indexes(database.options, TABLES, ["ix_farms_region", "ix_harvests_crop"])
    with connect_plainly(database.options) as connection:
        connection.execute("CREATE INDEX ix_farms_region ON granary.farms (region)")
        connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'granary.ix_farms_region'::regclass"
        )
        connection.execute("CREATE INDEX ix_harvests_crop ON ONLY granary.harvests (crop)")
        connection.execute("CREATE INDEX ix_harvests_crop__2024 ON granary.harvests_2024 (crop)")
    broken = ["ix_farms_region", "ix_harvests_crop"]
    assert check_indexes(database.options, TABLES, broken) == dict.fromkeys(broken, False)
    assert create_indexes(database.options, TABLES, broken) == dict.fromkeys(broken, True)


def test_a_build_that_rows_forbid_leaves_nothing_behind(any_database: Database, rare: Index) -> None:
    def add(session: Session) -> None:
        session.add_all([Farm(name="Hill"), Farm(name="Dale")])

    any_database.write(add)
    clash = Index("ix_farms_clash", Farm.region, unique=True)
    try:
        with pytest.raises(AlreadyExists):
            create_indexes(any_database.options, TABLES, ["ix_farms_clash"])
    finally:
        Farm.metadata.tables["granary.farms"].indexes.discard(clash)
    stored = any_database.read(lambda session: read_indexes(session.connection(), "granary"))
    assert "ix_farms_clash" not in {index.name for index in stored}
    assert create_indexes(any_database.options, TABLES, ["ix_farms_rare"]) == {"ix_farms_rare": True}


def test_building_goes_on_beside_writers(database: Database) -> None:
    drop_indexes(database.options, TABLES, PLAIN)
    with connect_plainly(database.options, autocommit=False) as other, ThreadPoolExecutor(1) as pool:
        other.execute("INSERT INTO granary.farms (id, name, region) VALUES (gen_random_uuid(), 'Hill', 'north')")
        building = pool.submit(create_indexes, database.options, TABLES, ["ix_farms_region"])
        with suppress(TimeoutError):
            building.result(0.5)  # waits until that transaction has ended
        assert not building.done()
        database.write(lambda session: session.add(Farm(name="Dale")))
        other.commit()
        assert building.result(30) == {"ix_farms_region": True}


def test_two_who_build_at_the_same_time_do_not_meet(database: Database) -> None:
    drop_indexes(database.options, TABLES, PLAIN)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: create_indexes(database.options, TABLES, PLAIN), range(2)))
    assert told == [dict.fromkeys(PLAIN, True)] * 2


def test_rows_written_while_parts_are_built_are_in_the_index(database: Database) -> None:
    farm = Farm(name="Hill")
    database.write(lambda session: session.add(farm))
    drop_indexes(database.options, TABLES, ["ix_harvests_crop"])
    with ThreadPoolExecutor(2) as pool:
        building = pool.submit(create_indexes, database.options, TABLES, ["ix_harvests_crop"])
        for day in range(1, 29):
            harvest = Harvest(farm_id=farm.id, day=date(2024 + day % 4, 1, day), crop="oats")
            database.write(_add, harvest)
        assert building.result(30) == {"ix_harvests_crop": True}
    query = text("SELECT count(*) FROM granary.harvests WHERE crop = 'oats'")
    assert database.read(explain, query, as_if_large=True).uses_index("ix_harvests_crop")

    def count(session: Session) -> object:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        return session.scalar(query)

    assert database.read(count) == 28


def _execute(session: Session, statement: str) -> None:
    session.execute(text(statement))


def _add(session: Session, harvest: Harvest) -> None:
    session.add(harvest)
