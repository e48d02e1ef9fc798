"""Upgrades: one history whoever runs it and however many do, patient where a lock is held, the same as text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import Collided, InvalidValue
from strongroom.kernel.migrations import build_config, downgrade_once, find_drift, list_revisions, upgrade_once
from strongroom.kernel.sessions import Database
from strongroom.operations.schema import Position, downgrade, drop, find_position, upgrade, write_revision
from strongroom.testing.databases import ThrowAwayServer, opened
from tests.kernel.attic import attic
from tests.kernel.attic.watching import connect_plainly

NEWEST = Position("attic_0001", "attic_0001")


@pytest.fixture
def empty_postgresql(postgresql_server: ThrowAwayServer) -> Iterator[DatabaseOptions]:
    options = postgresql_server.create_database()
    yield options
    postgresql_server.drop_database(options)


@pytest.fixture(params=["postgresql", "sqlite"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseOptions:
    """A database without any schema."""
    if request.param == "sqlite":
        return DatabaseOptions(f"sqlite:///{tmp_path / 'new.db'}")
    options: DatabaseOptions = request.getfixturevalue("empty_postgresql")
    return options


def test_an_upgrade_may_be_repeated(empty: DatabaseOptions) -> None:
    assert find_position(attic, empty) == Position(None, "attic_0001")
    for _ in range(2):
        upgrade(attic, empty)
        assert find_position(attic, empty) == NEWEST
    assert find_drift(attic, empty) == []


def test_what_goes_down_leaves_nothing_and_comes_up_again(empty: DatabaseOptions) -> None:
    upgrade(attic, empty)
    downgrade(attic, empty)
    assert find_position(attic, empty) == Position(None, "attic_0001")
    upgrade(attic, empty)
    assert find_drift(attic, empty) == []
    drop(attic, empty)
    with opened(empty, (attic,)) as database:
        assert database.read(_tables_left) <= {"alembic_version"}


def _tables_left(session: Session) -> set[str]:
    return set(inspect(session.connection()).get_table_names("attic"))


def test_a_revision_that_does_not_exist_is_refused(empty: DatabaseOptions) -> None:
    with pytest.raises(InvalidValue, match="^revision: 'attic_9999' cannot be reached in the history of attic"):
        upgrade(attic, empty, "attic_9999")


def test_revisions_are_listed_newest_first() -> None:
    assert list_revisions(attic) == ("attic_0001",)


def _upgrade(options: DatabaseOptions) -> str | None:
    upgrade(attic, options)
    return find_position(attic, options).current


def test_of_many_runners_at_once_one_makes_the_history(empty: DatabaseOptions) -> None:
    with get_context("spawn").Pool(2) as processes:
        assert processes.map(_upgrade, [empty] * 4, chunksize=1) == ["attic_0001"] * 4
    assert find_drift(attic, empty) == []
    with opened(empty, (attic,)) as database:
        assert database.read(_versions) == ["attic_0001"]


def test_a_runner_waits_for_the_one_before_it(empty_postgresql: DatabaseOptions) -> None:
    name = "hashtext('strongroom.migrate.attic')"
    with connect_plainly(empty_postgresql) as other, ThreadPoolExecutor(1) as thread:
        other.execute(f"SELECT pg_advisory_lock({name})")
        upgrading = thread.submit(upgrade, attic, replace(empty_postgresql, lock_timeout_s=0.1))
        time.sleep(0.7)
        assert not upgrading.done()
        assert find_position(attic, empty_postgresql).current is None
        other.execute(f"SELECT pg_advisory_unlock({name})")
        upgrading.result(timeout=20)
    assert find_position(attic, empty_postgresql) == NEWEST


def _versions(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT version_num FROM attic.alembic_version")))


@pytest.fixture
def blocked(postgresql_options: DatabaseOptions) -> Iterator[Callable[[], None]]:
    """Somebody reads the boxes in a long transaction; call to let them end."""
    with connect_plainly(postgresql_options, autocommit=False) as connection:
        connection.execute("SELECT * FROM attic.boxes")
        yield connection.rollback


def test_a_lock_that_is_held_stops_one_try_within_seconds(
    postgresql_options: DatabaseOptions, blocked: Callable[[], None]
) -> None:
    begun = time.monotonic()
    with pytest.raises(Collided):
        downgrade_once(attic, postgresql_options)
    assert 1.5 < time.monotonic() - begun < 8
    blocked()
    assert find_position(attic, postgresql_options) == NEWEST
    assert find_drift(attic, postgresql_options) == []


def test_a_patient_runner_succeeds_once_the_lock_is_gone(
    postgresql_options: DatabaseOptions, blocked: Callable[[], None]
) -> None:
    with ThreadPoolExecutor(1) as thread:
        going_down = thread.submit(downgrade, attic, postgresql_options)
        time.sleep(2.5)  # longer than one try waits
        assert not going_down.done()
        # whoever only reads is let through between the tries
        with opened(replace(postgresql_options, lock_timeout_s=5), (attic,)) as database:
            assert database.read(lambda session: session.scalar(text("SELECT count(*) FROM attic.boxes"))) == 0
        blocked()
        going_down.result(timeout=20)
    assert find_position(attic, postgresql_options).current is None


def test_the_upgrade_as_text_makes_the_same_database(
    empty_postgresql: DatabaseOptions, capsys: pytest.CaptureFixture[str]
) -> None:
    command.upgrade(build_config(attic, DatabaseOptions("postgresql://nowhere.invalid/nothing")), "head", sql=True)
    script = capsys.readouterr().out
    with connect_plainly(empty_postgresql) as connection:
        connection.execute(script.encode())
    assert find_position(attic, empty_postgresql) == NEWEST
    assert find_drift(attic, empty_postgresql) == []
    upgrade(attic, empty_postgresql)


def test_the_text_holds_every_constraint_the_upgrade_makes(
    database: Database, empty_postgresql: DatabaseOptions, capsys: pytest.CaptureFixture[str]
) -> None:
    command.upgrade(build_config(attic, empty_postgresql), "head", sql=True)
    with connect_plainly(empty_postgresql) as connection:
        connection.execute(capsys.readouterr().out.encode())
    definitions = (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'attic'::regnamespace"
    )
    found = []
    for options in (database.options, empty_postgresql):
        with connect_plainly(options) as connection:
            found.append(sorted(connection.execute(definitions).fetchall()))
    assert found[0] == found[1]
    assert any("ck_boxes_finite_amount" in name for name, _ in found[0])


def test_a_new_revision_takes_the_next_number_and_says_what_the_models_say(
    postgresql_options: DatabaseOptions, tmp_path: Path
) -> None:
    """Of a database with all tables but one column, the revision adds the column, in words of our own."""
    for file in attic.migrations.glob("*.py"):
        (tmp_path / file.name).write_text(file.read_text())
    with opened(postgresql_options, (attic,)) as database:
        database.write(lambda session: session.execute(text("ALTER TABLE attic.boxes DROP COLUMN weight")))
    changed = replace(attic, migrations=tmp_path)
    written = write_revision(changed, postgresql_options, "weigh boxes")
    assert written == tmp_path / "attic_0002_weigh_boxes.py"
    code = written.read_text()
    compile(code, str(written), "exec")
    assert "tables.ExactDecimal(6, 2)" in code
    assert "down_revision = 'attic_0001'" in code
    upgrade_once(changed, postgresql_options)
    assert find_position(changed, postgresql_options) == Position("attic_0002", "attic_0002")
