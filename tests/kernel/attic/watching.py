"""An eye on what the server is doing while a test waits for it, and a hand to interrupt it."""

from __future__ import annotations

import time
from typing import LiteralString

import psycopg
from sqlalchemy import make_url

from strongroom.kernel.engines import DatabaseOptions

REST = """
CREATE FUNCTION attic.rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(NEW.rank); RETURN NEW; END $$;
"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON attic.boxes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attic.rest();
"""
AT_INSERT = "CREATE TRIGGER slow_insert BEFORE INSERT ON attic.boxes FOR EACH ROW EXECUTE FUNCTION attic.rest()"


class Watcher:
    """An administrator beside the code under test, on a connection of its own."""

    def __init__(self, options: DatabaseOptions) -> None:
        self.connection = connect_plainly(options)

    def slow_commits_down(self) -> None:
        """From now on COMMIT takes as many seconds as the rank of a box that was added."""
        self.connection.execute(REST + AT_COMMIT)

    def slow_inserts_down(self) -> None:
        """From now on an INSERT does."""
        self.connection.execute(REST + AT_INSERT)

    def process_in(self, statement: str) -> int:
        """Waits for a connection that is busy with a statement like this; its process id."""
        return self._wait_for("state = 'active' AND query LIKE %s", f"{statement}%")

    def process_waiting(self) -> int:
        """Waits for a connection that waits for a lock; its process id."""
        return self._wait_for("wait_event_type = %s", "Lock")

    def _wait_for(self, condition: LiteralString, value: str) -> int:
        others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
        deadline = time.monotonic() + 20
        while (found := self.connection.execute(others + condition, [value]).fetchone()) is None:
            assert time.monotonic() < deadline, f"nobody is found with {condition} {value}"
        return int(found[0])

    def terminate(self, process: int) -> None:
        self.connection.execute("SELECT pg_terminate_backend(%s)", [process])

    def terminate_all(self, statement: str) -> None:
        """Whoever is busy with a statement like this."""
        self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE %s "
            "AND datname = current_database()",
            [f"{statement}%"],
        )

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


def connect_plainly(options: DatabaseOptions, *, autocommit: bool = True) -> psycopg.Connection:
    """A connection of the driver's own, past everything under test; the database is one of the fixtures'."""
    url = make_url(options.url)
    where = f"user={url.username} dbname={url.database} host={url.query['host']} port={url.query['port']}"
    return psycopg.connect(where, autocommit=autocommit)
