"""Amounts, currencies, moments and ids: what every floor above speaks in, without a framework."""

from strongroom.kernel.values.clock import Clock, FixedClock, SystemClock, as_utc
from strongroom.kernel.values.currencies import EXPONENTS, UnknownCurrency, exponent_of, is_currency
from strongroom.kernel.values.identifiers import derived_id, keyed_id, moment_of, new_id
from strongroom.kernel.values.money import (
    WIDE,
    CurrencyMismatch,
    Money,
    NotExact,
    exact_decimal,
    is_rounded,
    round_amount,
)
from strongroom.kernel.values.periods import Period, day_of, month_of, quarter_of, year_of
from strongroom.kernel.values.shards import shard_of

__all__ = [
    "EXPONENTS",
    "WIDE",
    "Clock",
    "CurrencyMismatch",
    "FixedClock",
    "Money",
    "NotExact",
    "Period",
    "SystemClock",
    "UnknownCurrency",
    "as_utc",
    "day_of",
    "derived_id",
    "exact_decimal",
    "exponent_of",
    "is_currency",
    "is_rounded",
    "keyed_id",
    "moment_of",
    "month_of",
    "new_id",
    "quarter_of",
    "round_amount",
    "shard_of",
    "year_of",
]
