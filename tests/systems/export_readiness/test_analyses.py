"""Claims about what is worked out for a report and stored: whose, with which constants, as of which day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, StrongroomError
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import (
    AnalysisNotFound,
    ReferenceRateMissing,
    ReportNotFound,
    ReportStepRefused,
)
from strongroom.systems.export_readiness.models import (
    CertificationProgress,
    FinanceAnalysis,
    LogisticsAnalysis,
    Report,
    User,
)
from strongroom.systems.export_readiness.rules import Constant, Findings, ReportStatusEnum
from strongroom.systems.export_readiness.rules.evidence import Evidence, HsGuess, RestrictedSubstance
from strongroom.systems.export_readiness.services import finance, logistics, metrics, reference_rates, reports
from strongroom.systems.export_readiness.services.action_plan import get_plan
from strongroom.systems.export_readiness.services.assessment import assess_report
from strongroom.systems.export_readiness.services.finance import FinanceInputs
from strongroom.systems.export_readiness.services.logistics import LogisticsInputs
from tests.systems.export_readiness.building import acting, add_report, add_user, administering

DAY = date(2026, 7, 1)
COSTS = {"certifications": "50000.00", "documentation": "10000.00", "logistics": "25000.00", "total": "85000.00"}
SHIPMENT = LogisticsInputs(volume=Decimal(20))


@pytest.fixture
def asha(any_database: Database) -> User:
    return any_database.write(add_user, company_size="Micro")


@pytest.fixture
def mine(any_database: Database, asha: User) -> Database:
    """The database, with everything done in Asha's name."""
    return acting(any_database, asha)


@pytest.fixture
def theirs(any_database: Database) -> Database:
    """The database, with everything done in another business' name."""
    return acting(any_database, any_database.write(add_user, email="ravi@example.com"))


@pytest.fixture
def report(mine: Database, asha: User) -> Report:
    """The worked example: 1000 units at 500 to 1500 rupees, and costs of 85,000."""
    begun = mine.write(add_report, asha.id, price_range="500-1500", hs_code="0910.30")
    return mine.write(reports.complete_report, begun.id, Findings(data={"costs": COSTS}))


def parts_of(row: FinanceAnalysis | LogisticsAnalysis) -> list[dict[str, Any]]:
    """Every column of the analysis, in order; none of them is empty."""
    parts = [value for name, value in row.to_dict().items() if name not in ("report_id", "created_at", "updated_at")]
    assert all(parts)
    return parts


def texts_of(value: Any) -> Iterator[Any]:
    """Every value within a JSON document."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner)
    else:
        yield value


def test_the_worked_example_is_stored_to_the_paisa(mine: Database, report: Report) -> None:
    mine.write(finance.analyse_finance, report.id, day=DAY)
    found = mine.read(finance.get_finance, report.id)
    capital = found.working_capital_data
    assert {name: Decimal(capital[name]) for name in ("product_cost", "buffer", "total")} == {
        "product_cost": Decimal(1_000_000),
        "buffer": Decimal(162_750),
        "total": Decimal(1_247_750),
    }
    credit, rodtep, refund, flow, ways = parts_of(found)[1:]
    assert (credit["amount"], credit["interest_rate"]) == ("998200.00", "7.5")
    assert (rodtep["fob_value"], rodtep["benefit"], rodtep["hs_code"]) == ("1497300.00", "37432.50", "091030")
    assert refund["amount"] == "269514.00"
    assert [event["cumulative"] for event in flow["events"]][-1] == "719246.50"
    assert flow["gap"] == {"amount": "1085000.00", "start": "2026-07-04", "end": "2026-09-29", "days": 87}
    assert [option["type"] for option in ways["options"]][-1] == "mudra_tarun"
    assert ways["currency_hedging"]["savings_percent"].startswith("2.5")


def test_amounts_in_json_are_decimal_text_with_their_currency(mine: Database, report: Report) -> None:
    money = mine.write(finance.analyse_finance, report.id, day=DAY)
    way = mine.write(logistics.analyse_logistics, report.id, SHIPMENT, day=DAY)
    parts = [*parts_of(money), *parts_of(way)]
    assert len(parts) == 11
    assert not [value for part in parts for value in texts_of(part) if isinstance(value, float)]
    assert all(part["currency"] == "INR" for part in parts[:5])
    assert "currency" in json.dumps(parts[5])


def test_every_part_names_its_constants_and_its_day(mine: Database, report: Report) -> None:
    money = mine.write(finance.analyse_finance, report.id, day=DAY)
    way = mine.write(logistics.analyse_logistics, report.id, SHIPMENT, day=DAY)
    for part in (*parts_of(money), *parts_of(way)):
        assert part["as_of"] == "2026-07-01"
        assert part["rates"]
        assert all(set(row) == {"calculator", "name", "value", "unit", "valid_from"} for row in part["rates"])
    used = [(row["name"], row["value"]) for row in parts_of(money)[2]["rates"] if row["calculator"] == "rodtep"]
    assert used == [("091030", "2.5")]


def test_a_constant_of_the_administrator_counts_from_its_day(
    any_database: Database, mine: Database, report: Report
) -> None:
    raised = Constant("rodtep", "091030", Decimal(3), "percent", "a new schedule", date(2026, 7, 2))
    administering(any_database).write(reference_rates.put_constant, raised)
    days = (DAY, date(2026, 7, 2))
    benefits = [parts_of(mine.write(finance.analyse_finance, report.id, day=day))[2]["benefit"] for day in days]
    assert benefits == ["37432.50", "44919.00"]


def test_what_is_worked_out_again_takes_the_place_of_what_was_stored(mine: Database, report: Report) -> None:
    mine.write(finance.analyse_finance, report.id, day=DAY)
    paid = FinanceInputs(gst_paid=Decimal("5000"), history_months=12)
    mine.write(finance.analyse_finance, f"rpt_{report.id.hex}", paid, day=DAY)
    found = mine.read(finance.get_finance, report.id)
    assert found.gst_refund_data is not None
    assert (found.gst_refund_data["basis"], found.gst_refund_data["amount"]) == ("paid", "5000.00")
    assert mine.read(lambda session: session.scalar(select(func.count()).select_from(FinanceAnalysis))) == 1


def test_a_report_without_a_code_has_no_rodtep_and_keeps_none(mine: Database, asha: User) -> None:
    unknown = mine.write(add_report, asha.id)
    found = mine.write(finance.analyse_finance, unknown.id, day=DAY)
    assert found.rodtep_benefit_data is None
    assert found.cash_flow_timeline is not None
    assert "rodtep_benefit" not in {event["category"] for event in found.cash_flow_timeline["events"]}
    assert found.working_capital_data["is_price_assumed"]
    # without a word of costs in the report they are those of its certifications: ZED, which every manufacturer may get
    assert Decimal(found.working_capital_data["certification_costs"]) == 60_000


def test_logistics_of_a_shipment(mine: Database, report: Report) -> None:
    inputs = LogisticsInputs(
        volume=Decimal(20),
        units=1000,
        product_type="Food supplement",
        description="Organic turmeric powder, natural herbal supplement for health",
        is_first_time=True,
    )
    mine.write(logistics.analyse_logistics, report.id, inputs, day=date(2026, 4, 1))
    found = mine.read(logistics.get_logistics, report.id)
    containers, inspection, routes, freight, insurance = parts_of(found)
    assert (containers["recommendation"], containers["fcl"]["currency"]) == ("FCL", "USD")
    assert (inspection["probability_percent"], inspection["risk_level"]) == ("78.0", "high")
    assert (routes["season"], routes["recommended"]) == ("spring", "via the Cape of Good Hope")
    assert [route["transit_days"] for route in routes["routes"]] == [38, 35]
    assert (freight["recommended"], freight["sea"]["cost"], freight["cost_per_unit"]) == ("sea", "2600.00", "2.60")
    assert (insurance["coverage"], insurance["premium"], insurance["currency"]) == ("1647030.00", "4941.09", "INR")


def test_a_value_in_dollars_counts_only_at_a_rate_that_is_given(mine: Database, report: Report) -> None:
    def probability(inr_per_usd: str | None) -> str:
        rate = None if inr_per_usd is None else Decimal(inr_per_usd)
        inputs = LogisticsInputs(volume=Decimal(1), shipment_value=Decimal(5_000_000), inr_per_usd=rate)
        found = mine.write(logistics.analyse_logistics, report.id, inputs, day=DAY).rms_probability_data
        assert found is not None
        return str(found["probability_percent"])

    known, unknown, cheap = probability("90"), probability(None), probability("100")
    assert Decimal(known) == Decimal(unknown) + 5
    assert cheap == unknown


@pytest.mark.parametrize(
    ("inputs", "refusal"),
    [
        (LogisticsInputs(volume=Decimal(0)), InvalidValue),
        (LogisticsInputs(volume=Decimal(1), inr_per_usd=Decimal("1e-39")), InvalidValue),
        (LogisticsInputs(volume=Decimal(1), insurance_risk="none"), InvalidValue),
        (LogisticsInputs(volume=Decimal(1), is_first_time=True, clean_exports=3), InvalidValue),
    ],
)
def test_a_shipment_that_cannot_be_is_refused_and_nothing_is_stored(
    mine: Database, report: Report, inputs: LogisticsInputs, refusal: type[StrongroomError]
) -> None:
    with pytest.raises(refusal):
        mine.write(logistics.analyse_logistics, report.id, inputs, day=DAY)
    with pytest.raises(AnalysisNotFound):
        mine.read(logistics.get_logistics, report.id)


def test_an_analysis_is_reached_by_its_owner_only(mine: Database, theirs: Database, report: Report) -> None:
    mine.write(finance.analyse_finance, report.id, day=DAY)
    for attempt in (
        lambda session: finance.analyse_finance(session, report.id, day=DAY),
        lambda session: finance.get_finance(session, report.id),
        lambda session: logistics.analyse_logistics(session, report.id, SHIPMENT, day=DAY),
        lambda session: logistics.get_logistics(session, report.id),
        lambda session: assess_report(session, report.id, day=DAY),
    ):
        with pytest.raises(ReportNotFound):
            theirs.write(attempt)


def test_nothing_is_worked_out_for_a_day_before_the_constants(mine: Database, report: Report) -> None:
    with pytest.raises(ReferenceRateMissing):
        mine.write(finance.analyse_finance, report.id, day=date(2019, 1, 1))


def test_a_price_that_runs_downwards_is_refused(mine: Database, asha: User) -> None:
    with pytest.raises(InvalidValue) as refusal:
        mine.write(add_report, asha.id, price_range="1500-500")
    assert refusal.value.facts["field"] == "price_range"


def test_an_assessment_completes_the_report_and_begins_what_follows(mine: Database, asha: User) -> None:
    begun = mine.write(add_report, asha.id)
    evidence = Evidence(
        hs_codes=(HsGuess("0910.30", Decimal(92), "turmeric"),),
        restricted_substances=(RestrictedSubstance("lead chromate"),),
    )
    mine.write(assess_report, begun.id, evidence, day=DAY)
    found = mine.read(reports.get_report, begun.id)
    assert found.status is ReportStatusEnum.COMPLETED
    assert (found.hs_code, found.hs_code_confidence) == ("091030", Decimal(92))
    assert (found.risk_score, found.estimated_cost, found.estimated_timeline_days) == (45, Decimal(117_500), 107)
    assert found.report_data["as_of"] == "2026-07-01"
    assert found.report_data["hs_code"]["code"] == "091030"

    def followed(session: Session) -> set[str]:
        return set(session.scalars(select(CertificationProgress.certification_id)))

    assert mine.read(followed) == {"fda-food-facility", "zed-certification"}
    plan = mine.read(get_plan, begun.id)
    assert [task.row.task_id for task in plan.tasks] == [task["task_id"] for task in found.report_data["action_plan"]]
    assert mine.read(metrics.get_metrics, asha.id).reports_generated == 1
    with pytest.raises(ReportStepRefused):
        mine.write(assess_report, begun.id, evidence, day=DAY)


def test_a_code_that_the_business_has_chosen_wins_over_the_evidence(mine: Database, asha: User) -> None:
    begun = mine.write(add_report, asha.id, hs_code="0910.11")
    found = mine.write(assess_report, begun.id, Evidence(hs_codes=(HsGuess("3004", Decimal(99)),)), day=DAY)
    assert (found.hs_code, found.hs_code_confidence) == ("091011", Decimal(100))
    assert {one["id"] for one in found.report_data["certifications"]} == {"fda-food-facility", "zed-certification"}


def test_a_product_that_nobody_knows_a_code_for_is_assessed_without(mine: Database, asha: User) -> None:
    begun = mine.write(add_report, asha.id, product_name="हल्दी")
    found = mine.write(assess_report, begun.id, day=DAY)
    assert (found.hs_code, found.risk_score) == (None, 35)
