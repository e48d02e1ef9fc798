"""Claims about cards, PINs and card numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.banking.errors import BusinessRuleViolation, CardFrozen, TransferLimitExceeded
from strongroom.systems.banking.rules import (
    CardChannelEnum,
    CardStatusEnum,
    check_card_channel,
    check_card_limits,
    check_card_spending,
    check_card_usable,
    check_masked_card_number,
    check_pin,
    is_card_blocked,
    is_card_expired,
    is_luhn_valid,
    mask_card_number,
)

# published test numbers of the card schemes
VALID_NUMBERS = ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "4222222222222"]


@pytest.mark.parametrize(
    ("moment", "is_expired"),
    [
        (datetime(2027, 2, 28, 23, 59, 59, 999999, tzinfo=UTC), False),
        (datetime(2027, 3, 1, tzinfo=UTC), True),
        (datetime(2027, 3, 1, 1, tzinfo=timezone(timedelta(hours=2))), False),
        (datetime(2026, 12, 31, tzinfo=UTC), False),
        (datetime(2028, 1, 1, tzinfo=UTC), True),
    ],
)
def test_a_card_is_valid_through_the_last_utc_day_of_its_month(moment: datetime, is_expired: bool) -> None:
    assert is_card_expired(2027, 2, moment) is is_expired


def test_three_wrong_pins_block_a_card_as_its_status_does() -> None:
    assert not is_card_blocked(CardStatusEnum.ACTIVE, 2)
    assert is_card_blocked(CardStatusEnum.ACTIVE, 3)
    assert is_card_blocked(CardStatusEnum.BLOCKED, 0)


def test_an_active_card_pays() -> None:
    check_card_usable(CardStatusEnum.ACTIVE, is_expired=False, failed_pin_attempts=0)


@pytest.mark.parametrize(
    ("status", "is_expired", "attempts", "message"),
    [
        (CardStatusEnum.BLOCKED, False, 0, "blocked"),
        (CardStatusEnum.ACTIVE, False, 3, "blocked"),
        (CardStatusEnum.ACTIVE, True, 0, "expired"),
        (CardStatusEnum.EXPIRED, False, 0, "expired"),
        (CardStatusEnum.CANCELLED, False, 0, "cancelled"),
    ],
)
def test_a_card_out_of_order_does_not_pay(
    status: CardStatusEnum, is_expired: bool, attempts: int, message: str
) -> None:
    with pytest.raises(BusinessRuleViolation, match=message):
        check_card_usable(status, is_expired=is_expired, failed_pin_attempts=attempts)


def test_a_frozen_card_says_so() -> None:
    with pytest.raises(CardFrozen) as refused:
        check_card_usable(CardStatusEnum.INACTIVE, is_expired=False, failed_pin_attempts=0)
    assert (refused.value.code, refused.value.status) == ("CARD_FROZEN", 403)


@given(st.sampled_from(CardChannelEnum), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_a_payment_passes_exactly_when_none_of_its_switches_is_off(
    channel: CardChannelEnum, is_international: bool, online: bool, contactless: bool, international: bool
) -> None:
    is_off = (
        (channel is CardChannelEnum.ONLINE and not online)
        or (channel is CardChannelEnum.CONTACTLESS and not contactless)
        or (is_international and not international)
    )
    switches = {
        "is_online_enabled": online,
        "is_contactless_enabled": contactless,
        "is_international_enabled": international,
    }
    if is_off:
        with pytest.raises(BusinessRuleViolation, match="switched off"):
            check_card_channel(channel, is_international=is_international, **switches)
    else:
        check_card_channel(channel, is_international=is_international, **switches)


@pytest.mark.parametrize(("today", "month", "limit"), [(901, 901, "daily"), (0, 9_901, "monthly")])
def test_a_card_stops_at_its_own_limits(today: int, month: int, limit: str) -> None:
    spent = {"spent_today": Decimal(today), "spent_month": Decimal(month)}
    limits = {"daily_limit": Decimal(1000), "monthly_limit": Decimal(10000)}
    check_card_spending(Decimal(99), "USD", **limits, **spent)
    with pytest.raises(TransferLimitExceeded, match=f"the {limit} limit"):
        check_card_spending(Decimal(100), "USD", **limits, **spent)


@pytest.mark.parametrize(("daily", "monthly"), [(0, 10), (-1, 10), (10, 9)])
def test_card_limits_are_positive_and_a_month_allows_what_a_day_does(daily: int, monthly: int) -> None:
    check_card_limits(Decimal(10), Decimal(10))
    with pytest.raises(InvalidValue):
        check_card_limits(Decimal(daily), Decimal(monthly))


@pytest.mark.parametrize("pin", ["1357", "90210", "112233", "1235"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    check_pin(pin)


@pytest.mark.parametrize(
    "pin", ["0000", "1111", "9999", "55555", "777777", "1234", "12345", "123456", "4321", "987654", "0123", "3456"]
)
def test_a_pin_everybody_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(InvalidValue, match="too easy to guess"):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["", "135", "1357913", "13a7", "1357\n", " 1357", "١٣٥٧"])
def test_a_pin_is_four_to_six_ascii_digits(pin: str) -> None:
    with pytest.raises(InvalidValue, match="4 to 6 digits"):
        check_pin(pin)


def test_a_refused_pin_is_not_repeated() -> None:
    with pytest.raises(InvalidValue) as refused:
        check_pin("123456")
    assert "123456" not in str(refused.value) + str(refused.value.facts)


@pytest.mark.parametrize("number", VALID_NUMBERS)
def test_real_card_numbers_pass_the_luhn_check(number: str) -> None:
    assert is_luhn_valid(number)


@given(st.sampled_from(VALID_NUMBERS), st.data())
def test_one_wrong_digit_is_always_noticed(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert not is_luhn_valid(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("number", ["", "0", "4111 1111 1111 1111", "4111111111111111\n", "0" * 20, "٤" * 16])
def test_what_is_no_card_number_fails_the_luhn_check(number: str) -> None:
    assert not is_luhn_valid(number)


@pytest.mark.parametrize("number", VALID_NUMBERS)
def test_a_masked_number_shows_the_last_four_digits_only_and_is_what_a_card_takes(number: str) -> None:
    masked = mask_card_number(number)
    assert check_masked_card_number(masked) == masked
    assert masked.replace("*", "") == number[-4:]


def test_a_wrong_number_is_not_masked_and_not_repeated() -> None:
    with pytest.raises(InvalidValue) as refused:
        mask_card_number("4111111111111112")
    assert "411111" not in str(refused.value)
