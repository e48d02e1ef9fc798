"""Rows that may be there already: inserted or left, inserted or added to, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, class_mapper

from strongroom.systems.export_readiness.models import Base

Values = Mapping[str, Any]


def insert_unless_there(session: Session, model: type[Base], values: Values) -> bool:
    """Insert the row unless its key is taken; whether it was inserted."""
    table = _table(model)
    statement = _insert(session, table).values(**values).on_conflict_do_nothing()
    session.flush()
    return session.connection().execute(statement.returning(*table.primary_key.columns)).first() is not None


def put_row(session: Session, model: type[Base], key: Sequence[str], values: Values) -> None:
    """Insert the row; where its key is taken, change what is given. Objects of the session do not notice."""
    statement = _insert(session, _table(model)).values(**values)
    changes = {name: statement.excluded[name] for name in values if name not in key}
    session.flush()
    session.connection().execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes))


def add_to_row(
    session: Session, model: type[Base], key: Values, amounts: Values, greatest: Values | None = None
) -> None:
    """Add the amounts to the row of this key, which is made if it is not there; `greatest`: kept if they are larger.

    One statement: what others add at the same time is not lost. Objects of the session do not notice.
    """
    table = _table(model)
    later = {name: value for name, value in (greatest or {}).items() if value is not None}
    statement = _insert(session, table).values(**key, **amounts, **later)
    changes: dict[str, Any] = {name: table.c[name] + statement.excluded[name] for name in amounts}
    changes |= {name: _greater(table.c[name], statement.excluded[name]) for name in later}
    session.flush()
    session.connection().execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes))


def _greater(known: Any, new: Any) -> Any:
    return case((known > new, known), else_=new)


def _table(model: type[Base]) -> Table:
    return cast("Table", class_mapper(model).local_table)


def _insert(session: Session, table: Table) -> Any:
    """The two dialects write the same statement in classes of their own."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
