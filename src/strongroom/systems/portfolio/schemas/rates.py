"""Exchange rates as they are put, found and applied."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from strongroom.kernel.web import NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.portfolio.rules.conversion import RateQuote, RateSourceEnum
from strongroom.systems.portfolio.rules.enums import RatePeriodEnum
from strongroom.systems.portfolio.schemas.bodies import CurrencyCode, Name

RATES_MAX = 10_000


class RateIn(RequestBody):
    """How many units of quote one unit of base buys."""

    base: CurrencyCode
    quote: CurrencyCode
    day: date = Field(description="The day, or the first of the month that it is the average of.")
    rate: NumberIn = Field(gt=0)
    period: RatePeriodEnum = RatePeriodEnum.DAY
    provider: Name = "manual"

    def as_quote(self) -> RateQuote:
        """The same for the services."""
        return RateQuote(**dict(self))


class RatesIn(RequestBody):
    """Rates to put, all or none."""

    rates: list[RateIn] = Field(min_length=1, max_length=RATES_MAX)


class RatesPutOut(ResponseBody):
    """How many rates were put."""

    rates: int


class RateOut(ResponseBody):
    """A published rate: units of quote_currency for one unit of base_currency."""

    base_currency: str
    quote_currency: str
    rate_period: RatePeriodEnum
    rate_date: date
    rate: NumberOut
    provider: str
    fetched_at: datetime


class QuoteOut(ResponseBody):
    """A published rate that another was made of."""

    base: str
    quote: str
    day: date
    rate: NumberOut
    period: RatePeriodEnum
    provider: str


class AppliedRateOut(ResponseBody):
    """The rate that holds on a day, and what it was made of."""

    base: str
    quote: str
    day: date
    rate: NumberOut
    source: RateSourceEnum = Field(description="direct; inverse: 1 over the opposite one; cross: by way of USD.")
    quotes: list[QuoteOut]


class ConversionOut(ResponseBody):
    """An amount in another currency, to the cent."""

    amount: NumberOut
    rate: AppliedRateOut


class PairOut(ResponseBody):
    """A pair of currencies that the portfolio needs rates of."""

    base: str
    quote: str
