"""Reads a database URL once: which engine, which driver, what may be shown of it."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from strongroom.kernel.errors import ConfigurationError

POSTGRESQL_NAMES = {"postgres", "postgresql"}


def parse_url(url: str) -> URL:
    """The URL without a driver; `postgres://` is understood. Raises ConfigurationError, never showing the URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ConfigurationError(
            setting="DATABASE_URL",
            reason="cannot be read as a URL; write postgresql://user:password@host:5432/name or sqlite:///./file.db",
        ) from None
    backend = parsed.get_backend_name()
    if backend in POSTGRESQL_NAMES:
        return parsed.set(drivername="postgresql")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    raise ConfigurationError(
        setting="DATABASE_URL", reason=f"{backend!r} is not supported; use postgresql:// or sqlite:///"
    )


def with_driver(url: URL, *, asynchronous: bool) -> URL:
    """The URL with the driver Strongroom uses: psycopg and sqlite3, or asyncpg and aiosqlite."""
    if url.get_backend_name() == "sqlite":
        return url.set(drivername="sqlite+aiosqlite" if asynchronous else "sqlite+pysqlite")
    return url.set(drivername="postgresql+asyncpg" if asynchronous else "postgresql+psycopg")


def masked_url(url: str) -> str:
    """What may be shown of a URL: the kind of database, and of SQLite the file; no user, host or password."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return f"sqlite:///{parsed.database or ':memory:'}"
    return "postgresql://***"
