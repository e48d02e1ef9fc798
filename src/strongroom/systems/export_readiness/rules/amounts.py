"""Amounts that calculators take and give: exact, within bounds, rounded half up to two decimals, once."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import WIDE, NotExact, exact_decimal

RUPEE, DOLLAR = "INR", "USD"
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: beyond every shipment of a small business; sums and products of what is below it stay exact
AMOUNT_MAX = Decimal(10**12)

_HUNDRED = Decimal(100)


def amount_of(value: Decimal | int | str, field: str, *, is_positive: bool = False) -> Decimal:
    """A finite number from 0, or above 0, to AMOUNT_MAX. Raises InvalidValue."""
    number = number_of(value, field)
    if number < 0 or (is_positive and number == 0):
        raise InvalidValue(field=field, reason=f"must {'be greater than' if is_positive else 'not be below'} 0")
    if number > AMOUNT_MAX:
        raise InvalidValue(field=field, reason=f"must be at most {AMOUNT_MAX}")
    return number


def money_of(value: Decimal | int | str, field: str, *, is_positive: bool = False) -> Decimal:
    """The same to two decimals. Raises InvalidValue, also for what rounds to 0 and must not."""
    return amount_of(rounded(amount_of(value, field)), field, is_positive=is_positive)


def number_of(value: Any, field: str) -> Decimal:
    """A finite exact number. Raises InvalidValue, for a float as well."""
    try:
        return exact_decimal(value, field)
    except NotExact as error:
        raise InvalidValue(field=error.field, reason=error.reason) from None


def count_of(value: int, field: str) -> int:
    """A whole number from 0. Raises InvalidValue."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= AMOUNT_MAX:
        raise InvalidValue(field=field, reason="must be a whole number from 0")
    return value


def rounded(number: Decimal, unit: Decimal = CENT) -> Decimal:
    """To two decimals, or those of the unit; a half goes away from zero."""
    return number.quantize(unit, rounding=ROUND_HALF_UP, context=WIDE)


def as_text(number: Decimal) -> str:
    """In plain digits, with at least the decimals it has up to two, and no zeros behind those."""
    written = f"{number:f}"
    whole, point, decimals = written.partition(".")
    return f"{whole}{point}{decimals[:2]}{decimals[2:].rstrip('0')}" if point else written


def times(*factors: Decimal) -> Decimal:
    """The exact product."""
    product = Decimal(1)
    for factor in factors:
        product = WIDE.multiply(product, factor)
    return product


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """part / whole, to many digits; whole is not 0."""
    return WIDE.divide(part, whole)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """A share of an amount, to two decimals."""
    return rounded(ratio(times(amount, percent), _HUNDRED))
