"""COMMIT: when nobody can know whether it is stored, that is what the caller is told, and it is not tried again."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import CommitIndeterminate, DatabaseUnavailable
from strongroom.testing.databases import ThrowAwayServer
from tests.kernel.attic import Box, attic
from tests.kernel.attic.drivers import OnDriver, on_driver
from tests.kernel.attic.watching import Watcher


class Outcome:
    """Runs one write in a thread of its own and keeps how it ended."""

    def __init__(self, database: OnDriver, box: Box) -> None:
        self.runs = 0
        self.error: BaseException | None = None
        self._database, self._box = database, box
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._database.write(self._add)
        except BaseException as error:
            self.error = error

    def _add(self, session: Session) -> None:
        self.runs += 1
        session.add(self._box)

    def awaited(self) -> BaseException | None:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.error


def test_a_connection_lost_during_commit_leaves_it_open(postgresql_driver: OnDriver, watcher: Watcher) -> None:
    watcher.slow_commits_down()
    outcome = Outcome(postgresql_driver, Box(name="a", rank=20))
    watcher.terminate(watcher.process_in("COMMIT"))
    assert type(outcome.awaited()) is CommitIndeterminate
    assert outcome.runs == 1
    postgresql_driver.write(lambda session: session.add(Box(name="b")))
    assert watcher.names() == ["b"]


def test_a_connection_lost_before_commit_is_only_unavailable(postgresql_driver: OnDriver, watcher: Watcher) -> None:
    def be_terminated(session: Session) -> None:
        session.add(Box(name="a"))
        session.flush()
        watcher.terminate(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
        session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailable):
        postgresql_driver.write(be_terminated)
    assert watcher.names() == []


def test_a_connection_lost_while_pending_rows_are_written_is_only_unavailable(
    postgresql_driver: OnDriver, watcher: Watcher
) -> None:
    """The commit writes them first; until then it is certain that nothing is stored."""
    watcher.slow_inserts_down()
    outcome = Outcome(postgresql_driver, Box(name="a", rank=20))
    watcher.terminate(watcher.process_in("INSERT INTO attic.boxes"))
    assert type(outcome.awaited()) is DatabaseUnavailable


@pytest.fixture(scope="module")
def lonely_primary(postgresql_version: int | None) -> Iterator[DatabaseOptions]:
    """Its commits wait for a standby that does not exist."""
    with ThrowAwayServer(postgresql_version) as server:
        options = server.create_database([attic])
        watcher = Watcher(options)
        watcher.connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        watcher.connection.execute("SELECT pg_reload_conf()")
        watcher.connection.close()
        yield options


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_a_commit_that_no_standby_has_confirmed_is_indeterminate(driver: str, lonely_primary: DatabaseOptions) -> None:
    """The server gives up waiting with a warning, and says COMMIT as if all were well."""
    watcher = Watcher(lonely_primary)
    with on_driver(driver, lonely_primary, (attic,)) as database:
        for name in (f"{driver}1", f"{driver}2"):
            outcome = Outcome(database, Box(name=name))
            watcher.cancel(watcher.process_in("COMMIT"))
            assert type(outcome.awaited()) is CommitIndeterminate
            assert outcome.runs == 1
            assert name in watcher.names()
        assert database.write(lambda _: 1) == 1  # the warning is forgotten: there was nothing to replicate here
    watcher.connection.close()


def test_an_ordinary_commit_is_certain(postgresql_driver: OnDriver, watcher: Watcher) -> None:
    outcome = Outcome(postgresql_driver, Box(name="a"))
    assert outcome.awaited() is None
    assert watcher.names() == ["a"]
