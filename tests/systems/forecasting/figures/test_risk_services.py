"""Risk is computed from a stored series, stored at the scale of its columns, and held against what came."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, InvalidValue
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import (
    FigureOutOfRange,
    MixedCurrencies,
    ModelNotFound,
    RiskMetricsNotFound,
    SeriesNotFound,
    TooFewReturns,
)
from strongroom.systems.forecasting.models import RiskMetrics
from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.rules.risk import RiskMethodEnum
from strongroom.systems.forecasting.rules.scenarios import Simulation
from strongroom.systems.forecasting.services.breaches import breach_report
from strongroom.systems.forecasting.services.risk import (
    RiskChoices,
    compute_risk,
    latest_risk,
    risk_between,
    risk_trend,
)
from tests.systems.forecasting.figures.office import (
    EXPENSE,
    REVENUE,
    add_model,
    add_upload,
    add_user,
    month,
    open_office,
    points,
)

EIGHT = Decimal("0.00000001")


@pytest.fixture
def model_id(any_database: Database) -> UUID:
    return any_database.write(open_office)


def test_stored_figures_are_those_of_a_second_library_at_the_columns_scale(
    any_database: Database, model_id: UUID
) -> None:
    risk_id = any_database.write(lambda session: compute_risk(session, model_id).id)
    with any_database.session() as session:
        row = session.get_one(RiskMetrics, risk_id)
        returns = pd.Series([float(value) for value in REVENUE]).pct_change().dropna()
        assert row.volatility == round(Decimal(returns.std()), 8)
        assert row.var_95 == round(Decimal(-returns.quantile(0.05)), 8)
        assert row.var_99 == round(Decimal(-returns.quantile(0.01)), 8)
        assert row.cvar_95 == round(Decimal(-returns[returns <= returns.quantile(0.05)].mean()), 8)
        assert row.sharpe_ratio == round(Decimal(returns.mean() / returns.std() * 12**0.5), 8)
        assert {figure.as_tuple().exponent for figure in (row.volatility, row.var_95, row.cvar_99) if figure} == {-8}
        expenses = pd.Series([float(value) for value in EXPENSE]).pct_change().dropna()
        assert row.correlation_matrix is not None
        assert row.correlation_matrix["variables"] == ["expense", "revenue"]
        assert row.correlation_matrix["matrix"][0][1] == pytest.approx(returns.corr(expenses))
        assert row.scenario_results is not None
        measures = row.scenario_results["measures"]
        assert (measures["observations"], measures["skipped"], measures["period"]) == (20, 0, "month")
        assert measures["warnings"] == ["the 99 % figures come from 20 returns; from fewer than 100 they are a guess"]
        json.dumps(row.scenario_results, allow_nan=False)


def test_a_simulation_is_stored_with_all_it_takes_to_make_it_again(any_database: Database, model_id: UUID) -> None:
    choices = RiskChoices(method=RiskMethodEnum.MONTE_CARLO, simulation=Simulation(paths=2000, horizon=6, seed=7))
    first = any_database.write(lambda session: compute_risk(session, model_id, choices).to_dict())
    again = any_database.write(lambda session: compute_risk(session, model_id, choices).to_dict())
    document = first["scenario_results"]
    assert document == again["scenario_results"]
    assert (document["paths"], document["horizon_periods"], document["seed"], document["start"]) == (2000, 6, 7, 143.0)
    normal = np.log(pd.Series([float(value) for value in REVENUE])).diff().dropna()
    assert document["sigma"] == pytest.approx(normal.std())
    assert Decimal(first["var_95"]) == Decimal(document["var_95"]).quantize(EIGHT)
    assert [scenario["name"] for scenario in document["scenarios"]] == ["base", "optimistic", "pessimistic", "stress"]


def test_parametric_losses_grow_with_the_horizon(any_database: Database, model_id: UUID) -> None:
    def lost(horizon: int) -> Decimal:
        choices = RiskChoices(method=RiskMethodEnum.PARAMETRIC, horizon=horizon, risk_free=0.02)
        found = any_database.write(lambda session: compute_risk(session, model_id, choices).cvar_99)
        assert found is not None
        return found

    assert lost(4) > lost(1)
    with pytest.raises(InvalidValue, match="unless losses are parametric"):
        RiskChoices(horizon=2)


def test_a_month_nobody_reported_is_skipped_and_counted(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([100, 110, None, 120, 130], "revenue"))
    model_id = any_database.write(add_model, user_id)
    measures = any_database.write(measures_of, model_id)
    assert (measures["observations"], measures["skipped"]) == (2, 2)


def test_what_was_planned_is_no_part_of_what_came(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    planned = [point._replace(metadata={"budget": True}) for point in points([999] * 6, "revenue")[4:]]
    any_database.write(add_upload, user_id, [*points([100, 110, 121, 130], "revenue"), *planned])
    model_id = any_database.write(add_model, user_id)
    assert any_database.write(measures_of, model_id)["observations"] == 3


def test_a_series_too_short_is_refused_with_how_many_returns_it_takes(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([100, 110], "revenue"))
    model_id = any_database.write(add_model, user_id)
    with pytest.raises(TooFewReturns, match="has 1 returns and needs 2"):
        any_database.write(compute_risk, model_id)


def test_nothing_is_stored_when_a_figure_fits_no_column(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points(["0.0001", "90000000000", "0.0001", "90000000000"], "revenue"))
    model_id = any_database.write(add_model, user_id)
    with pytest.raises(FigureOutOfRange):
        any_database.write(compute_risk, model_id)
    with any_database.session() as session:
        assert session.scalars(select(RiskMetrics)).all() == []


def test_a_series_that_ends_at_nothing_has_risk_but_no_simulation(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([100, 110, 90, 0], "revenue"))
    model_id = any_database.write(add_model, user_id)
    measures = any_database.write(measures_of, model_id)
    assert measures["warnings"][-1].startswith("nothing was simulated: series: ends at 0")
    with pytest.raises(InvalidValue, match="ends at 0"):
        any_database.write(compute_risk, model_id, RiskChoices(method=RiskMethodEnum.MONTE_CARLO))


def test_a_series_without_any_change_has_no_sharpe_ratio_and_no_correlation(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([100] * 5, "revenue"))
    model_id = any_database.write(add_model, user_id)
    row = any_database.write(lambda session: compute_risk(session, model_id).to_dict())
    assert (row["volatility"], row["sharpe_ratio"]) == ("0.00000000", None)
    assert row["correlation_matrix"] == {"variables": ["revenue"], "matrix": [[None]]}


def test_without_a_validated_series_there_is_no_risk(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    any_database.write(add_upload, user_id, points([100, 110, 120], "expense"))
    model_id = any_database.write(add_model, user_id)
    with pytest.raises(SeriesNotFound, match="no validated series of revenue"):
        any_database.write(compute_risk, model_id)
    with pytest.raises(ModelNotFound):
        any_database.write(compute_risk, new_id())


def test_points_in_several_currencies_are_not_added_up(any_database: Database) -> None:
    user_id = any_database.write(add_user)
    mixed = [*points([100, 110], "revenue", currency="USD"), *points([1, 2], "expense", currency="EUR")]
    any_database.write(add_upload, user_id, mixed)
    model_id = any_database.write(add_model, user_id)
    with pytest.raises(MixedCurrencies, match="EUR, USD"):
        any_database.write(compute_risk, model_id)


def test_viewers_read_risk_and_only_the_owner_computes_it(database: Database) -> None:
    model_id = database.write(open_office)
    with pytest.raises(AccessDenied):
        database.acting_as(STRANGER).write(compute_risk, model_id)
    database.write(compute_risk, model_id)
    assert database.acting_as(VIEWER).read(latest_risk, model_id).model_id == model_id


def test_risk_is_read_by_date_as_the_newest_and_as_a_course(any_database: Database, model_id: UUID) -> None:
    with pytest.raises(RiskMetricsNotFound):
        any_database.read(latest_risk, model_id)
    for period in (PeriodEnum.MONTH, PeriodEnum.QUARTER):
        any_database.write(compute_risk, model_id, RiskChoices(period=period))
    rows = any_database.read(risk_between, model_id)
    assert [row.scenario_results["measures"]["period"] for row in rows if row.scenario_results] == ["month", "quarter"]
    assert any_database.read(latest_risk, model_id).id == rows[-1].id
    assert any_database.read(risk_between, model_id, end=rows[0].calculation_date - timedelta(days=1)) == []
    assert any_database.read(risk_trend, model_id, "var_95") == [(row.calculation_date, row.var_95) for row in rows]


def test_breaches_are_returns_below_the_value_at_risk(any_database: Database, model_id: UUID) -> None:
    any_database.write(compute_risk, model_id)
    found = any_database.read(breach_report, model_id)
    returns = pd.Series([float(value) for value in REVENUE]).pct_change().dropna()
    expected = returns[returns < returns.quantile(0.05)]
    assert [float(each.actual) for each in found.breaches] == pytest.approx(expected.tolist(), abs=1e-8)
    assert (found.at_95.observations, found.at_95.breaches, found.at_95.expected) == (20, 1, 0.05)
    assert found.at_95.p_value == pytest.approx(1)
    assert found.known_before == 0, "the figures are newer than every return"
    assert len(any_database.read(breach_report, model_id, month(10), month(12)).judged) == 2


def test_a_window_judges_each_return_by_those_before_it_alone(any_database: Database, model_id: UUID) -> None:
    any_database.write(compute_risk, model_id)
    found = any_database.read(breach_report, model_id, window=12)
    returns = pd.Series([float(value) for value in REVENUE]).pct_change().dropna()
    expected = -returns.rolling(12).quantile(0.05).shift(1).dropna()
    assert [float(each.var_95) for each in found.judged] == pytest.approx(expected.tolist(), abs=1e-8)
    assert (found.window, found.known_before) == (12, 8)
    with pytest.raises(TooFewReturns, match="needs 51"):
        any_database.read(breach_report, model_id, window=50)


def test_breaches_need_figures_of_one_period_ahead(any_database: Database, model_id: UUID) -> None:
    any_database.write(compute_risk, model_id, RiskChoices(method=RiskMethodEnum.MONTE_CARLO))
    with pytest.raises(RiskMetricsNotFound):
        any_database.read(breach_report, model_id)


STRANGER = Actor(new_id(), "Eve", frozenset({"analyst"}))
VIEWER = Actor(new_id(), "Vic", frozenset({"viewer"}))


def measures_of(session: Session, model_id: UUID) -> dict[str, Any]:
    """Compute, and return what it was computed from."""
    found: dict[str, Any] = (compute_risk(session, model_id).scenario_results or {})["measures"]
    return found
