"""The parent of every table of biotech: its schema, its registry, its column types."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, String, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column

from strongroom.kernel.tables import ExactDecimal, JsonDocument, Moment, Row, TextArray, empty_list, room_metadata
from strongroom.kernel.values import WIDE

SCHEMA = "biotech"


class Figure(ExactDecimal):
    """A measure that is no money: a float in Python, exact in the database, rounded half up to its scale."""

    cache_ok = True

    def coerce(self, value: Any) -> Any:
        """The float. Raises ValueError for what is no finite number or does not fit the column."""
        return float(self._exact(value))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        number = self._exact(value)
        return int(number.scaleb(self.scale, context=WIDE)) if dialect.name == "sqlite" else number

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        number = super().process_result_value(value, dialect)
        return None if number is None else float(number)

    def _exact(self, value: Any) -> Decimal:
        # repr of a float is the shortest text that means it: 85.1 is 85.1, not 85.09999999999999431565811391919851
        text = repr(value) if type(value) is float else value
        if isinstance(text, str) and text.strip().lstrip("+-").lower() in {"nan", "inf", "infinity"}:
            raise ValueError("must be a finite number")
        try:
            number = Decimal(str(text))
        except ArithmeticError:
            raise ValueError("must be a number") from None
        return super().coerce(number.quantize(Decimal(1).scaleb(-self.scale), rounding=ROUND_HALF_UP, context=WIDE))


class Base(Row, DeclarativeBase):
    """A row of biotech."""

    metadata = room_metadata(SCHEMA)
    type_annotation_map = {
        Decimal: ExactDecimal(20, 2),
        datetime: Moment(),
        date: Date(),
        str: Text(),
        UUID: Uuid(),
    }


#: of a column named `metadata`, a name that SQLAlchemy keeps to itself
Extra = Annotated[dict[str, Any], mapped_column(JsonDocument(), default=dict, server_default="{}")]
Document = Annotated[dict[str, Any], mapped_column(JsonDocument(), default=dict, server_default="{}")]
Words = Annotated[list[str], mapped_column(TextArray(), default=list, server_default=empty_list())]
WordsOrAll = Annotated[list[str] | None, mapped_column(TextArray())]
Name = Annotated[str, mapped_column(String(255))]
Ticker = Annotated[str, mapped_column(String(10))]
Score = Annotated[float, mapped_column(Figure(5, 2), default=0.0, server_default="0")]
Fit = Annotated[float, mapped_column(Figure(4, 2), default=0.0, server_default="0")]
Counter = Annotated[int, mapped_column(BigInteger, default=0, server_default="0")]
CompanyId = Annotated[UUID, mapped_column(ForeignKey(f"{SCHEMA}.companies.id", ondelete="CASCADE"))]
OwnClient = Annotated[UUID | None, mapped_column(ForeignKey(f"{SCHEMA}.clients.id", ondelete="CASCADE"), index=True)]
