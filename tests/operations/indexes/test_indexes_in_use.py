"""Indexes in use: what is unused, redundant, missing or worn out is told by name, and what can be mended is."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import NeedsPostgreSQL
from strongroom.kernel.indexes import drop_indexes
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.operations.indexes import advise, measure_usage, optimise
from strongroom.operations.indexes.optimising import expected_size
from tests.kernel.attic.watching import connect_plainly
from tests.kernel.granary import Base, Farm, granary

MANY_FARMS = """
    INSERT INTO granary.farms (id, name, region)
    SELECT gen_random_uuid(), 'farm ' || n, 'region ' || n FROM generate_series(1, 20000) n"""


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


def test_uses_of_an_index_are_counted(database: Database) -> None:
    find = "SELECT count(*) FROM granary.farms WHERE region = 'south'"
    with connect_plainly(database.options) as connection:
        connection.execute("SET enable_seqscan = off")
        for _ in range(3):
            connection.execute(find)
        connection.execute("SELECT pg_stat_force_next_flush()")
        connection.execute("SELECT 1")
        usage = {one.name: one for one in measure_usage(granary, database.options)}
    assert usage["ix_farms_region"].scans == 3
    assert usage["uq_farms_name"].scans == 0
    assert usage["uq_farms_name"].backs_constraint


def test_an_index_of_a_partitioned_table_is_one_with_all_its_parts(database: Database) -> None:
    usage = {one.name: one for one in measure_usage(granary, database.options)}
    assert not [name for name in usage if "__" in name]
    assert usage["pk_harvests"].size_bytes == 4 * usage["pk_farms"].size_bytes > 0
    assert usage["uq_harvests_farm_id_day_crop"].keys == ("farm_id", "day", "crop")


def test_a_schema_as_it_was_designed_needs_no_advice(database: Database) -> None:
    assert advise(granary, database.options) == []


@pytest.mark.parametrize(
    ("change", "kind", "what"),
    [
        ("DROP INDEX granary.ix_harvests_crop", "missing", "ix_harvests_crop is declared and not there: create it"),
        (
            "CREATE INDEX ix_farms_again ON granary.farms (region)",
            "duplicate",
            "ix_farms_region is the same as ix_farms_again: drop it",
        ),
        (
            "CREATE INDEX ix_farms_pair ON granary.farms (region, name)",
            "prefix",
            "ix_farms_pair begins with all of ix_farms_region: drop the shorter one",
        ),
        (
            "CREATE INDEX ix_harvests_farm ON granary.harvests (farm_id)",
            "prefix",
            "uq_harvests_farm_id_day_crop begins with all of ix_harvests_farm: drop the shorter one",
        ),
        (
            "ALTER TABLE granary.harvests ADD COLUMN buyer uuid REFERENCES granary.farms (id)",
            "foreign key",
            "harvests.buyer refers to another table and no index begins with it",
        ),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'granary.ix_farms_region'::regclass",
            "invalid",
            "ix_farms_region was left unfinished: create it again",
        ),
    ],
)
def test_each_flaw_is_told_by_name(database: Database, change: str, kind: str, what: str) -> None:
    with connect_plainly(database.options) as connection:
        connection.execute(change)
    assert [(advice.kind, advice.what) for advice in advise(granary, database.options)] == [(kind, what)]


@pytest.mark.parametrize(
    "index",
    [
        "CREATE INDEX ix_farms_back ON granary.farms (region DESC, name)",
        "CREATE INDEX ix_farms_part ON granary.farms (region, name) WHERE deleted_at IS NULL",
        "CREATE INDEX ix_farms_hash ON granary.farms USING hash (region)",
        "CREATE INDEX ix_farms_like ON granary.farms (region text_pattern_ops, name)",
        "CREATE UNIQUE INDEX ix_farms_rare ON granary.farms (name, region)",
    ],
)
def test_an_index_that_serves_other_queries_is_not_called_redundant(database: Database, index: str) -> None:
    database.write(lambda session: session.execute(text(index)))
    assert advise(granary, database.options) == []


def test_an_index_is_called_unused_only_when_it_costs_something(database: Database) -> None:
    database.write(lambda session: session.execute(text(MANY_FARMS)))
    optimise(granary, database.options)
    unused = [advice.what for advice in advise(granary, database.options) if advice.kind == "unused"]
    assert [sentence.split(" ")[0] for sentence in unused] == ["ix_farms_region", "ix_farms_deleted_at"]


def test_the_planner_gets_fresh_statistics(any_database: Database) -> None:
    any_database.write(lambda session: session.add(Farm(name="Hill")))
    done = optimise(granary, any_database.options)
    assert done.analysed == ("cache_versions", "farms", "harvests", "visits")
    assert done.rebuilt == ()
    query = (
        "SELECT count(*) FROM granary.sqlite_stat1 WHERE tbl = 'farms'"
        if any_database.options.is_sqlite
        else "SELECT count(*) FROM pg_stats WHERE schemaname = 'granary' AND tablename = 'farms'"
    )
    assert any_database.read(lambda session: session.scalar(text(query)))


def test_hollow_and_unusable_indexes_are_built_anew_and_no_others(database: Database) -> None:
    database.write(lambda session: session.execute(text(MANY_FARMS)))
    assert optimise(granary, database.options, hollow_bytes_min=100_000).rebuilt == ()
    with connect_plainly(database.options) as connection:
        connection.execute("DELETE FROM granary.farms WHERE name <> 'farm 7'")
        connection.execute("VACUUM granary.farms")
        connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'granary.pk_farms'::regclass")
        connection.execute("CREATE INDEX ix_farms_region_ccnew ON granary.farms (region)")
        spoil = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'granary.ix_farms_region_ccnew'::regclass"
        connection.execute(spoil)
    done = optimise(granary, database.options, hollow_bytes_min=100_000)
    assert {"pk_farms", "ix_farms_region", "uq_farms_name", "ix_farms_region_ccnew"} <= set(done.rebuilt)
    assert done.saved_bytes > 1_000_000
    assert advise(granary, database.options) == []
    assert database.read(_names) == ["farm 7"]


def test_an_index_needs_as_much_as_its_entries(database: Database) -> None:
    database.write(lambda session: session.execute(text(MANY_FARMS)))
    with connect_plainly(database.options) as connection:
        connection.execute("REINDEX TABLE granary.farms")
    usage = {one.name: one for one in measure_usage(granary, database.options)}
    assert 0.8 < usage["pk_farms"].size_bytes / expected_size(20_000, 16) < 1.2


def test_sqlite_says_that_it_keeps_no_such_figures(sqlite_options: DatabaseOptions) -> None:
    for ask in (measure_usage, advise):
        with pytest.raises(NeedsPostgreSQL, match="figures of index usage need PostgreSQL"):
            ask(granary, sqlite_options)


def test_what_is_dropped_by_mistake_is_told(database: Database) -> None:
    drop_indexes(database.options, Base.metadata)
    assert [advice.kind for advice in advise(granary, database.options)] == ["missing"] * 4 + ["foreign key"]


def _names(session: Session) -> list[str]:
    return list(session.scalars(select(Farm.name)))
