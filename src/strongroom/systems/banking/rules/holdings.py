"""What holdings cost and what they are worth: derived exactly, never stored, never guessed without a price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from strongroom.kernel.values import WIDE

ZERO = Decimal(0)
_CENT = Decimal("0.01")
_PRICE = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Lot:
    """One purchase of a security. Prices are per unit; current_price is None while nobody gave one."""

    quantity: Decimal
    purchase_price: Decimal
    current_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """All lots of one security together. average_price: weighted by quantity, 8 decimals, None without a lot.

    market_value, unrealised_gain and gain_percent are None unless every lot has a price.
    """

    quantity: Decimal
    cost_basis: Decimal
    average_price: Decimal | None
    market_value: Decimal | None
    unrealised_gain: Decimal | None
    gain_percent: Decimal | None


def cost_basis(quantity: Decimal, purchase_price: Decimal) -> Decimal:
    """What was paid, unrounded."""
    return WIDE.multiply(quantity, purchase_price)


def market_value(quantity: Decimal, current_price: Decimal | None) -> Decimal | None:
    """What it would bring today, unrounded; None without a price, which is not the same as worthless."""
    return None if current_price is None else WIDE.multiply(quantity, current_price)


def unrealised_gain(quantity: Decimal, purchase_price: Decimal, current_price: Decimal | None) -> Decimal | None:
    """Market value less cost, unrounded; None without a price."""
    return _gain(cost_basis(quantity, purchase_price), market_value(quantity, current_price))


def gain_percent(quantity: Decimal, purchase_price: Decimal, current_price: Decimal | None) -> Decimal | None:
    """The gain in per cent of the cost, two decimals; None without a price, or when nothing was paid."""
    return _percent(cost_basis(quantity, purchase_price), market_value(quantity, current_price))


def aggregate(lots: Iterable[Lot]) -> Position:
    """The lots of one security, in one currency, as one position."""
    quantity, cost, value = ZERO, ZERO, ZERO
    is_priced = True
    for lot in lots:
        quantity = WIDE.add(quantity, lot.quantity)
        cost = WIDE.add(cost, cost_basis(lot.quantity, lot.purchase_price))
        lot_value = market_value(lot.quantity, lot.current_price)
        if lot_value is None:
            is_priced = False
        else:
            value = WIDE.add(value, lot_value)
    worth = value if is_priced else None
    return Position(
        quantity=quantity,
        cost_basis=cost,
        average_price=WIDE.divide(cost, quantity).quantize(_PRICE, ROUND_HALF_UP, WIDE) if quantity else None,
        market_value=worth,
        unrealised_gain=_gain(cost, worth),
        gain_percent=_percent(cost, worth),
    )


def _gain(cost: Decimal, value: Decimal | None) -> Decimal | None:
    return None if value is None else WIDE.subtract(value, cost)


def _percent(cost: Decimal, value: Decimal | None) -> Decimal | None:
    gain = _gain(cost, value)
    if gain is None or cost == 0:
        return None
    return WIDE.divide(WIDE.multiply(gain, Decimal(100)), cost).quantize(_CENT, ROUND_HALF_UP, WIDE)
