"""Exchange rates as the bank sets them: each direction of a pair on its own, each for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import as_utc
from strongroom.systems.banking.models import ExchangeRate
from strongroom.systems.banking.rules import Rate, check_currency_code
from strongroom.systems.banking.rules import get_rate as newest_valid
from strongroom.systems.banking.services.access import check_is_administrator
from strongroom.systems.banking.services.audit import record

RATE_LIFETIME = timedelta(days=1)


def set_rate(
    session: Session,
    base: str,
    quote: str,
    rate: Decimal | str,
    *,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    source: str = "bank",
) -> ExchangeRate:
    """From valid_from (now) until valid_until (a day later) one unit of base buys this many of quote.

    A newer rate goes before an older one that is still valid. Administrators only. Raises InvalidValue,
    InvalidCurrency, StillReferenced for a currency the bank keeps no books in, AlreadyExists for the same beginning.
    """
    check_is_administrator(session)
    start = as_utc(valid_from) if valid_from else now_of(session)
    end = as_utc(valid_until) if valid_until else start + RATE_LIFETIME
    if end <= start:
        raise InvalidValue(field="valid_until", reason="must be after valid_from")
    row = ExchangeRate(
        base=check_currency_code(base),
        quote=check_currency_code(quote),
        rate=rate,
        valid_from=start,
        valid_until=end,
        source=source,
    )
    if row.base == row.quote:
        raise InvalidValue(field="quote", reason="must be another currency than base")
    if row.rate <= 0:
        raise InvalidValue(field="rate", reason="must be greater than zero")
    session.add(row)
    session.flush()
    record(session, "exchange_rate.set", row, after={"base": row.base, "quote": row.quote, "rate": row.rate})
    session.flush()
    return row


def get_rate(session: Session, base: str, quote: str) -> Rate:
    """The newest rate of this pair, in this direction, that is valid now. Raises ExchangeRateUnavailable."""
    now = now_of(session)
    valid = (
        select(ExchangeRate)
        .where(
            ExchangeRate.base == base,
            ExchangeRate.quote == quote,
            ExchangeRate.valid_from <= now,
            ExchangeRate.valid_until > now,
        )
        .order_by(ExchangeRate.valid_from.desc())
        .limit(1)
    )
    rates = [Rate(row.base, row.quote, row.rate, row.valid_from, row.valid_until) for row in session.scalars(valid)]
    return newest_valid(rates, base, quote, now)
