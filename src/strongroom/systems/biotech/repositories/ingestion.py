"""Signals on their way in: what was taken in before is left out, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Column, CursorResult, MetaData, Table, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import copy_rows
from strongroom.systems.biotech.models import Signal

_TABLE = cast("Table", inspect(Signal).local_table)
#: attribute by column, without what the database sets itself
_ATTRIBUTES = {
    column.columns[0].name: column.key
    for column in inspect(Signal).column_attrs
    if column.key not in ("created_at", "updated_at")
}
_KEY = [_TABLE.c.source, _TABLE.c.external_id]


def insert_new(session: Session, signals: Sequence[Signal]) -> list[Signal]:
    """Insert the signals that are not there yet, and give them back as they are stored, in the order given."""
    if not signals:
        return []
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = [{name: getattr(signal, key) for name, key in _ATTRIBUTES.items()} for signal in signals]
    statement = dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=_KEY)
    added = set(session.scalars(statement.returning(_TABLE.c.id), values))
    stored = {row.id: row for row in session.scalars(select(Signal).where(Signal.id.in_(added)))}
    return [stored[signal.id] for signal in signals if signal.id in stored]


def copy_new(session: Session, signals: Iterable[Signal]) -> int:
    """The same by COPY into a temporary table, in bounded memory. Returns how many were added."""
    names = list(_ATTRIBUTES)
    staged = Table(
        "staged_signals",
        MetaData(),
        *(Column(name, _TABLE.c[name].type) for name in names),
        prefixes=["TEMPORARY"],
    )
    connection = session.connection()
    staged.create(connection, checkfirst=False)
    copy_rows(session, staged, names, _rows(signals))
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    # with a WHERE: SQLite would take ON CONFLICT for the beginning of a join
    waiting = select(*(staged.c[name] for name in names)).where(staged.c.id.is_not(None))
    statement = dialect.insert(_TABLE).from_select(names, waiting, include_defaults=False)
    added = session.execute(
        statement.on_conflict_do_nothing(index_elements=_KEY).execution_options(preserve_rowcount=True)
    )
    staged.drop(connection, checkfirst=False)
    return cast("CursorResult[Any]", added).rowcount


def _rows(signals: Iterable[Signal]) -> Iterator[list[Any]]:
    return ([getattr(signal, key) for key in _ATTRIBUTES.values()] for signal in signals)
