"""Claims about what holdings cost and are worth."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import WIDE
from strongroom.systems.banking.rules import (
    Lot,
    Position,
    aggregate,
    cost_basis,
    gain_percent,
    market_value,
    unrealised_gain,
)

quantities = st.decimals(min_value="0.0000000001", max_value="999999999999999999", places=10)
prices = st.decimals(min_value="0", max_value="999999999999", places=8)
lots = st.lists(st.builds(Lot, quantities, prices, prices), min_size=1, max_size=8)


def test_figures_of_one_lot() -> None:
    bought = (Decimal(10), Decimal("150.25"))
    assert cost_basis(*bought) == Decimal("1502.50")
    assert market_value(Decimal(10), Decimal("175.50")) == Decimal("1755.00")
    assert unrealised_gain(*bought, Decimal("175.50")) == Decimal("252.50")
    assert gain_percent(*bought, Decimal("175.50")) == Decimal("16.81")


def test_a_holding_without_a_price_is_worth_nobody_knows_what() -> None:
    assert market_value(Decimal(1), None) is None
    assert unrealised_gain(Decimal(1), Decimal(1), None) is None
    assert gain_percent(Decimal(1), Decimal(1), None) is None


def test_a_worthless_holding_is_worth_nothing() -> None:
    assert market_value(Decimal(1), Decimal(0)) == 0
    assert gain_percent(Decimal(1), Decimal(1), Decimal(0)) == Decimal("-100.00")


def test_a_gift_has_a_gain_but_no_percentage() -> None:
    assert unrealised_gain(Decimal(2), Decimal(0), Decimal(5)) == 10
    assert gain_percent(Decimal(2), Decimal(0), Decimal(5)) is None


@pytest.mark.parametrize(("current", "percent"), [("100.005", "0.01"), ("99.995", "-0.01"), ("100.00499", "0.00")])
def test_a_percentage_has_two_decimals_with_the_half_away_from_zero(current: str, percent: str) -> None:
    assert gain_percent(Decimal(1), Decimal(100), Decimal(current)) == Decimal(percent)


def test_products_stay_exact_where_pythons_own_context_would_round() -> None:
    quantity, price = 9_999_999_999_999_999_990_000_000_001, 99_999_999_999_900_000_001
    cost = cost_basis(Decimal(quantity).scaleb(-10), Decimal(price).scaleb(-8))
    assert int(cost.scaleb(18, WIDE)) == quantity * price


@given(lots)
def test_a_position_is_the_sum_of_its_lots(some: list[Lot]) -> None:
    position = aggregate(some)
    cost = value = quantity = Decimal(0)
    for lot in some:
        quantity = WIDE.add(quantity, lot.quantity)
        cost = WIDE.add(cost, cost_basis(lot.quantity, lot.purchase_price))
        value = WIDE.add(value, market_value(lot.quantity, lot.current_price) or 0)
    assert (position.quantity, position.cost_basis, position.market_value) == (quantity, cost, value)
    assert position.unrealised_gain == WIDE.subtract(value, cost)


@given(lots)
def test_the_average_price_lies_between_the_lowest_and_the_highest_paid(some: list[Lot]) -> None:
    average = aggregate(some).average_price
    assert average is not None
    paid = [lot.purchase_price for lot in some]
    assert min(paid) <= average <= max(paid)


def test_the_average_price_is_weighted_by_quantity() -> None:
    assert aggregate([Lot(Decimal(1), Decimal(10)), Lot(Decimal(3), Decimal(20))]).average_price == Decimal("17.5")


def test_one_lot_without_a_price_leaves_the_whole_position_without_a_value() -> None:
    position = aggregate([Lot(Decimal(1), Decimal(10), Decimal(11)), Lot(Decimal(1), Decimal(10))])
    assert (position.market_value, position.unrealised_gain, position.gain_percent) == (None, None, None)
    assert position.cost_basis == 20


def test_an_empty_position_is_nothing_and_has_no_price() -> None:
    position = aggregate([])
    assert position == Position(Decimal(0), Decimal(0), None, Decimal(0), Decimal(0), None)
