"""Claims about exact amounts."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import (
    EXPONENTS,
    WIDE,
    CurrencyMismatch,
    Money,
    NotExact,
    UnknownCurrency,
    exact_decimal,
    is_rounded,
    round_amount,
)

amounts = st.decimals(min_value="-1e30", max_value="1e30", places=8, allow_nan=False, allow_infinity=False)
currencies = st.sampled_from(sorted(EXPONENTS))


@given(amounts, amounts)
def test_adding_and_taking_away_again_loses_nothing(first: Decimal, second: Decimal) -> None:
    a, b = Money(first, "USD"), Money(second, "USD")
    assert a + b - b == a
    assert a + b == b + a
    assert a - b == -(b - a)


@given(st.lists(amounts, max_size=20))
def test_a_sum_does_not_depend_on_its_order(values: list[Decimal]) -> None:
    forwards = backwards = Money(Decimal(0), "EUR")
    for value in values:
        forwards += Money(value, "EUR")
    for value in reversed(values):
        backwards += Money(value, "EUR")
    assert forwards == backwards


def test_sums_stay_exact_where_pythons_own_context_would_round() -> None:
    large = Money(Decimal("9999999999999999999999999999.99"), "USD")
    cent = Money(Decimal("0.01"), "USD")
    with localcontext(prec=6):
        assert (large + cent).amount == Decimal("10000000000000000000000000000.00")
        assert (large + cent - large) == cent


@given(amounts, currencies)
def test_rounding_moves_an_amount_by_at_most_half_a_unit_and_only_once(amount: Decimal, currency: str) -> None:
    rounded = round_amount(amount, currency)
    assert is_rounded(rounded, currency)
    assert -rounded.as_tuple().exponent == EXPONENTS[currency]  # type: ignore[operator]  # finite, so an int
    assert WIDE.abs(WIDE.subtract(rounded, amount)) <= Decimal(1).scaleb(-EXPONENTS[currency]) / 2
    assert round_amount(rounded, currency) == rounded
    assert round_amount(amount.copy_negate(), currency) == rounded.copy_negate()


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "USD", "0.01"),
        ("0.004999", "USD", "0.00"),
        ("-0.005", "USD", "-0.01"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("1.00005", "CLF", "1.0001"),
    ],
)
def test_a_half_is_rounded_away_from_zero_to_the_decimals_of_the_currency(
    amount: str, currency: str, rounded: str
) -> None:
    assert str(Money(Decimal(amount), currency).rounded().amount) == rounded


def test_trailing_zeros_are_no_extra_decimals() -> None:
    assert is_rounded(Decimal("1.5000"), "USD")
    assert not is_rounded(Decimal("1.005"), "USD")
    assert not is_rounded(Decimal("0.5"), "JPY")


def test_currencies_do_not_mix() -> None:
    dollar, euro = Money(Decimal(1), "USD"), Money(Decimal(1), "EUR")
    assert dollar != euro
    for mix in (
        lambda: dollar + euro,
        lambda: dollar - euro,
        lambda: dollar < euro,
        lambda: dollar <= euro,
        lambda: dollar > euro,
        lambda: dollar >= euro,
    ):
        with pytest.raises(CurrencyMismatch, match="USD and EUR do not mix"):
            mix()


@given(amounts, amounts)
def test_money_is_ordered_as_its_amounts_are(first: Decimal, second: Decimal) -> None:
    a, b = Money(first, "USD"), Money(second, "USD")
    assert (a < b, a <= b, a > b, a >= b) == (first < second, first <= second, first > second, first >= second)


def test_equal_money_is_one_key_whatever_its_trailing_zeros() -> None:
    assert len({Money(Decimal("1.5"), "USD"), Money(Decimal("1.50"), "USD")}) == 1


def test_money_is_written_without_an_exponent() -> None:
    assert str(Money(Decimal("1E+3"), "USD")) == "1000 USD"


@pytest.mark.parametrize("currency", ["usd", "XXX", "XAU", "", "EURO"])
def test_money_in_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), currency)


def test_money_takes_the_same_numbers_as_exact_decimal() -> None:
    with pytest.raises(NotExact):
        Money(0.1, "USD")  # type: ignore[arg-type]  # what a caller without types may do


@given(st.integers(-(10**39), 10**39), st.integers(0, 39))
def test_every_digit_of_text_survives(digits: int, places: int) -> None:
    number = Decimal(digits).scaleb(-places)
    assert exact_decimal(f"{number:f}") == number
    assert exact_decimal(number) == number
    assert exact_decimal(digits) == digits


@pytest.mark.parametrize("text", ["NaN", "sNaN", "-nan", "Infinity", "-inf", " inf "])
def test_what_is_not_finite_is_refused(text: str) -> None:
    with pytest.raises(NotExact, match="amount must be a finite number"):
        exact_decimal(text)


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_not_finite_is_refused(number: str) -> None:
    with pytest.raises(NotExact, match="finite"):
        exact_decimal(Decimal(number))


@pytest.mark.parametrize(
    "text", ["", " ", "1,5", "1_000", " 1", "1 ", "0x10", "١٢", "\uff11", "1..2", ".", "+", "e5", "1e", "--1"]
)
def test_text_that_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(NotExact, match="must be a decimal number"):
        exact_decimal(text)


@pytest.mark.parametrize("value", [1.5, float("nan")])
def test_a_float_is_refused_and_told_why(value: Any) -> None:
    with pytest.raises(NotExact, match="a float has already lost digits"):
        exact_decimal(value)


@pytest.mark.parametrize("value", [True, None, b"1", [1], 1j])
def test_what_is_no_number_is_refused_by_its_type(value: Any) -> None:
    with pytest.raises(NotExact, match=f"not {type(value).__name__}"):
        exact_decimal(value)


@pytest.mark.parametrize("value", ["1e400", "1e-400", "1e9999", 10**40, Decimal("1e-41"), "9" * 10_000])
def test_a_number_beyond_every_column_is_refused(value: Any) -> None:
    with pytest.raises(NotExact):
        exact_decimal(value)


def test_the_error_tells_field_and_reason_apart() -> None:
    with pytest.raises(NotExact) as refused:
        exact_decimal("x", "fee")
    assert (refused.value.field, refused.value.reason) == ("fee", "must be a decimal number")


def test_minus_zero_becomes_zero() -> None:
    assert str(exact_decimal("-0.00")) == "0.00"
    assert str(exact_decimal(Decimal("-0"))) == "0"
