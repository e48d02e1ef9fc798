"""Claims about changing money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import EXPONENTS, is_rounded
from strongroom.systems.banking.errors import BusinessRuleViolation, ExchangeRateUnavailable
from strongroom.systems.banking.rules import Rate, convert, get_rate

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rate(value: str, base: str = "USD", quote: str = "EUR", since: datetime = NOON - HOUR) -> Rate:
    return Rate(base, quote, Decimal(value), since, since + 2 * HOUR)


@pytest.mark.parametrize(
    ("amount", "value", "quote", "converted"),
    [("100.00", "0.9", "EUR", "90.00"), ("0.05", "0.9", "EUR", "0.05"), ("10.00", "150.05", "JPY", "1501"),
     ("10.00", "0.30745", "KWD", "3.075"), ("3.00", "16000.123", "IDR", "48000.37")],
)  # fmt: skip
def test_an_amount_is_changed_and_rounded_once_a_half_up(amount: str, value: str, quote: str, converted: str) -> None:
    result = convert(Decimal(amount), "USD", quote, [rate(value, quote=quote)], NOON)
    assert str(result.amount) == converted
    assert (result.original_amount, result.original_currency) == (Decimal(amount), "USD")
    assert (result.rate, result.currency) == (Decimal(value), quote)


@given(
    st.decimals(min_value="1", max_value="100000", places=2),
    st.decimals(min_value="0.5", max_value="50000", places=10),
    st.sampled_from(sorted(EXPONENTS)),
)
def test_the_result_is_within_half_a_unit_of_the_exact_one(amount: Decimal, value: Decimal, quote: str) -> None:
    result = convert(amount, "XCG", quote, [rate(str(value), base="XCG", quote=quote)], NOON).amount
    exact = amount if quote == "XCG" else amount * value
    assert is_rounded(result, quote)
    assert abs(result - exact) <= Decimal(1).scaleb(-EXPONENTS[quote]) / 2


def test_the_same_currency_is_one_to_one_and_needs_no_rate() -> None:
    result = convert(Decimal("12.34"), "USD", "USD", [], NOON)
    assert (result.amount, result.rate) == (Decimal("12.34"), Decimal(1))


def test_a_rate_is_never_turned_round() -> None:
    with pytest.raises(ExchangeRateUnavailable, match="from EUR to USD"):
        convert(Decimal(1), "EUR", "USD", [rate("0.9", base="USD", quote="EUR")], NOON)


@pytest.mark.parametrize("since", [NOON - 2 * HOUR, NOON + timedelta(microseconds=1)])
def test_a_rate_that_is_over_or_has_not_begun_is_none(since: datetime) -> None:
    with pytest.raises(ExchangeRateUnavailable):
        get_rate([rate("0.9", since=since)], "USD", "EUR", NOON)


def test_a_rate_counts_from_its_first_moment() -> None:
    assert get_rate([rate("0.9", since=NOON)], "USD", "EUR", NOON).rate == Decimal("0.9")


def test_of_several_valid_rates_the_newest_counts() -> None:
    rates = [rate("0.9", since=NOON - HOUR), rate("0.8", since=NOON), rate("0.7", since=NOON - HOUR / 2)]
    assert get_rate(rates, "USD", "EUR", NOON).rate == Decimal("0.8")


def test_an_amount_worth_less_than_the_smallest_unit_is_refused() -> None:
    with pytest.raises(BusinessRuleViolation, match="too small"):
        convert(Decimal("0.01"), "CZK", "JPY", [rate("6.5", base="CZK", quote="JPY")], NOON)
