"""Two clocks: a row says what was true when; its history says what we knew when, so that a report can be read again.

A model declares `__capabilities__ = Capabilities(remembered=True)` and makes its history table beside itself:

    companies_history = history_of(Company)

Its migration installs `remember_changes`. From then on every version of every row stays, with the span of time in
which it was the one we knew: from known_from up to, not including, known_until; the present one has no known_until.
All that one transaction changes shares one instant on PostgreSQL; on SQLite each statement has its own, and the
clock there shows milliseconds. A version that a later statement of the same transaction replaced spans no time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, CheckConstraint, Column, ColumnElement, Identity, Index, Integer, Table, or_, select
from sqlalchemy.orm import Session, aliased, class_mapper
from sqlalchemy.orm.attributes import set_committed_value

from strongroom.kernel.tables.types import Moment

RowT = TypeVar("RowT")

#: not in table.info, which Alembic would write into revisions
_histories: WeakKeyDictionary[Table, Table] = WeakKeyDictionary()


def history_of(model: type[Any], *, index: Sequence[str] = ()) -> Table:
    """The table `<table>_history` in the model's metadata: its columns, plus history_id, known_from and known_until.

    index: columns by which versions of many rows are looked up, beside the id.
    """
    table = cast("Table", class_mapper(model).local_table)
    (key,) = (column.name for column in class_mapper(model).primary_key)
    history = Table(
        f"{table.name}_history",
        table.metadata,
        Column("history_id", BigInteger().with_variant(Integer(), "sqlite"), Identity(always=True), primary_key=True),
        *(Column(column.name, column.type, nullable=column.nullable) for column in table.columns),
        Column("known_from", Moment(), nullable=False),
        Column("known_until", Moment()),
        CheckConstraint("known_until >= known_from", name="known_span"),
    )
    Index(None, history.c[key], history.c.known_from)
    name = f"uq_{history.name}_{key}_open"
    still_open = history.c.known_until.is_(None)
    Index(name, history.c[key], unique=True, postgresql_where=still_open, sqlite_where=still_open)
    if index:
        Index(None, *(history.c[column] for column in index), history.c.known_from)
    _histories[table] = history
    return history


def find_history(model: type[Any]) -> Table | None:
    """The model's history table, if it has one."""
    return _histories.get(cast("Table", class_mapper(model).local_table))


def as_known(model: type[RowT], at: datetime | None) -> type[RowT]:
    """The model as it was known at a moment, to select columns from; the model itself when `at` is None.

    Select its columns, never the entity: a past version has the identity of the present row. `known_rows` gives
    objects. A moment younger than the longest write in flight may still gain what that write commits.
    """
    if at is None:
        return model
    table = cast("Table", class_mapper(model).local_table)
    history = _history(model)
    known = (history.c.known_from <= at, or_(history.c.known_until.is_(None), history.c.known_until > at))
    versions = select(*(history.c[column.name] for column in table.columns)).where(*known)
    return cast("type[RowT]", aliased(model, versions.subquery(f"{table.name}_known"), adapt_on_names=True))


def known_rows(
    session: Session,
    model: type[RowT],
    at: datetime,
    where: Callable[[type[RowT]], Iterable[ColumnElement[bool]]] = lambda _: (),
) -> list[RowT]:
    """The rows as known at a moment, by id: objects outside every session, to read and never to add.

    where: conditions over what `as_known` gives.
    """
    known = as_known(model, at)
    mapper = class_mapper(model)
    columns = [(attribute.key, getattr(known, attribute.key)) for attribute in mapper.column_attrs]
    query = select(*(column for _, column in columns)).where(*where(known))
    keys = [getattr(known, mapper.get_property_by_column(key).key) for key in mapper.primary_key]
    found = []
    for values in session.execute(query.order_by(*keys)):
        row = mapper.class_manager.new_instance()
        for (name, _), value in zip(columns, values, strict=True):
            set_committed_value(row, name, value)
        found.append(row)
    return found


def _history(model: type[Any]) -> Table:
    history = find_history(model)
    if history is None:
        raise TypeError(f"{model.__name__} keeps no history: make one with history_of({model.__name__})")
    return history
