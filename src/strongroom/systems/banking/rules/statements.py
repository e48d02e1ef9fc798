"""Statements that close, and another bank's printed balances to hold ours against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from strongroom.kernel.values import WIDE

ZERO = Decimal(0)
ROUNDING_MAX = Decimal("0.10")
EXHAUSTIVE_ROWS_MAX = 12


@dataclass(frozen=True, slots=True)
class Statement:
    """What happened to one account in one period: opening + credits - debits = closing."""

    opening: Decimal
    credits: Decimal
    debits: Decimal

    @property
    def closing(self) -> Decimal:
        """The balance at the end, which is the opening of the next period."""
        return WIDE.subtract(WIDE.add(self.opening, self.credits), self.debits)

    def continues(self, earlier: Statement) -> bool:
        """Whether this one opens with what the earlier one closed with."""
        return self.opening == earlier.closing


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A movement as a bank printed it. amount_signed: plus for a credit; balance: printed after it."""

    reference: str
    amount_signed: Decimal
    balance: Decimal


class DayClass(Enum):
    """How a day's movement agrees with the movement of the printed balance."""

    EXACT = "exact"
    ROUNDING = "rounding"
    DIFFERENT = "different"


def build_statement(opening: Decimal, amounts_signed: Iterable[Decimal]) -> Statement:
    """The statement of a period that opens with a balance and has these movements, credits positive."""
    credits, debits = ZERO, ZERO
    for amount in amounts_signed:
        if amount > 0:
            credits = WIDE.add(credits, amount)
        else:
            debits = WIDE.subtract(debits, amount)
    return Statement(opening, credits, debits)


def closing_balance(previous_closing: Decimal, rows: Sequence[PrintedRow]) -> Decimal:
    """The printed balance at the end of a day whose rows, at least one, come in no particular order.

    The day is put into the order in which each balance follows best from the one before: the order with the
    smallest sum of differences, found exactly up to 12 rows and step by step beyond. Of several such orders the
    one that ends with the greatest reference counts.
    """
    ordered = sorted(rows, key=lambda row: (row.reference, row.balance))
    if len(ordered) > EXHAUSTIVE_ROWS_MAX:
        return _last_step_by_step(previous_closing, ordered).balance
    return _last_of_best_order(previous_closing, ordered).balance


def classify(difference: Decimal) -> DayClass:
    """The class of a day. difference: the printed movement less the sum of the day's amounts."""
    if difference == 0:
        return DayClass.EXACT
    return DayClass.ROUNDING if difference.copy_abs() <= ROUNDING_MAX else DayClass.DIFFERENT


def _last_of_best_order(previous_closing: Decimal, rows: Sequence[PrintedRow]) -> PrintedRow:
    # Held and Karp: the least difference of any order of a set of rows depends on the set and its last row only
    count = len(rows)
    step = [[_difference(before.balance, row) for row in rows] for before in rows]
    least: list[dict[int, Decimal]] = [{} for _ in range(1 << count)]
    for last, row in enumerate(rows):
        least[1 << last][last] = _difference(previous_closing, row)
    for chosen in range(1, 1 << count):
        for last, total in least[chosen].items():
            for following in range(count):
                if not chosen >> following & 1:
                    longer = least[chosen | 1 << following]
                    reached = WIDE.add(total, step[last][following])
                    longer[following] = min(longer.get(following, reached), reached)
    ends = least[-1]
    return rows[min(ends, key=lambda last: (ends[last], -last))]


def _last_step_by_step(previous_closing: Decimal, rows: Sequence[PrintedRow]) -> PrintedRow:
    left = list(rows)
    running = previous_closing
    while True:
        nearest = min(left, key=lambda row: _difference(running, row))
        left.remove(nearest)
        if not left:
            return nearest
        running = nearest.balance


def _difference(running: Decimal, row: PrintedRow) -> Decimal:
    return WIDE.abs(WIDE.subtract(row.balance, WIDE.add(running, row.amount_signed)))
