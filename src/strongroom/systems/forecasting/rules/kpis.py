"""Key figures of a period, exactly: growth, margins, variance from the budget, return for the risk taken.

Percentages are in percent points, to four places, a half rounded away from zero; None where there is nothing to
divide by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import WIDE, Period
from strongroom.systems.forecasting.rules.enums import CategoryEnum
from strongroom.systems.forecasting.rules.figures import as_percent
from strongroom.systems.forecasting.rules.returns import Returns
from strongroom.systems.forecasting.rules.risk import RETURNS_MIN, VOLATILITY_MIN, dispersion_of


@dataclass(frozen=True, slots=True)
class Amounts:
    """Of one period, in one currency; None for what nobody has told. operating_expense: a positive amount."""

    revenue: Decimal | None = None
    previous_revenue: Decimal | None = None
    operating_expense: Decimal | None = None
    net_income: Decimal | None = None

    @property
    def operating_income(self) -> Decimal | None:
        """revenue - operating_expense"""
        if self.revenue is None or self.operating_expense is None:
            return None
        return WIDE.subtract(self.revenue, self.operating_expense)


@dataclass(frozen=True, slots=True)
class Variance:
    """amount: actual minus budget. percent: of the budget, None when that is 0. favourable: None when met exactly."""

    amount: Decimal
    percent: Decimal | None
    favourable: bool | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON; decimals as text."""
        percent = None if self.percent is None else str(self.percent)
        return {"amount": str(self.amount), "percent": percent, "favourable": self.favourable}


def growth_rate(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """(now - before) / |before| * 100. Raises FigureOutOfRange."""
    if now is None or before is None:
        return None
    return share_of(WIDE.subtract(now, before), abs(before), "the growth")


def share_of(part: Decimal | None, whole: Decimal | None, figure: str) -> Decimal | None:
    """part / whole * 100, such as a margin: income of revenue. Raises FigureOutOfRange, which names the figure."""
    if part is None or whole is None or whole == 0:
        return None
    return as_percent(WIDE.divide(WIDE.multiply(part, Decimal(100)), whole), figure)


def variance(actual: Decimal, budget: Decimal, category: CategoryEnum) -> Variance:
    """How far the actual amount is from the budget; more is favourable unless it is an expense."""
    amount = WIDE.subtract(actual, budget)
    better = amount < 0 if category is CategoryEnum.EXPENSE else amount > 0
    return Variance(amount, share_of(amount, abs(budget), "the variance from the budget"), better if amount else None)


def risk_adjusted_return(returns: Returns, risk_free: float = 0.0) -> Decimal | None:
    """(mean - risk_free) / volatility of the returns of a period, not annualised; None for fewer than two."""
    if len(returns.known) < RETURNS_MIN:
        return None
    found = dispersion_of(returns.known)
    if found.volatility < VOLATILITY_MIN:
        return None
    return as_percent((found.mean - risk_free) / found.volatility, "the risk-adjusted return")


def raroc(returns: Returns, cvar_95: Decimal | None, risk_free: float = 0.0) -> Decimal | None:
    """(mean - risk_free) / CVaR at 95 %: what was earned for each unit of what may be lost."""
    if not returns.known or cvar_95 is None or cvar_95 == 0:
        return None
    mean = sum(returns.known) / len(returns.known)
    return as_percent((mean - risk_free) / float(cvar_95), "the return on what is at risk")


def previous_period(period: Period) -> Period:
    """The one of equal length before: whole calendar months before whole months, else as many seconds."""
    months = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month
    if months > 0 and period.start == _month(period.start) and period.end == _month(period.end):
        year, month = divmod(12 * period.start.year + period.start.month - 1 - months, 12)
        if year < 1:
            raise InvalidValue(field="start", reason="leaves no room for the period before")
        return Period(period.start.replace(year=year, month=month + 1), period.start)
    return Period(period.start - (period.end - period.start), period.start)


def _month(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
