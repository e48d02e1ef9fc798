"""Decimals in JSON: strings in both directions, since a JSON number with a point becomes a float and loses digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from strongroom.kernel.values import WIDE
from strongroom.kernel.web import decimal_schema, read_exact

DECIMALS_SHOWN_MIN = 2


def _plain(value: Decimal) -> str:
    """No exponent, no zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(value: Decimal) -> str:
    """At least two decimals, more only where they are not zero."""
    shortest = Decimal(_plain(value))
    missing = DECIMALS_SHOWN_MIN + int(shortest.as_tuple().exponent)
    return _plain(value) if missing <= 0 else format(shortest.quantize(Decimal("0.01"), context=WIDE), "f")


#: an amount of money, price, rate or quantity as it is sent: a decimal string, or a whole number
MoneyIn = Annotated[Decimal, BeforeValidator(read_exact), decimal_schema("12.50", may_be_whole=True)]
NumberIn = Annotated[Decimal, BeforeValidator(read_exact), decimal_schema("0.125", may_be_whole=True)]

#: an amount of money as it is answered: a decimal string
MoneyOut = Annotated[Decimal, PlainSerializer(_money, return_type=str), decimal_schema("12.50")]
#: a price, rate or quantity as it is answered: a decimal string
NumberOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str), decimal_schema("0.125")]
