"""When a company's quarter deserves a call: thresholds as a fund's covenants have them, and who crosses one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from strongroom.kernel.values import WIDE


class AlertKind(StrEnum):
    """What is wrong with a company's quarter."""

    SHORT_RUNWAY = "short_runway"
    LITTLE_CASH = "little_cash"
    REVENUE_DECLINE = "revenue_decline"
    MARGIN_DROP = "margin_drop"
    MISSING_SUBMISSION = "missing_submission"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class AlertThresholds:
    """A figure on the threshold is still fine.

    runway_months_min: cash over the monthly burn. expense_months_min: cash over a month's operating expense, which
    also warns of companies that burn little now. revenue_decline_max: percent on the quarter. margin_drop_max:
    percent points of gross margin on the quarter. stale_quarters_min: quarters without a submission, of the fund's.
    """

    runway_months_min: Decimal = Decimal(6)
    expense_months_min: Decimal = Decimal(3)
    revenue_decline_max: Decimal = Decimal(10)
    margin_drop_max: Decimal = Decimal(5)
    stale_quarters_min: int = 2


@dataclass(frozen=True, slots=True)
class Health:
    """What alerts look at, of one company and quarter; None is unknown and alarms nobody."""

    runway_months: Decimal | None
    cash_balance: Decimal
    total_operating_expense: Decimal
    revenue_growth: Decimal | None
    gross_profit_margin: Decimal | None
    previous_gross_profit_margin: Decimal | None


@dataclass(frozen=True, slots=True)
class Breach:
    """One threshold crossed. value, threshold: in the unit of the threshold; value is None for what never was."""

    kind: AlertKind
    value: Decimal | None
    threshold: Decimal


def breaches(health: Health, thresholds: AlertThresholds) -> tuple[Breach, ...]:
    """Every threshold that the figures of a quarter cross, in the order of AlertKind."""
    months = expense_months(health.cash_balance, health.total_operating_expense)
    decline = None if health.revenue_growth is None else -health.revenue_growth
    drop = _difference(health.previous_gross_profit_margin, health.gross_profit_margin)
    return tuple(
        Breach(kind, value, threshold)
        for kind, value, threshold, is_crossed in (
            (AlertKind.SHORT_RUNWAY, health.runway_months, thresholds.runway_months_min, _is_below),
            (AlertKind.LITTLE_CASH, months, thresholds.expense_months_min, _is_below),
            (AlertKind.REVENUE_DECLINE, decline, thresholds.revenue_decline_max, _is_above),
            (AlertKind.MARGIN_DROP, drop, thresholds.margin_drop_max, _is_above),
        )
        if value is not None and is_crossed(value, threshold)
    )


def silence(quarters_since: int | None, thresholds: AlertThresholds) -> Breach | None:
    """The alert for a company that has not reported the quarter asked for; None when it has.

    quarters_since: fund quarters since the last one it reported, 0 when it reported this one, None when it never did.
    """
    if quarters_since == 0:
        return None
    value = None if quarters_since is None else Decimal(quarters_since)
    is_stale = quarters_since is not None and quarters_since >= thresholds.stale_quarters_min
    return Breach(
        AlertKind.STALE if is_stale else AlertKind.MISSING_SUBMISSION, value, Decimal(thresholds.stale_quarters_min)
    )


def expense_months(cash_balance: Decimal, quarterly_expense: Decimal) -> Decimal | None:
    """How many months of operating expense the cash pays for without any income, one decimal; None at no expense."""
    if quarterly_expense <= 0:
        return None
    return WIDE.divide(WIDE.multiply(cash_balance, Decimal(3)), quarterly_expense).quantize(
        Decimal("0.1"), context=WIDE
    )


def _difference(earlier: Decimal | None, later: Decimal | None) -> Decimal | None:
    return None if earlier is None or later is None else WIDE.subtract(earlier, later)


def _is_below(value: Decimal, threshold: Decimal) -> bool:
    return value < threshold


def _is_above(value: Decimal, threshold: Decimal) -> bool:
    return value > threshold
