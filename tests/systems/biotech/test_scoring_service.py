"""Claims about scores that are computed from what is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.errors import CompanyNotFound, ScoreExists, ScoringModelNotFound
from strongroom.systems.biotech.models import Alert, AlertTrigger, Company, DrugCandidate, MAScore, ScoringModel, Signal
from strongroom.systems.biotech.repositories.scoring_inputs import known_about
from strongroom.systems.biotech.rules.enums import Component
from strongroom.systems.biotech.rules.facts import Facts
from strongroom.systems.biotech.rules.scoring import Weighting, weighted_total
from strongroom.systems.biotech.services.scoring import record_score, score_companies, score_company, weighting_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL_ON_FINANCE = {part.value: "1" if part is Component.FINANCIAL else "0" for part in Component}


def add_company(session: Session, /, ticker: str = "ABCD", **values: Any) -> UUID:
    """With eight quarters of cash, two drugs and two signals."""
    figures = {
        "market_cap_usd": Decimal(10**9),
        "cash_position_usd": Decimal(400 * 10**6),
        "quarterly_burn_rate_usd": Decimal(50 * 10**6),
        "therapeutic_areas": ["oncology"],
    }
    company = Company(ticker=ticker, name="Company", **{**figures, **values})
    session.add(company)
    session.flush()
    drug = {"company_id": company.id, "indication": "melanoma", "mechanism": "PD-1", "therapeutic_area": "oncology"}
    news = {"company_id": company.id, "title": "News", "confidence": 1}
    session.add_all(
        [
            DrugCandidate(name="A-1", phase="phase_3", patent_expiry=NOW.date() + timedelta(days=3653), **drug),
            DrugCandidate(name="A-2", phase="phase_1", orphan_designation=True, **drug),
            Signal(signal_type="trial_success", event_date=NOW - timedelta(days=3), severity="critical", **news),
            Signal(
                signal_type="insider_transaction",
                event_date=NOW - timedelta(days=30),
                severity="high",
                signal_data={
                    "transaction_type": "purchase",
                    "insider_role": "ceo",
                    "shares": 10_000,
                    "price_per_share": "100",
                },
                **news,
            ),
        ]
    )
    session.flush()
    return company.id


def test_a_score_follows_from_what_is_stored(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    score = any_database.write(score_company, company_id, as_of=NOW)
    # best asset 0.85, the other 0.40; half of the pressure 1.5 / 3 closes the gap to 100
    assert score.pipeline_score == pytest.approx(65.5 + 0.25 * 34.5, abs=0.01)
    assert score.patent_score == pytest.approx(70 * 10 / 15, abs=0.01)
    assert score.financial_score == pytest.approx(70 * 4 / 10 + 30 * 0.4, abs=0.01)
    assert score.insider_score == pytest.approx(100 * 0.75 * 0.75 * 0.5 / 3, abs=0.01)
    assert score.strategic_fit_score == 70
    assert score.regulatory_score == 0
    assert score.confidence == 0.9
    assert score.key_drivers[0] == f"pipeline {score.pipeline_score:.2f} x 0.30 = {0.3 * score.pipeline_score:.2f}"
    assert score.risk_factors == ["insider only 9.38", "no data for regulatory"]
    assert (score.score_version, score.score_date) == ("1.0", NOW)


def test_the_inputs_beside_a_score_give_the_score_again(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    stored = any_database.write(score_company, company_id, as_of=NOW)
    score = any_database.read(lambda session: session.get_one(MAScore, stored.id))
    inputs = score.extra["inputs"]
    components = Facts.from_document(inputs).components()
    weighting = Weighting.from_document(score.score_version, inputs["weights"])
    assert weighted_total(components, weighting, redistribute=inputs["redistributed"]) == score.total_score
    assert {part: value or 0 for part, value in components.items()} == {
        part: getattr(score, f"{part}_score") for part in Component
    }
    assert [drug["name"] for drug in inputs["assets"]] == ["A-1", "A-2"]
    assert inputs["as_of"] == NOW.isoformat()
    assert inputs["signals"]["count"] == 2
    assert inputs["signals"]["loudest"]["pipeline"][0]["type"] == "trial_success"


def test_the_weight_of_what_is_unknown_is_redistributed_on_request_only(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    plain = any_database.write(score_company, company_id, as_of=NOW - timedelta(seconds=1))
    shared = any_database.write(score_company, company_id, as_of=NOW, redistribute=True)
    assert shared.total_score == pytest.approx(plain.total_score / 0.9, abs=0.01)
    assert shared.extra["inputs"]["redistributed"]


def test_signals_after_the_moment_do_not_count(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    score = any_database.write(score_company, company_id, as_of=NOW - timedelta(days=10))
    assert score.pipeline_score == 65.5
    assert score.extra["inputs"]["signals"]["count"] == 1


def test_drugs_that_were_deleted_do_not_count(any_database: Database) -> None:
    company_id = any_database.write(add_company)

    def delete_all(session: Session) -> None:
        for drug in session.scalars(select(DrugCandidate)):
            drug.deleted_at = NOW

    any_database.write(delete_all)
    score = any_database.write(score_company, company_id, as_of=NOW)
    assert score.pipeline_score == score.patent_score == 0


def test_the_weights_of_the_version_asked_for_are_used(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    any_database.write(lambda session: session.add(ScoringModel(version="2.0", weights=ALL_ON_FINANCE)))
    score = any_database.write(score_company, company_id, as_of=NOW, version="2.0")
    assert score.total_score == score.financial_score
    assert score.score_version == "2.0"


def test_a_version_there_is_not_is_refused(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    with pytest.raises(ScoringModelNotFound, match=r"9\.9"):
        any_database.write(score_company, company_id, version="9.9")


def test_the_first_weights_are_those_of_the_document(any_database: Database) -> None:
    weighting = any_database.read(weighting_of)
    assert weighting.version == "1.0"
    assert [str(weighting.weights[part]) for part in Component] == ["0.30", "0.20", "0.15", "0.15", "0.10", "0.10"]


def test_a_company_that_is_not_there_has_no_score(any_database: Database) -> None:
    with pytest.raises(CompanyNotFound):
        any_database.write(score_company, new_id())
    with pytest.raises(CompanyNotFound):
        any_database.write(score_company, "no id")


def test_a_company_has_one_score_of_a_moment(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    any_database.write(score_company, company_id, as_of=NOW)
    with pytest.raises(ScoreExists):
        any_database.write(score_company, company_id, as_of=NOW)


def test_a_score_of_the_future_is_refused(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    with pytest.raises(InvalidValue, match="as_of"):
        any_database.write(score_company, company_id, as_of=datetime.now(UTC) + timedelta(days=1))


def test_changes_are_filled_in(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    any_database.write(record_score, company_id, 10, score_date=NOW - timedelta(days=31))
    score = any_database.write(score_company, company_id, as_of=NOW)
    assert score.score_change_30d == pytest.approx(score.total_score - 10, abs=0.001)
    assert score.score_change_90d is None


async def test_scoring_works_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    company_id = await any_async_database.write(add_company)
    score = await any_async_database.write(score_company, company_id, as_of=NOW)
    assert score.total_score > 40


def test_what_is_known_of_many_companies_is_read_with_as_few_statements_as_of_one(database: Database) -> None:
    def selects(session: Session, number: int) -> int:
        ids = [add_company(session, f"N{number}T{index}") for index in range(number)]
        seen: list[str] = []

        def listen(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", listen)
        known = known_about(session, ids, NOW)
        event.remove(session.get_bind(), "before_cursor_execute", listen)
        assert set(known) == set(ids)
        return len(seen)

    assert database.write(selects, 1) == database.write(selects, 20)


def test_companies_that_are_not_there_are_left_out_of_many(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    scores = any_database.write(score_companies, [new_id(), company_id, company_id], as_of=NOW)
    assert [score.company_id for score in scores] == [company_id]
    assert any_database.write(score_companies, []) == []


def test_many_companies_are_scored_in_the_order_given(any_database: Database) -> None:
    ids = [any_database.write(add_company, f"T{number}") for number in range(4)]
    scores = any_database.write(score_companies, ids[::-1], as_of=NOW)
    assert [score.company_id for score in scores] == ids[::-1]
    assert len({score.total_score for score in scores}) == 1


@pytest.mark.parametrize(("total", "triggers"), [(80, 1), (79, 0)])
def test_alerts_hear_of_scores(any_database: Database, total: float, triggers: int) -> None:
    company_id = any_database.write(add_company)
    alert = Alert(name="High", alert_type="score_threshold", condition={"threshold": 80})
    any_database.write(lambda session: session.add(alert))
    any_database.write(record_score, company_id, total)
    count = select(func.count()).select_from(AlertTrigger)
    assert any_database.read(lambda session: session.scalar(count)) == triggers
