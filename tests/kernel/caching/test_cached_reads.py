"""Cached reads: given again while nothing changed, never once anything did, and never to another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.caching import Cache, MemoryStore, install_cache, renew_all
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import new_id
from tests.kernel.attic.watching import connect_plainly
from tests.kernel.caching.conftest import ASKED, Total, names, total_of
from tests.kernel.granary import Farm, Harvest

Change = Callable[[Session, UUID], Any]


@pytest.fixture
def cache(any_database: Database) -> Cache:
    """The cache of `any_database`."""
    cache = Cache()
    install_cache(any_database, cache)
    return cache


@pytest.fixture
def farm(any_database: Database) -> UUID:
    """A farm that brought in one tonne."""
    return add_farm(any_database, "Hill")


def test_an_answer_is_given_again_while_nothing_changes(any_database: Database, cache: Cache, farm: UUID) -> None:
    answers = [any_database.read(total_of, farm) for _ in range(3)]
    assert answers == [Total(Decimal(1), "system")] * 3
    assert ASKED["total_of"] == 1
    assert (cache.figures.hits, cache.figures.misses) == (2, 1)


def test_equal_arguments_are_one_question_and_others_another(any_database: Database, cache: Cache, farm: UUID) -> None:
    for since in (date(2000, 1, 1), date(2030, 1, 1)):
        any_database.read(total_of, farm, since)
        any_database.read(total_of, farm_id=farm, since=since)
    any_database.read(total_of, farm)
    assert ASKED["total_of"] == 2


CHANGES: dict[str, Change] = {
    "a row is added": lambda session, farm: session.add(Harvest(farm_id=farm, day=date(2025, 1, 2), crop="oats")),
    "a row is changed": lambda session, _: setattr(session.scalars(select(Harvest)).one(), "weight", Decimal(5)),
    "a row is removed": lambda session, _: session.delete(session.scalars(select(Harvest)).one()),
    "a statement changes rows": lambda session, _: session.execute(update(Harvest).values(weight=9)),
    "a statement removes rows": lambda session, _: session.execute(delete(Harvest)),
    "SQL by hand": lambda session, _: session.execute(text("UPDATE granary.harvests SET weight = weight * 2")),
    "a row moves to another part": lambda session, _: session.execute(update(Harvest).values(day=date(1999, 1, 1))),
    "a row moves to another scope": lambda session, _: session.execute(
        update(Harvest).values(farm_id=select(Farm.id).where(Farm.name == "Dale").scalar_subquery())
    ),
}
ON_POSTGRESQL: dict[str, Change] = {
    "a part is written to": lambda session, _: session.execute(text("UPDATE granary.harvests_2025 SET weight = 7")),
    "TRUNCATE": lambda session, _: session.execute(text("TRUNCATE granary.harvests")),
    "as a replica": lambda session, _: session.execute(
        text("SET LOCAL session_replication_role = replica; UPDATE granary.harvests SET weight = 7")
    ),
    "in a savepoint, after one that failed": lambda session, _: in_savepoints(session),
    "after constraints were checked at once": lambda session, _: session.execute(
        text("SET CONSTRAINTS ALL IMMEDIATE; UPDATE granary.harvests SET weight = 7")
    ),
}
ON_SQLITE: dict[str, Change] = {
    "a row is replaced": lambda session, _: session.execute(
        text("INSERT OR REPLACE INTO granary.harvests SELECT id, farm_id, day, crop, 70000, updated_at FROM harvests")
    ),
    "conflicts are ignored": lambda session, _: session.execute(
        text("UPDATE OR IGNORE granary.harvests SET weight = 70000")
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_change_goes_unnoticed(any_database: Database, cache: Cache, farm: UUID, change: Change) -> None:
    any_database.write(lambda session: session.add(Farm(name="Dale")))
    check_is_noticed(any_database, farm, change)


@pytest.mark.parametrize("change", ON_POSTGRESQL.values(), ids=ON_POSTGRESQL)
def test_no_change_goes_unnoticed_on_postgresql(database: Database, change: Change) -> None:
    install_cache(database, Cache())
    check_is_noticed(database, add_farm(database, "Hill"), change)


@pytest.mark.parametrize("change", ON_SQLITE.values(), ids=ON_SQLITE)
def test_no_change_goes_unnoticed_on_sqlite(sqlite_database: Database, change: Change) -> None:
    install_cache(sqlite_database, Cache())
    check_is_noticed(sqlite_database, add_farm(sqlite_database, "Hill"), change)


def test_a_version_is_not_to_be_set_by_hand(database: Database) -> None:
    add_farm(database, "Hill")
    with connect_plainly(database.options) as other:
        other.execute("SET strongroom.cache_version = '1.x'")
        found = set()
        for _ in range(3):
            other.execute("UPDATE granary.harvests SET weight = weight + 1")
            found.add(str(database.read(versions)))
    assert len(found) == 3
    assert "1.x" not in str(found)


def test_hiding_and_restoring_a_row_are_changes(any_database: Database, cache: Cache, farm: UUID) -> None:
    assert any_database.read(names) == ["Hill"]
    any_database.write(lambda session: session.execute(text("UPDATE granary.farms SET deleted_at = '2026-01-01'")))
    assert any_database.read(names) == []
    any_database.write(lambda session: session.execute(text("UPDATE granary.farms SET deleted_at = NULL")))
    assert any_database.read(names) == ["Hill"]


def test_a_change_of_another_scope_leaves_an_answer_as_it_is(any_database: Database, cache: Cache, farm: UUID) -> None:
    any_database.read(total_of, farm)
    add_farm(any_database, "Dale")
    any_database.read(total_of, farm)
    assert ASKED["total_of"] == 1


def test_what_is_made_of_all_scopes_changes_with_any(any_database: Database, cache: Cache, farm: UUID) -> None:
    assert any_database.read(names) == any_database.read(names) == ["Hill"]
    assert ASKED["names"] == 1
    add_farm(any_database, "Dale")
    assert any_database.read(names) == ["Dale", "Hill"]


def test_no_actor_hears_what_another_was_told(any_database: Database, cache: Cache, farm: UUID) -> None:
    ada, bob = (Actor(new_id(), name) for name in ("Ada", "Bob"))
    heard = [any_database.acting_as(actor).read(total_of, farm).heard_by for actor in (ada, bob, ada)]
    assert heard == ["Ada", "Bob", "Ada"]
    assert ASKED["total_of"] == 2
    promoted = Actor(ada.id, "Ada", frozenset({"admin"}))
    any_database.acting_as(promoted).read(total_of, farm)
    assert ASKED["total_of"] == 3


def test_what_a_write_that_failed_saw_is_told_to_nobody(any_database: Database, cache: Cache, farm: UUID) -> None:
    def change_and_fail(session: Session) -> None:
        session.execute(update(Harvest).values(weight=1000))
        assert total_of(session, farm).weight == 1000
        raise RuntimeError("no")

    any_database.read(total_of, farm)
    with pytest.raises(RuntimeError):
        any_database.write(change_and_fail)
    assert any_database.read(total_of, farm).weight == 1
    any_database.write(lambda session: session.execute(update(Harvest).values(weight=2)))
    assert any_database.read(total_of, farm).weight == 2


def test_a_session_that_may_write_asks_the_database_each_time(any_database: Database, cache: Cache, farm: UUID) -> None:
    for _ in range(2):
        any_database.write(total_of, farm)
    with any_database.session() as session:
        total_of(session, farm)
    assert ASKED["total_of"] == 3
    assert (cache.figures.bypassed, cache.figures.hits, cache.figures.misses) == (3, 0, 0)


def test_a_change_counts_from_its_commit_on(database: Database) -> None:
    install_cache(database, Cache())
    farm = add_farm(database, "Hill")
    with connect_plainly(database.options, autocommit=False) as other:
        other.execute("UPDATE granary.harvests SET weight = 5")
        assert [database.read(total_of, farm).weight for _ in range(2)] == [1, 1]
        other.commit()
        assert database.read(total_of, farm).weight == 5


def test_a_snapshot_keeps_its_own_answer_while_others_have_a_newer_one(database: Database) -> None:
    install_cache(database, Cache())
    farm = add_farm(database, "Hill")
    with database.open_session(read_only=True) as early:
        assert total_of(early, farm).weight == 1
        database.write(lambda session: session.execute(update(Harvest).values(weight=2)))
        assert database.read(total_of, farm).weight == 2
        assert total_of(early, farm).weight == 1
    assert database.read(total_of, farm).weight == 2


def test_two_who_change_other_rows_of_one_scope_wait_for_no_more_than_a_commit(database: Database) -> None:
    farm = add_farm(database, "Hill")
    with connect_plainly(database.options, autocommit=False) as other:
        other.execute("UPDATE granary.harvests SET weight = 5")
        with ThreadPoolExecutor(1) as pool:  # waits for nobody, though both change the same scope
            pool.submit(database.write, add_harvest, farm, date(2025, 8, 8)).result(10)
        other.commit()
    install_cache(database, Cache())
    assert database.read(total_of, farm).weight == 6


def test_a_failure_is_not_kept(any_database: Database, cache: Cache, farm: UUID) -> None:
    any_database.write(lambda session: session.execute(text("DROP TABLE granary.harvests")))
    for _ in range(2):
        with pytest.raises(Exception, match="no such table"):
            any_database.read(total_of, farm)
    assert ASKED["total_of"] == 2
    assert cache.figures.misses == 0


def test_callers_share_no_object(any_database: Database, cache: Cache, farm: UUID) -> None:
    for _ in range(3):
        answer = any_database.read(names)
        assert answer == ["Hill"]
        answer.append("changed by its caller")


def test_all_answers_are_asked_for_again_when_an_administrator_says_so(
    any_database: Database, cache: Cache, farm: UUID
) -> None:
    any_database.read(total_of, farm)
    any_database.write(renew_all, "granary")
    any_database.read(total_of, farm)
    assert ASKED["total_of"] == 2


def test_another_revision_finds_no_answers_of_this_one(any_database: Database, farm: UUID) -> None:
    store = MemoryStore()
    for revision in ("1", "1", "2"):
        install_cache(any_database, Cache([store], revision=revision))
        any_database.read(total_of, farm)
    assert ASKED["total_of"] == 2


def test_scopes_that_were_there_before_have_a_version_from_the_first_moment(
    any_database: Database, cache: Cache, farm: UUID
) -> None:
    query = text("SELECT count(*) FROM granary.cache_versions WHERE version <> ''")
    assert any_database.read(lambda session: session.scalar(query)) == 1


def check_is_noticed(database: Database, farm: UUID, change: Change) -> None:
    """The answer after the change is what an uncached read says, and so is the one about all."""
    database.read(total_of, farm)
    before = database.read(versions)
    database.write(change, farm)
    assert database.read(versions) != before
    expected = database.write(total_of, farm)  # asks the database, whatever is kept
    assert database.read(total_of, farm) == expected
    assert ASKED["total_of"] == 3


def versions(session: Session) -> Any:
    return session.execute(text("SELECT scope, version FROM granary.cache_versions ORDER BY scope")).all()


def in_savepoints(session: Session) -> None:
    with pytest.raises(RuntimeError), session.begin_nested():
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE; UPDATE granary.harvests SET weight = 6"))
        raise RuntimeError
    with session.begin_nested():
        session.execute(update(Harvest).values(weight=7))


def add_farm(database: Database, name: str) -> UUID:
    """A farm with one harvest of one tonne."""
    farm = Farm(name=name)
    database.write(lambda session: session.add(farm))
    database.write(add_harvest, farm.id, date(2025, 5, 5))
    return farm.id


def add_harvest(session: Session, farm: UUID, day: date) -> None:
    session.add(Harvest(farm_id=farm, day=day))
