"""Claims about how much may leave."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.banking.errors import BusinessRuleViolation, KycRefused, TransferLimitExceeded
from strongroom.systems.banking.rules import (
    KYC_LIMITS,
    NO_LIMITS,
    USER_LIMITS,
    KycLevelEnum,
    KycStatusEnum,
    TransferLimits,
    check_count,
    check_kyc_allows_outgoing,
    check_transfer_amount,
    check_within,
    combined,
    outgoing_limits,
    p2p_requires_verification,
    remaining,
)

amounts = st.decimals(min_value=0, max_value=1_000_000, places=2)
maybe = st.none() | amounts
limits = st.builds(TransferLimits, single=maybe, daily=maybe, monthly=maybe, yearly=maybe)


def test_what_fits_exactly_is_allowed_and_a_cent_more_is_not() -> None:
    allowed = TransferLimits(daily=Decimal(100))
    check_within(allowed, Decimal("40.00"), Decimal("60.00"), currency="USD")
    with pytest.raises(TransferLimitExceeded) as refused:
        check_within(allowed, Decimal("40.01"), Decimal("60.00"), currency="USD")
    assert refused.value.facts == {
        "limit": "daily",
        "maximum": Decimal(100),
        "remaining": Decimal(40),
        "requested": Decimal("40.01"),
        "currency": "USD",
    }
    assert str(refused.value) == "the daily limit is 100 USD, of which 40.00 is left; 40.01 was asked for"


@pytest.mark.parametrize(
    ("used", "limit"),
    [((1, 0, 0), "daily"), ((0, 1, 0), "monthly"), ((0, 0, 1), "yearly"), ((1, 1, 1), "daily")],
)
def test_each_window_is_checked_the_shortest_first(used: tuple[int, int, int], limit: str) -> None:
    each = TransferLimits(*[Decimal(10)] * 4)
    today, month, year = map(Decimal, used)
    with pytest.raises(TransferLimitExceeded) as refused:
        check_within(each, Decimal(10), today, month, year, currency="USD")
    assert refused.value.facts["limit"] == limit


def test_one_transfer_may_be_too_large_by_itself() -> None:
    with pytest.raises(TransferLimitExceeded, match="the single limit is 25000"):
        check_within(USER_LIMITS, Decimal("25000.01"), currency="USD")


def test_users_may_send_no_more_in_a_day_than_their_daily_limit_though_a_single_one_may_be_larger() -> None:
    assert remaining(USER_LIMITS, Decimal(0), Decimal(0), Decimal(0)).single == Decimal(10_000)


@given(limits, amounts, amounts, amounts, amounts)
def test_an_amount_is_allowed_exactly_when_it_is_left(
    any_limits: TransferLimits, amount: Decimal, today: Decimal, month: Decimal, year: Decimal
) -> None:
    left = remaining(any_limits, today, month, year).single
    is_over = [
        limit is not None and used + amount > limit
        for limit, used in (
            (any_limits.single, Decimal(0)),
            (any_limits.daily, today),
            (any_limits.monthly, month),
            (any_limits.yearly, year),
        )
    ]
    if any(is_over):
        with pytest.raises(TransferLimitExceeded):
            check_within(any_limits, amount, today, month, year, currency="USD")
        assert left is not None
        assert amount > left or amount == left == 0
    else:
        check_within(any_limits, amount, today, month, year, currency="USD")
        assert left is None or amount <= left


@given(limits, limits, limits)
def test_combining_limits_never_depends_on_order_and_never_allows_more(
    a: TransferLimits, b: TransferLimits, c: TransferLimits
) -> None:
    both = combined(a, b)
    assert both == combined(b, a)
    assert combined(both, c) == combined(a, combined(b, c))
    assert combined(a, a) == combined(a, NO_LIMITS) == a
    for window in ("single", "daily", "monthly", "yearly"):
        own, result = getattr(a, window), getattr(both, window)
        assert own is None or (result is not None and result <= own)


@pytest.mark.parametrize(
    ("level", "daily", "monthly"),
    [("basic", 100, 1_000), ("standard", 1_000, 10_000), ("enhanced", 5_000, 50_000), ("premium", 10_000, 50_000)],
)
def test_the_smaller_of_kyc_and_user_limit_counts(level: str, daily: int, monthly: int) -> None:
    allowed = outgoing_limits(KycLevelEnum(level))
    assert allowed == TransferLimits(Decimal(25_000), Decimal(daily), Decimal(monthly), Decimal(300_000))


def test_every_kyc_level_has_limits_and_a_better_known_customer_may_send_more() -> None:
    assert set(KYC_LIMITS) == set(KycLevelEnum)
    daily = [KYC_LIMITS[level].daily for level in KycLevelEnum]
    assert daily == [100, 1_000, 5_000, None]


@pytest.mark.parametrize("amount", ["1.00", "100000.00"])
def test_the_banks_bounds_of_a_transfer_are_both_allowed(amount: str) -> None:
    check_transfer_amount(Decimal(amount), "USD")


def test_a_transfer_below_or_above_the_banks_bounds_is_refused() -> None:
    with pytest.raises(BusinessRuleViolation, match=r"at least 1\.00 USD"):
        check_transfer_amount(Decimal("0.99"), "USD")
    with pytest.raises(TransferLimitExceeded, match=r"100000\.00 USD"):
        check_transfer_amount(Decimal("100000.01"), "USD")


@pytest.mark.parametrize("status", KycStatusEnum)
def test_only_a_failed_identity_check_stops_outgoing_money(status: KycStatusEnum) -> None:
    if status in (KycStatusEnum.REJECTED, KycStatusEnum.SUSPENDED):
        with pytest.raises(KycRefused, match=status.value):
            check_kyc_allows_outgoing(status)
    else:
        check_kyc_allows_outgoing(status)


def test_a_sixth_account_is_refused() -> None:
    check_count(4, 5, "accounts")
    with pytest.raises(BusinessRuleViolation, match="at most 5 accounts"):
        check_count(5, 5, "accounts")


def test_a_payment_above_a_thousand_needs_a_verified_sender() -> None:
    assert not p2p_requires_verification(Decimal(1000))
    assert p2p_requires_verification(Decimal("1000.01"))
