"""The columns nearly every table has, as annotated types, so that no table needs a parent class for them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.functions import FunctionElement

from strongroom.kernel.tables.types import ExactDecimal, Moment
from strongroom.kernel.values import new_id


class database_now(FunctionElement[datetime]):
    """The start of the transaction on PostgreSQL, the time of the statement on SQLite; UTC."""

    type = Moment()
    inherit_cache = True


@compiles(database_now, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **_: Any) -> str:
    return "now()"


@compiles(database_now, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **_: Any) -> str:
    return "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')"


class database_clock(FunctionElement[datetime]):
    """The moment of the statement itself, which moves on within a transaction; UTC. SQLite: as database_now."""

    type = Moment()
    inherit_cache = True


@compiles(database_clock, "postgresql")
def _clock_on_postgresql(element: Any, compiler: Any, **_: Any) -> str:
    return "clock_timestamp()"


@compiles(database_clock, "sqlite")
def _clock_on_sqlite(element: Any, compiler: Any, **arguments: Any) -> str:
    return _on_sqlite(element, compiler, **arguments)


class default_decimal(FunctionElement[Decimal]):
    """The server default of an ExactDecimal, as the column holds it: on SQLite an integer of its last digits."""

    type = ExactDecimal()
    inherit_cache = True

    def __init__(self, value: str, scale: int) -> None:
        super().__init__()
        self.value = Decimal(value)
        self.scale = scale

    def __repr__(self) -> str:
        return f"default_decimal({str(self.value)!r}, {self.scale})"


@compiles(default_decimal, "postgresql")
def _decimal_on_postgresql(element: Any, compiler: Any, **_: Any) -> str:
    return str(element.value)


@compiles(default_decimal, "sqlite")
def _decimal_on_sqlite(element: Any, compiler: Any, **_: Any) -> str:
    return str(int(element.value.scaleb(element.scale)))


Id = Annotated[UUID, mapped_column(Uuid(), primary_key=True, default=new_id, sort_order=-10)]
CreatedAt = Annotated[datetime, mapped_column(Moment(), server_default=database_now(), sort_order=90)]
UpdatedAt = Annotated[
    datetime, mapped_column(Moment(), server_default=database_now(), onupdate=database_now(), sort_order=91)
]
DeletedAt = Annotated[datetime | None, mapped_column(Moment(), index=True, sort_order=92)]
