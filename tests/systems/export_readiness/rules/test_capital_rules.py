"""Claims about prices, working capital and packing credit, to the paisa."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules import CompanySizeEnum, Rates
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.rules.credit import Borrower, Credit, check_tenure, pre_shipment_credit
from strongroom.systems.export_readiness.rules.prices import PriceRange, parse_price_range, product_cost
from strongroom.systems.export_readiness.rules.working_capital import WorkingCapital, working_capital
from tests.systems.export_readiness.calculating import RATES

AMOUNTS = st.decimals(0, 10**9, places=2)
SIZES = st.sampled_from(CompanySizeEnum)


def capital(product: str = "1000000", certification: str = "50000") -> WorkingCapital:
    return working_capital(
        product_cost=Decimal(product),
        certification_costs=Decimal(certification),
        logistics_costs=Decimal(25000),
        documentation_costs=Decimal(10000),
        rates=RATES,
    )


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("₹500-₹1500", "500", "1500"),
        ("500-1000 INR/kg", "500", "1000"),
        ("Rs. 1,200 \u2013 1,500 per piece", "1200", "1500"),
        ("Rs 500/-", "500", "500"),
        ("100/kg - 200/kg", "100", "200"),
        ("12.50 to 13", "12.50", "13"),
        ("1,00,000", "100000", "100000"),
        ("5-8 lakh", "500000", "800000"),
        ("500 per pound", "500", "500"),
    ],
)
def test_a_price_is_read_as_people_write_it(written: str, low: str, high: str) -> None:
    assert parse_price_range(written) == PriceRange(Decimal(low), Decimal(high))


@pytest.mark.parametrize("written", [None, "", "on request", "-500", "500--900", "1e5", "NaN", "٣", "500-", "9" * 101])
def test_what_is_no_price_is_none(written: str | None) -> None:
    assert parse_price_range(written) is None
    assert product_cost(2, written, RATES).amount == Decimal(2000)
    assert product_cost(2, written, RATES).is_price_assumed


@pytest.mark.parametrize("written", ["1500-500", "0", "0-10", "$5-$10", "5 EUR", "9" * 60])
def test_a_price_that_would_mislead_is_refused(written: str) -> None:
    with pytest.raises(InvalidValue):
        parse_price_range(written)


@given(st.text(max_size=120))
def test_any_text_is_a_price_or_none_or_refused(text: str) -> None:
    try:
        found = parse_price_range(text)
    except InvalidValue:
        return
    assert found is None or 0 < found.low <= found.high


def test_the_product_cost_without_a_volume_is_flat() -> None:
    cost = product_cost(None, "₹500-₹1500", RATES)
    assert (cost.amount, cost.is_volume_assumed) == (Decimal(100_000), True)


@pytest.mark.parametrize("volume", [0, -1, "NaN", "Infinity", "1e13"])
def test_a_volume_that_is_none_is_refused(volume: int | str) -> None:
    with pytest.raises(InvalidValue):
        product_cost(volume, "₹500", RATES)


def test_working_capital_of_the_worked_example() -> None:
    cost = product_cost(1000, "500-1500", RATES)
    found = capital(str(cost.amount))
    assert cost.amount == Decimal(1_000_000)
    assert (found.buffer, found.total) == (Decimal(162_750), Decimal(1_247_750))


@given(AMOUNTS, AMOUNTS)
def test_working_capital_is_the_sum_of_its_parts(product: Decimal, certification: Decimal) -> None:
    found = capital(str(product), str(certification))
    parts = (found.product_cost, found.certification_costs, found.logistics_costs, found.documentation_costs)
    assert found.total == sum(parts) + found.buffer
    assert found.buffer.as_tuple().exponent == -2


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1e30"])
def test_working_capital_of_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(InvalidValue):
        capital(amount)


@pytest.mark.parametrize(
    ("borrower", "rate", "share", "tenure"),
    [
        (Borrower(CompanySizeEnum.MICRO), "7.5", "80", 90),
        (Borrower(CompanySizeEnum.SMALL), "8.0", "75", 90),
        (Borrower(CompanySizeEnum.MEDIUM), "8.5", "70", 90),
        (Borrower(CompanySizeEnum.MICRO, True), "7.0", "85", 90),
        (Borrower(CompanySizeEnum.MICRO, True, 12), "6.5", "90", 120),
        (Borrower(CompanySizeEnum.SMALL, False, 12), "7.5", "80", 120),
        (Borrower(CompanySizeEnum.SMALL, False, 11), "7.75", "75", 105),
        (Borrower(CompanySizeEnum.SMALL, False, 6), "7.75", "75", 105),
        (Borrower(CompanySizeEnum.SMALL, False, 5), "8.0", "75", 90),
    ],
)
def test_terms_of_credit_follow_the_table(borrower: Borrower, rate: str, share: str, tenure: int) -> None:
    found = pre_shipment_credit(Decimal(1_000_000), borrower, RATES)
    assert (found.interest_rate, found.share_percent, found.tenure_days) == (Decimal(rate), Decimal(share), tenure)
    assert found.amount == Decimal(10_000) * Decimal(share)


def test_interest_runs_for_the_days_of_the_tenure() -> None:
    found = pre_shipment_credit(Decimal(1_000_000), Borrower(CompanySizeEnum.MICRO), RATES)
    assert found.interest == Decimal("14794.52")  # 800,000 at 7.5 % for 90 of 365 days
    assert found.repayment == Decimal("814794.52")


@pytest.mark.parametrize(
    ("order", "months", "is_eligible"), [("49999.99", 0, False), ("50000", 0, True), ("1", 1, True)]
)
def test_a_first_order_must_be_large_enough(order: str, months: int, is_eligible: bool) -> None:
    found = pre_shipment_credit(Decimal(order), Borrower(CompanySizeEnum.MICRO, history_months=months), RATES)
    assert found.is_eligible is is_eligible
    assert (found.reason is None) is is_eligible
    assert found.amount > 0


def test_a_bank_asks_more_of_medium_and_of_new_exporters() -> None:
    def asked(size: CompanySizeEnum, months: int) -> int:
        return len(pre_shipment_credit(Decimal(10**6), Borrower(size, history_months=months), RATES).requirements)

    assert [asked(CompanySizeEnum.SMALL, 12), asked(CompanySizeEnum.MEDIUM, 12)] == [5, 6]
    assert [asked(CompanySizeEnum.SMALL, 0), asked(CompanySizeEnum.MEDIUM, 0)] == [7, 8]


@pytest.mark.parametrize(
    ("day", "longest"),
    [
        (date(2025, 11, 13), 360),
        (date(2025, 11, 14), 450),
        (date(2026, 4, 1), 450),
        (date(2026, 6, 30), 450),
        (date(2026, 7, 1), 360),
    ],
)
def test_packing_credit_may_run_as_long_as_the_day_allows(day: date, longest: int) -> None:
    rates = Rates.on(day, CONSTANTS)
    assert check_tenure(longest, rates) == longest
    with pytest.raises(InvalidValue):
        check_tenure(longest + 1, rates)


@given(AMOUNTS, SIZES, st.booleans(), st.integers(0, 600))
def test_credit_stays_within_its_bounds(order: Decimal, size: CompanySizeEnum, known: bool, months: int) -> None:
    found: Credit = pre_shipment_credit(order, Borrower(size, known, months), RATES)
    assert found.amount <= order * Decimal("0.9") + Decimal("0.01")
    assert found.interest_rate >= Decimal("6.5")
    assert 0 < found.tenure_days <= found.tenure_days_max
    assert found.repayment == found.amount + found.interest


@given(st.integers(0, 40), SIZES, st.booleans())
def test_a_longer_history_never_makes_credit_dearer(months: int, size: CompanySizeEnum, known: bool) -> None:
    shorter = pre_shipment_credit(Decimal(10**6), Borrower(size, known, months), RATES)
    longer = pre_shipment_credit(Decimal(10**6), Borrower(size, known, months + 1), RATES)
    assert longer.interest_rate <= shorter.interest_rate
    assert longer.share_percent >= shorter.share_percent
    assert longer.tenure_days >= shorter.tenure_days
