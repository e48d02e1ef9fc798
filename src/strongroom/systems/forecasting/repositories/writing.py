"""Rows that may be there already: inserted or left, inserted or changed, in one statement."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, class_mapper

from strongroom.systems.forecasting.models import Base


def insert_into(session: Session, model: type[Base]) -> Any:
    """The INSERT of this database: the two dialects write `on_conflict_do_…` in classes of their own."""
    table = table_of(model)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def insert_unless_there(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert the row unless its key is taken. Whether it was inserted."""
    session.flush()
    statement = insert_into(session, model).values(**values).on_conflict_do_nothing()
    # without the option SQLAlchemy forgets the count of an INSERT
    inserted = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return inserted.rowcount == 1


def table_of(model: type[Base]) -> Table:
    """The table a model is mapped to."""
    return cast("Table", class_mapper(model).local_table)
