"""Claims about a report's judgement: certifications, costs, time, risk, subsidies; and about constants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.errors import ReferenceRateMissing
from strongroom.systems.export_readiness.rules import BusinessTypeEnum, CertificationTypeEnum, CompanySizeEnum, Rates
from strongroom.systems.export_readiness.rules.assessment import Product, assess
from strongroom.systems.export_readiness.rules.certifications import (
    Certification,
    required_certifications,
    subsidies_for,
)
from strongroom.systems.export_readiness.rules.constants import CONSTANTS
from strongroom.systems.export_readiness.rules.evidence import (
    Evidence,
    HsGuess,
    PastRejection,
    RejectionSourceEnum,
    RestrictedSubstance,
)
from strongroom.systems.export_readiness.rules.noted_rates import noted
from strongroom.systems.export_readiness.rules.reference_rates import CALCULATOR_MAX, NAME_MAX, UNIT_MAX
from strongroom.systems.export_readiness.rules.report_risk import score_risk
from tests.systems.export_readiness.calculating import DAY, RATES, with_constant

#: what a citation shows of a source; the day of the newest rule that is known
CITED_MAX, LATEST = 300, date(2026, 10, 1)

MERCHANT = BusinessTypeEnum.MERCHANT


def ids(destination: str, hs_code: str | None, business_type: BusinessTypeEnum = MERCHANT) -> set[str]:
    found = required_certifications(destination=destination, hs_code=hs_code, business_type=business_type, rates=RATES)
    return {certification.id for certification in found}


def certification(
    identifier: str = "one", *, mandatory: bool = False, priority: str = "low", cost: int = 0, days: int = 1
) -> Certification:
    amount = Decimal(cost)
    return Certification(identifier, identifier, CertificationTypeEnum.OTHER, mandatory, priority, amount, amount, days)


def points(
    confidence: str | None = "100",
    certifications: tuple[Certification, ...] = (),
    substances: int = 0,
    rejections: int = 0,
) -> int:
    return score_risk(
        hs_confidence=None if confidence is None else Decimal(confidence),
        certifications=certifications,
        restricted_substances=substances,
        past_rejections=rejections,
        rates=RATES,
    ).score


@pytest.mark.parametrize(
    ("destination", "code", "expected"),
    [
        *(("United States", f"{chapter:02}01", {"fda-food-facility"}) for chapter in range(1, 25)),
        ("USA", "2501", set()),
        ("US", "3004", {"fda-medical-device"}),
        ("US", "9018", {"fda-medical-device"}),
        ("US", "8471", {"bis-certification"}),
        ("Germany", "8471", {"ce-marking", "bis-certification"}),
        ("France", "8501", {"ce-marking", "bis-certification"}),
        ("European Union", "9503", {"ce-marking"}),
        ("Spain", "2801", {"reach-registration"}),
        ("Italy", "2933", {"reach-registration"}),
        ("Croatia", "3808", {"reach-registration"}),
        ("Germany", "0910", set()),
        ("United Kingdom", "9503", set()),
        ("Switzerland", "9503", set()),
        ("Japan", "8471", {"bis-certification"}),
        ("Atlantis", "0910", set()),
        ("US", None, set()),
    ],
)
def test_certifications_follow_from_destination_and_chapter(
    destination: str, code: str | None, expected: set[str]
) -> None:
    assert ids(destination, code) == expected


def test_certifications_follow_from_the_kind_of_business() -> None:
    assert ids("Japan", "0910", BusinessTypeEnum.MANUFACTURING) == {"zed-certification"}
    assert ids("Japan", None, BusinessTypeEnum.SAAS) == {"softex"}


@pytest.mark.parametrize(
    ("identifier", "cost_min", "cost_max", "days", "is_mandatory", "priority"),
    [
        ("fda-food-facility", 15_000, 30_000, 30, True, "high"),
        ("fda-medical-device", 50_000, 200_000, 90, True, "high"),
        ("ce-marking", 50_000, 150_000, 60, True, "high"),
        ("reach-registration", 100_000, 500_000, 120, True, "high"),
        ("bis-certification", 30_000, 80_000, 45, False, "medium"),
        ("softex", 5_000, 10_000, 7, True, "medium"),
        ("zed-certification", 20_000, 100_000, 90, False, "medium"),
    ],
)
def test_a_certification_costs_and_lasts_what_the_table_says(
    identifier: str, cost_min: int, cost_max: int, days: int, is_mandatory: bool, priority: str
) -> None:
    found = {
        one.id: one
        for destination, code in (("US", "0101"), ("US", "3004"), ("DE", "8471"), ("DE", "2801"))
        for business_type in BusinessTypeEnum
        for one in required_certifications(
            destination=destination, hs_code=code, business_type=business_type, rates=RATES
        )
    }
    one = found[identifier]
    assert len(found) == 7
    assert (one.cost_min, one.cost_max, one.days) == (Decimal(cost_min), Decimal(cost_max), days)
    assert (one.is_mandatory, one.priority) == (is_mandatory, priority)


@pytest.mark.parametrize(
    ("size", "amount"),
    [(CompanySizeEnum.MICRO, 48_000), (CompanySizeEnum.SMALL, 36_000), (CompanySizeEnum.MEDIUM, 30_000)],
)
def test_zed_is_subsidised_by_the_size_of_the_business(size: CompanySizeEnum, amount: int) -> None:
    def paid(rates: Rates) -> list[Decimal]:
        needed = required_certifications(
            destination="Japan", hs_code="0910", business_type=BusinessTypeEnum.MANUFACTURING, rates=rates
        )
        return [subsidy.amount for subsidy in subsidies_for(needed, size, rates)]

    assert paid(RATES) == [Decimal(amount)]
    assert paid(Rates.on(date(2022, 4, 27), CONSTANTS)) == []
    assert "approved until 31 March 2026" in RATES.get("subsidy zed-certification", size.value).source


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 9, 30), "SOFTEX declaration"), (date(2026, 10, 1), "Export declaration (EDF), formerly SOFTEX")],
)
def test_software_is_declared_by_the_form_of_the_day(day: date, name: str) -> None:
    rates = Rates.on(day, CONSTANTS)
    (found,) = required_certifications(
        destination="Japan", hs_code=None, business_type=BusinessTypeEnum.SAAS, rates=rates
    )
    assert (found.id, found.name, found.cost, found.days) == ("softex", name, Decimal(7500), 7)


@pytest.mark.parametrize(
    ("confidence", "added"),
    [(None, 25), ("0", 25), ("49.99", 25), ("50", 15), ("69.99", 15), ("70", 5), ("84.99", 5), ("85", 0), ("100", 0)],
)
def test_an_uncertain_code_adds_risk(confidence: str | None, added: int) -> None:
    assert points(confidence) == 10 + added


@pytest.mark.parametrize(("count", "added"), [(0, 0), (1, 5), (2, 12), (3, 12), (4, 20), (9, 20)])
def test_mandatory_certifications_add_risk(count: int, added: int) -> None:
    assert points(certifications=tuple(certification(str(n), mandatory=True) for n in range(count))) == 10 + added


@pytest.mark.parametrize(("count", "substances", "rejections"), [(0, 0, 0), (1, 20, 15), (2, 20, 15), (3, 30, 25)])
def test_substances_and_rejections_add_risk(count: int, substances: int, rejections: int) -> None:
    assert points(substances=count) == 10 + substances
    assert points(rejections=count) == 10 + rejections


def test_urgent_expensive_and_slow_certifications_add_risk() -> None:
    assert points(certifications=(certification(priority="high"),)) == 20
    assert points(certifications=(certification(cost=200_000),)) == 10
    assert points(certifications=(certification(cost=200_001),)) == 20
    assert points(certifications=(certification(days=90),)) == 10
    assert points(certifications=(certification(days=91),)) == 18


def test_the_score_ends_at_a_hundred() -> None:
    worst = tuple(certification(str(n), mandatory=True, priority="high", cost=90_000, days=120) for n in range(4))
    assert points("0", worst, 3, 3) == 100


@pytest.mark.parametrize(("confidence", "substances"), [("NaN", 0), ("50", -1)])
def test_what_cannot_be_scored_is_refused(confidence: str, substances: int) -> None:
    with pytest.raises(InvalidValue):
        points(confidence, substances=substances)


@given(st.decimals(0, 100, places=2), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_more_trouble_never_lowers_the_score(
    confidence: Decimal, mandatory: int, substances: int, rejections: int
) -> None:
    def score(extra: int) -> int:
        needed = tuple(certification(str(n), mandatory=True) for n in range(mandatory + extra))
        return points(str(max(Decimal(0), confidence - extra)), needed, substances + extra, rejections + extra)

    assert 10 <= score(0) <= score(1) <= 100


def test_an_assessment_says_everything_a_report_says() -> None:
    evidence = Evidence(
        hs_codes=(
            HsGuess("0910.99", Decimal(20), "other spices"),
            HsGuess("0910.30", Decimal(65), "turmeric"),
            HsGuess("0910.11", Decimal(30), "ginger"),
        ),
        restricted_substances=(RestrictedSubstance("lead chromate"),),
        past_rejections=(PastRejection(RejectionSourceEnum.FDA, "turmeric", rejected_on=date(2025, 1, 2)),),
    )
    product = Product("United States", BusinessTypeEnum.MANUFACTURING, CompanySizeEnum.MICRO)
    found = assess(product, evidence, RATES)
    data = found.data
    assert set(data) == {
        "hs_code", "certifications", "restricted_substances", "past_rejections", "compliance_roadmap", "risks",
        "risk_score", "timeline", "costs", "subsidies", "action_plan", "retrieved_sources", "as_of", "rates",
    }  # fmt: skip
    assert (found.hs_code, found.hs_code_confidence) == ("091030", Decimal(65))
    assert [guess["code"] for guess in data["hs_code"]["alternatives"]] == ["091011", "091099"]
    # a code in doubt 15, one mandatory certification 5, of high priority 10, a substance 20, a rejection 15, base 10
    assert found.risk_score == data["risk_score"] == 75
    assert data["costs"] == {
        "certifications": "82500.00", "documentation": "10000.00", "logistics": "25000.00", "total": "117500.00",
        "currency": "INR",
    }  # fmt: skip
    assert found.estimated_cost == Decimal(117_500)
    assert found.estimated_timeline_days == 107
    assert data["timeline"]["estimated_days"] == sum(phase["days"] for phase in data["timeline"]["breakdown"])
    assert [(subsidy["certification_id"], subsidy["amount"]) for subsidy in data["subsidies"]] == [
        ("zed-certification", "48000.00")
    ]
    assert {risk["severity"] for risk in data["risks"]} == {"high", "medium", "low"}
    assert data["past_rejections"][0]["rejected_on"] == "2025-01-02"
    assert max(step["last_day"] for step in data["compliance_roadmap"]) == 107
    assert {task["day"] for task in data["action_plan"]} == set(range(1, 8))
    assert data["as_of"] == DAY.isoformat()


def test_alternatives_are_told_only_in_doubt() -> None:
    guesses = (HsGuess("091030", Decimal(70)), HsGuess("091011", Decimal(60)))
    product = Product("Japan", MERCHANT, CompanySizeEnum.SMALL)
    assert assess(product, Evidence(hs_codes=guesses), RATES).data["hs_code"]["alternatives"] == []
    unknown = assess(product, Evidence(), RATES)
    assert (unknown.hs_code, unknown.data["hs_code"], unknown.risk_score) == (None, None, 35)


def test_every_constant_has_a_source_and_fits_its_column() -> None:
    names = [(constant.calculator, constant.name, constant.valid_from) for constant in CONSTANTS]
    assert len(names) == len(set(names))
    for constant in CONSTANTS:
        assert 0 < len(constant.source.strip()) <= CITED_MAX
        assert (constant.value is None) is bool(constant.details)
        assert len(constant.calculator) <= CALCULATOR_MAX
        assert len(constant.name) <= NAME_MAX
        assert len(constant.unit) <= UNIT_MAX
        assert constant.value is None or constant.value == constant.value.quantize(Decimal("1e-6"))
        assert constant.valid_from <= LATEST


def test_a_constant_that_is_changed_changes_the_result() -> None:
    needed = (certification(),)
    before = score_risk(
        hs_confidence=Decimal(100), certifications=needed, restricted_substances=0, past_rejections=0, rates=RATES
    )
    after = score_risk(
        hs_confidence=Decimal(100),
        certifications=needed,
        restricted_substances=0,
        past_rejections=0,
        rates=with_constant("report_risk", "base", "33"),
    )
    assert (before.score, after.score) == (10, 33)


def test_nothing_is_reckoned_before_its_constants_begin() -> None:
    with pytest.raises(ReferenceRateMissing):
        assess(Product("Japan", MERCHANT, CompanySizeEnum.SMALL), Evidence(), Rates.on(date(2020, 12, 31), CONSTANTS))


def test_a_result_names_the_constants_it_used_and_no_other() -> None:
    value, origin = noted(RATES, lambda used: used.value("insurance", "low") + used.value("insurance", "coverage"))
    assert value == Decimal("110.3")
    assert origin["as_of"] == DAY.isoformat()
    assert [(row["calculator"], row["name"], row["value"], row["valid_from"]) for row in origin["rates"]] == [
        ("insurance", "coverage", "110", "2020-01-01"),
        ("insurance", "low", "0.3", "2021-01-01"),
    ]
