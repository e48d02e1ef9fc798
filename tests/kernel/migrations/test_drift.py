"""Drift: a database that was changed by hand is told from one that only the revisions built."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations import find_drift
from strongroom.kernel.sessions import Database
from strongroom.operations.schema import downgrade
from tests.kernel.attic import attic

#: a change by hand, and a word of every sentence that must tell of it
ON_BOTH = {
    "DROP INDEX attic.ix_boxes_amount": ["ix_boxes_amount"],
    "ALTER TABLE attic.boxes ADD COLUMN width integer": ["width"],
    "CREATE TABLE attic.barrels (id integer)": ["barrels"],
}
ON_POSTGRESQL = {
    "DROP TRIGGER touch_boxes ON attic.boxes": ["touch_boxes on boxes"],
    "DROP TRIGGER keep_entries_truncate ON attic.entries": ["keep_entries_truncate on entries"],
    "ALTER TABLE attic.entries DISABLE TRIGGER keep_entries": ["keep_entries on entries"],
    "DROP FUNCTION attic.touch_updated_at() CASCADE": ["touch_boxes on boxes", "touch_updated_at"],
    "ALTER TABLE attic.boxes DROP CONSTRAINT uq_boxes_name": ["uq_boxes_name"],
    "ALTER TABLE attic.items DROP CONSTRAINT fk_items_box_id": ["box_id"],
    "ALTER TABLE attic.boxes ALTER COLUMN amount TYPE numeric(30, 10)": ["amount"],
    "ALTER TABLE attic.boxes ALTER COLUMN name DROP NOT NULL": ["name"],
    "ALTER TABLE attic.boxes DROP COLUMN seen_at": ["seen_at"],
}
ON_SQLITE = {
    "DROP TRIGGER attic.touch_boxes": ["touch_boxes on boxes"],
    "DROP TRIGGER attic.keep_entries_delete": ["keep_entries_delete on entries"],
}


def test_a_migrated_database_does_not_drift(any_options: DatabaseOptions) -> None:
    assert find_drift(attic, any_options) == []


@pytest.mark.parametrize(("change", "told"), ON_BOTH.items())
def test_a_change_by_hand_is_found(any_database: Database, change: str, told: list[str]) -> None:
    _check_is_told(any_database, change, told)


@pytest.mark.parametrize(("change", "told"), ON_POSTGRESQL.items())
def test_a_change_by_hand_is_found_on_postgresql(database: Database, change: str, told: list[str]) -> None:
    _check_is_told(database, change, told)


@pytest.mark.parametrize(("change", "told"), ON_SQLITE.items())
def test_a_change_by_hand_is_found_on_sqlite(sqlite_database: Database, change: str, told: list[str]) -> None:
    _check_is_told(sqlite_database, change, told)


def test_an_empty_database_is_one_great_drift(any_options: DatabaseOptions) -> None:
    downgrade(attic, any_options, "base")
    told = " ".join(drift.what for drift in find_drift(attic, any_options))
    assert all(name in told for name in ("boxes", "items", "entries", "touch_boxes on boxes"))


def _check_is_told(database: Database, change: str, told: list[str]) -> None:
    database.write(lambda session: session.execute(text(change)))
    sentences = sorted(drift.what for drift in find_drift(attic, database.options))
    assert len(sentences) == len(told)
    assert all(word in sentence for word, sentence in zip(sorted(told), sentences, strict=True))
