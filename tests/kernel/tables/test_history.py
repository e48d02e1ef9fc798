"""Two clocks: every version of a remembered row can be read again as it was known, and nobody rewrites what was."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import RowIsImmutable
from strongroom.kernel.sessions import Database
from strongroom.kernel.tables import as_known, known_rows
from strongroom.kernel.values import new_id
from tests.kernel.attic import Box, Shelf
from tests.kernel.attic.models import shelves_history


def test_a_row_is_read_as_it_was_known_at_each_moment(any_database: Database) -> None:
    before = _tick()
    key = any_database.write(_add, width="1.5")
    first = _tick()
    any_database.write(_widen, key, "2.5")
    second = _tick()
    any_database.write(lambda session: session.delete(session.get_one(Shelf, key)))
    third = _tick()
    assert [_widths(any_database, moment) for moment in (before, first, second, third)] == [
        [],
        [Decimal("1.5")],
        [Decimal("2.5")],
        [],
    ]


def test_a_restatement_leaves_what_was_reported(any_database: Database) -> None:
    key = any_database.write(_add, width="1", holds=["books"])
    reported = _tick()
    any_database.write(_widen, key, "9")
    any_database.write(_put, key, "maps")
    (then,) = any_database.read(known_rows, Shelf, reported)
    assert (then.width, then.holds) == (Decimal(1), ["books"])
    assert any_database.read(lambda session: session.get_one(Shelf, key).holds) == ["books", "maps"]


def test_versions_of_the_past_do_not_touch_the_present_row(any_database: Database) -> None:
    key = any_database.write(_add, width="1")
    reported = _tick()
    any_database.write(_widen, key, "2")

    def read_both(session: Session) -> tuple[Decimal | None, Decimal | None]:
        present = session.get_one(Shelf, key)
        (then,) = known_rows(session, Shelf, reported, lambda known: (known.room == "attic",))
        assert then not in session
        return present.width, then.width

    assert any_database.read(read_both) == (Decimal(2), Decimal(1))


def test_without_a_moment_the_model_itself_is_read(any_database: Database) -> None:
    any_database.write(_add, width="3")
    assert as_known(Shelf, None) is Shelf
    assert _widths(any_database, None) == [Decimal(3)]


def test_what_one_transaction_changes_becomes_known_at_one_instant(database: Database) -> None:
    def add_slowly(session: Session) -> None:
        for _ in range(3):
            session.add(Shelf())
            session.flush()
            session.execute(text("SELECT pg_sleep(0.01)"))

    database.write(add_slowly)
    assert database.read(_versions, "known_from") == 1


def test_a_version_replaced_in_its_own_transaction_was_never_known(database: Database) -> None:
    def add_twice(session: Session) -> None:
        shelf = Shelf(width="1")
        session.add(shelf)
        session.flush()
        shelf.width = Decimal(2)

    database.write(add_twice)
    assert _widths(database, _tick()) == [Decimal(2)]
    spans = database.read(lambda session: session.execute(select(shelves_history).order_by("history_id")).all())
    assert [span.known_from == span.known_until for span in spans] == [True, False]


def test_those_who_wait_for_each_other_become_known_in_the_order_of_their_writes(database: Database) -> None:
    """The later transaction began first: its start is no measure of when it became known."""
    key = database.write(_add, width="0")
    begun, written = threading.Event(), threading.Event()

    def begin_early_write_late(session: Session) -> None:
        session.execute(select(1))
        begun.set()
        assert written.wait(10)
        session.execute(select(Shelf.id).where(Shelf.id == key).with_for_update())
        session.get_one(Shelf, key).width = Decimal(2)

    late = threading.Thread(target=database.write, args=(begin_early_write_late,))
    late.start()
    assert begun.wait(10)
    database.write(_widen, key, "1")
    between = _tick()
    written.set()
    late.join(10)
    assert _widths(database, between) == [Decimal(1)]
    assert _widths(database, _tick()) == [Decimal(2)]


def test_an_instant_set_by_hand_is_not_believed(database: Database) -> None:
    def forge(session: Session) -> None:
        session.execute(text("SELECT set_config('strongroom.known_now', '2001-01-01 00:00:00+00', true)"))
        session.add(Shelf())

    database.write(forge)
    known_from = database.read(lambda session: session.scalars(select(shelves_history.c.known_from)).one())
    assert known_from.year > 2001


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE attic.shelves_history SET width = 7",
        "UPDATE attic.shelves_history SET known_from = known_until WHERE known_until IS NOT NULL",
        "UPDATE attic.shelves_history SET known_until = NULL WHERE known_until IS NOT NULL",
        "DELETE FROM attic.shelves_history",
    ],
)
def test_nobody_rewrites_what_was_known(any_database: Database, forgery: str) -> None:
    key = any_database.write(_add, width="1")
    _tick()
    any_database.write(_widen, key, "2")
    with pytest.raises(RowIsImmutable):
        any_database.write(lambda session: session.execute(text(forgery)))


def test_an_update_that_changes_nothing_makes_no_version(any_database: Database) -> None:
    any_database.write(_add, width="1")
    any_database.write(lambda session: session.execute(text("UPDATE attic.shelves SET width = width")))
    assert any_database.read(_versions, "history_id") == 1


def test_what_was_rolled_back_was_never_known(any_database: Database) -> None:
    with any_database.open_session() as session:  # ends in rollback
        session.add(Shelf())
        session.flush()
    assert any_database.read(_versions, "history_id") == 0


def test_a_model_without_a_history_says_how_to_make_one() -> None:
    with pytest.raises(TypeError, match=r"history_of\(Box\)"):
        as_known(Box, datetime.now(UTC))


def _add(session: Session, /, **values: Any) -> UUID:
    shelf = Shelf(id=new_id(), **values)
    session.add(shelf)
    return shelf.id


def _widen(session: Session, key: UUID, width: str) -> None:
    session.get_one(Shelf, key).width = Decimal(width)


def _put(session: Session, key: UUID, thing: str) -> None:
    shelf = session.get_one(Shelf, key)
    shelf.holds.append(thing)


def _widths(database: Database, at: datetime | None) -> list[Decimal | None]:
    known = as_known(Shelf, at)
    return database.read(lambda session: list(session.scalars(select(known.width))))


def _versions(session: Session, column: str) -> int:
    return session.scalar(select(func.count(shelves_history.c[column].distinct()))) or 0


def _tick() -> datetime:
    """A moment that lies apart from what happened before and after it, also on a clock of milliseconds."""
    time.sleep(0.003)
    moment = datetime.now(UTC)
    time.sleep(0.003)
    return moment
