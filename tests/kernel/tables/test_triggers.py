"""Triggers: updated_at moves and immutable rows stay, whoever asks, and their SQL never changes its meaning."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import RowIsImmutable
from strongroom.kernel.sessions import Database
from strongroom.kernel.tables import DatabaseObject, canonical_json, refuse_changes, touch_updated_at, trigger_functions
from tests.kernel.attic import Box, Entry


@pytest.mark.parametrize(
    "change",
    [
        lambda session: setattr(session.scalars(select(Box)).one(), "rank", 1),
        lambda session: session.execute(update(Box).values(rank=1)),
        lambda session: session.execute(text("UPDATE attic.boxes SET rank = 1")),
    ],
    ids=["by the session", "by a statement", "by raw SQL"],
)
def test_updated_at_moves_whoever_changes_the_row(any_database: Database, change: object) -> None:
    assert callable(change)
    any_database.write(lambda session: session.add(Box(name="a")))
    before = any_database.read(_times)
    time.sleep(0.002)  # SQLite's clock shows milliseconds
    any_database.write(change)
    after = any_database.read(_times)
    assert after[0] == before[0]
    assert after[1] > before[1]


def test_a_row_knows_the_new_updated_at_without_asking_again(any_database: Database) -> None:
    def change(session: Session) -> Box:
        box = session.scalars(select(Box)).one()
        box.rank = 1
        return box

    any_database.write(lambda session: session.add(Box(name="a")))
    time.sleep(0.002)
    assert any_database.write(change).updated_at == any_database.read(_times)[1]


@pytest.mark.parametrize(
    "change",
    [
        update(Entry).values(amount=2),
        update(Entry).values(remark="new", amount=2),
        delete(Entry),
        text("UPDATE attic.entries SET amount = amount + 1"),
        text("DELETE FROM attic.entries"),
    ],
    ids=str,
)
def test_an_immutable_row_is_neither_changed_nor_removed(any_database: Database, change: object) -> None:
    any_database.write(lambda session: session.add(Entry(amount=1, remark="old")))
    with pytest.raises(RowIsImmutable, match="^entries is append-only") as caught:
        any_database.write(lambda session: session.execute(change))  # type: ignore[call-overload]  # one of several kinds
    assert caught.value.facts["table"] == "entries"
    assert any_database.read(_entries) == [(1, "old")]


def test_a_session_cannot_remove_an_immutable_row(any_database: Database) -> None:
    any_database.write(lambda session: session.add(Entry(amount=1)))
    with pytest.raises(RowIsImmutable):
        any_database.write(lambda session: session.delete(session.scalars(select(Entry)).one()))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attic.entries SET amount = 2",
        "DELETE FROM attic.entries",
        "TRUNCATE attic.entries",
        "TRUNCATE attic.boxes, attic.entries CASCADE",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_no_replication_role_gets_past_immutability(database: Database, statement: str, role: str) -> None:
    def change(session: Session) -> None:
        session.execute(text(f"SET LOCAL session_replication_role = {role}"))
        session.execute(text(statement))

    database.write(lambda session: session.add(Entry(amount=1)))
    with pytest.raises(RowIsImmutable):
        database.write(change)
    assert database.read(_entries) == [(1, None)]


def test_columns_that_may_change_do(any_database: Database) -> None:
    any_database.write(lambda session: session.add(Entry(amount=1, remark="old")))
    any_database.write(lambda session: setattr(session.scalars(select(Entry)).one(), "remark", "new"))
    assert any_database.read(_entries) == [(1, "new")]


@pytest.mark.parametrize("overwrite", ["INSERT INTO {} ON CONFLICT (id) DO UPDATE SET amount = 2", "REPLACE INTO {}"])
def test_an_insert_that_would_overwrite_an_immutable_row_is_refused(any_database: Database, overwrite: str) -> None:
    if any_database.engine.name == "postgresql" and overwrite.startswith("REPLACE"):
        return  # PostgreSQL has no such statement
    entry = Entry(amount=1)
    any_database.write(lambda session: session.add(entry))
    again = text(overwrite.format("attic.entries (id, amount) SELECT id, amount * 2 FROM attic.entries WHERE true"))
    with pytest.raises(RowIsImmutable):
        any_database.write(lambda session: session.execute(again))
    assert any_database.read(_entries) == [(1, None)]


@pytest.mark.parametrize(
    ("made", "fingerprint"),
    [
        (touch_updated_at("room", "things"), "c91cc627617396e5"),
        (refuse_changes("room", "things", ("id", "amount"), changeable=("remark", "seen_at")), "600d11581d9053c5"),
        (refuse_changes("room", "things", ("id",)), "9c0e728c909da087"),
        (trigger_functions("room"), "ea31a3a2f5f1c332"),
    ],
    ids=["touch", "refuse", "refuse all", "functions"],
)
def test_the_sql_of_a_trigger_is_what_it_was_when_revisions_ran_it(made: DatabaseObject, fingerprint: str) -> None:
    """A new meaning needs a new function beside the old one: databases made before would differ from those made now."""
    text_of_it = canonical_json({"name": made.name, "create": dict(made.create), "drop": dict(made.drop)})
    assert hashlib.sha256(text_of_it.encode()).hexdigest()[:16] == fingerprint


def _times(session: Session) -> tuple[Any, ...]:
    return tuple(session.execute(select(Box.created_at, Box.updated_at)).one())


def _entries(session: Session) -> list[tuple[object, ...]]:
    return [(row.amount, row.remark) for row in session.execute(select(Entry.amount, Entry.remark))]
