"""Who is connected to the database right now, and who waits for whom; never what they ask, which may hold values."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.errors import NeedsPostgreSQL


@dataclass(frozen=True, slots=True)
class Connected:
    """One connection. state_s: seconds it has been in this state; blocked_by: process ids it waits for."""

    process_id: int
    role: str
    application: str
    state: str
    state_s: float
    waits_for: str
    blocked_by: tuple[int, ...]


def list_connections(options: DatabaseOptions) -> list[Connected]:
    """All connections to this database, the longest in their state first. Raises NeedsPostgreSQL."""
    if options.is_sqlite:
        raise NeedsPostgreSQL(what="connections to count")
    engine = build_engine(options)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text(_CONNECTIONS)).all()
    finally:
        engine.dispose()
    return [
        Connected(process_id, role, application, state, state_s, waits_for, tuple(blockers))
        for process_id, role, application, state, state_s, waits_for, blockers in rows
    ]


_CONNECTIONS = """
    SELECT pid, coalesce(usename, ''), application_name, coalesce(state, ''),
           coalesce(extract(epoch FROM clock_timestamp() - state_change), 0)::float8,
           coalesce(wait_event_type || ': ' || wait_event, ''), pg_blocking_pids(pid)
      FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
     ORDER BY state_change NULLS LAST, pid"""
