"""Pre-shipment (packing) credit: how much of an order a bank pays in advance, at what rate, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.amounts import (
    RUPEE,
    count_of,
    money_of,
    percent_of,
    ratio,
    rounded,
    times,
)
from strongroom.systems.export_readiness.rules.bands import number_band
from strongroom.systems.export_readiness.rules.enums import CompanySizeEnum
from strongroom.systems.export_readiness.rules.reference_rates import Rates


@dataclass(frozen=True, slots=True)
class Borrower:
    """What a bank asks about. history_months: of exporting, 0 for none."""

    company_size: CompanySizeEnum
    has_banking_relationship: bool = False
    history_months: int = 0


@dataclass(frozen=True, slots=True)
class Credit:
    """amount, interest, repayment: INR. interest_rate: percent a year. is_eligible: the terms are told either way.

    It is repaid from the proceeds of the export within tenure_days, which tenure_days_max limits.
    """

    is_eligible: bool
    reason: str | None
    order_value: Decimal
    share_percent: Decimal
    amount: Decimal
    interest_rate: Decimal
    tenure_days: int
    tenure_days_max: int
    interest: Decimal
    repayment: Decimal
    requirements: tuple[str, ...]
    currency: str = RUPEE


def pre_shipment_credit(order_value: Decimal, borrower: Borrower, rates: Rates) -> Credit:
    """The terms for an order of this value. Raises InvalidValue."""
    order = money_of(order_value, "order_value")
    months = count_of(borrower.history_months, "history_months")
    share, rate = _share(borrower, rates), _rate(borrower, rates)
    tenure = check_tenure(int(number_band(rates, "credit_tenure", "history_months", months)), rates)
    amount = percent_of(order, share)
    whole = times(Decimal(100), rates.value("credit_tenure", "year"))
    interest = rounded(ratio(times(amount, rate, Decimal(tenure)), whole))
    least = rates.value("credit_order", "without_history_min")
    is_eligible = order >= least or months > 0
    return Credit(
        is_eligible=is_eligible,
        reason=None if is_eligible else f"the first order must be of at least {least:f} {RUPEE}",
        order_value=order,
        share_percent=share,
        amount=amount,
        interest_rate=rate,
        tenure_days=tenure,
        tenure_days_max=int(rates.value("credit_tenure", "max")),
        interest=interest,
        repayment=amount + interest,
        requirements=_requirements(borrower, rates),
    )


def check_tenure(days: int, rates: Rates) -> int:
    """The days, if packing credit may run as long on the day of the rates. Raises InvalidValue."""
    longest = int(rates.value("credit_tenure", "max"))
    if not 0 < days <= longest:
        raise InvalidValue(field="tenure_days", reason=f"must be 1 to {longest}")
    return days


def _rate(borrower: Borrower, rates: Rates) -> Decimal:
    rate = rates.value("credit_rate", borrower.company_size.value)
    rate += number_band(rates, "credit_rate", "history_months", borrower.history_months)
    if borrower.has_banking_relationship:
        rate += rates.value("credit_rate", "banking_relationship")
    return max(rates.value("credit_rate", "floor"), rate)


def _share(borrower: Borrower, rates: Rates) -> Decimal:
    share = rates.value("credit_share", borrower.company_size.value)
    share += number_band(rates, "credit_share", "history_months", borrower.history_months)
    if borrower.has_banking_relationship:
        share += rates.value("credit_share", "banking_relationship")
    return min(rates.value("credit_share", "cap"), share)


def _requirements(borrower: Borrower, rates: Rates) -> tuple[str, ...]:
    wanted = ["everybody"]
    if borrower.company_size is CompanySizeEnum.MEDIUM:
        wanted.append(borrower.company_size.value)
    if borrower.history_months == 0:
        wanted.append("first_time")
    return tuple(item for name in wanted for item in rates.details("credit_requirements", name)["items"])
