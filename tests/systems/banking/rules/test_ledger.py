"""Claims about double entry."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import new_id
from strongroom.systems.banking.errors import InvalidCurrency, Unbalanced
from strongroom.systems.banking.rules import (
    NORMAL_SIDE,
    AccountTypeEnum,
    LedgerClassEnum,
    Leg,
    Side,
    check_amount,
    check_balanced,
    ledger_class_of,
    opposite,
    signed,
)

CASH, CUSTOMER, FEES = (UUID(int=number) for number in (1, 2, 3))
D, C = Side.DEBIT, Side.CREDIT
amounts = st.decimals(min_value="0.01", max_value="100000000000000", places=2)


def line(side: Side, amount: Any, currency: str = "USD", account: UUID = CASH) -> Leg:
    return Leg(side, Decimal(amount) if isinstance(amount, str) else amount, currency, account)


@st.composite
def balanced_lines(draw: st.DrawFn) -> list[Leg]:
    """Debits in one or more currencies, and for each as much in credits, cut into other pieces."""
    lines: list[Leg] = []
    for currency in draw(st.lists(st.sampled_from(["USD", "EUR", "CZK"]), min_size=1, max_size=3, unique=True)):
        debits = draw(st.lists(amounts, min_size=1, max_size=5))
        total = sum(debits, Decimal(0))
        cut = draw(st.decimals(min_value=0, max_value=total, places=2))
        lines += [Leg(D, amount, currency, new_id()) for amount in debits]
        lines += [Leg(C, piece, currency, new_id()) for piece in (cut, total - cut) if piece > 0]
    return draw(st.permutations(lines))


@given(balanced_lines())
def test_lines_whose_debits_equal_their_credits_are_accepted_in_any_order(lines: list[Leg]) -> None:
    check_balanced(lines)


@given(balanced_lines(), st.data())
def test_changing_any_one_line_is_noticed(lines: list[Leg], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(lines) - 1))
    one = lines[index]
    changed = data.draw(
        st.sampled_from(
            [
                replace(one, side=opposite(one.side)),
                replace(one, amount=one.amount + Decimal("0.01")),
                replace(one, currency="GBP"),
            ]
        )
    )
    with pytest.raises(Unbalanced):
        check_balanced([*lines[:index], changed, *lines[index + 1 :]])


@given(balanced_lines())
def test_the_opposite_of_an_entry_balances_and_takes_every_account_back(lines: list[Leg]) -> None:
    undone = [replace(line, side=opposite(line.side)) for line in lines]
    check_balanced(undone)
    for was, now in zip(lines, undone, strict=True):
        assert signed(was.side, was.amount) + signed(now.side, now.amount) == 0


def test_a_difference_is_told_with_its_currency_and_both_sums() -> None:
    with pytest.raises(Unbalanced) as refused:
        check_balanced([line(D, "10.00"), line(C, "9.50", account=CUSTOMER), line(C, "0.25", account=FEES)])
    assert refused.value.facts == {"currency": "USD", "debits": Decimal("10.00"), "credits": Decimal("9.75")}
    assert (refused.value.code, refused.value.status) == ("LEDGER_UNBALANCED", 422)


def test_equal_sums_in_two_currencies_do_not_balance() -> None:
    with pytest.raises(Unbalanced, match="EUR"):
        check_balanced([line(D, "10.00", "USD"), line(C, "10.00", "EUR")])


@pytest.mark.parametrize("lines", [[], [line(D, "1.00")]])
def test_fewer_than_two_lines_are_no_posting(lines: list[Leg]) -> None:
    with pytest.raises(Unbalanced, match="at least two lines"):
        check_balanced(lines)


@pytest.mark.parametrize("amount", ["0", "-1.00", "NaN", "Infinity", "0.001", 1.0, None])
def test_no_line_moves_nothing_less_than_nothing_or_a_part_of_a_cent(amount: Any) -> None:
    with pytest.raises(InvalidValue):
        check_balanced([line(D, amount), line(C, amount)])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "0.5"), ("KWD", "0.0001"), ("CLF", "0.00001")])
def test_a_line_is_never_finer_than_its_currency(currency: str, amount: str) -> None:
    with pytest.raises(InvalidValue, match=f"more decimals than {currency} has"):
        check_amount(Decimal(amount), currency)
    check_amount(Decimal(amount) * 10, currency)


def test_a_line_in_no_currency_is_refused() -> None:
    with pytest.raises(InvalidCurrency):
        check_balanced([line(D, "1", "XXX"), line(C, "1", "XXX")])


def test_sums_are_exact_beyond_28_digits() -> None:
    large = "99999999999999999999999999999.99"
    check_balanced([line(D, large), line(D, "0.01"), line(C, large), line(C, "0.01")])
    with pytest.raises(Unbalanced):
        check_balanced([line(D, large), line(D, "0.01"), line(C, large), line(C, "0.02")])


@given(amounts)
def test_a_customer_sees_a_credit_as_plus_and_a_debit_as_minus(amount: Decimal) -> None:
    assert signed(C, amount) == amount
    assert signed(D, amount) == -amount


def test_assets_and_expenses_grow_by_debits_all_else_by_credits() -> None:
    assert {kind for kind, side in NORMAL_SIDE.items() if side is D} == {LedgerClassEnum.ASSET, LedgerClassEnum.EXPENSE}
    assert set(NORMAL_SIDE) == set(LedgerClassEnum)


def test_a_deposit_is_the_banks_debt_and_credit_is_its_claim() -> None:
    assets = {kind for kind in AccountTypeEnum if ledger_class_of(kind) is LedgerClassEnum.ASSET}
    assert assets == {AccountTypeEnum.CREDIT}
