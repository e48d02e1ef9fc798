"""Partitions in use: those to come are made ahead, no row is lost or seen to leave, and nothing goes that has rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import NeedsPostgreSQL
from strongroom.kernel.migrations import find_drift
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.operations.partitions import (
    PartitionHasRows,
    Span,
    check_partitions,
    create_partition,
    drop_partition,
    find_expired,
    find_partitions,
    plan_partitions,
)
from tests.kernel.attic.watching import connect_plainly
from tests.kernel.granary import Farm, Harvest, HarvestedAlready, granary

TODAY = date(2026, 11, 21)
MADE = ["harvests_2024", "harvests_2025", "harvests_2026", "harvests_default"]


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


def test_partitions_are_listed_in_order_with_rows_and_sizes(database: Database) -> None:
    database.write(_harvest, date(2025, 3, 1), date(2025, 4, 1), date(1990, 1, 1))
    found = find_partitions(granary, database.options)
    assert [(part.name, part.start, part.end, part.rows) for part in found] == [
        ("harvests_2024", date(2024, 1, 1), date(2025, 1, 1), 0),
        ("harvests_2025", date(2025, 1, 1), date(2026, 1, 1), 2),
        ("harvests_2026", date(2026, 1, 1), date(2027, 1, 1), 0),
        ("harvests_default", None, None, 1),
    ]
    assert found[1].size_bytes > 0


def test_what_is_missing_ahead_is_made_once(database: Database) -> None:
    assert _create(database.options, ahead=3) == {"harvests_2027": 0, "harvests_2028": 0, "harvests_2029": 0}
    assert _create(database.options, ahead=3) == {}
    assert find_drift(granary, database.options) == []
    database.write(_harvest, date(2028, 7, 1))
    assert _where(database) == {"harvests_2028": 1}


def test_months_follow_months_over_the_end_of_the_year(database: Database) -> None:
    assert [wanted.name for wanted in plan_partitions(granary, database.options, TODAY, ahead=3, span="month")] == [
        "harvests_2027_01",
        "harvests_2027_02",
    ]
    assert list(_create(database.options, ahead=3, span="month")) == ["harvests_2027_01", "harvests_2027_02"]
    assert list(_create(database.options, ahead=4)) == ["harvests_2027_03"]


def test_rows_that_came_too_early_move_into_their_partition(database: Database) -> None:
    days = [date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1), date(1990, 5, 5)]
    before = {row.id: row.updated_at for row in database.write(_harvest, *days)}
    assert _create(database.options, ahead=1) == {"harvests_2027": 2}
    assert _where(database) == {"harvests_2027": 2, "harvests_default": 2}
    assert database.read(lambda session: {row.id: row.updated_at for row in session.scalars(select(Harvest))}) == before


def test_the_default_partition_is_emptied_on_demand(database: Database) -> None:
    database.write(_harvest, date(1990, 5, 5), date(1990, 6, 5), date(2041, 5, 5))
    assert _create(database.options, ahead=0, empty_default=True) == {"harvests_1990": 2, "harvests_2041": 1}
    assert _where(database) == {"harvests_1990": 2, "harvests_2041": 1}


def test_a_new_partition_keeps_the_rules_of_the_table(database: Database) -> None:
    database.write(_harvest, date(2027, 5, 5))
    _create(database.options, ahead=1)
    with pytest.raises(HarvestedAlready):
        database.write(_harvest, date(2027, 5, 5))
    [before] = database.read(lambda session: list(session.scalars(select(Harvest.updated_at))))
    database.write(lambda session: session.execute(text("UPDATE granary.harvests SET crop = 'oats'")))
    [after] = database.read(lambda session: list(session.scalars(select(Harvest.updated_at))))
    assert after > before


def test_triggers_are_silent_for_the_move_alone(database: Database) -> None:
    watch = """
        CREATE FUNCTION granary.refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$BEGIN RAISE EXCEPTION 'rows stay'; END$$;
        CREATE TRIGGER stay BEFORE DELETE ON granary.harvests FOR EACH ROW EXECUTE FUNCTION granary.refuse();
        ALTER TABLE granary.harvests ENABLE ALWAYS TRIGGER stay"""
    with connect_plainly(database.options) as connection:
        connection.execute(watch)
    database.write(_harvest, date(2027, 5, 5), date(1990, 1, 1))
    assert _create(database.options, ahead=1) == {"harvests_2027": 1}
    states = "SELECT DISTINCT tgenabled::text FROM pg_trigger WHERE tgname = 'stay'"
    assert database.read(lambda session: list(session.scalars(text(states)))) == ["A"]
    for year in (1990, 2027):
        with pytest.raises(Exception, match="refused"):
            database.write(_delete_of, year)


def test_two_who_make_the_same_partitions_do_not_meet(database: Database) -> None:
    database.write(_harvest, *[date(2027, 1, day) for day in range(1, 29)])
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda _: _create(database.options, ahead=3), range(2)))
    assert sum(len(one) for one in told) == 3
    assert _where(database) == {"harvests_2027": 28}


def test_rows_written_during_the_move_are_lost_nowhere(database: Database) -> None:
    farm = database.write(_harvest, date(2027, 1, 1))[0].farm_id

    def bring_in(number: int) -> None:
        harvest = Harvest(farm_id=farm, day=date(2027 + number % 4, 2, 1), crop=f"crop {number}")
        database.write(lambda session: session.add(harvest))

    with ThreadPoolExecutor(5) as pool:
        writing = [pool.submit(bring_in, number) for number in range(200)]
        made = pool.submit(_create, database.options, ahead=4).result()
        for written in writing:
            written.result()
    assert len(made) == 4
    assert sum(_where(database).values()) == 201


def test_waiting_for_a_lock_holds_nobody_up_and_ends_well(database: Database) -> None:
    database.write(_harvest, date(2027, 1, 1))
    with connect_plainly(database.options, autocommit=False) as other, ThreadPoolExecutor(1) as pool:
        other.execute("UPDATE granary.harvests SET crop = 'oats'")
        making = pool.submit(_create, database.options, ahead=1)
        database.write(_harvest, date(2026, 1, 1))  # would wait behind whoever waits without end
        assert not making.done()
        other.rollback()
        assert making.result() == {"harvests_2027": 1}


def test_what_is_not_ready_is_told_with_the_way_out(database: Database) -> None:
    database.write(_harvest, date(1990, 1, 1), date(1991, 1, 1))
    assert [trouble.what for trouble in check_partitions(granary, database.options, TODAY)] == [
        "2 rows lie in harvests_default; run `strongroom partitions create --empty-default`",
        "harvests_2027 is missing; run `strongroom partitions create`",
        "harvests_2028 is missing; run `strongroom partitions create`",
    ]
    _create(database.options, ahead=2, empty_default=True)
    assert check_partitions(granary, database.options, TODAY) == []
    database.write(lambda session: session.execute(text("DROP TABLE granary.harvests_default")))
    [trouble] = check_partitions(granary, database.options, TODAY)
    assert "no default partition" in trouble.what


def test_an_empty_partition_is_dropped_and_one_with_rows_is_not(database: Database) -> None:
    database.write(_harvest, date(2025, 1, 1))
    old = find_expired(granary, database.options, date(2026, 1, 1))
    assert [part.name for part in old] == ["harvests_2024", "harvests_2025"]
    assert drop_partition(granary, database.options, old[0]) == 0
    with pytest.raises(PartitionHasRows, match=r"granary.harvests_2025 holds 1 rows"):
        drop_partition(granary, database.options, old[1])
    assert _where(database) == {"harvests_2025": 1}
    assert drop_partition(granary, database.options, old[1], with_rows=True) == 1
    assert drop_partition(granary, database.options, old[1]) == 0
    assert [part.name for part in find_partitions(granary, database.options)] == ["harvests_2026", "harvests_default"]


def test_rows_that_go_with_a_partition_are_in_no_cached_answer(database: Database) -> None:
    database.write(_harvest, date(2024, 1, 1), date(2025, 1, 1))
    before = database.read(_versions)
    assert before
    [empty, *_] = [part for part in find_partitions(granary, database.options) if not part.rows]
    drop_partition(granary, database.options, empty)
    assert database.read(_versions) == before
    [full] = find_expired(granary, database.options, date(2025, 1, 1))
    drop_partition(granary, database.options, full, with_rows=True)
    assert not set(before) & set(database.read(_versions))


def test_sqlite_says_that_it_has_no_partitions(sqlite_options: DatabaseOptions) -> None:
    for ask in (
        lambda: find_partitions(granary, sqlite_options),
        lambda: plan_partitions(granary, sqlite_options, TODAY),
        lambda: check_partitions(granary, sqlite_options, TODAY),
        lambda: find_expired(granary, sqlite_options, TODAY),
    ):
        with pytest.raises(NeedsPostgreSQL, match="partitions need PostgreSQL"):
            ask()


def _create(
    options: DatabaseOptions, *, ahead: int, span: Span | None = None, empty_default: bool = False
) -> dict[str, int]:
    """The partitions that were made, with how many rows moved into each."""
    wanted = plan_partitions(granary, options, TODAY, ahead=ahead, span=span, empty_default=empty_default)
    made = {one.name: create_partition(options, one) for one in wanted}
    return {name: moved for name, moved in made.items() if moved is not None}


def _harvest(session: Session, *days: date) -> list[Harvest]:
    farm = session.scalars(select(Farm)).one_or_none() or Farm(name="Hill")
    session.add(farm)
    session.flush()
    rows = [Harvest(farm_id=farm.id, day=day) for day in days]
    session.add_all(rows)
    session.flush()
    return rows


def _versions(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT version FROM granary.cache_versions")))


def _where(database: Database) -> dict[str, int]:
    """How many rows lie in each partition that has any."""
    query = text("SELECT tableoid::regclass::text, count(*) FROM granary.harvests GROUP BY 1 ORDER BY 1")
    return database.read(lambda session: {name.removeprefix("granary."): rows for name, rows in session.execute(query)})


def _delete_of(session: Session, year: int) -> None:
    session.execute(text("DELETE FROM granary.harvests WHERE extract(year FROM day) = :year"), {"year": year})
