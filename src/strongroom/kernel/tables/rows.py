"""What a mapped class of any system does for itself: an id, its defaults and checked values, from construction on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, Uuid, event, inspect
from sqlalchemy.orm import Mapper, QueryableAttribute

from strongroom.kernel.errors import InvalidValue

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


#: key in MetaData.info: what the names of those tables of its schema begin with that are not declared here
KEPT_BY_OTHERS = "kept_by_others"


def room_metadata(schema: str, *, kept_by_others: tuple[str, ...] = ()) -> MetaData:
    """The tables of one system: its own schema, every constraint named, so that errors can be mapped by name.

    kept_by_others: what the names of tables begin with that lie there too and are no business of the models.
    """
    return MetaData(schema=schema, naming_convention=NAMING_CONVENTION, info={KEPT_BY_OTHERS: kept_by_others})


class Row:
    """Parent of every mapped class beside DeclarativeBase; carries behaviour of construction only.

    Keyword arguments are the columns. An id and every plain default are there at once, before any flush, and
    values are coerced as they are assigned: a Decimal from a string, an enum from its member, name or value, a
    naive datetime as UTC. Raises InvalidValue, which names the field.
    """

    # what the database sets itself, updated_at above all, comes back with the write: a row outlives its session
    __mapper_args__: Any = {"eager_defaults": True}

    def __init__(self, **values: Any) -> None:
        for name in values:
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}")
        for name, default in _defaults(inspect(type(self))):
            if name not in values:
                setattr(self, name, default(None) if callable(default) else default)
        for name, value in values.items():
            setattr(self, name, value)

    def to_dict(self) -> dict[str, Any]:
        """Every column by its name in the database, ready for JSON: decimals as exact text, moments in ISO 8601."""
        mapper = inspect(type(self))
        return {attribute.columns[0].name: _as_json(getattr(self, attribute.key)) for attribute in mapper.column_attrs}

    def __repr__(self) -> str:
        key = inspect(type(self)).primary_key
        shown = ", ".join(f"{column.name}={self.__dict__.get(column.key, '?')!s}" for column in key)
        return f"<{type(self).__name__} {shown}>"  # the key only: other columns may be private


@cache
def _defaults(mapper: Mapper[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (attribute.key, attribute.columns[0].default.arg)
        for attribute in mapper.column_attrs
        if attribute.columns[0].default is not None and not attribute.columns[0].default.is_clause_element
    )


@event.listens_for(Row, "attribute_instrument", propagate=True)
def _coerce_on_assignment(row: type[Row], key: str, attribute: QueryableAttribute[Any]) -> None:
    columns = getattr(attribute.property, "columns", None)
    if not columns:
        return
    kind = columns[0].type
    coerce = _as_uuid if isinstance(kind, Uuid) else getattr(kind, "coerce", None)
    if coerce is None:
        return

    @event.listens_for(attribute, "set", retval=True)
    def assign(target: Any, value: Any, old: Any, initiator: Any) -> Any:
        if value is None or hasattr(value, "__clause_element__") or hasattr(value, "_is_clause_element"):
            return value
        try:
            return coerce(value)
        except InvalidValue:
            raise
        except ValueError as error:
            raise InvalidValue(field=key, reason=str(error)) from None


def _as_json(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case UUID():
            return str(value)
        case bytes():
            return value.hex()
        case dict():
            return {str(name): _as_json(item) for name, item in value.items()}
        case list() | tuple():
            return [_as_json(item) for item in value]
        case _:
            return value


def _as_uuid(value: Any) -> UUID:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise ValueError("must be a UUID") from None
