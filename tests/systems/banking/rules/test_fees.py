"""Claims about the bank's prices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import is_rounded
from strongroom.systems.banking.rules import (
    TRANSFER_CHARGES,
    KycLevelEnum,
    TransferKindEnum,
    UserRoleEnum,
    fx_fee,
    investment_fee,
    p2p_fee,
    transfer_fee,
)

USER, PREMIUM, ADMIN = UserRoleEnum.USER, UserRoleEnum.PREMIUM, UserRoleEnum.ADMIN
amounts = st.decimals(min_value="0.01", max_value="100000", places=2)
currencies = st.sampled_from(["USD", "JPY", "KWD", "EUR", "CLF"])
kinds = st.sampled_from(TransferKindEnum)
roles = st.sampled_from(UserRoleEnum)


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("0.01", "0.00"),
        ("100", "0.00"),
        ("100.01", "0.50"),
        ("1000", "0.50"),
        ("1000.01", "5.00"),
        ("1001", "5.01"),  # 5.005: a half goes up
        ("2500.55", "12.50"),
        ("100000", "500.00"),
    ],
)
def test_paying_a_friend_is_free_then_flat_then_half_a_per_cent(amount: str, fee: str) -> None:
    assert str(p2p_fee(Decimal(amount), "USD")) == fee


@pytest.mark.parametrize(
    ("kind", "amount", "fee"),
    [
        ("internal", "99999", "0.00"),
        ("domestic", "1000", "1.50"),
        ("domestic", "9500", "10.00"),
        ("domestic", "9501", "10.00"),
        ("international", "100", "6.50"),
        ("international", "100000", "50.00"),
        ("instant", "100", "1.75"),
        ("instant", "100000", "15.00"),
        ("ach", "100", "0.05"),
        ("ach", "10", "0.01"),
        ("ach", "100000", "5.00"),
        ("wire", "1000", "16.00"),
        ("wire", "100000", "25.00"),
    ],
)
def test_a_transfer_costs_what_the_schedule_says(kind: str, amount: str, fee: str) -> None:
    assert str(transfer_fee(TransferKindEnum(kind), Decimal(amount), "USD", USER)) == fee


def test_premium_users_pay_nothing_for_domestic_and_ach_and_the_price_of_everybody_for_the_rest() -> None:
    for kind in TransferKindEnum:
        premium = transfer_fee(kind, Decimal(500), "USD", PREMIUM)
        everybody = transfer_fee(kind, Decimal(500), "USD", USER)
        is_free = kind in (TransferKindEnum.DOMESTIC, TransferKindEnum.ACH)
        assert premium == (0 if is_free else everybody)
        assert transfer_fee(kind, Decimal(500), "USD", ADMIN) == everybody


@pytest.mark.parametrize(
    ("currency", "amount", "fee"),
    [("JPY", "1500", "8"), ("JPY", "1499", "7"), ("KWD", "1000.123", "5.001"), ("USD", "1234.56", "6.17")],
)
def test_a_fee_has_the_decimals_of_its_currency(currency: str, amount: str, fee: str) -> None:
    assert str(p2p_fee(Decimal(amount), currency)) == fee


def test_changing_money_costs_one_per_cent_and_half_of_that_for_premium_users() -> None:
    assert fx_fee(Decimal("1234.50"), "USD", USER) == Decimal("12.35")
    assert fx_fee(Decimal("1234.50"), "USD", PREMIUM) == Decimal("6.17")


@pytest.mark.parametrize(
    ("role", "level", "amount", "fee"),
    [
        (USER, KycLevelEnum.STANDARD, "1000", "7.50"),
        (USER, KycLevelEnum.ENHANCED, "1000", "7.50"),
        (USER, KycLevelEnum.BASIC, "1000", "10.00"),
        (PREMIUM, KycLevelEnum.STANDARD, "1000", "5.00"),
        (PREMIUM, KycLevelEnum.BASIC, "1000", "5.00"),
        (USER, KycLevelEnum.STANDARD, "1", "1.00"),
        (PREMIUM, KycLevelEnum.STANDARD, "100", "1.00"),
        (USER, KycLevelEnum.STANDARD, "100000", "20.00"),
    ],
)
def test_investing_costs_a_share_between_one_and_twenty(
    role: UserRoleEnum, level: KycLevelEnum, amount: str, fee: str
) -> None:
    assert str(investment_fee(Decimal(amount), "USD", role, level)) == fee


@given(kinds, amounts, currencies, roles)
def test_no_fee_is_negative_unrounded_or_above_its_cap(
    kind: TransferKindEnum, amount: Decimal, currency: str, role: UserRoleEnum
) -> None:
    most = TRANSFER_CHARGES[kind].most
    for fee, cap in (
        (transfer_fee(kind, amount, currency, role), most),
        (p2p_fee(amount, currency), None),
        (fx_fee(amount, currency, role), None),
        (investment_fee(amount, currency, role), Decimal(20)),
    ):
        assert fee >= 0
        assert is_rounded(fee, currency)
        assert cap is None or fee <= cap


@given(kinds, amounts, amounts, currencies, roles)
def test_sending_more_never_costs_less(
    kind: TransferKindEnum, first: Decimal, second: Decimal, currency: str, role: UserRoleEnum
) -> None:
    less, more = sorted((first, second))
    assert transfer_fee(kind, less, currency, role) <= transfer_fee(kind, more, currency, role)
    assert p2p_fee(less, currency) <= p2p_fee(more, currency)


def test_every_kind_of_transfer_has_a_price() -> None:
    assert set(TRANSFER_CHARGES) == set(TransferKindEnum)
