"""Ways to bridge a gap in cash, whom to ask for them, and whether to secure the exchange rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from strongroom.systems.export_readiness.rules.amounts import RUPEE, ZERO, money_of, percent_of
from strongroom.systems.export_readiness.rules.bands import number_band
from strongroom.systems.export_readiness.rules.credit import Borrower, pre_shipment_credit
from strongroom.systems.export_readiness.rules.enums import CompanySizeEnum
from strongroom.systems.export_readiness.rules.reference_rates import Rates

_SMALL = (CompanySizeEnum.MICRO, CompanySizeEnum.SMALL)


@dataclass(frozen=True, slots=True)
class FinancingOption:
    """amount: INR. interest_rate: percent a year. tenure_days_…: how long it may run, both included."""

    type: str
    name: str
    amount: Decimal
    interest_rate: Decimal
    tenure_days_min: int
    tenure_days_max: int
    currency: str = RUPEE


@dataclass(frozen=True, slots=True)
class BankReferral:
    """A bank that finances exports."""

    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Hedging:
    """savings_percent: of the export value, an estimate; savings: the same in INR. 0 when it is not recommended."""

    is_recommended: bool
    export_value: Decimal
    savings_percent: Decimal
    savings: Decimal
    advice: str
    currency: str = RUPEE


@dataclass(frozen=True, slots=True)
class Financing:
    """options: none when there is no gap."""

    options: tuple[FinancingOption, ...]
    bank_referrals: tuple[BankReferral, ...]
    currency_hedging: Hedging


def financing(gap: Decimal | None, export_value: Decimal, borrower: Borrower, rates: Rates) -> Financing:
    """For a gap in INR, None for no gap, and an export of this value. Raises InvalidValue."""
    size = borrower.company_size
    banks = rates.details("bank_referrals", "banks")["items"]
    return Financing(
        options=financing_options(gap, borrower, rates) if gap else (),
        bank_referrals=tuple(
            BankReferral(bank["name"], bank["short_name"])
            for bank in banks
            if size.value in bank.get("company_sizes", [size.value])
        ),
        currency_hedging=hedging(export_value, rates),
    )


def financing_options(gap: Decimal, borrower: Borrower, rates: Rates) -> tuple[FinancingOption, ...]:
    """What the business can get for the gap, INR. Raises InvalidValue."""
    needed = money_of(gap, "gap", is_positive=True)
    size = borrower.company_size
    options = []
    credit = pre_shipment_credit(needed, borrower, rates)
    if credit.is_eligible:
        terms = (credit.amount, credit.interest_rate, credit.tenure_days, credit.tenure_days)
        options.append(FinancingOption("pre_shipment_credit", "Pre-shipment (packing) credit", *terms))
    if size in _SMALL:
        options.append(_option("ecgc", "ECGC export credit guarantee", needed, rates))
    options.append(_option("working_capital_loan", "Working capital loan", needed, rates))
    options.append(_option("invoice_discounting", "Invoice discounting", needed, rates))
    if size is CompanySizeEnum.MICRO:
        largest = rates.value("mudra_tarun", "max")
        options.append(_option("mudra_tarun", "MUDRA loan, Tarun", min(needed, largest), rates))
    return tuple(options)


def hedging(export_value: Decimal, rates: Rates) -> Hedging:
    """Whether to secure the exchange rate of an export of this value, INR. Raises InvalidValue."""
    value = money_of(export_value, "export_value")
    percent = number_band(rates, "hedging", "savings", value)
    if percent:
        advice = "Secure the rate with a forward contract or an option for the day of payment"
        return Hedging(True, value, percent, percent_of(value, percent), advice)
    return Hedging(False, value, ZERO, ZERO, "Watch the exchange rate; a contract would cost more than it saves")


def _option(kind: str, name: str, needed: Decimal, rates: Rates) -> FinancingOption:
    return FinancingOption(
        kind,
        name,
        percent_of(needed, rates.value(kind, "share")),
        rates.value(kind, "rate"),
        int(rates.value(kind, "tenure_min")),
        int(rates.value(kind, "tenure_max")),
    )
