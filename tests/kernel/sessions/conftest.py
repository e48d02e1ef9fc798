"""Transactions that take long to commit, and a look at what connections are left doing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from strongroom.kernel.engines import DatabaseOptions

SLOW_COMMIT = """
CREATE FUNCTION attic.rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(NEW.rank); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON attic.boxes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attic.rest();
"""


class Watcher:
    """An administrator beside the code under test, on a connection of its own."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def slow_commits_down(self) -> None:
        """From now on COMMIT takes as many seconds as the rank of a box that was added."""
        self.connection.execute(SLOW_COMMIT)

    def process_in(self, statement: str) -> int:
        """Waits for a connection that is busy with a statement like this; its process id."""
        found = None
        deadline = time.monotonic() + 20
        while found is None:
            assert time.monotonic() < deadline, f"nobody runs {statement}"
            found = self.connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE %s AND pid <> pg_backend_pid() "
                "AND datname = current_database()",
                [f"{statement}%"],
            ).fetchone()
        return int(found[0])

    def terminate(self, process: int) -> None:
        self.connection.execute("SELECT pg_terminate_backend(%s)", [process])

    def cancel(self, process: int) -> None:
        self.connection.execute("SELECT pg_cancel_backend(%s)", [process])

    def states(self) -> list[str]:
        """What the other connections to this database are doing; 'idle' is well."""
        rows = self.connection.execute(
            "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return [row[0] for row in rows]

    def names(self) -> list[str]:
        """The boxes that are stored."""
        return [row[0] for row in self.connection.execute("SELECT name FROM attic.boxes ORDER BY name")]


@pytest.fixture
def watcher(postgresql_options: DatabaseOptions) -> Iterator[Watcher]:
    with watching(postgresql_options) as connection:
        yield Watcher(connection)


def watching(options: DatabaseOptions) -> psycopg.Connection:
    url = make_url(options.url)
    return psycopg.connect(
        f"user={url.username} dbname={url.database} host={url.query['host']} port={url.query['port']}", autocommit=True
    )
