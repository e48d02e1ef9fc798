"""Claims about what an account lets happen to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.banking.errors import AccountNotActive, BusinessRuleViolation, InsufficientFunds
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    AccountTypeEnum,
    NetWorth,
    check_closable,
    check_funds,
    check_may_be_credited,
    check_may_be_debited,
    check_minimum_balance,
    check_overdraft_can_end,
    floor,
    net_worth,
    spendable,
)

ZERO = Decimal(0)
money = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)
positive = st.decimals(min_value=0, max_value=1_000_000, places=2)


@given(money, positive, positive, st.booleans(), positive)
def test_spending_all_that_can_be_spent_ends_exactly_at_the_floor(
    current: Decimal, reserved: Decimal, overdraft_limit: Decimal, is_overdraft_enabled: bool, minimum_balance: Decimal
) -> None:
    can_spend = spendable(
        current,
        reserved,
        overdraft_limit=overdraft_limit,
        is_overdraft_enabled=is_overdraft_enabled,
        minimum_balance=minimum_balance,
    )
    lowest = floor(
        overdraft_limit=overdraft_limit, is_overdraft_enabled=is_overdraft_enabled, minimum_balance=minimum_balance
    )
    assert current - reserved - can_spend == lowest


@pytest.mark.parametrize(
    ("is_overdraft_enabled", "expected"),
    [(True, "1500.00"), (False, "900.00")],
)
def test_an_overdraft_counts_only_when_enabled_and_then_the_minimum_does_not(
    is_overdraft_enabled: bool, expected: str
) -> None:
    assert spendable(
        Decimal(1200),
        Decimal(200),
        overdraft_limit=Decimal(500),
        is_overdraft_enabled=is_overdraft_enabled,
        minimum_balance=Decimal(100),
    ) == Decimal(expected)


def test_missing_money_is_told_to_the_cent() -> None:
    check_funds(Decimal("10.00"), Decimal("10.00"), "USD")
    with pytest.raises(InsufficientFunds) as refused:
        check_funds(Decimal("10.00"), Decimal("10.01"), "USD")
    assert refused.value.facts == {
        "available": Decimal("10.00"),
        "requested": Decimal("10.01"),
        "currency": "USD",
        "shortfall": Decimal("0.01"),
    }


def test_an_account_below_its_floor_has_nothing_to_spend_rather_than_less_than_nothing() -> None:
    with pytest.raises(InsufficientFunds) as refused:
        check_funds(Decimal(-50), Decimal(20), "USD")
    assert (refused.value.facts["available"], refused.value.facts["shortfall"]) == (0, 20)


@pytest.mark.parametrize("status", AccountStatusEnum)
def test_only_active_accounts_pay_and_only_active_or_inactive_ones_receive(status: AccountStatusEnum) -> None:
    for check, allowed in ((check_may_be_debited, {"active"}), (check_may_be_credited, {"active", "inactive"})):
        if status.value in allowed:
            check(status)
        else:
            with pytest.raises(AccountNotActive, match=f"the account is {status.value}"):
                check(status)


def test_an_empty_account_may_close() -> None:
    check_closable(ZERO, ZERO, ZERO)


@pytest.mark.parametrize(
    ("current", "reserved", "pending", "items"), [(1, 0, 0, 0), (-1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)]
)
def test_an_account_with_a_balance_or_anything_open_does_not_close(
    current: int, reserved: int, pending: int, items: int
) -> None:
    with pytest.raises(BusinessRuleViolation):
        check_closable(Decimal(current), Decimal(reserved), Decimal(pending), has_pending_items=bool(items))


def test_an_overdraft_in_use_stays() -> None:
    check_overdraft_can_end(ZERO)
    with pytest.raises(BusinessRuleViolation, match="overdraft is in use"):
        check_overdraft_can_end(Decimal("-0.01"))


@pytest.mark.parametrize(
    ("minimum", "current", "is_allowed"), [(0, -5, True), (5, 5, True), (6, 5, False), (-1, 5, False)]
)
def test_a_minimum_balance_lies_between_zero_and_what_is_there(minimum: int, current: int, is_allowed: bool) -> None:
    if is_allowed:
        check_minimum_balance(Decimal(minimum), Decimal(current))
    else:
        with pytest.raises(BusinessRuleViolation):
            check_minimum_balance(Decimal(minimum), Decimal(current))


@given(
    st.lists(st.tuples(st.sampled_from(AccountTypeEnum), st.sampled_from(["USD", "EUR", "JPY"]), money), max_size=12)
)
def test_net_worth_is_the_sum_of_balances_currency_by_currency(
    accounts: list[tuple[AccountTypeEnum, str, Decimal]],
) -> None:
    worth = net_worth(accounts)
    assert [line.currency for line in worth] == sorted({currency for _, currency, _ in accounts})
    for line in worth:
        assert line.net == sum(balance for _, currency, balance in accounts if currency == line.currency)
        assert line.liabilities >= 0


def test_what_is_owed_on_a_credit_account_is_a_liability() -> None:
    (worth,) = net_worth(
        [
            (AccountTypeEnum.CHECKING, "USD", Decimal(1000)),
            (AccountTypeEnum.CREDIT, "USD", Decimal(-300)),
            (AccountTypeEnum.CREDIT, "USD", Decimal(20)),
        ]
    )
    assert worth == NetWorth("USD", Decimal(1020), Decimal(300))
    assert worth.net == 720
