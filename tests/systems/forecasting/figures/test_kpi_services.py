"""Key figures are generated from stored series in a fixed number of queries, stored whole and read back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, InvalidValue
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import KpiReportNotFound, MixedCurrencies, SeriesNotFound
from strongroom.systems.forecasting.models import KPIReport
from strongroom.systems.forecasting.repositories import Point
from strongroom.systems.forecasting.rules import CategoryEnum
from strongroom.systems.forecasting.services.kpis import (
    ReportChoices,
    dashboard,
    generate_report,
    get_report,
    latest_report,
    reports_between,
)
from strongroom.systems.forecasting.services.risk import compute_risk
from tests.systems.forecasting.figures.office import (
    REVENUE,
    add_model,
    add_upload,
    add_user,
    forecast,
    month,
    open_office,
    points,
)

QUARTER = datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
FIGURES = (
    "revenue_growth_rate",
    "operating_margin",
    "net_margin",
    "forecast_accuracy",
    "budget_variance",
    "risk_adjusted_return",
)


def add_quarters(session: Session, *more: Point) -> UUID:
    """The worked example: 1,000,000 in the first quarter of 2024, 1,250,000 in the second; the model's id."""
    user_id = add_user(session)
    revenue = points([None] * 12 + [300_000, 300_000, 400_000, 400_000, 400_000, 450_000], "revenue", currency="USD")
    operating = points([None] * 15 + [350_000, 350_000, 362_500], "expense")
    tax = [Point(datetime(2024, 6, 30, tzinfo=UTC), Decimal(62_500), CategoryEnum.EXPENSE, {"operating": False})]
    add_upload(session, user_id, [*revenue, *operating, *tax, *more])
    return add_model(session, user_id)


def generate(database: Database, model_id: UUID, choices: ReportChoices | None = None) -> dict[str, Any]:
    """The report of the second quarter, as a dictionary of its columns."""
    return database.write(lambda session: generate_report(session, model_id, *QUARTER, choices).to_dict())


def test_the_worked_example_comes_out_digit_for_digit(any_database: Database) -> None:
    model_id = any_database.write(add_quarters)
    came = {month(15): 100, month(16): 110, month(17): 120}
    any_database.write(forecast, model_id, {month(15): 98, month(16): 112, month(17): 118, month(18): 1}, came)
    report = generate(any_database, model_id, ReportChoices(budget=Decimal(1_200_000)))
    returns = pd.Series([400_000, 400_000, 400_000, 450_000]).pct_change().dropna()
    assert {name: report[name] for name in FIGURES} == {
        "revenue_growth_rate": "25.0000",
        "operating_margin": "15.0000",
        "net_margin": "10.0000",
        "forecast_accuracy": "98.1717",  # 100 less the mean of 2 %, 1.8182 % and 1.6667 %
        "budget_variance": "4.1667",
        "risk_adjusted_return": str(round(Decimal(returns.mean() / returns.std()), 4)),
    }
    data = report["report_data"]
    assert data["currency"] == "USD"
    assert data["inputs"]["revenue"] == "1250000.0000"
    assert data["inputs"]["operating_income"] == "187500.0000"
    assert data["inputs"]["net_income"] == "125000.0000"
    assert data["budget_variance"] == {"amount": "50000.0000", "percent": "4.1667", "favourable": True}
    assert data["forecast"]["n"] == 3
    assert data["previous_period"]["start"].startswith("2024-01-01")


def test_a_figure_without_a_denominator_is_null(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([None] * 15 + [0, 0, 0], "revenue"))
    model_id = any_database.write(add_model, user_id)
    report = generate(any_database, model_id, ReportChoices(budget=Decimal(0)))
    assert {name: report[name] for name in FIGURES} == dict.fromkeys(FIGURES)
    assert report["report_data"]["budget_variance"]["amount"] == "0.0000"


def test_a_budget_is_taken_from_points_that_say_so_or_from_an_upload_of_its_own(any_database: Database) -> None:
    planned = Point(datetime(2024, 5, 15, tzinfo=UTC), Decimal(1_000_000), CategoryEnum.REVENUE, {"budget": True})
    model_id = any_database.write(add_quarters, planned)
    assert generate(any_database, model_id)["budget_variance"] == "25.0000"

    def plan(session: Session) -> UUID:
        return add_upload(session, add_user(session, "planner"), points([None] * 15 + [500_000] * 3, "revenue"))

    report = generate(any_database, model_id, ReportChoices(budget_upload_id=any_database.write(plan)))
    assert report["budget_variance"] == str(round(Decimal(-250_000) / 1_500_000 * 100, 4))
    assert report["revenue_growth_rate"] == "25.0000", "what was planned is no part of what came"


def test_more_expenses_than_planned_are_not_favourable(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([None] * 15 + [100, 100, 100], "expense"))
    model_id = any_database.write(add_model, user_id, "expense", "Costs")
    report = generate(any_database, model_id, ReportChoices(budget=Decimal(200)))
    assert report["report_data"]["budget_variance"] == {"amount": "100.0000", "percent": "50.0000", "favourable": False}


def test_the_return_on_what_is_at_risk_is_in_the_report(any_database: Database) -> None:
    model_id = any_database.write(open_office)
    any_database.write(compute_risk, model_id)
    start, end = month(6), month(18)
    data = any_database.write(lambda session: generate_report(session, model_id, start, end).to_dict())["report_data"]
    returns = pd.Series([float(value) for value in REVENUE]).pct_change()[6:18]
    assert data["returns"] == {"count": 12, "skipped": 0}
    assert float(data["raroc"]) == pytest.approx(returns.mean() / float(data["risk"]["cvar_95"]), abs=1e-4)


def test_a_report_takes_one_query_a_table(database: Database) -> None:
    model_id = database.write(open_office)
    database.write(compute_risk, model_id)
    with database.session() as session, counted(session) as statements:
        generate_report(session, model_id, *QUARTER)
    tables = sorted(
        statement.split("FROM forecasting.")[1].split()[0] for statement in statements if "FROM" in statement
    )
    assert tables == ["data_uploads", "forecasts", "risk_metrics", "timeseries_data", "trained_models"]


def test_a_dashboard_takes_one_query_a_table_however_many_models_there_are(database: Database) -> None:
    def fill(session: Session) -> UUID:
        user_id = add_user(session)
        add_upload(session, user_id, points(REVENUE, "revenue"))
        for number in range(6):
            model_id = add_model(session, user_id, name=f"Model {number}")
            if number:
                compute_risk(session, model_id)
                generate_report(session, model_id, *QUARTER)
        return user_id

    user_id = database.write(fill)
    with database.session() as session, counted(session) as statements:
        lines = dashboard(session, user_id)
    assert [line.model.model_name for line in lines] == [f"Model {number}" for number in range(5, -1, -1)]
    assert [line.report is None for line in lines] == [False] * 5 + [True]
    assert all(line.risk and line.risk.model_id == line.model.id for line in lines[:5])
    assert len(statements) <= 4, "models and how many there are, reports, risk"


def test_reports_are_read_by_id_by_date_and_as_the_newest(any_database: Database) -> None:
    model_id = any_database.write(add_quarters)
    with pytest.raises(KpiReportNotFound):
        any_database.read(latest_report, model_id)
    ids = [any_database.write(lambda session: generate_report(session, model_id, *QUARTER).id) for _ in range(2)]
    assert any_database.read(latest_report, model_id).id == ids[1]
    assert [row.id for row in any_database.read(reports_between, model_id)] == ids
    assert any_database.read(get_report, ids[0]).model_id == model_id
    with pytest.raises(KpiReportNotFound):
        any_database.read(get_report, "nothing")


def test_what_makes_no_report_is_refused_and_nothing_is_stored(any_database: Database) -> None:
    other = Point(datetime(2024, 5, 15, tzinfo=UTC), Decimal(1), CategoryEnum.CASH_FLOW, {"currency": "EUR"})
    model_id = any_database.write(add_quarters, other)
    start, end = QUARTER
    with pytest.raises(MixedCurrencies):
        any_database.write(generate_report, model_id, start, end)
    with pytest.raises(InvalidValue, match="end: must be after the start"):
        any_database.write(generate_report, model_id, end, start)
    with pytest.raises(InvalidValue, match="budget"):
        ReportChoices(budget=1.5)  # type: ignore[arg-type]  # a float is what this is about
    lonely = any_database.write(lambda session: add_model(session, add_user(session, "bob")))
    with pytest.raises(SeriesNotFound):
        any_database.write(generate_report, lonely, start, end)
    with any_database.session() as session:
        assert session.query(KPIReport).count() == 0


def test_viewers_read_reports_and_do_not_make_them(database: Database) -> None:
    model_id = database.write(add_quarters)
    report_id = database.write(lambda session: generate_report(session, model_id, *QUARTER).id)
    viewer = database.acting_as(Actor(new_id(), "Vic", frozenset({"viewer"})))
    assert viewer.read(get_report, report_id).id == report_id
    with pytest.raises(AccessDenied):
        viewer.write(generate_report, model_id, *QUARTER)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements of a block, INSERTs and all."""
    session.connection()
    engine, found = session.get_bind(), list[str]()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
