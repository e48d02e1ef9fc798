"""Claims about importing published rates: whose they are, that they can be repeated, and what is said of the rest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.errors import FileRefused
from strongroom.systems.portfolio.imports import import_rates
from strongroom.systems.portfolio.imports.rates.countries import CURRENCIES, currency_of_country
from strongroom.systems.portfolio.models import FxRate
from strongroom.systems.portfolio.rules import RatePeriodEnum, RateSourceEnum
from strongroom.systems.portfolio.services.rates import get_rate

PUBLISHED = Path(__file__).parents[5] / "shared" / "data" / "exchange-rates" / "monthly.csv"
HEAD = "Date,Country,Exchange rate\n"


def rates(*rows: str) -> bytes:
    return (HEAD + "".join(f"{row}\n" for row in rows)).encode()


def test_an_average_is_that_of_its_month_and_says_who_published_it(any_database: Database) -> None:
    content = rates("2024-03-01,Euro,0.9200", "2024-03-01,Canada,1.3536")
    result = any_database.write(import_rates, content, "rates.csv")
    assert (result.rows, result.added, result.by_currency) == (2, 2, {"CAD": 1, "EUR": 1})
    found = any_database.read(get_rate, "EUR", "CAD", date(2024, 3, 31))
    assert (found.rate, found.source) == (Decimal("1.4713043478"), RateSourceEnum.CROSS)
    assert {(quote.period, quote.day, quote.provider) for quote in found.quotes} == {
        (RatePeriodEnum.MONTH, date(2024, 3, 1), "FRED H.10 monthly average")
    }


def test_a_second_import_writes_nothing_and_a_corrected_rate_is_changed(any_database: Database) -> None:
    any_database.write(import_rates, rates("2024-03-01,Euro,0.92", "2024-03-01,Japan,149.8"), "rates.csv")
    again = any_database.write(import_rates, rates("2024-03-01,Euro,0.9200", "2024-03-01,Japan,149.9"), "rates.csv")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
    assert any_database.read(get_rate, "USD", "JPY", date(2024, 3, 31)).rate == Decimal("149.9")


def test_a_country_that_is_not_known_is_named_and_left_out(database: Database) -> None:
    content = rates("2024-03-01,Narnia,3.5", "2024-04-01,Narnia,3.6", "2024-03-01,Japan,149.8")
    result = database.write(import_rates, content, "rates.csv")
    assert (result.unknown, result.added) == ({"Narnia": 2}, 1)


def test_every_bad_row_is_named_and_nothing_is_stored(database: Database) -> None:
    content = rates(
        "2024-03-01,Japan,149.8", "2024-03-02,Japan,1", "March,Japan,1", "2024-03-01,Sweden,0",
        "2024-03-01,Norway,ten", "2024-03-01,Norway", "2024-03-01,Japan,149.9",
    )  # fmt: skip
    with pytest.raises(FileRefused) as refused:
        database.write(import_rates, content, "rates.csv")
    assert [(problem["row"], problem["reason"]) for problem in refused.value.facts["problems"]] == [
        (3, "is not the first of a month"),
        (4, "is not a day"),
        (5, "is not above zero"),
        (6, "is not a number"),
        (7, "has 2 fields, not 3"),
        (8, "JPY has a rate for 2024-03 already"),
    ]
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(FxRate)) == 0


@pytest.mark.parametrize(
    "content", [b"", b"Date,Country\n", b"\xff\xfe\xff", (HEAD + '2024-03-01,"Japan,1\n').encode()]
)
def test_another_kind_of_file_is_refused(database: Database, content: bytes) -> None:
    with pytest.raises(FileRefused):
        database.write(import_rates, content, "rates.csv")


@pytest.mark.parametrize(
    ("country", "month", "currency"),
    [
        ("Germany", date(1999, 6, 1), "DEM"), ("Euro", date(1999, 6, 1), "EUR"), ("Ireland", date(2001, 12, 1), "IEP"),
        ("Venezuela", date(2007, 12, 1), "VEF"), ("Venezuela", date(2018, 8, 1), "VEF"),
        ("Venezuela", date(2018, 9, 1), "VES"), ("Venezuela", date(2021, 10, 1), "VES"),
        ("Venezuela", date(2021, 11, 1), "VED"), ("Narnia", date(2024, 1, 1), None),
    ],
)  # fmt: skip
def test_a_country_s_currency_is_that_of_the_month(country: str, month: date, currency: str | None) -> None:
    assert currency_of_country(country, month) == currency


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published file is not part of the repository")
def test_the_published_file_comes_in_whole_and_no_currency_jumps(database: Database) -> None:
    result = database.write(import_rates, PUBLISHED.read_bytes(), PUBLISHED.name)
    assert (result.rows, result.added, result.unknown) == (17_237, 17_237, {})
    assert len(result.by_currency) == len(CURRENCIES) + 2  # Venezuela has three
    with database.session() as session:
        series = session.scalars(select(FxRate).order_by(FxRate.quote_currency, FxRate.rate_date)).all()
    pairs = pairwise(series)
    falls = [
        (one.quote_currency, one.rate_date)
        for one, two in pairs
        if one.quote_currency == two.quote_currency and two.rate < one.rate / 10
    ]
    assert falls == []
    assert database.write(import_rates, PUBLISHED.read_bytes(), PUBLISHED.name).unchanged == 17_237
