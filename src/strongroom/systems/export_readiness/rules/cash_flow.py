"""When money of an export goes out and comes back, and how deep the gap between the two is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from strongroom.systems.export_readiness.rules.amounts import RUPEE, ZERO, percent_of
from strongroom.systems.export_readiness.rules.days import check_day
from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.working_capital import WorkingCapital


class CashFlowTypeEnum(Enum):
    """Which way money goes."""

    EXPENSE = "expense"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class CashFlowEvent:
    """amount: INR, negative for an expense. cumulative: the balance after it, from 0."""

    date: date
    type: CashFlowTypeEnum
    category: str
    amount: Decimal
    cumulative: Decimal
    description: str


@dataclass(frozen=True, slots=True)
class LiquidityGap:
    """amount: INR, the deepest the balance falls below 0. start: the first day below 0.

    end: the day from which it is never below 0 again; None when it stays there. days: from start to end.
    """

    amount: Decimal
    start: date
    end: date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class CashFlow:
    """events: by day. gap: None when the balance never falls below 0."""

    events: tuple[CashFlowEvent, ...]
    gap: LiquidityGap | None
    currency: str = RUPEE


def fob_value(capital: WorkingCapital, rates: Rates) -> Decimal:
    """What the customer pays, INR: the working capital with a margin on top."""
    return percent_of(capital.total, rates.value("cash_flow", "fob_of_total"))


def cash_flow(
    capital: WorkingCapital, rates: Rates, *, day: date, rodtep_benefit: Decimal, gst_refund: Decimal
) -> CashFlow:
    """The calendar from the day of the analysis. What costs or brings nothing is left out. Raises InvalidValue."""
    check_day(day, "day")
    first = percent_of(capital.certification_costs, rates.value("cash_flow", "certification_first_share"))
    planned = (
        ("documentation", -capital.documentation_costs, "documentation", "Export documents"),
        ("certification_first", -first, "certification", "Certification fees, the first part"),
        ("certification_rest", first - capital.certification_costs, "certification", "Certification fees, the rest"),
        ("production", -capital.product_cost, "production", "Making or buying the goods"),
        ("logistics", -capital.logistics_costs, "logistics", "Freight, customs broker and insurance"),
        ("customer_payment", fob_value(capital, rates), "customer_payment", "The customer pays"),
        ("rodtep_benefit", rodtep_benefit, "rodtep_benefit", "RoDTEP benefit"),
        ("gst_refund", gst_refund, "gst_refund", "GST refund"),
    )
    moves = [
        (day + timedelta(days=int(rates.value("cash_flow", name))), amount, category, description)
        for name, amount, category, description in planned
        if amount != 0
    ]
    events, balance = [], ZERO
    for when, amount, category, description in sorted(moves, key=lambda move: move[0]):
        balance += amount
        kind = CashFlowTypeEnum.INCOME if amount > 0 else CashFlowTypeEnum.EXPENSE
        events.append(CashFlowEvent(when, kind, category, amount, balance, description))
    return CashFlow(tuple(events), liquidity_gap((event.date, event.amount) for event in events))


def liquidity_gap(moves: Iterable[tuple[date, Decimal]]) -> LiquidityGap | None:
    """The gap of amounts by day, in any order; what moves on one day counts at its end."""
    by_day: dict[date, Decimal] = {}
    for when, amount in moves:
        by_day[when] = by_day.get(when, ZERO) + amount
    balance, deepest = ZERO, ZERO
    start: date | None = None
    end: date | None = None
    for when in sorted(by_day):
        before, balance = balance, balance + by_day[when]
        deepest = min(deepest, balance)
        if balance < 0:
            start, end = start or when, None
        elif before < 0:
            end = when
    if start is None:
        return None
    return LiquidityGap(-deepest, start, end, None if end is None else (end - start).days)
