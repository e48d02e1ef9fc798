"""The indexes that models declare: the truth that a database is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, UniqueConstraint


@dataclass(frozen=True, slots=True)
class DeclaredIndex:
    """An index by its name. columns: in order; None when one of its keys is an expression.

    index: how it is made; None when it comes with a constraint, and goes with it only.
    """

    name: str
    table: str
    columns: tuple[str, ...] | None
    is_unique: bool
    index: Index | None

    @property
    def backs_constraint(self) -> bool:
        """Whether it is part of a primary key or UNIQUE, and therefore never dropped by itself."""
        return self.index is None


def declared_indexes(tables: MetaData, dialect: str) -> dict[str, DeclaredIndex]:
    """Every index that these tables have on this engine (`postgresql` or `sqlite`), by name."""
    return {one.name: one for one in _declared(tables, dialect)}


def _declared(tables: MetaData, dialect: str) -> Iterator[DeclaredIndex]:
    for table in tables.sorted_tables:
        for key in table.constraints:
            if isinstance(key, PrimaryKeyConstraint | UniqueConstraint) and key.columns:
                columns = tuple(column.name for column in key.columns)
                yield DeclaredIndex(str(key.name), table.name, columns, is_unique=True, index=None)
        for index in table.indexes:
            if _is_for(index, dialect):
                plain = [key.name for key in index.expressions if isinstance(key, Column)]
                known = tuple(plain) if len(plain) == len(index.expressions) else None
                yield DeclaredIndex(str(index.name), table.name, known, is_unique=bool(index.unique), index=index)


def _is_for(index: Index, dialect: str) -> bool:
    condition = index._ddl_if  # what `.ddl_if(dialect=…)` set; SQLAlchemy has no public way to read it
    return condition is None or condition.dialect in (None, dialect)
