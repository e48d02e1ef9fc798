"""An eye on what the server is doing while a test waits for it, and a hand to interrupt it."""

from __future__ import annotations

import time

import psycopg
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

    def __init__(self, options: DatabaseOptions) -> None:
        url = make_url(options.url)
        where = f"user={url.username} dbname={url.database} host={url.query['host']} port={url.query['port']}"
        self.connection = psycopg.connect(where, autocommit=True)

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
