"""The ten amounts of a quarter, in one currency, and what must hold between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import WIDE, NotExact, exact_decimal

CENT = Decimal("0.01")
#: small enough that the sum of a year, or a valuation with its debt, still fits its column on every database
AMOUNT_MAX = Decimal(10**16)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a company earned, spent and holds, in full units of one currency.

    Of the quarter: all down to cash_burn, which is positive when cash was consumed. At its end: cash_balance and
    debt_outstanding, None when no debt was reported.
    """

    total_revenue: Decimal
    recurring_revenue: Decimal
    gross_profit: Decimal
    sales_marketing_expense: Decimal
    total_operating_expense: Decimal
    ebitda: Decimal
    net_income: Decimal
    cash_burn: Decimal
    cash_balance: Decimal
    debt_outstanding: Decimal | None = None

    @classmethod
    def of(cls, holder: Any) -> Self:
        """The amounts of anything that has attributes of their names."""
        return cls(*(getattr(holder, name) for name in AMOUNT_FIELDS))

    @property
    def debt(self) -> Decimal:
        """The debt as a number: none reported counts as none."""
        return Decimal(0) if self.debt_outstanding is None else self.debt_outstanding

    def converted(self, rate: Decimal) -> Self:
        """Every amount times the rate, to the cent; at a rate of 1 all stays as it is. Raises InvalidValue."""
        sent = {name: getattr(self, name) for name in AMOUNT_FIELDS}
        amounts: dict[str, Any] = {
            name: None if value is None else convert(value, rate) for name, value in sent.items()
        }
        return type(self)(**amounts)


AMOUNT_FIELDS = tuple(field.name for field in fields(Amounts))


def convert(amount: Decimal, rate: Decimal) -> Decimal:
    """amount * rate, rounded half up to the cent. Raises InvalidValue above AMOUNT_MAX."""
    product = round_half_up(WIDE.multiply(amount, rate), CENT)
    if abs(product) > AMOUNT_MAX:
        raise InvalidValue(field="amount", reason="is too large to be converted")
    return product


def round_half_up(number: Decimal, unit: Decimal) -> Decimal:
    """The nearest multiple of the unit, such as 0.01; a half goes away from zero."""
    return number.quantize(unit, rounding=ROUND_HALF_UP, context=WIDE)


def check_amounts(amounts: Amounts) -> Amounts:
    """The amounts as exact decimals to the cent. Raises InvalidValue, which names the field and the rule."""
    exact = Amounts(*(_exact(name, getattr(amounts, name)) for name in AMOUNT_FIELDS))
    for name, rule in broken_rules(exact):
        raise InvalidValue(field=name, reason=rule)
    return exact


def broken_rules(amounts: Amounts) -> list[tuple[str, str]]:
    """Each rule that the amounts break, as the field and what it must do; none where all is well."""
    return [(name, rule) for name, holds, rule in _RULES if not holds(amounts)]


def _exact(name: str, value: Any) -> Any:
    if value is None and name == "debt_outstanding":
        return None
    try:
        number = exact_decimal(value, name)
    except NotExact as error:
        raise InvalidValue(field=name, reason=error.reason) from None
    if abs(number) > AMOUNT_MAX:
        raise InvalidValue(field=name, reason=f"must lie between -{AMOUNT_MAX} and {AMOUNT_MAX}")
    if number != (rounded := round_half_up(number, CENT)):
        raise InvalidValue(field=name, reason="must have at most 2 decimals")
    return rounded


_RULES: tuple[tuple[str, Callable[[Amounts], bool], str], ...] = (
    ("total_revenue", lambda it: it.total_revenue >= 0, "must not be negative"),
    ("recurring_revenue", lambda it: it.recurring_revenue >= 0, "must not be negative"),
    ("recurring_revenue", lambda it: it.recurring_revenue <= it.total_revenue, "must not exceed total_revenue"),
    ("gross_profit", lambda it: it.gross_profit <= it.total_revenue, "must not exceed total_revenue"),
    ("sales_marketing_expense", lambda it: it.sales_marketing_expense >= 0, "must not be negative"),
    (
        "total_operating_expense",
        lambda it: it.total_operating_expense >= it.sales_marketing_expense,
        "must not be less than sales_marketing_expense, which is part of it",
    ),
    ("cash_balance", lambda it: it.cash_balance >= 0, "must not be negative"),
    ("debt_outstanding", lambda it: it.debt >= 0, "must not be negative"),
)
