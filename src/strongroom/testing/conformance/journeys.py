"""Claims on what the rows of a system go through: samples, checks, forbidden changes, the way down and up again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    Uuid,
    cast,
    func,
    inspect,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable
from sqlalchemy.types import JSON

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import RowIsImmutable, StrongroomError
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.migrations import downgrade_once, find_drift, list_revisions, upgrade_once
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.tables import ExactDecimal, Moment, capabilities_of
from strongroom.kernel.tables.versions import VERSIONS
from strongroom.kernel.values import new_id
from strongroom.testing.conformance.declared import models_of, table_of
from strongroom.testing.databases import opened

#: SQLite counts time in milliseconds
ONE_TICK_S = 0.002


def samples_load_once(system: System, options: DatabaseOptions) -> Iterator[str]:
    """Samples fill an empty system; loaded a second time they add nothing."""
    with opened(options, (system,)) as database:
        if not any(database.write(system.load_samples).values()):
            yield "the samples add no row"
        before = database.read(_count_rows, system)
        added = {noun: count for noun, count in database.write(system.load_samples).items() if count}
        after = database.read(_count_rows, system)
    if added:
        yield f"the second time they say they added {added}"
    for table, count in after.items():
        if count != before[table]:
            yield f"the second time they added {count - before[table]} rows to {table}"


def checks_hold_on_samples(system: System, options: DatabaseOptions) -> Iterator[str]:
    """All that must be true of the system is true of its samples."""
    with opened(options, (system,)) as database:
        database.write(system.load_samples)
        yield from _broken_checks(database, system)


def history_runs_both_ways(system: System, options: DatabaseOptions) -> Iterator[str]:
    """With rows in place: each revision can be taken back and made again; at the bottom nothing is left over."""
    newest, *older = list_revisions(system)
    with opened(options, (system,)) as database:
        database.write(system.load_samples)
        for revision in older:
            downgrade_once(system, options, revision)
            upgrade_once(system, options, newest)
            yield from (f"after {revision} and back: {drift.what}" for drift in find_drift(system, options))
            yield from _broken_checks(database, system)
        downgrade_once(system, options, "base")
        upgrade_once(system, options, newest)
        yield from (f"from the bottom up: {drift.what}" for drift in find_drift(system, options))
        database.write(system.load_samples)
        yield from _broken_checks(database, system)


def updated_at_moves_by_itself(system: System, options: DatabaseOptions) -> Iterator[str]:
    """updated_at moves with every UPDATE, also with one written by hand."""
    with opened(options, (system,)) as database:
        database.write(system.load_samples)
        for table in system.tables.sorted_tables:
            if "updated_at" in table.columns:
                before = database.read(_moments, table)
                time.sleep(ONE_TICK_S)
                key = next(iter(table.primary_key.columns)).name
                database.write(_execute, text(f'UPDATE {table.fullname} SET "{key}" = "{key}"'))
                after = database.read(_moments, table)
                if not before:
                    yield f"{table.name}: the samples hold no row to try it on"
                elif stale := sum(before[row] >= after[row] for row in before):
                    yield f"{table.name}: {stale} of {len(before)} rows kept theirs"


def immutable_rows_stay(system: System, options: DatabaseOptions) -> Iterator[str]:
    """The database refuses to change or remove immutable rows, to everybody and as a replica too."""
    with opened(options, (system,)) as database:
        database.write(system.load_samples)
        roles = ["origin"] if options.is_sqlite else ["origin", "replica"]
        for model in models_of(system):
            capabilities = capabilities_of(model)
            if not capabilities.immutable:
                continue
            table = table_of(model)
            if not database.read(_count, table):
                yield f"{table.name}: the samples hold no row to try it on"
                continue
            for what, statement in _forbidden(table, capabilities.changeable, on_sqlite=options.is_sqlite):
                for role in roles:
                    if not _is_refused(database, statement, role):
                        yield f"{table.name}: {what} went through as {role}"


def changes_renew_versions(system: System, options: DatabaseOptions) -> Iterator[str]:
    """Every scope of cached rows has a version; a change by hand of its rows gives it a new one, and no other."""
    with opened(options, (system,)) as database:
        database.write(system.load_samples)
        for model in models_of(system):
            table, scope = table_of(model), capabilities_of(model).cached_by
            if scope is None:
                continue
            as_text = func.coalesce(cast(table.c[scope], Text()), "")
            before = database.read(_versions, system.name)
            scopes = database.read(_all, select(as_text).distinct())
            if not scopes:
                yield f"{table.name}: the samples hold no row to try it on"
            yield from (f"{table.name}: scope {name!r} has no version" for name in scopes if name not in before)
            if capabilities_of(model).immutable or not scopes:
                continue
            change = table.update().where(as_text == scopes[0]).values({scope: table.c[scope]})
            database.write(_execute, change)
            after = database.read(_versions, system.name)
            renewed = sorted(name for name in after if after[name] != before.get(name))
            if renewed != [scopes[0]]:
                yield f"{table.name}: a change of scope {scopes[0]!r} renews {renewed}"


JOURNEYS = (
    samples_load_once,
    checks_hold_on_samples,
    history_runs_both_ways,
    updated_at_moves_by_itself,
    immutable_rows_stay,
    changes_renew_versions,
)


def _forbidden(table: Table, changeable: frozenset[str], *, on_sqlite: bool) -> Iterator[tuple[str, Executable]]:
    yield "DELETE", table.delete()
    if on_sqlite:
        yield "REPLACE", text(f"INSERT OR REPLACE INTO {table.fullname} SELECT * FROM {table.fullname}")
    else:
        yield "TRUNCATE", text(f"TRUNCATE {table.fullname} CASCADE")
    for column in table.columns:
        if column.name not in changeable:
            yield f"UPDATE of {column.name}", table.update().values({column: _another_value(column)})


def _another_value(column: Column[Any]) -> Any:
    """A value that no sample has; it need not be a valid one, since the refusal comes first."""
    match column.type:
        case Boolean():
            return ~column
        case Uuid():
            return new_id()
        case ExactDecimal(scale=scale):
            return Decimal(7).scaleb(-scale)
        case Moment():
            return datetime(1901, 1, 1, tzinfo=UTC)
        case Date():
            return date(1901, 1, 1)
        case Integer():
            return 9797
        case LargeBinary():
            return b"\x97"
        case JSON():
            return {"changed": 97}
        case _:
            return literal_column("'~'")


def _is_refused(database: Database, statement: Executable, role: str) -> bool:
    with database.open_session() as session:  # ends in rollback
        if role != "origin":
            session.execute(text(f"SET LOCAL session_replication_role = {role}"))
        try:
            session.execute(statement)
        except RowIsImmutable:
            return True
        except StrongroomError:
            return False  # something else refused it, which says nothing of this
        return False


def _broken_checks(database: Database, system: System) -> Iterator[str]:
    for finding in database.read(run_checks, system.checks):
        if not finding.holds:
            yield f"{finding.check.name}: {finding.count} violations, such as {finding.examples}"


def _count_rows(session: Session, system: System) -> Mapping[str, int]:
    return {table.name: _count(session, table) for table in system.tables.sorted_tables}


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _all(session: Session, query: Select[Any]) -> list[Any]:
    return list(session.scalars(query))


def _versions(session: Session, schema: str) -> Mapping[str, str]:
    """Version by scope; none where no versions are kept."""
    if not inspect(session.connection()).has_table(VERSIONS, schema):
        return {}
    rows = session.execute(text(f'SELECT scope, version FROM "{schema}".{VERSIONS}'))
    return {scope: version for scope, version in rows}


def _moments(session: Session, table: Table) -> Mapping[tuple[Any, ...], datetime]:
    query = select(*table.primary_key.columns, table.c.updated_at)
    return {tuple(key): moment for *key, moment in session.execute(query)}


def _execute(session: Session, statement: Executable) -> None:
    session.execute(statement)
