"""Which rate holds on a day: the order of the ways to one, and what none of them may do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.portfolio.errors import RateUnavailable
from strongroom.systems.portfolio.rules import (
    AppliedRate,
    RateBook,
    RatePeriodEnum,
    RateQuote,
    RateSourceEnum,
    target_currencies,
)

DAY = date(2024, 6, 30)


def daily(base: str, quote: str, rate: str, days_before: int = 0) -> RateQuote:
    return RateQuote(base, quote, DAY - timedelta(days=days_before), Decimal(rate))


def monthly(base: str, quote: str, rate: str, month: int = 6) -> RateQuote:
    return RateQuote(base, quote, date(2024, month, 1), Decimal(rate), RatePeriodEnum.MONTH)


def found(*quotes: RateQuote, base: str = "EUR", quote: str = "CAD") -> tuple[Decimal, str]:
    rate = RateBook(quotes).get(base, quote, DAY)
    return rate.rate, rate.source.value


#: each stands before all that follow it
IN_ORDER = [
    ([daily("EUR", "CAD", "1.01")], "1.01", "direct"),
    ([daily("EUR", "CAD", "1.02", 7)], "1.02", "direct"),
    ([daily("CAD", "EUR", "0.8")], "1.25", "inverse"),
    ([daily("EUR", "USD", "1.5"), daily("CAD", "USD", "0.5", 3)], "3", "cross"),
    ([monthly("EUR", "CAD", "1.4")], "1.4", "direct"),
    ([monthly("CAD", "EUR", "0.5")], "2", "inverse"),
    ([monthly("USD", "EUR", "0.5"), monthly("USD", "CAD", "1.3")], "2.6", "cross"),
]


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_the_first_way_there_is_is_taken(first: int) -> None:
    quotes, rate, source = IN_ORDER[first]
    later = [quote for further, _, _ in IN_ORDER[first + 1 :] for quote in further]
    assert found(*quotes, *later) == (Decimal(rate), source)


def test_the_newest_of_the_week_is_taken_and_none_of_tomorrow() -> None:
    quotes = [daily("EUR", "CAD", "1.3", 5), daily("EUR", "CAD", "1.2", 2), daily("EUR", "CAD", "9", -1)]
    assert found(*quotes) == (Decimal("1.2"), "direct")


@pytest.mark.parametrize(
    "quotes",
    [
        [],
        [daily("EUR", "CAD", "1.3", 8)],
        [daily("EUR", "CAD", "1.3", -1)],
        [monthly("EUR", "CAD", "1.3", 5)],
        [daily("EUR", "USD", "1.3")],
        [daily("EUR", "GBP", "1"), daily("GBP", "CAD", "1")],
    ],
)
def test_there_is_never_a_rate_that_was_not_published(quotes: list[RateQuote]) -> None:
    with pytest.raises(RateUnavailable) as refusal:
        found(*quotes)
    assert refusal.value.facts == {"base": "EUR", "quote": "CAD", "day": DAY}


def test_a_leg_may_be_of_the_day_where_the_other_is_of_the_month() -> None:
    assert found(daily("EUR", "USD", "1.5"), monthly("USD", "CAD", "1.2")) == (Decimal("1.8"), "cross")


def test_a_currency_for_itself_is_one_without_any_rate() -> None:
    assert RateBook(()).get("EUR", "EUR", DAY) == AppliedRate("EUR", "EUR", DAY, Decimal(1), RateSourceEnum.SAME)


def test_a_cross_is_rounded_once() -> None:
    vietnamese, canadian = daily("USD", "VND", "25450"), daily("USD", "CAD", "1.3684")
    assert found(vietnamese, canadian, base="VND") == (Decimal("0.0000537682"), "cross")


def test_a_rate_that_rounds_to_nothing_or_fits_no_column_is_none() -> None:
    with pytest.raises(RateUnavailable):
        found(daily("CAD", "EUR", "900000000"), base="CAD", quote="USD")
    tiny = RateBook([daily("USD", "VND", "0.0000000001")])
    assert tiny.find("VND", "USD", DAY) is None


@pytest.mark.parametrize(
    ("currency", "targets"),
    [("EUR", ("EUR", "USD", "CAD")), ("USD", ("USD", "CAD")), ("CAD", ("CAD", "USD"))],
)
def test_a_quarter_is_reported_in_its_own_currency_first(currency: str, targets: tuple[str, ...]) -> None:
    assert target_currencies(currency) == targets


@given(st.decimals("0.0001", "10000", places=6))
def test_there_and_back_is_where_one_began(rate: Decimal) -> None:
    book = RateBook([RateQuote("EUR", "USD", DAY, rate)])
    there, back = book.get("EUR", "USD", DAY).rate, book.get("USD", "EUR", DAY).rate
    assert abs(there * back - 1) <= there * Decimal("0.5e-10")
