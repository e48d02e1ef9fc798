"""Claims about names, addresses and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.banking.errors import InvalidCurrency
from strongroom.systems.banking.rules import (
    COUNTRIES,
    check_account_number,
    check_currency_code,
    check_masked_card_number,
    check_reference_number,
    check_routing_number,
    check_swift_code,
    check_symbol,
    check_transaction_currency,
    normalise_cardholder_name,
    normalise_country,
    normalise_email,
    normalise_name,
    normalise_phone_number,
)

ALL: list[Callable[[Any], Any]] = [
    check_account_number,
    check_currency_code,
    check_masked_card_number,
    check_reference_number,
    check_routing_number,
    check_swift_code,
    check_symbol,
    check_transaction_currency,
    normalise_cardholder_name,
    normalise_country,
    normalise_email,
    normalise_name,
    normalise_phone_number,
]


@pytest.mark.parametrize("check", ALL)
@pytest.mark.parametrize("value", [None, 5, b"USD", "", " ", "\n", [], "x" * 5000])
def test_what_is_no_such_thing_is_refused_by_name(check: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(InvalidValue) as refused:
        check(value)
    assert refused.value.facts["field"]
    assert isinstance(refused.value, ValueError)
    assert len(str(refused.value)) < 200


@given(st.text())
def test_whatever_is_accepted_once_is_accepted_again_and_stays_the_same(text: str) -> None:
    for check in ALL:
        try:
            accepted = check(text)
        except (InvalidValue, InvalidCurrency):
            continue
        if accepted is not None:
            assert check(accepted) == accepted


@pytest.mark.parametrize(
    ("check", "value", "message"),
    [
        (normalise_email, "not-an-email", "Invalid email format"),
        (
            normalise_phone_number,
            "abc1234567",
            "Invalid phone number format: 7 to 15 digits, with or without a leading +",
        ),
        (check_account_number, "ACC-1", "Account number must be 10-20 alphanumeric characters"),
        (check_currency_code, "DOLLAR", "Currency must be a 3-letter ISO code"),
        (check_transaction_currency, "DOLLAR", "currency must be a 3-letter ISO code"),
    ],
)
def test_the_wording_callers_rely_on_is_kept(check: Callable[[Any], Any], value: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared below
        check(value)
    assert str(refused.value) == message


def test_the_wording_about_unmasked_cards_is_kept_without_the_number() -> None:
    with pytest.raises(ValueError, match=r"^Card number must be masked") as refused:
        check_masked_card_number("4111111111111111")
    assert "4111" not in str(refused.value)


@pytest.mark.parametrize(
    ("given_email", "stored"),
    [("User@Example.COM", "user@example.com"), (" a.b+c@d-e.co.uk ", "a.b+c@d-e.co.uk"), ("x_%@y.zz", "x_%@y.zz")],
)
def test_an_email_is_stored_in_lower_case(given_email: str, stored: str) -> None:
    assert normalise_email(given_email) == stored


@pytest.mark.parametrize(
    "email",
    [
        "a@b",
        "a@b.c",
        "@b.cc",
        "a b@c.dd",
        "a@b@c.dd",
        "a@b.cc.",
        "ü@b.cc",
        "\u212a@b.cc",
        "a" * 250 + "@b.cc",
        "a@b.c1",
    ],
)
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(InvalidValue, match="Invalid email format"):
        normalise_email(email)


@pytest.mark.parametrize(
    ("given_number", "stored"),
    [("+1234567890", "+1234567890"), ("+1 (234) 567-8901", "+12345678901"), ("020.7946/0018", "02079460018")],
)
def test_a_phone_number_loses_its_punctuation(given_number: str, stored: str) -> None:
    assert normalise_phone_number(given_number) == stored


@pytest.mark.parametrize("number", ["123456", "1" * 16, "+", "12+34567", "1234567x", "abc1234567", "١٢٣٤٥٦٧"])
def test_letters_and_wrong_lengths_make_no_phone_number(number: str) -> None:
    with pytest.raises(InvalidValue, match="Invalid phone number format"):
        normalise_phone_number(number)


def test_a_name_is_trimmed_and_composed() -> None:
    assert normalise_name("  Jose\u0301 ", "first_name") == "José"
    assert normalise_name("x" * 50) == "x" * 50
    assert normalise_name("x" * 100, "account_name", longest=100) == "x" * 100


@pytest.mark.parametrize(
    ("name", "reason"), [("   ", "blank"), ("x" * 51, "at most 50"), ("a\x00b", "control"), ("a\u202eb", "control")]
)
def test_a_blank_long_or_invisible_name_is_refused_with_its_field(name: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason) as refused:
        normalise_name(name, "last_name")
    assert refused.value.facts["field"] == "last_name"


@pytest.mark.parametrize(
    ("name", "stored"),
    [("John Doe", "JOHN DOE"), ("Zoë O'Neil-Smith Jr.", "ZOË O'NEIL-SMITH JR."), ("jose\u0301 li", "JOSÉ LI")],
)
def test_a_cardholder_is_written_in_capitals(name: str, stored: str) -> None:
    assert normalise_cardholder_name(name) == stored


@pytest.mark.parametrize("name", ["J", "R2 D2", "A_B", "A/B", "<b>", "ß" * 26])
def test_a_cardholder_has_letters_only(name: str) -> None:
    with pytest.raises(InvalidValue):
        normalise_cardholder_name(name)


def test_countries_are_those_of_iso_3166() -> None:
    assert len(COUNTRIES) == 249 + 1
    assert normalise_country("gb") == "GB"
    for wrong in ("UK", "GBR", "XX", "G"):
        with pytest.raises(InvalidValue, match="country"):
            normalise_country(wrong)


def test_a_currency_code_is_stored_in_capitals() -> None:
    assert check_currency_code("usd") == check_transaction_currency("usd") == "USD"


def test_three_letters_that_are_no_currency_are_told_apart_from_a_malformed_code() -> None:
    with pytest.raises(InvalidCurrency) as refused:
        check_currency_code("ZZZ")
    assert (refused.value.code, refused.value.status) == ("INVALID_CURRENCY", 400)
    assert isinstance(refused.value, ValueError)


def test_a_second_currency_of_a_transaction_is_named_in_its_message() -> None:
    with pytest.raises(ValueError, match=r"^original_currency must be a 3-letter ISO code$"):
        check_transaction_currency("X", "original_currency")


# Federal Reserve Bank of Boston, JPMorgan Chase, Bank of America
@pytest.mark.parametrize("number", ["011000015", "021000021", "026009593"])
def test_real_routing_numbers_pass(number: str) -> None:
    assert check_routing_number(number) == number


@given(st.sampled_from(["011000015", "021000021", "026009593"]), st.integers(0, 8), st.integers(1, 9))
def test_a_routing_number_with_one_wrong_digit_is_always_refused(number: str, place: int, step: int) -> None:
    digit = str((int(number[place]) + step) % 10)
    with pytest.raises(InvalidValue, match="check digit"):
        check_routing_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("number", ["000000000", "02100002", "0210000210", "02100002a", "٠٢١٠٠٠٠٢١"])
def test_what_is_no_routing_number_is_refused(number: str) -> None:
    with pytest.raises(InvalidValue, match="Routing number"):
        check_routing_number(number)


@pytest.mark.parametrize("code", ["DEUTDEFF", "DEUTDEFF500", "CHASUS33", "NEDSZAJJXXX"])
def test_real_swift_codes_pass(code: str) -> None:
    assert check_swift_code(code) == code


@pytest.mark.parametrize("code", ["deutdeff", "DEUTDEF", "DEUTDEFF5", "DEUT1EFF", "DEUTDEFF500\n"])
def test_what_is_no_swift_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidValue, match="SWIFT code"):
        check_swift_code(code)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (
            check_account_number,
            ["ACC1234567890", "1234567890", "A" * 20],
            ["A" * 9, "A" * 21, "acc1234567890", "ACC 123456"],
        ),
        (check_reference_number, ["TRF-2026", "A" * 50], ["TRF-202", "A" * 51, "trf-2026x", "TRF_2026"]),
        (
            check_masked_card_number,
            ["****1234", "************1234"],
            ["***1234", "*************1234", "****123", "xxxx1234"],
        ),
        (check_symbol, ["AAPL", "BRK.B", "BTC-USD", "7203"], ["aapl", "A" * 13, "A B", "€"]),
    ],
)
def test_numbers_and_codes_keep_their_shape(check: Callable[[Any], str], good: list[str], bad: list[str]) -> None:
    for value in good:
        assert check(value) == value
    for value in [*bad, good[0] + "\n"]:
        with pytest.raises(InvalidValue):
            check(value)
