"""Money from one currency into another: at a rate that is valid now, rounded once, with the rate kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from strongroom.kernel.values import WIDE, as_utc, round_amount
from strongroom.systems.banking.errors import BusinessRuleViolation, ExchangeRateUnavailable

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of `quote` one unit of `base` buys, from valid_from on and before valid_until."""

    base: str
    quote: str
    rate: Decimal
    valid_from: datetime
    valid_until: datetime

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the rate counts at that moment."""
        return as_utc(self.valid_from) <= as_utc(moment) < as_utc(self.valid_until)


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was given and what it became; `amount` has the decimals of `currency`."""

    original_amount: Decimal
    original_currency: str
    rate: Decimal
    amount: Decimal
    currency: str


def convert(amount: Decimal, base: str, quote: str, rates: Iterable[Rate], moment: datetime) -> Conversion:
    """Change an amount of `base` into `quote`, a half rounded up; one to one within the same currency.

    Raises ExchangeRateUnavailable, or BusinessRuleViolation when the amount is worth less than the smallest unit.
    """
    rate = ONE if base == quote else get_rate(rates, base, quote, moment).rate
    converted = round_amount(WIDE.multiply(amount, rate), quote)
    if converted <= 0:
        raise BusinessRuleViolation(
            rule="exchange_minimum", reason=f"the amount is too small to be changed into {quote}"
        )
    return Conversion(amount, base, rate, converted, quote)


def get_rate(rates: Iterable[Rate], base: str, quote: str, moment: datetime) -> Rate:
    """The newest rate of this pair, in this direction, that is valid at the moment.

    The opposite rate is never turned round: a bank's two prices differ. Raises ExchangeRateUnavailable.
    """
    fitting = [rate for rate in rates if (rate.base, rate.quote) == (base, quote) and rate.is_valid_at(moment)]
    if not fitting:
        raise ExchangeRateUnavailable(base=base, quote=quote)
    return max(fitting, key=lambda rate: as_utc(rate.valid_from))
