"""Decimals in JSON: strings in both directions, since a JSON number with a point becomes a float and loses digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from strongroom.kernel.values import WIDE, NotExact, exact_decimal

DECIMALS_SHOWN_MIN = 2
_PATTERN = r"^-?\d+(\.\d+)?$"


def _exact(value: Any) -> Decimal:
    if isinstance(value, float):
        raise ValueError('must be a string such as "12.50": a number with a point has already lost digits')
    try:
        return exact_decimal(value)
    except NotExact as error:
        raise ValueError(error.reason) from None


def _plain(value: Decimal) -> str:
    """No exponent, no zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(value: Decimal) -> str:
    """At least two decimals, more only where they are not zero."""
    shortest = Decimal(_plain(value))
    missing = DECIMALS_SHOWN_MIN + int(shortest.as_tuple().exponent)
    return _plain(value) if missing <= 0 else format(shortest.quantize(Decimal("0.01"), context=WIDE), "f")


def _schema(example: str) -> dict[str, Any]:
    return {"type": "string", "pattern": _PATTERN, "examples": [example]}


def _schema_in(example: str) -> dict[str, Any]:
    return {"anyOf": [_schema(example), {"type": "integer"}], "examples": [example]}


#: an amount of money, price, rate or quantity as it is sent: a decimal string, or a whole number
MoneyIn = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema(_schema_in("12.50"))]
NumberIn = Annotated[Decimal, BeforeValidator(_exact), WithJsonSchema(_schema_in("0.125"))]

#: an amount of money as it is answered: a decimal string
MoneyOut = Annotated[Decimal, PlainSerializer(_money, return_type=str), WithJsonSchema(_schema("12.50"))]
#: a price, rate or quantity as it is answered: a decimal string
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), WithJsonSchema(_schema("0.125"))]
