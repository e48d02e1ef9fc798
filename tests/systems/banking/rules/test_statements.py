"""Claims about statements and printed balances."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.banking.rules import (
    DayClass,
    PrintedRow,
    Statement,
    build_statement,
    classify,
    closing_balance,
)

amounts = st.decimals(min_value=-10_000, max_value=10_000, places=2).filter(bool)
balances = st.decimals(min_value=-100_000, max_value=100_000, places=2)


def printed(previous: Decimal, movements: list[Decimal]) -> list[PrintedRow]:
    """The rows a bank without a fault prints, in order."""
    rows = []
    for number, movement in enumerate(movements):
        previous += movement
        rows.append(PrintedRow(f"{number:03}", movement, previous))
    return rows


def least_difference(previous: Decimal, rows: list[PrintedRow]) -> tuple[Decimal, set[Decimal]]:
    """By trying every order: the smallest sum of differences, and the balances orders that reach it end with."""
    best: dict[Decimal, set[Decimal]] = {}
    for order in permutations(rows):
        steps = pairwise([PrintedRow("", Decimal(0), previous), *order])
        total = sum((abs(row.balance - before.balance - row.amount_signed) for before, row in steps), Decimal(0))
        best.setdefault(total, set()).add(order[-1].balance)
    least = min(best)
    return least, best[least]


@given(balances, st.lists(amounts, max_size=30))
def test_opening_plus_credits_less_debits_is_closing(opening: Decimal, movements: list[Decimal]) -> None:
    statement = build_statement(opening, movements)
    assert statement.closing == opening + statement.credits - statement.debits == opening + sum(movements)
    assert statement.credits >= 0
    assert statement.debits >= 0


@given(balances, st.lists(amounts, max_size=10), st.lists(amounts, max_size=10))
def test_two_periods_make_one(opening: Decimal, first: list[Decimal], second: list[Decimal]) -> None:
    earlier = build_statement(opening, first)
    later = build_statement(earlier.closing, second)
    assert later.continues(earlier)
    assert later.closing == build_statement(opening, [*first, *second]).closing


def test_a_gap_between_statements_is_seen() -> None:
    earlier = Statement(Decimal(0), Decimal(10), Decimal(0))
    assert not Statement(Decimal("10.01"), Decimal(0), Decimal(0)).continues(earlier)


@given(balances, st.lists(amounts, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(previous: Decimal, movements: list[Decimal], random: object) -> None:
    rows = printed(previous, movements)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert closing_balance(previous, shuffled) == closing_balance(previous, rows)


@given(balances, st.lists(st.tuples(amounts, balances), min_size=1, max_size=5))
def test_no_order_chains_better_than_the_one_chosen(
    previous: Decimal, printed_rows: list[tuple[Decimal, Decimal]]
) -> None:
    rows = [PrintedRow(str(number), amount, balance) for number, (amount, balance) in enumerate(printed_rows)]
    assert closing_balance(previous, rows) in least_difference(previous, rows)[1]


@given(
    balances,
    st.lists(st.decimals(min_value="0.01", max_value=10_000, places=2), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_a_day_of_credits_alone_closes_with_its_highest_balance(
    previous: Decimal, credits: list[Decimal], random: object
) -> None:
    rows = printed(previous, credits)
    random.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert closing_balance(previous, rows) == previous + sum(credits)


def test_balances_printed_rounded_still_chain() -> None:
    rows = [
        PrintedRow("695", Decimal("-14.60"), Decimal("31283.50")),
        PrintedRow("361", Decimal("120.63"), Decimal("31298.10")),
        PrintedRow("844", Decimal("-4200.00"), Decimal("27083.50")),
    ]
    assert closing_balance(Decimal("31177.50"), rows) == Decimal("27083.50")


def test_of_equally_good_orders_the_one_that_ends_with_the_greatest_reference_counts() -> None:
    rows = [PrintedRow("A", Decimal(1), Decimal(11)), PrintedRow("B", Decimal(1), Decimal(9))]
    assert least_difference(Decimal(10), rows) == (Decimal(3), {Decimal(9), Decimal(11)})
    assert closing_balance(Decimal(10), rows) == closing_balance(Decimal(10), rows[::-1]) == Decimal(9)


@pytest.mark.parametrize(
    ("difference", "day"),
    [
        ("0", DayClass.EXACT),
        ("0.00", DayClass.EXACT),
        ("0.01", DayClass.ROUNDING),
        ("0.10", DayClass.ROUNDING),
        ("-0.10", DayClass.ROUNDING),
        ("0.11", DayClass.DIFFERENT),
        ("-269.80", DayClass.DIFFERENT),
    ],
)
def test_a_day_is_exact_rounded_or_different(difference: str, day: DayClass) -> None:
    assert classify(Decimal(difference)) is day
