"""Many rows at once, each inserted or, where its key is taken, changed: one statement for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, class_mapper

from strongroom.kernel.tables import database_now
from strongroom.systems.portfolio.models import Base, signature

Values = Mapping[str, Any]
#: columns that an existing row keeps
_OF_THE_FIRST_WRITE = ("id", "created_date", "created_by")


def put_rows(session: Session, model: type[Base], key: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert the rows; where `key`, a unique constraint, is taken, change what differs.

    rows: all with the same columns, created_by among them, which signs a change as well. A row that stays the same is
    not written, so it gets no new version. The session's own objects do not notice.
    """
    if not rows:
        return
    table = cast("Table", class_mapper(model).local_table)
    statement = _insert(session, table)
    data = [name for name in rows[0] if name not in (*_OF_THE_FIRST_WRITE, *key)]
    changes: dict[str, Any] = {name: statement.excluded[name] for name in data}
    changes |= {"last_updated_by": statement.excluded.created_by, "last_update_date": database_now()}
    statement = statement.on_conflict_do_update(
        index_elements=list(key),
        set_=changes,
        where=or_(*(table.c[name].is_distinct_from(statement.excluded[name]) for name in data)),
    )
    session.flush()
    session.connection().execute(statement, list(rows))


def insert_unless_there(session: Session, row: Base) -> bool:
    """Insert a row that is in no session, unless its id is taken; whether it was inserted."""
    table = cast("Table", class_mapper(type(row)).local_table)
    given = {attribute.columns[0].name: attribute.key for attribute in class_mapper(type(row)).column_attrs}
    values = {name: getattr(row, key) for name, key in given.items() if key in row.__dict__}
    statement = _insert(session, table).values(values).on_conflict_do_nothing(index_elements=["id"])
    return session.connection().execute(statement.returning(table.c.id)).first() is not None


def remove_rows(session: Session, model: Any, which: Sequence[ColumnElement[bool]]) -> None:
    """Delete the rows that meet any of the conditions; who did it stays readable in their history."""
    if which:
        session.execute(update(model).where(or_(*which)).values(last_updated_by=signature(session)))
        session.execute(delete(model).where(or_(*which)))


def _insert(session: Session, table: Table) -> Any:
    """The two dialects write the same statement in classes of their own."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
