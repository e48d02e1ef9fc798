"""Column types that mean the same on PostgreSQL and on SQLite, and refuse what either would silently bend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Context, Decimal
from enum import Enum
from operator import floordiv, mod, mul, truediv
from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, DateTime, Numeric, String, Table, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from strongroom.kernel.values import NotExact, exact_decimal

INT64_MAX = 2**63 - 1
_WIDE = Context(prec=60)  # more digits than any column, so that scaling never rounds


class _ExactComparator(TypeDecorator.Comparator[Decimal]):
    """Sums, differences and comparisons in SQL; whatever would have to rescale or round is refused."""

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
        _refuse_rescaling(op)
        return super().operate(op, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> ColumnElement[Any]:
        _refuse_rescaling(op)
        return super().reverse_operate(op, other, **kwargs)


def _refuse_rescaling(op: OperatorType) -> None:
    if op in (mul, truediv, floordiv, mod):
        raise TypeError(
            f"an exact decimal has no {op.__name__} in SQL: on SQLite it is a scaled integer, so the result would be "
            "wrong there; read the amounts and compute in Python"
        )


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal that comes back as it went in: numeric on PostgreSQL, a scaled 64-bit integer on SQLite.

    precision: digits in all; scale: digits after the point. A value with more decimals is refused, never
    rounded; floats, NaN and Infinity are refused here and, through the CHECK every such column gets, by the
    database. On SQLite a value must also fit 64 bits: at scale 4 that is +-922337203685477.5807.
    In SQL it can be added, compared, summed and sorted; multiplying or dividing it there is refused.
    """

    impl = Numeric
    cache_ok = True
    comparator_factory = _ExactComparator

    def __init__(self, precision: int = 19, scale: int = 4) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def __repr__(self) -> str:
        return f"ExactDecimal({self.precision}, {self.scale})"

    @property
    def bound(self) -> Decimal:
        """The largest absolute value both databases hold when it fits 64 bits, else PostgreSQL's own."""
        digits = _WIDE.subtract(Decimal(10) ** (self.precision - self.scale), Decimal(1).scaleb(-self.scale))
        return min(digits, Decimal(INT64_MAX).scaleb(-self.scale)) if self.precision <= 19 else digits

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def coerce(self, value: Any) -> Decimal:
        """The value as a Decimal of at most `scale` decimals. Raises ValueError with a sentence."""
        try:
            number = exact_decimal(value, "value")
        except NotExact as error:
            raise ValueError(error.reason) from None
        if abs(number) > self.bound:
            raise ValueError(f"must lie between -{self.bound} and {self.bound}")
        if number != (rounded := number.quantize(Decimal(1).scaleb(-self.scale), context=_WIDE)):
            raise ValueError(f"must have at most {self.scale} decimals")
        return rounded

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        number = self.coerce(value)
        if dialect.name != "sqlite":
            return number
        scaled = int(number.scaleb(self.scale, context=_WIDE))
        if abs(scaled) > INT64_MAX:
            largest = Decimal(INT64_MAX).scaleb(-self.scale)
            raise ValueError(f"SQLite holds at most {largest} here; use PostgreSQL for larger values")
        return scaled

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return Decimal(int(value)).scaleb(-self.scale, context=_WIDE)
        return Decimal(value)


class MoneyAmount(ExactDecimal):
    """An amount of money, numeric(19,4); its currency stands in another column of the same row."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(19, 4)

    def __repr__(self) -> str:
        return "MoneyAmount()"


class Moment(TypeDecorator[datetime]):
    """A point in time: timestamptz on PostgreSQL, UTC text on SQLite; a naive datetime means UTC."""

    impl = DateTime
    cache_ok = True

    def __repr__(self) -> str:
        return "Moment()"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def coerce(self, value: Any) -> datetime:
        """The moment in UTC. Raises ValueError when it is none."""
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise ValueError("must be a date and time in ISO 8601") from None
        if not isinstance(value, datetime):
            raise ValueError(f"must be a datetime, not {type(value).__name__}")
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def process_bind_param(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = self.coerce(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else self.coerce(value)


class EnumText(TypeDecorator[Enum]):
    """An enumeration stored as its value in text, with a CHECK; accepts the member, its name or its value.

    values: an Enum class, or the values alone where no class may be imported (migrations).
    """

    impl = String
    cache_ok = True

    def __init__(self, *values: type[Enum] | str) -> None:
        super().__init__()
        self.members = values[0] if values and isinstance(values[0], type) else None
        self.values: tuple[str, ...] = (
            tuple(member.value for member in self.members) if self.members else cast("tuple[str, ...]", values)
        )

    def __repr__(self) -> str:
        return f"EnumText({', '.join(map(repr, self.values))})"

    def coerce(self, value: Any) -> Enum:
        """The member. Raises ValueError that lists the values there are."""
        if self.members is None:
            raise TypeError("an EnumText without a class coerces nothing")
        if isinstance(value, self.members):
            return value
        if isinstance(value, str):
            if value in self.values:
                return self.members(value)
            if value in self.members.__members__:
                return self.members[value]
        shown = value if isinstance(value, str) and len(value) <= 40 else type(value).__name__
        raise ValueError(f"{shown!r} is none of {', '.join(self.values)}")

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return cast("str", self.coerce(value).value) if self.members else cast("str", value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or self.members is None else self.members(value)


#: key in constraint.info: the constraint follows from the type of this column, so nobody writes it down
IMPLIED_BY = "implied_by"


@event.listens_for(Table, "after_parent_attach")
def _enforce_types(table: Table, _: Any) -> None:
    """Give each column the CHECK its type promises; PostgreSQL's numeric accepts NaN, which is above all bounds."""
    present = {constraint.info.get(IMPLIED_BY) for constraint in table.constraints}
    for column in table.columns:
        if column.name not in present:  # a copied table brings its constraints along
            for check in _implied_checks(column.name, column.type):
                check.info[IMPLIED_BY] = column.name
                table.append_constraint(check)


def _implied_checks(column: str, kind: TypeEngine[Any]) -> Iterator[CheckConstraint]:
    if isinstance(kind, ExactDecimal):
        yield CheckConstraint(_IsFinite(column, kind.bound), name=f"finite_{column}")
    elif isinstance(kind, EnumText):
        allowed = ", ".join(f"'{value}'" for value in kind.values)
        yield CheckConstraint(f"{column} IN ({allowed})", name=f"known_{column}")


class _IsFinite(ColumnElement[bool]):
    """One constraint with a text for each engine: Alembic adds a column's constraints whatever their ddl_if says."""

    inherit_cache = False

    def __init__(self, column: str, bound: Decimal) -> None:
        self.column = column
        self.bound = bound


@compiles(_IsFinite)
def _lies_within_bounds(element: _IsFinite, compiler: Any, **_: Any) -> str:
    return f"{element.column} BETWEEN -{element.bound} AND {element.bound}"


@compiles(_IsFinite, "sqlite")
def _is_a_scaled_integer(element: _IsFinite, compiler: Any, **_: Any) -> str:
    return f"typeof({element.column}) IN ('integer', 'null')"
