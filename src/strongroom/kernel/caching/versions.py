"""Reads the versions that the database keeps, on the same snapshot as the answer itself."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TableClause, column, func, literal_column, select, table, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from strongroom.kernel.engines.sqlite import READ_ONLY
from strongroom.kernel.tables.versions import VERSIONS


def reads_one_snapshot(connection: Connection) -> bool:
    """Whether every statement sees the same committed rows, and none can write: then one version holds for all."""
    options = connection.get_execution_options()
    if connection.dialect.name == "sqlite":
        return bool(options.get(READ_ONLY, False))
    is_fixed = options.get("isolation_level") in ("REPEATABLE READ", "SERIALIZABLE")
    return is_fixed and bool(options.get("postgresql_readonly", False))


def find_version(session: Session, schema: str, scopes: Collection[Any] | None) -> str | None:
    """One version for these scopes together, for all there are when None. None when one of them has none yet."""
    versions = _versions(schema)
    if scopes is None:
        return _version_of_all(session, versions)
    names = sorted({_as_text(scope, on_sqlite=_is_sqlite(session)) for scope in scopes})
    query = select(versions.c.scope, versions.c.version).where(versions.c.scope.in_(names))
    found = {scope: version for scope, version in session.execute(query)}
    if not names or len(found) < len(names):
        return None
    return found[names[0]] if len(names) == 1 else _together(f"{name}={found[name]};" for name in names)


def renew_all(session: Session | Connection, schema: str) -> None:
    """Give every scope a new version, so that no answer kept before is given again.

    For what passes the triggers by: a partition that was detached or truncated by itself, a table copied over.
    """
    connection = session if isinstance(session, Connection) else session.connection()
    drawn = "lower(hex(randomblob(16)))" if connection.dialect.name == "sqlite" else "gen_random_uuid()"
    session.execute(update(_versions(schema)).values(version=literal_column(drawn)))


def _version_of_all(session: Session, versions: TableClause) -> str | None:
    pair = versions.c.scope + "=" + versions.c.version
    if _is_sqlite(session):
        pairs = session.scalars(select(pair).order_by(versions.c.scope)).all()
        return _together(f"{one};" for one in pairs) if pairs else None
    listed = func.string_agg(pair, aggregate_order_by(literal_column("';'"), versions.c.scope))
    version: str | None = session.scalar(select(func.encode(func.sha256(func.convert_to(listed, "UTF8")), "hex")))
    return version


def _versions(schema: str) -> TableClause:
    return table(VERSIONS, column("scope"), column("version"), schema=schema)


def _together(parts: Iterable[str]) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _as_text(scope: Any, *, on_sqlite: bool) -> str:
    """The scope as the database writes it."""
    if isinstance(scope, UUID):
        return scope.hex if on_sqlite else str(scope)
    if isinstance(scope, Enum):
        scope = scope.value
    if isinstance(scope, str | int | date) and not isinstance(scope, bool):
        return str(scope)
    raise TypeError(f"{type(scope).__name__} is no scope")


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
