"""Claims about RoDTEP, refunds, cash flow and financing, to the paisa."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.rules import CompanySizeEnum, Rates
from strongroom.systems.export_readiness.rules.cash_flow import CashFlowTypeEnum, cash_flow, fob_value, liquidity_gap
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.rules.credit import Borrower
from strongroom.systems.export_readiness.rules.financing import financing, hedging
from strongroom.systems.export_readiness.rules.gst import InputTaxCredit, gst_refund, late_interest
from strongroom.systems.export_readiness.rules.rodtep import rodtep_benefit
from strongroom.systems.export_readiness.rules.working_capital import WorkingCapital, working_capital
from tests.systems.export_readiness.calculating import DAY, RATES, with_constant

AMOUNTS = st.decimals(0, 10**9, places=2)


def capital(product: str = "1000000", certification: str = "50000") -> WorkingCapital:
    return working_capital(
        product_cost=Decimal(product),
        certification_costs=Decimal(certification),
        logistics_costs=Decimal(25000),
        documentation_costs=Decimal(10000),
        rates=RATES,
    )


SCHEDULE = {
    "091030": "2.5", "091020": "2.3", "091091": "2.4", "0910": "2.3", "6109": "4.3", "6110": "4.1", "6203": "4.2",
    "6204": "4.2", "61": "4.0", "62": "3.9", "9405": "3.8", "8541": "3.5", "8539": "3.6", "94": "3.5", "3304": "2.1",
    "3305": "2.0", "3307": "1.9", "33": "2.0", "4202": "3.2", "6403": "3.4", "42": "3.1", "9503": "2.8", "95": "2.7",
    "2933": "1.8", "3004": "1.7", "29": "1.6", "8481": "3.0", "7326": "2.9", "84": "2.8",
}  # fmt: skip


@pytest.mark.parametrize(("prefix", "rate"), SCHEDULE.items())
def test_every_heading_of_the_schedule_has_its_rate(prefix: str, rate: str) -> None:
    found = rodtep_benefit(Decimal(100), prefix.ljust(8, "9"), RATES)
    assert (found.matched_prefix, found.rate_percent) == (prefix, Decimal(rate))


def test_the_schedule_has_no_other_heading() -> None:
    assert set(RATES.names("rodtep")) == {*SCHEDULE, "default"}


def test_rodtep_of_the_worked_example() -> None:
    found = rodtep_benefit(Decimal(1_497_300), "0910.30", RATES)
    assert (found.benefit, found.rate_percent) == (Decimal("37432.50"), Decimal("2.5"))


@pytest.mark.parametrize(
    ("code", "rate", "prefix"),
    [("0910.99.10", "2.3", "0910"), ("6105 10", "4.0", "61"), ("0101", "1.5", None), ("99999999", "1.5", None)],
)
def test_the_longest_beginning_of_a_code_counts(code: str, rate: str, prefix: str | None) -> None:
    found = rodtep_benefit(Decimal(1000), code, RATES)
    assert (found.rate_percent, found.matched_prefix) == (Decimal(rate), prefix)


def test_a_cap_for_each_unit_limits_the_benefit() -> None:
    capped = rodtep_benefit(Decimal(1000), "6109.10", RATES, cap_per_unit=Decimal("1.5"), quantity=Decimal(10))
    assert (capped.benefit, capped.is_capped) == (Decimal("15.00"), True)
    free = rodtep_benefit(Decimal(1000), "6109.10", RATES, cap_per_unit=Decimal(50), quantity=Decimal(10))
    assert (free.benefit, free.is_capped) == (Decimal("43.00"), False)


def test_services_get_no_rodtep_and_garments_are_told_of_roscl() -> None:
    assert rodtep_benefit(Decimal(1000), "8471", RATES, is_service=True).benefit == 0
    assert any("RoSCTL" in note for note in rodtep_benefit(Decimal(1000), "6109", RATES).notes)
    assert not any("RoSCTL" in note for note in rodtep_benefit(Decimal(1000), "0910", RATES).notes)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 2, 22), None),
        (date(2026, 2, 23), "half of the notified rate"),
        (date(2026, 4, 1), "until 30 September 2026"),
        (date(2026, 10, 1), "ask whether it was prolonged"),
    ],
)
def test_what_became_of_rodtep_is_told_and_changes_no_illustrative_rate(day: date, told: str | None) -> None:
    found = rodtep_benefit(Decimal(1000), "8481", Rates.on(day, CONSTANTS))
    assert found.rate_percent == Decimal("3.0")
    assert len(found.notes) == (2 if told is None else 3)
    assert told is None or told in found.notes[-1]


@pytest.mark.parametrize(("fob", "code"), [("0", "0910"), ("-1", "0910"), ("NaN", "0910"), ("1", " "), ("1", "spice")])
def test_rodtep_needs_a_value_and_a_code(fob: str, code: str) -> None:
    with pytest.raises(InvalidValue):
        rodtep_benefit(Decimal(fob), code, RATES)


@given(st.decimals("0.01", 10**9, places=2), st.from_regex(r"[0-9]{4,10}", fullmatch=True))
def test_rodtep_is_a_small_share_that_grows_with_the_value(fob: Decimal, code: str) -> None:
    found = rodtep_benefit(fob, code, RATES)
    assert 0 <= found.benefit <= fob
    assert rodtep_benefit(fob + 1, code, RATES).benefit >= found.benefit


def test_gst_of_the_worked_example() -> None:
    found = gst_refund(Decimal(1_497_300), RATES, exported_on=DAY)
    assert (found.amount, found.basis, found.timeline_days) == (Decimal(269_514), "estimated", 45)
    assert len(found.requirements) == 5


def test_gst_that_was_paid_is_not_estimated() -> None:
    found = gst_refund(Decimal(1_000_000), RATES, exported_on=DAY, gst_paid=Decimal("50000.005"))
    assert (found.amount, found.basis, found.rate_percent) == (Decimal("50000.01"), "paid", None)


def test_gst_by_rule_89_4_is_the_share_of_zero_rated_turnover() -> None:
    tax = InputTaxCredit(Decimal(90_000), Decimal(400_000), Decimal(1_200_000))
    assert gst_refund(Decimal(1), RATES, exported_on=DAY, input_tax=tax).amount == Decimal(30_000)
    with pytest.raises(InvalidValue):
        gst_refund(Decimal(1), RATES, exported_on=DAY, input_tax=InputTaxCredit(Decimal(1), Decimal(2), Decimal(1)))
    with pytest.raises(InvalidValue):
        gst_refund(Decimal(1), RATES, exported_on=DAY, input_tax=InputTaxCredit(Decimal(1), Decimal(0), Decimal(0)))


def test_milestones_are_those_of_the_law() -> None:
    found = gst_refund(Decimal(1_000_000), RATES, exported_on=date(2026, 3, 31))
    provisional, final, claim = found.milestones
    assert (provisional.days, provisional.amount) == (7, Decimal(162_000))
    assert (final.days, final.amount) == (60, Decimal(180_000))
    assert claim.due == found.claim_until == date(2028, 3, 31)
    assert (found.lut_financial_year, found.lut_valid_until) == ("2025-26", date(2026, 3, 31))
    assert gst_refund(Decimal(1), RATES, exported_on=date(2026, 4, 1)).lut_financial_year == "2026-27"
    assert gst_refund(Decimal(1), RATES, exported_on=date(2024, 2, 29)).claim_until == date(2026, 2, 28)
    assert late_interest(Decimal(180_000), 73, RATES) == Decimal(2160)
    assert late_interest(Decimal(180_000), -5, RATES) == 0


def test_a_timeline_out_of_its_bounds_is_refused() -> None:
    with pytest.raises(InvalidValue):
        gst_refund(Decimal(1), with_constant("gst", "timeline", "61"), exported_on=DAY)


@pytest.mark.parametrize("day", [date.max, date.min])
def test_a_day_at_the_end_of_time_is_refused(day: date) -> None:
    with pytest.raises(InvalidValue):
        gst_refund(Decimal(1), RATES, exported_on=day)
    with pytest.raises(InvalidValue):
        cash_flow(capital(), RATES, day=day, rodtep_benefit=Decimal(0), gst_refund=Decimal(0))


def test_cash_flow_of_the_worked_example() -> None:
    fob = fob_value(capital(), RATES)
    flow = cash_flow(
        capital(),
        RATES,
        day=DAY,
        rodtep_benefit=rodtep_benefit(fob, "091030", RATES).benefit,
        gst_refund=gst_refund(fob, RATES, exported_on=DAY).amount,
    )
    assert fob == Decimal(1_497_300)
    assert [(event.date - DAY).days for event in flow.events] == [3, 7, 21, 35, 50, 90, 105, 120]
    assert [event.cumulative for event in flow.events] == [
        Decimal(amount)
        for amount in ("-10000", "-25000", "-60000", "-1060000", "-1085000", "412300", "449732.50", "719246.50")
    ]
    assert all((event.amount > 0) is (event.type is CashFlowTypeEnum.INCOME) for event in flow.events)
    assert flow.gap is not None
    assert (flow.gap.amount, flow.gap.days) == (Decimal(1_085_000), 87)
    assert (flow.gap.start, flow.gap.end) == (DAY + timedelta(days=3), DAY + timedelta(days=90))


def test_without_certification_costs_both_their_events_are_left_out() -> None:
    flow = cash_flow(capital(certification="0"), RATES, day=DAY, rodtep_benefit=Decimal(0), gst_refund=Decimal(0))
    assert [event.category for event in flow.events] == [
        "documentation",
        "production",
        "logistics",
        "customer_payment",
    ]


def test_a_gap_that_is_never_closed_has_no_end_and_none_is_none() -> None:
    assert liquidity_gap([(DAY, Decimal(5)), (DAY, Decimal(-5))]) is None
    assert liquidity_gap([]) is None
    open_gap = liquidity_gap([(DAY, Decimal(-5)), (DAY + timedelta(days=1), Decimal(2))])
    assert open_gap is not None
    assert (open_gap.amount, open_gap.start, open_gap.end, open_gap.days) == (Decimal(5), DAY, None, None)


@given(st.lists(st.tuples(st.integers(0, 60), st.decimals(-1000, 1000, places=2)), max_size=12))
def test_a_gap_is_as_deep_as_the_balance_ever_is(moves: list[tuple[int, Decimal]]) -> None:
    gap = liquidity_gap((DAY + timedelta(days=offset), amount) for offset, amount in moves)
    balances = [
        (day, sum((amount for offset, amount in moves if offset <= day), Decimal(0)))
        for day in sorted({offset for offset, _ in moves})
    ]
    below = [day for day, balance in balances if balance < 0]
    assert (gap is None) is (not below)
    if gap is not None:
        assert gap.amount == -min(balance for _, balance in balances)
        assert gap.start == DAY + timedelta(days=below[0])
        assert (gap.end is None) is (balances[-1][0] == below[-1])
        assert gap.end is None or gap.end > DAY + timedelta(days=below[-1])


@given(AMOUNTS, AMOUNTS)
def test_the_parts_of_a_certification_add_up_to_its_cost(product: Decimal, certification: Decimal) -> None:
    flow = cash_flow(
        capital(str(product), str(certification)), RATES, day=DAY, rodtep_benefit=Decimal(0), gst_refund=Decimal(0)
    )
    assert -sum(event.amount for event in flow.events if event.category == "certification") == certification


def test_ways_to_bridge_a_gap_follow_the_size_of_the_business() -> None:
    gap, value = Decimal(2_000_000), Decimal(2_400_000)
    found = {size: financing(gap, value, Borrower(size), RATES) for size in CompanySizeEnum}
    micro = {option.type: option for option in found[CompanySizeEnum.MICRO].options}
    assert {name: option.amount for name, option in micro.items()} == {
        "pre_shipment_credit": Decimal(1_600_000),
        "ecgc": Decimal(1_800_000),
        "working_capital_loan": Decimal(2_000_000),
        "invoice_discounting": Decimal(1_600_000),
        "mudra_tarun": Decimal(1_000_000),
    }
    assert {name: option.interest_rate for name, option in micro.items()} == {
        "pre_shipment_credit": Decimal("7.5"),
        "ecgc": Decimal(0),
        "working_capital_loan": Decimal("9.5"),
        "invoice_discounting": Decimal("10.5"),
        "mudra_tarun": Decimal(8),
    }
    assert micro["ecgc"].tenure_days_max == 180
    assert (micro["invoice_discounting"].tenure_days_min, micro["invoice_discounting"].tenure_days_max) == (30, 90)
    assert [option.type for option in found[CompanySizeEnum.MEDIUM].options] == [
        "pre_shipment_credit",
        "working_capital_loan",
        "invoice_discounting",
    ]
    banks = {size: [bank.short_name for bank in way.bank_referrals] for size, way in found.items()}
    assert banks[CompanySizeEnum.SMALL] == ["SBI", "HDFC", "ICICI", "SIDBI"]
    assert banks[CompanySizeEnum.MEDIUM] == ["SBI", "HDFC", "ICICI"]


def test_without_a_gap_there_is_nothing_to_bridge() -> None:
    assert financing(None, Decimal(1), Borrower(CompanySizeEnum.MICRO), RATES).options == ()


def test_a_small_gap_of_a_new_exporter_gets_no_packing_credit() -> None:
    options = financing(Decimal(49_999), Decimal(1), Borrower(CompanySizeEnum.SMALL), RATES).options
    assert "pre_shipment_credit" not in {option.type for option in options}


@pytest.mark.parametrize(
    ("value", "percent"),
    [("1000000", "0"), ("1000000.01", "2.5"), ("5000000", "2.5"), ("5000000.01", "3")],
)
def test_hedging_pays_above_a_million(value: str, percent: str) -> None:
    found = hedging(Decimal(value), RATES)
    assert (found.savings_percent, found.is_recommended) == (Decimal(percent), percent != "0")
