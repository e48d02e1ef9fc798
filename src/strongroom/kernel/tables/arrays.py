"""Lists of words in one column: text[] on PostgreSQL, where GIN serves them, JSON text on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, Text, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Words(TypeDecorator[list[str]]):
    """A list of text without NULLs, in the order given."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def __repr__(self) -> str:
        return "TextArray()"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(Text()))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def coerce(self, value: Any) -> list[str]:
        """The list itself. Raises ValueError for anything but a list or tuple of text."""
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            raise ValueError("must be a list of text")
        return value if isinstance(value, list) else list(value)

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[str] | None:
        return None if value is None else list(self.coerce(value))


def TextArray() -> TypeEngine[Any]:
    """The column type; changes of the list in place are seen and saved."""
    return Words()


# by class: a column of an Annotated type has a copy of its type, which as_mutable would not know again
MutableList.associate_with(Words)


class empty_list(FunctionElement[list[str]]):
    """The server default of such a column that is never NULL."""

    type = Words()
    inherit_cache = True


@compiles(empty_list, "postgresql")
def _empty_on_postgresql(element: Any, compiler: Any, **_: Any) -> str:
    return "'{}'"


@compiles(empty_list, "sqlite")
def _empty_on_sqlite(element: Any, compiler: Any, **_: Any) -> str:
    return "'[]'"


def has_all(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the column's list holds each of these words; a GIN index serves it."""
    return _HasAll(column, literal(list(words), Words()))


def has_any(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the column's list holds one of these words; a GIN index serves it."""
    return _HasAny(column, literal(list(words), Words()))


class _HasAll(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


class _HasAny(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_HasAll, "postgresql")
def _contains(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, words = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"({column} @> {words})"


@compiles(_HasAny, "postgresql")
def _overlaps(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, words = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"({column} && {words})"


@compiles(_HasAll, "sqlite")
def _misses_none(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, words = (compiler.process(part, **kwargs) for part in element.clauses)
    held = f"SELECT value FROM json_each({column})"
    return (
        f"({column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM json_each({words}) AS w WHERE w.value NOT IN ({held})))"
    )


@compiles(_HasAny, "sqlite")
def _shares_one(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, words = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"EXISTS (SELECT value FROM json_each({words}) INTERSECT SELECT value FROM json_each({column}))"
