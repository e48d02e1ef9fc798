"""Repositories: one class for both kinds of session, locks that cannot knot, lists that fit in memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from uuid import UUID

import psutil
import pytest
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import Collided, InvalidValue, NotFound
from strongroom.kernel.repositories import Query, Repository, SessionT, operation, query
from strongroom.kernel.sessions import AsyncDatabase, Attempts, Database, copy_rows
from strongroom.kernel.values import new_id
from strongroom.testing.databases import opened
from tests.kernel.attic import BOXES, ENTRIES, Box, Colour, Entry, attic
from tests.kernel.attic.drivers import OnDriver, on_driver
from tests.kernel.attic.watching import Watcher

MEGABYTE = 1_000_000


class NoSuchBox(NotFound):
    """there is no such box"""

    code = "NO_SUCH_BOX"


@query
def boxes_of_rank(rank: int) -> Select[Box]:
    return select(Box).where(Box.rank == rank).order_by(Box.name)


class BoxRepository(Repository[SessionT, Box]):
    """Boxes."""

    row = Box
    not_found = NoSuchBox

    @operation
    def names_of_rank(self: BoxRepository[Session], rank: int, *, loud: bool = False) -> list[str]:
        """Names in order."""
        return [box.name.upper() if loud else box.name for box in self.session.scalars(boxes_of_rank(rank))]


class EntryRepository(Repository[SessionT, Entry]):
    row = Entry


def test_the_verbs_of_a_repository_over_a_plain_session(any_database: Database) -> None:
    with any_database.session() as session:
        boxes = BoxRepository(session)
        box = boxes.add(Box(name="b", rank=1))
        boxes.add(Box(name="a", rank=1))
        assert boxes.get(box.id) is box
        assert boxes.find(str(box.id)) is box
        assert boxes.exists(select(Box).where(Box.name == "a"))
        assert not boxes.exists(select(Box).where(Box.name == "c"))
        assert boxes.names_of_rank(1) == ["a", "b"]
        assert boxes.names_of_rank(1, loud=True) == ["A", "B"]
        assert [row.name for row in boxes.stream(select(Box).order_by(Box.name))] == ["a", "b"]


async def test_the_same_class_over_an_asynchronous_session(any_async_database: AsyncDatabase) -> None:
    async with any_async_database.session() as session:
        boxes = BoxRepository(session)
        box = await boxes.add(Box(name="b", rank=1))
        await boxes.add(Box(name="a", rank=1))
        assert await boxes.get(box.id) is box
        assert await boxes.find(str(box.id)) is box
        assert await boxes.exists(select(Box).where(Box.name == "a"))
        assert await boxes.names_of_rank(1, loud=True) == ["A", "B"]
        assert (await boxes.lock([box.id]))[box.id] is box
        assert [row.name async for row in boxes.stream(select(Box).order_by(Box.name), size=1)] == ["a", "b"]
        with pytest.raises(NoSuchBox):
            await boxes.get(new_id())


NOWHERE = UUID("01890000-0000-7000-8000-000000000000")


@pytest.mark.parametrize("key", [NOWHERE, str(NOWHERE), "42", "", 42, None, 1.5, b"a"], ids=repr)
def test_what_is_not_there_is_none_to_find_and_an_error_to_get(any_database: Database, key: object) -> None:
    with any_database.session() as session:
        boxes = BoxRepository(session)
        assert boxes.find(key) is None
        with pytest.raises(NoSuchBox, match="^there is no such box$"):
            boxes.get(key)


def test_the_general_not_found_names_the_kind_of_row(any_database: Database) -> None:
    with any_database.session() as session, pytest.raises(NotFound, match="^no entry has this id$"):
        EntryRepository(session).get(new_id())


def test_add_lets_the_database_speak_at_once(any_database: Database) -> None:
    with any_database.session() as session:
        boxes = BoxRepository(session)
        boxes.add(Box(name="a"))
        with pytest.raises(Exception, match="exists already"):
            boxes.add(Box(name="a"))
        session.rollback()


def test_a_named_query_tells_its_name_and_builds_its_statement() -> None:
    assert isinstance(boxes_of_rank, Query)
    assert boxes_of_rank.name.endswith("test_repository.boxes_of_rank")
    assert str(boxes_of_rank(3)) == str(boxes_of_rank.build(3))


def test_an_operation_can_be_asked_of_the_class() -> None:
    assert BoxRepository.names_of_rank.__doc__ == "Names in order."


def test_a_lock_reads_the_row_as_it_is_now(postgresql_driver: OnDriver, postgresql_options: DatabaseOptions) -> None:
    box = Box(name="a")
    postgresql_driver.write(lambda session: session.add(box))

    def lock_after_a_change(session: Session) -> int:
        boxes = BoxRepository(session)
        known = boxes.get(box.id)
        assert known.rank == 0
        with on_driver("psycopg", postgresql_options, (attic,)) as other:
            other.write(lambda session: setattr(BoxRepository(session).get(box.id), "rank", 5))
        boxes.lock([box.id])
        return known.rank

    assert postgresql_driver.write(lock_after_a_change) == 5


def test_a_lock_of_a_row_that_is_not_there_is_refused(any_database: Database) -> None:
    with any_database.session() as session:
        boxes = BoxRepository(session)
        box = boxes.add(Box(name="a"))
        with pytest.raises(NoSuchBox):
            boxes.lock([box.id, new_id()])
        assert boxes.lock([box.id, box.id]) == {box.id: box}
        assert boxes.lock([]) == {}


def test_a_locked_row_may_still_be_referred_to_and_not_be_changed(database: Database) -> None:
    box = Box(name="a")
    database.write(lambda session: session.add(box))
    with database.session() as session, database.session() as other:
        BoxRepository(session).lock([box.id])
        other.execute(text("SET LOCAL lock_timeout = '200ms'"))
        other.execute(text("INSERT INTO attic.items (id, box_id, label) VALUES (:id, :id, 'i')"), {"id": box.id})
        with pytest.raises(Collided):
            other.execute(text("UPDATE attic.boxes SET rank = 1"))
        other.rollback()


def lock(session: Session, keys: list[UUID]) -> None:
    BoxRepository(session).lock(keys)


def test_rows_are_locked_in_the_order_of_their_keys(postgresql_options: DatabaseOptions, watcher: Watcher) -> None:
    """Whoever waits for the smallest key holds none of the others, however it was asked and however they lie."""
    first, second = sorted((Box(name="a"), Box(name="b")), key=lambda box: box.id)
    with opened(postgresql_options, (attic,)) as database:
        for box in (second, first):
            with database.session() as session:
                session.add(box)
        with database.session() as session:
            BoxRepository(session).lock([first.id])
            waiting = Thread(target=database.write, args=[lock, [second.id, first.id]])
            waiting.start()
            watcher.process_waiting()
            session.execute(text("SELECT 1 FROM attic.boxes WHERE id = :id FOR UPDATE NOWAIT"), {"id": second.id})
        waiting.join(20)
        assert not waiting.is_alive()


def test_two_that_lock_the_same_rows_in_opposite_orders_do_not_deadlock(postgresql_options: DatabaseOptions) -> None:
    boxes = [Box(name=f"a{number}") for number in range(5)]
    keys = [box.id for box in boxes]
    meet = Barrier(2, timeout=20)

    def lock_often(keys: list[UUID]) -> None:
        with on_driver("psycopg", postgresql_options, (attic,)) as database:
            database.attempt(Attempts(count=1))
            meet.wait()
            for _ in range(100):
                database.write(lock, keys)

    with opened(postgresql_options, (attic,)) as database:
        database.write(lambda session: session.add_all(boxes))
    with ThreadPoolExecutor(2) as threads:
        for outcome in [threads.submit(lock_often, order) for order in (keys, keys[::-1])]:
            outcome.result()


def test_rows_are_counted_exactly_by_guess_or_not_at_all(any_database: Database) -> None:
    def fill(session: Session) -> None:
        session.add_all([Box(name=f"a{number}", rank=number % 2) for number in range(200)])

    def count(session: Session) -> tuple[int | None, ...]:
        boxes = BoxRepository(session)
        odd = select(Box).where(Box.rank == 1).order_by(Box.name)
        return (
            boxes.count(odd),
            boxes.count(odd.limit(7)),
            boxes.count(select(Box.rank).distinct()),
            boxes.count(odd, "estimated"),
            boxes.count(odd, "none"),
        )

    any_database.write(fill)
    any_database.write(lambda session: session.execute(text("ANALYZE attic.boxes")))
    exact, bounded, distinct, estimated, none = any_database.write(count)
    assert (exact, bounded, distinct, none) == (100, 7, 2, None)
    assert estimated is not None
    assert 90 <= estimated <= 110


LARGE = {
    "postgresql": "INSERT INTO attic.entries (id, amount, remark) "
    "SELECT gen_random_uuid(), n, repeat(chr(97 + n % 26), 2000) FROM generate_series(1, 30000) n",
    "sqlite": "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 30000) "
    "INSERT INTO attic.entries (id, amount, remark) "
    "SELECT lower(hex(randomblob(16))), n * 10000, hex(randomblob(1000)) FROM s",
}


def test_a_stream_of_sixty_megabytes_needs_a_fraction_of_them(any_database: Database) -> None:
    any_database.write(lambda session: session.execute(text(LARGE[any_database.engine.name])))

    def stream(session: Session) -> tuple[int, int, int]:
        process, count, alive_max, alive = psutil.Process(), 0, 0, weakref.WeakSet[Entry]()
        gc.collect()
        before = most = process.memory_info().rss
        for count, entry in enumerate(EntryRepository(session).stream(select(Entry), size=500), 1):
            alive.add(entry)
            if count % 500 == 0:
                alive_max, most = max(alive_max, len(alive)), max(most, process.memory_info().rss)
        return count, alive_max, most - before

    count, alive_max, grown = any_database.read(stream)
    assert count == 30_000
    assert alive_max <= 2 * 500 + 1
    assert grown < 25 * MEGABYTE


async def test_an_asynchronous_stream_goes_on_past_its_first_rows(any_async_database: AsyncDatabase) -> None:
    def fill(session: Session) -> None:
        session.add_all([Entry(amount=number) for number in range(25)])

    await any_async_database.write(fill)
    async with any_async_database.open_session(read_only=True) as session:
        seen = [
            entry.amount async for entry in EntryRepository(session).stream(select(Entry).order_by(Entry.amount), 10)
        ]
    assert seen == list(range(25))


COLUMNS = ["id", "name", "amount", "colour", "seen_at", "marks", "labels"]


def test_copied_rows_pass_through_their_column_types(any_driver: OnDriver) -> None:
    key = new_id()
    row: tuple[object, ...] = (
        key,
        "a",
        "123456789012345.6789",
        "DARK_RED",
        "2026-03-01T12:00:00+01:00",
        {"é": [1]},
        ["x"],
    )
    nothing: tuple[object, ...] = (new_id(), "b", None, None, None, {}, [])
    assert any_driver.write(copy_rows, BOXES, COLUMNS, [row, nothing]) == 2

    def read(session: Session) -> Box:
        return BoxRepository(session).get(key)

    stored, same = any_driver.read(read), Box(**dict(zip(COLUMNS, row, strict=True)))
    assert [getattr(stored, name) for name in COLUMNS] == [getattr(same, name) for name in COLUMNS]
    assert stored.colour is Colour.DARK_RED
    assert stored.rank == 0  # the database's own default


def test_many_copied_rows_are_counted_and_streamed(any_driver: OnDriver) -> None:
    rows = ((new_id(), f"a{number}", number) for number in range(5000))

    def copy(session: Session) -> tuple[int, int | None]:
        copied = copy_rows(session, ENTRIES, ["id", "remark", "amount"], rows)
        return copied, session.scalar(select(func.count()).select_from(Entry))

    assert any_driver.write(copy) == (5000, 5000)
    assert any_driver.write(copy_rows, ENTRIES, ["id", "amount"], []) == 0


@pytest.mark.parametrize("amount", [1.5, "0.00001", Colour.BLUE])
def test_a_copied_value_that_does_not_fit_stops_the_copy_and_names_its_column(
    any_driver: OnDriver, amount: object
) -> None:
    rows = [(new_id(), 1), (new_id(), amount)]
    with pytest.raises(InvalidValue, match="^amount: must "):
        any_driver.write(copy_rows, ENTRIES, ["id", "amount"], rows)
    assert any_driver.read(lambda session: session.scalar(select(func.count()).select_from(Entry))) == 0


def test_whatever_the_source_of_copied_rows_raises_comes_through(any_driver: OnDriver) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        yield (new_id(), 1)
        raise FileNotFoundError("the file of rows")

    with pytest.raises(FileNotFoundError, match="the file of rows"):
        any_driver.write(copy_rows, ENTRIES, ["id", "amount"], rows())
    assert any_driver.read(lambda session: session.scalar(select(func.count()).select_from(Entry))) == 0
