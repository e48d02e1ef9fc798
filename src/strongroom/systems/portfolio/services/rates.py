"""Exchange rates: put, looked up as of a day, and used to convert."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.portfolio.models import Company, FxRate
from strongroom.systems.portfolio.repositories import put_rates as store
from strongroom.systems.portfolio.repositories import rates_for, rates_of
from strongroom.systems.portfolio.rules import (
    PIVOT,
    RATE_MAX,
    RATE_UNIT,
    REPORTING_CURRENCIES,
    AppliedRate,
    Conversion,
    RateBook,
    RatePeriodEnum,
    RateQuote,
    normalise_quoted_currency,
    round_half_up,
)
from strongroom.systems.portfolio.rules import convert as convert_amount


def put_rates(session: Session, quotes: Iterable[RateQuote]) -> int:
    """Store published rates, each in place of one for the same pair, period and day. Returns how many.

    What was reported before keeps the rate it was converted at until it is recomputed with new rates.
    Raises InvalidValue; a monthly average may be given any day of its month.
    """
    checked = {
        (quote.base, quote.quote, quote.period, quote.day): quote for quote in (_checked(quote) for quote in quotes)
    }
    store(session, list(checked.values()))
    return len(checked)


def get_rate(session: Session, base: str, quote: str, day: date) -> AppliedRate:
    """The rate that holds on a day: units of quote for one unit of base. Raises InvalidValue, RateUnavailable."""
    base, quote = normalise_quoted_currency(base, "base"), normalise_quoted_currency(quote, "quote")
    return load_rate_book(session, {base, quote}, [day]).get(base, quote, day)


def convert(session: Session, amount: Decimal | str, source: str, target: str, day: date) -> Conversion:
    """The amount in the target currency at the rate of that day, to the cent. Raises InvalidValue, RateUnavailable."""
    try:
        exact = exact_decimal(amount)
    except NotExact as error:
        raise InvalidValue(field=error.field, reason=error.reason) from None
    rate = get_rate(session, source, target, day)
    return Conversion(convert_amount(exact, rate.rate), rate)


def list_rates(
    session: Session,
    *,
    base: str | None = None,
    quote: str | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    limit: int = 1000,
) -> list[FxRate]:
    """Published rates, newest first, both days included."""
    query = rates_of(base, quote, start_date, end_date)
    order = (FxRate.rate_date.desc(), FxRate.base_currency, FxRate.quote_currency, FxRate.rate_period)
    return list(
        session.scalars(query.order_by(*order).limit(limit), execution_options={"populate_existing": True}).all()
    )


def list_pairs(session: Session) -> list[tuple[str, str]]:
    """The pairs a refresh has to fetch: every reporting currency to USD and to CAD, and USD to CAD."""
    currencies = set(session.scalars(select(Company.reporting_currency).distinct()).all()) | {PIVOT}
    return sorted(
        (currency, target)
        for currency in currencies
        for target in REPORTING_CURRENCIES
        if currency != target and (currency, target) != ("CAD", PIVOT)
    )


def load_rate_book(session: Session, currencies: Collection[str], days: Iterable[date]) -> RateBook:
    """Every rate that a look-up between these currencies on these days can need, in one query."""
    found = session.scalars(rates_for({*currencies, PIVOT}, days), execution_options={"populate_existing": True})
    return RateBook(
        RateQuote(row.base_currency, row.quote_currency, row.rate_date, row.rate, row.rate_period, row.provider)
        for row in found
    )


def _checked(quote: RateQuote) -> RateQuote:
    base, other = normalise_quoted_currency(quote.base, "base"), normalise_quoted_currency(quote.quote, "quote")
    if base == other:
        raise InvalidValue(field="quote", reason="must be another currency than base")
    try:
        rate = exact_decimal(quote.rate, "rate")
    except NotExact as error:
        raise InvalidValue(field="rate", reason=error.reason) from None
    if not 0 < rate <= RATE_MAX:
        raise InvalidValue(field="rate", reason=f"must be greater than 0 and at most {RATE_MAX}")
    if rate != round_half_up(rate, RATE_UNIT):
        raise InvalidValue(field="rate", reason="must have at most 10 decimals; quote the pair the other way round")
    if not quote.provider.strip():
        raise InvalidValue(field="provider", reason="must say who published the rate")
    day = quote.day.replace(day=1) if quote.period is RatePeriodEnum.MONTH else quote.day
    return replace(quote, base=base, quote=other, rate=rate, day=day)
