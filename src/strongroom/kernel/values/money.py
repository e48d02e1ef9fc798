"""Amounts of money that never lose a digit: exact decimals, always with their currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from strongroom.kernel.values.currencies import UnknownCurrency, exponent_of, is_currency

_DIGITS_MAX = 40  # before the point, and after it: beyond every column, short enough that WIDE adds exactly
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)

#: Sums and products of any two exact decimals are exact in this context; Python's own rounds at 28 digits.
WIDE = Context(prec=4 * _DIGITS_MAX, rounding=ROUND_HALF_UP)


class NotExact(ValueError):
    """A value cannot be taken as an exact decimal number; reason: why, without the field's name."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared; convert one of them first."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency. It may have more decimals than the currency until it is `rounded`.

    Equal when amount and currency are equal; everything else across currencies raises CurrencyMismatch.
    Raises NotExact or UnknownCurrency at construction.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", exact_decimal(self.amount))
        if not is_currency(self.currency):
            raise UnknownCurrency(f"{self.currency!r} is not a currency of ISO 4217")

    def __add__(self, other: Money) -> Money:
        return Money(WIDE.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(WIDE.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def rounded(self) -> Money:
        """The amount with exactly the decimals its currency has; a half is rounded away from zero."""
        return Money(round_amount(self.amount, self.currency), self.currency)

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.amount


def exact_decimal(value: Decimal | int | str, field: str = "amount") -> Decimal:
    """The value as a finite Decimal, digit for digit; minus zero becomes zero.

    At most 40 digits before the point and 40 after it. Raises NotExact for a float, whose digits are lost
    already, for a bool, for NaN and Infinity, and for text that is not a plain ASCII number.
    """
    if isinstance(value, float):
        raise NotExact(field, "must be a Decimal or a string, not a float: a float has already lost digits")
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise NotExact(field, f"must be a decimal number, not {type(value).__name__}")
    number = _parsed(value, field) if isinstance(value, str) else Decimal(value)
    if not number.is_finite():
        raise NotExact(field, "must be a finite number")
    if number.is_zero():
        number = number.copy_abs()
    exponent = number.as_tuple().exponent
    # an exponent of a finite number is an int; the type of as_tuple() knows only "int or a letter"
    if number.adjusted() >= _DIGITS_MAX or int(exponent) < -_DIGITS_MAX:
        raise NotExact(field, f"must have at most {_DIGITS_MAX} digits before the point and after it")
    return number


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """The amount with exactly the decimals of its currency; a half is rounded away from zero."""
    return amount.quantize(Decimal(1).scaleb(-exponent_of(currency)), rounding=ROUND_HALF_UP, context=WIDE)


def is_rounded(amount: Decimal, currency: str) -> bool:
    """Whether the amount has no more decimals than its currency; 1.5000 USD is fine, 1.005 USD is not."""
    return amount == round_amount(amount, currency)


def _parsed(text: str, field: str) -> Decimal:
    # Decimal() itself also reads "1_000", " 1 " and the digits of other scripts
    if text.strip().lstrip("+-").lower() in {"nan", "snan", "inf", "infinity"}:
        raise NotExact(field, "must be a finite number")
    if len(text) > 4 * _DIGITS_MAX or not _NUMBER.fullmatch(text):
        raise NotExact(field, "must be a decimal number")
    return Decimal(text)
