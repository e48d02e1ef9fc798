"""Which exchange rate holds on a day, found among those that were published, and what an amount is at it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from strongroom.kernel.values import WIDE
from strongroom.systems.portfolio.errors import RateUnavailable
from strongroom.systems.portfolio.rules.amounts import round_half_up
from strongroom.systems.portfolio.rules.enums import RatePeriodEnum

#: the currencies every quarter is reported in, beside its own
REPORTING_CURRENCIES = ("USD", "CAD")
#: what two currencies without a common rate are compared by
PIVOT = "USD"
#: how long a daily rate may stand in for a day that has none, a weekend or a holiday
RATE_AGE_MAX = timedelta(days=7)
RATE_UNIT = Decimal("1e-10")
#: what a rate's column holds on every database
RATE_MAX = Decimal(922_337_203)


class RateSourceEnum(Enum):
    """How a rate was come by."""

    SAME = "same"  # a currency for itself
    DIRECT = "direct"
    INVERSE = "inverse"
    CROSS = "cross"  # by way of USD


@dataclass(frozen=True, slots=True)
class RateQuote:
    """A published rate: units of quote for one unit of base, on `day`, or on average over the month it begins."""

    base: str
    quote: str
    day: date
    rate: Decimal
    period: RatePeriodEnum = RatePeriodEnum.DAY
    provider: str = "manual"


@dataclass(frozen=True, slots=True)
class AppliedRate:
    """The rate that holds on a day. rate: to 10 decimals, half up. quotes: the published ones it was made of."""

    base: str
    quote: str
    day: date
    rate: Decimal
    source: RateSourceEnum
    quotes: tuple[RateQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount in another currency, to the cent, and the rate that was used."""

    amount: Decimal
    rate: AppliedRate


def target_currencies(currency: str) -> tuple[str, ...]:
    """What a quarter in this currency is reported in, its own first: three currencies, or two for USD and CAD."""
    return (currency, *(other for other in REPORTING_CURRENCIES if other != currency))


def days_to_read(day: date) -> tuple[tuple[date, date], date]:
    """Where rates for a day can stand: the first and last day of daily ones, and the month of an average."""
    return (day - RATE_AGE_MAX, day), day.replace(day=1)


class RateBook:
    """Published rates, to be looked up in the order that is written at `find`."""

    def __init__(self, quotes: Iterable[RateQuote]) -> None:
        self._quotes: defaultdict[tuple[str, str, RatePeriodEnum], list[RateQuote]] = defaultdict(list)
        for quote in sorted(quotes, key=lambda quote: quote.day):
            self._quotes[quote.base, quote.quote, quote.period].append(quote)

    def get(self, base: str, quote: str, day: date) -> AppliedRate:
        """The rate that `find` finds. Raises RateUnavailable: an amount is never converted at a made-up rate."""
        found = self.find(base, quote, day)
        if found is None:
            raise RateUnavailable(base=base, quote=quote, day=day)
        return found

    def find(self, base: str, quote: str, day: date) -> AppliedRate | None:
        """By daily rates first, then, where there are none, by the average of the day's month.

        In each: the pair itself, on the day or at most 7 days before it; the inverse of the opposite pair; both
        currencies' rates to USD. A rate that rounds to nothing, or is above RATE_MAX, is none.
        """
        if base == quote:
            return AppliedRate(base, quote, day, Decimal(1), RateSourceEnum.SAME)
        for periods in ((RatePeriodEnum.DAY,), (RatePeriodEnum.DAY, RatePeriodEnum.MONTH)):
            for source, factors in self._ways(base, quote, day, periods):
                exact = Decimal(1)
                for factor, _ in factors:
                    exact = WIDE.multiply(exact, factor)
                rate = round_half_up(exact, RATE_UNIT)
                if 0 < rate <= RATE_MAX:
                    return AppliedRate(base, quote, day, rate, source, tuple(published for _, published in factors))
        return None

    def _ways(
        self, base: str, quote: str, day: date, periods: tuple[RatePeriodEnum, ...]
    ) -> Iterator[tuple[RateSourceEnum, list[_Factor]]]:
        leg = self._leg(base, quote, day, periods)
        if leg is not None:
            yield leg[0], [leg[1]]
        if PIVOT not in (base, quote):
            first, second = self._leg(base, PIVOT, day, periods), self._leg(PIVOT, quote, day, periods)
            if first is not None and second is not None:
                yield RateSourceEnum.CROSS, [first[1], second[1]]

    def _leg(
        self, base: str, quote: str, day: date, periods: tuple[RatePeriodEnum, ...]
    ) -> tuple[RateSourceEnum, _Factor] | None:
        """A factor from one currency to another without a third, unrounded."""
        for period in periods:
            if published := self._published(base, quote, day, period):
                return RateSourceEnum.DIRECT, (published.rate, published)
            if published := self._published(quote, base, day, period):
                return RateSourceEnum.INVERSE, (WIDE.divide(Decimal(1), published.rate), published)
        return None

    def _published(self, base: str, quote: str, day: date, period: RatePeriodEnum) -> RateQuote | None:
        (earliest, latest), month = days_to_read(day)
        if period is RatePeriodEnum.MONTH:
            earliest = latest = month
        known = self._quotes[base, quote, period]
        position = bisect_right(known, latest, key=lambda published: published.day)
        return known[position - 1] if position and known[position - 1].day >= earliest else None


_Factor = tuple[Decimal, RateQuote]
