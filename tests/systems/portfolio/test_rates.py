"""Exchange rates put, found as of a day, and used, on PostgreSQL and on SQLite."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.errors import RateUnavailable
from strongroom.systems.portfolio.rules import RatePeriodEnum, RateQuote, RateSourceEnum, convert
from strongroom.systems.portfolio.services import inputs, rates, reporting
from tests.systems.portfolio.building import LAST, add_company, put_daily_rates, quarter

MARCH = date(2024, 3, 31)
AVERAGE = RateQuote("USD", "EUR", date(2024, 3, 1), Decimal("0.92"), RatePeriodEnum.MONTH, "FRED H.10 monthly average")


def test_a_rate_is_found_as_of_a_day(any_database: Database) -> None:
    any_database.write(
        rates.put_rates,
        [
            RateQuote("eur", "usd", date(2024, 3, 28), Decimal("1.0811"), provider="ECB"),
            RateQuote("EUR", "USD", date(2024, 3, 27), Decimal("1.0816"), provider="ECB"),
        ],
    )
    found = any_database.read(rates.get_rate, "EUR", "USD", MARCH)
    assert (found.rate, found.source) == (Decimal("1.0811"), RateSourceEnum.DIRECT)
    assert [(quote.day, quote.provider) for quote in found.quotes] == [(date(2024, 3, 28), "ECB")]
    converted = any_database.read(rates.convert, "100.005", "EUR", "USD", MARCH)
    assert converted.amount == Decimal("108.12")


def test_a_rate_put_again_replaces_the_first(any_database: Database) -> None:
    for rate in ("1.1", "1.2"):
        assert any_database.write(rates.put_rates, [RateQuote("EUR", "USD", MARCH, Decimal(rate))]) == 1
    assert [row.rate for row in any_database.read(rates.list_rates)] == [Decimal("1.2")]


def test_an_average_of_the_month_stands_in_where_no_daily_rate_is_near(any_database: Database) -> None:
    any_database.write(rates.put_rates, [AVERAGE])
    found = any_database.read(rates.get_rate, "EUR", "USD", MARCH)
    assert (found.rate, found.source) == (Decimal("1.0869565217"), RateSourceEnum.INVERSE)
    assert found.quotes == (AVERAGE,)
    with pytest.raises(RateUnavailable):
        any_database.read(rates.get_rate, "EUR", "USD", date(2024, 4, 1))
    any_database.write(rates.put_rates, [RateQuote("EUR", "USD", date(2024, 3, 29), Decimal("1.08"))])
    assert any_database.read(rates.get_rate, "EUR", "USD", MARCH).rate == Decimal("1.08")


def test_an_average_and_the_rate_of_the_first_day_are_two_rates(any_database: Database) -> None:
    first = date(2024, 3, 1)
    any_database.write(rates.put_rates, [AVERAGE, RateQuote("USD", "EUR", first, Decimal("0.9"))])
    assert len(any_database.read(rates.list_rates, base="USD", quote="EUR")) == 2
    assert any_database.read(rates.get_rate, "USD", "EUR", first).rate == Decimal("0.9")


def test_an_average_may_be_given_any_day_of_its_month(any_database: Database) -> None:
    any_database.write(rates.put_rates, [RateQuote("USD", "EUR", MARCH, Decimal("0.92"), RatePeriodEnum.MONTH)])
    assert [row.rate_date for row in any_database.read(rates.list_rates)] == [date(2024, 3, 1)]


@pytest.mark.parametrize(
    ("field", "quote"),
    [
        ("base", RateQuote("ABC", "USD", MARCH, Decimal(1))),
        ("quote", RateQuote("EUR", "EUR", MARCH, Decimal(1))),
        ("rate", RateQuote("EUR", "USD", MARCH, Decimal(0))),
        ("rate", RateQuote("EUR", "USD", MARCH, Decimal(-1))),
        ("rate", RateQuote("EUR", "USD", MARCH, Decimal("NaN"))),
        ("rate", RateQuote("EUR", "USD", MARCH, Decimal("1e-11"))),
        ("rate", RateQuote("EUR", "USD", MARCH, Decimal(10**9))),
        ("provider", RateQuote("EUR", "USD", MARCH, Decimal(1), provider=" ")),
    ],
)
def test_a_rate_that_cannot_be_is_refused(any_database: Database, field: str, quote: RateQuote) -> None:
    with pytest.raises(InvalidValue) as refusal:
        any_database.write(rates.put_rates, [quote])
    assert refusal.value.facts["field"] == field
    assert any_database.read(rates.list_rates) == []


@pytest.mark.parametrize("amount", ["NaN", "1,5", True])
def test_what_is_no_amount_is_not_converted(any_database: Database, amount: str) -> None:
    any_database.write(put_daily_rates)
    with pytest.raises(InvalidValue):
        any_database.read(rates.convert, amount, "EUR", "USD", LAST)


def test_a_refresh_asks_for_every_currency_that_companies_report_in(any_database: Database) -> None:
    assert any_database.read(rates.list_pairs) == [("USD", "CAD")]
    for number, currency in enumerate(("EUR", "GBP", "EUR", "CAD")):
        any_database.write(add_company, name=f"Company {number}", reporting_currency=currency)
    assert any_database.read(rates.list_pairs) == [
        ("EUR", "CAD"),
        ("EUR", "USD"),
        ("GBP", "CAD"),
        ("GBP", "USD"),
        ("USD", "CAD"),
    ]


def test_a_quarter_can_be_reported_at_averages_alone(any_database: Database) -> None:
    day = date(2024, 3, 31)
    canadian = RateQuote("USD", "CAD", day, Decimal("1.3536"), RatePeriodEnum.MONTH)
    any_database.write(rates.put_rates, [AVERAGE, canadian])
    company = any_database.write(add_company, reporting_currency="EUR")
    any_database.write(inputs.submit, company.id, quarter(day, currency="EUR"))
    row = any_database.read(reporting.get_financials, company.id, day, "CAD")
    assert row.exchange_rate_used == Decimal("1.4713043478")
    assert row.total_revenue == Decimal("1471304.35")


@given(st.integers(-(10**17), 10**17), st.integers(1, 10**12))
def test_a_conversion_is_off_by_half_a_cent_at_most(cents: int, units: int) -> None:
    amount, rate = Decimal(cents).scaleb(-2), Decimal(units).scaleb(-10)
    if abs(amount * rate) < 10**15:
        assert abs(convert(amount, rate) - amount * rate) <= Decimal("0.005")
