"""What every body has in common: nothing unknown comes in, money keeps its cents, text and documents can be stored."""

from __future__ import annotations

import json
import math
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, as_utc, exact_decimal

DOCUMENT_BYTES_MAX = 65_536
DOCUMENT_DEPTH_MAX = 32


class RequestBody(BaseModel):
    """What is sent. A field nobody knows is refused: it may be a misspelt one that was meant to matter."""

    model_config = ConfigDict(extra="forbid")

    def sent(self) -> dict[str, Any]:
        """The fields that were sent, by name; those left out are not among them."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class ChangeBody(RequestBody):
    """Fields to change; what is left out stays as it is. may_be_empty: those that null may be sent for."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by name. Raises InvalidValue for a null where there must be a value."""
        sent = self.sent()
        for name in sorted(sent.keys() - self.may_be_empty):
            if sent[name] is None:
                raise InvalidValue(field=name, reason="must have a value; leave it out to keep what it is")
        return sent


class ResponseBody(BaseModel):
    """What is answered, read off a row or a view."""

    model_config = ConfigDict(from_attributes=True)


def _exact(value: Any) -> Decimal:
    if isinstance(value, float):
        raise ValueError('must be a string such as "12.50": a number with a point has already lost digits')
    try:
        return exact_decimal(value)
    except NotExact as error:
        raise ValueError(error.reason) from None


def _plain(value: Decimal) -> str:
    """No exponent; the decimals that the column has."""
    return format(value, "f")


def _moment(value: datetime) -> datetime:
    try:
        return as_utc(value)
    except OverflowError:
        raise ValueError("must lie between the years 1 and 9999 in UTC") from None


def _storable(document: dict[str, Any]) -> dict[str, Any]:
    """The document, if the database can hold it: no NUL, no half characters, no NaN, not too deep, not too long."""
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DOCUMENT_DEPTH_MAX:
            raise ValueError(f"must not be nested deeper than {DOCUMENT_DEPTH_MAX}")
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValueError("must hold finite numbers only")
        elif isinstance(value, str) and any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
            raise ValueError("must hold text that can be stored: no NUL and no half of a character")
    if len(json.dumps(document, ensure_ascii=False).encode()) > DOCUMENT_BYTES_MAX:
        raise ValueError(f"must have at most {DOCUMENT_BYTES_MAX} bytes as JSON")
    return document


_IN = {
    "anyOf": [{"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"}, {"type": "integer"}],
    "examples": ["1500000000.00"],
}
_OUT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1500000000.00"]}

#: US dollars, not millions of them: sent as a string or a whole number, answered as a string
UsdIn = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, max_digits=20, decimal_places=2), WithJsonSchema(_IN)]
UsdOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), WithJsonSchema(_OUT)]
NumberIn = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema(_IN)]
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), WithJsonSchema(_OUT)]

#: 0 to 100; 0 to 10; 0 to 1
Score = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Fit = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2_147_483_647)]

#: a naive one is UTC
Moment = Annotated[datetime, AfterValidator(_moment)]
Document = Annotated[dict[str, Any], AfterValidator(_storable)]

#: one printable line; PostgreSQL cannot store NUL, and a line break would forge a line of a list
_LINE = r"^[^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=_LINE)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_LINE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=_TEXT)]
Ticker = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9.\-]{1,10}$")]
SignalTypeName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=_LINE)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")]
HttpUrl = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s\x00-\x1f]+$")]
Tickers = Annotated[list[Ticker], Field(max_length=1000)]
Lines = Annotated[list[Title], Field(max_length=100)]

#: `metadata` in the API is the attribute `extra` of a row, since every mapped class has a `metadata` of its own
MetadataOut = Annotated[dict[str, Any], Field(validation_alias="extra")]


class CompanyBriefOut(ResponseBody):
    """Which company a row is about."""

    id: UUID
    ticker: str
    name: str
