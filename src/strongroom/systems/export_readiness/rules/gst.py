"""Refund of goods and services tax on an export: how much, when, what for, and until when it can be claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules.amounts import (
    RUPEE,
    amount_of,
    money_of,
    percent_of,
    ratio,
    rounded,
    times,
)
from strongroom.systems.export_readiness.rules.days import check_day
from strongroom.systems.export_readiness.rules.reference_rates import Rates

_YEAR_STARTS_IN = 4  # April


@dataclass(frozen=True, slots=True)
class InputTaxCredit:
    """What rule 89(4) asks for, of the same months, INR: credit * zero-rated / adjusted total turnover is refunded."""

    net_credit: Decimal
    zero_rated_turnover: Decimal
    adjusted_total_turnover: Decimal


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing the law fixes. days: after what `description` says; amount: INR."""

    name: str
    days: int | None
    due: date | None
    amount: Decimal | None
    description: str


@dataclass(frozen=True, slots=True)
class GstRefund:
    """amount: INR. basis: paid, estimated (an over-estimate) or rule_89_4. claim_until: the last day to claim it."""

    amount: Decimal
    basis: str
    rate_percent: Decimal | None
    timeline_days: int
    interest_percent: Decimal
    lut_financial_year: str
    lut_valid_until: date
    claim_until: date
    requirements: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    currency: str = RUPEE


def gst_refund(
    export_value: Decimal,
    rates: Rates,
    *,
    exported_on: date,
    gst_paid: Decimal | None = None,
    input_tax: InputTaxCredit | None = None,
) -> GstRefund:
    """The tax paid, or the refund by rule 89(4), or while neither is known the usual rate on the value.

    exported_on: the relevant date; from it the years of the claim run. Raises InvalidValue.
    """
    value = money_of(export_value, "export_value")
    check_day(exported_on, "exported_on")
    rate = None
    if gst_paid is not None:
        basis, amount = "paid", money_of(gst_paid, "gst_paid")
    elif input_tax is not None:
        basis, amount = "rule_89_4", _by_rule(input_tax)
    else:
        rate = rates.value("gst", "rate")
        basis, amount = "estimated", percent_of(value, rate)
    year = financial_year(exported_on)
    return GstRefund(
        amount=amount,
        basis=basis,
        rate_percent=rate,
        timeline_days=_timeline(rates),
        interest_percent=rates.value("gst", "interest"),
        lut_financial_year=f"{year}-{(year + 1) % 100:02}",
        lut_valid_until=date(year + 1, _YEAR_STARTS_IN, 1) - timedelta(days=1),
        claim_until=claim_until(exported_on, rates),
        requirements=tuple(rates.details("gst", "requirements")["items"]),
        milestones=_milestones(amount, exported_on, rates),
    )


def late_interest(amount: Decimal, days_late: int, rates: Rates) -> Decimal:
    """What the state owes for a refund that comes after the final order was due; INR. Raises InvalidValue."""
    owed = times(amount_of(amount, "amount"), rates.value("gst", "interest"), Decimal(max(0, days_late)))
    return rounded(ratio(owed, times(Decimal(100), rates.value("gst", "year"))))


def claim_until(exported_on: date, rates: Rates) -> date:
    """The last day on which the refund can be claimed."""
    year = exported_on.year + int(rates.value("gst", "claim_within"))
    is_leap_day = (exported_on.month, exported_on.day) == (2, 29)
    return exported_on.replace(year=year, day=28) if is_leap_day else exported_on.replace(year=year)


def financial_year(day: date) -> int:
    """The year in whose April it begins."""
    return day.year if day.month >= _YEAR_STARTS_IN else day.year - 1


def _by_rule(input_tax: InputTaxCredit) -> Decimal:
    credit = amount_of(input_tax.net_credit, "net_credit")
    zero_rated = amount_of(input_tax.zero_rated_turnover, "zero_rated_turnover")
    total = amount_of(input_tax.adjusted_total_turnover, "adjusted_total_turnover", is_positive=True)
    if zero_rated > total:
        raise InvalidValue(field="zero_rated_turnover", reason="must not exceed adjusted_total_turnover")
    return rounded(ratio(times(credit, zero_rated), total))


def _timeline(rates: Rates) -> int:
    days = rates.value("gst", "timeline")
    least, most = rates.value("gst", "timeline_min"), rates.value("gst", "timeline_max")
    if not least <= days <= most:
        raise InvalidValue(field="timeline_days", reason=f"must be {least:f} to {most:f}")
    return int(days)


def _milestones(amount: Decimal, exported_on: date, rates: Rates) -> tuple[Milestone, ...]:
    share = rates.value("gst", "provisional_share")
    interest = rates.value("gst", "interest")
    return (
        Milestone(
            "provisional_refund",
            int(rates.value("gst", "provisional")),
            None,
            percent_of(amount, share),
            f"{share:f} % of the claim, days after its acknowledgement, where no risk is seen in it",
        ),
        Milestone(
            "final_order",
            int(rates.value("gst", "final_order")),
            None,
            amount,
            f"Days after the complete claim; later, {interest:f} % interest a year is due",
        ),
        Milestone("claim", None, claim_until(exported_on, rates), amount, "Last day to claim"),
    )
