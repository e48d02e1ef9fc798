"""Exchange rates: those that can matter for given days, and new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import query
from strongroom.kernel.tables import database_now
from strongroom.systems.portfolio.models import FxRate
from strongroom.systems.portfolio.rules import RatePeriodEnum, RateQuote, days_to_read


@query
def rates_for(currencies: Collection[str], days: Iterable[date]) -> Select[FxRate]:
    """All that a look-up between any two of the currencies can need on any of the days."""
    daily, months = set(), set()
    for day in days:
        (first, last), month = days_to_read(day)
        daily |= {first + timedelta(days=count) for count in range((last - first).days + 1)}
        months.add(month)
    return select(FxRate).where(
        FxRate.base_currency.in_(currencies),
        FxRate.quote_currency.in_(currencies),
        or_(
            and_(FxRate.rate_period == RatePeriodEnum.DAY, FxRate.rate_date.in_(daily)),
            and_(FxRate.rate_period == RatePeriodEnum.MONTH, FxRate.rate_date.in_(months)),
        ),
    )


@query
def rates_of(
    base: str | None = None, quote: str | None = None, first: date | None = None, last: date | None = None
) -> Select[FxRate]:
    """Rates of a pair and a time, both days included; all of what is not given."""
    found = select(FxRate)
    if base is not None:
        found = found.where(FxRate.base_currency == base)
    if quote is not None:
        found = found.where(FxRate.quote_currency == quote)
    if first is not None:
        found = found.where(FxRate.rate_date >= first)
    return found if last is None else found.where(FxRate.rate_date <= last)


def put_rates(session: Session, quotes: Sequence[RateQuote]) -> None:
    """Store the rates; one that is there for the same pair and time is replaced.

    The session's own objects do not notice.
    """
    if not quotes:
        return
    table = cast("Table", FxRate.__table__)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement: Any = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={
            "rate": statement.excluded.rate,
            "provider": statement.excluded.provider,
            "fetched_at": database_now(),
        },
    )
    rows = [
        {
            "base_currency": quote.base,
            "quote_currency": quote.quote,
            "rate_period": quote.period,
            "rate_date": quote.day,
            "rate": quote.rate,
            "provider": quote.provider,
        }
        for quote in quotes
    ]
    session.connection().execute(statement, rows)
