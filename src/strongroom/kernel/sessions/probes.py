"""What a health check may say of a connection: version, pool, failure; never a URL, a password or a host."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions, masked_url
from strongroom.kernel.engines.faults import describe
from strongroom.kernel.errors import StrongroomError

log = logging.getLogger("strongroom.health")


def connection_info(session: Session, options: DatabaseOptions) -> dict[str, Any]:
    """Version and pool figures as integers, over a connection that has just answered."""
    if options.is_sqlite:
        version = f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
    else:
        version = f"PostgreSQL {str(session.scalar(text('SHOW server_version'))).split(' ')[0]}"
    engine = session.get_bind()
    assert isinstance(engine, Engine), "a unit of work is bound to an engine"
    return {
        "database_url": masked_url(options.url),
        "database_version": version,
        "pool_info": _pool_info(engine),
        "connection_healthy": True,
    }


def failure_info(options: DatabaseOptions, error: Exception) -> dict[str, Any]:
    """The same when the database did not answer."""
    log.warning("the database did not answer a health check: %s", describe(error))
    reason = str(error) if isinstance(error, StrongroomError) else "the database did not answer"
    return {"database_url": masked_url(options.url), "error": reason, "connection_healthy": False}


def _pool_info(engine: Engine) -> dict[str, int]:
    def figure(name: str) -> int:
        method = getattr(engine.pool, name, None)
        return int(method()) if callable(method) else 0

    return {
        "pool_size": figure("size"),
        "checked_in": figure("checkedin"),
        "checked_out": figure("checkedout"),
        "overflow": max(figure("overflow"), 0),
    }
