"""The doors as one object, for programs written against a connection: `db_connection.session_scope()` and its like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import doors


class DatabaseConnection:
    """The database of the building behind the doors; nothing is opened before it is asked for."""

    @property
    def engine(self) -> Engine:
        """The pool that every session draws from."""
        return doors.building().database.engine

    def session_scope(self) -> AbstractContextManager[Session]:
        """A session that is committed when the block ends and rolled back on any error."""
        return doors.session_scope()

    def get_session(self) -> Session:
        """A session in the hands of the caller, who commits and closes it."""
        return doors.SessionLocal()

    def get_db(self) -> Iterator[Session]:
        """A FastAPI dependency: a session for one request, always closed."""
        return doors.get_db()

    def check_connection(self) -> bool:
        """Whether the database answers. Never raises."""
        return doors.check_database_connection()

    def info(self) -> dict[str, Any]:
        """Version and pool of the database, without any secret. Never raises."""
        return doors.get_database_info()

    def close(self) -> None:
        """Close every pooled connection; the next use opens others."""
        doors.building().database.close()


db_connection = DatabaseConnection()


def check_db_connection() -> bool:
    """Whether the database answers. Never raises."""
    return db_connection.check_connection()


def init_db() -> None:
    """Bring the schema to its newest revision."""
    doors.building().upgrade()


def drop_db() -> None:
    """Remove the schema and all that is in it. Refuses in production."""
    doors.building().downgrade()
