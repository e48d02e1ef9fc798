"""What every body has in common: nothing unknown comes in, numbers keep their digits, moments are in UTC."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

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

from strongroom.kernel.values import NotExact, as_utc, exact_decimal


class RequestBody(BaseModel):
    """What is sent. A field nobody knows is refused: it may be a misspelt one that was meant to matter."""

    model_config = ConfigDict(extra="forbid")


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


def _in_utc(moment: datetime) -> datetime:
    """A moment that names no zone is in UTC."""
    try:
        return as_utc(moment)
    except OverflowError:
        raise ValueError("is before the year 1 or after the year 9999 in UTC") from None


_IN = {"anyOf": [{"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, {"type": "integer"}], "examples": ["1250.0000"]}
_OUT = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1250.0000"]}

#: a decimal as it is sent: a string, or a whole number; as it is answered: a string
NumberIn = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema(_IN)]
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), WithJsonSchema(_OUT)]
#: a measure that is computed from a series, not an amount
Ratio = Annotated[float, Field(allow_inf_nan=False)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]

#: one printable line; PostgreSQL cannot store NUL, and a line break would forge a line of a report
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTABLE)]
Word = Annotated[str, StringConstraints(max_length=500, pattern=_PRINTABLE)]
CurrencyCode = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$")]
