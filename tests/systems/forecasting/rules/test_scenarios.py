"""Simulations have one shape, ascend, end where theory says, and come out the same for the same seed."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.errors import FigureOutOfRange, TooFewReturns
from strongroom.systems.forecasting.rules.returns import Returns
from strongroom.systems.forecasting.rules.scenarios import Process, Simulation, fit_process, named_scenarios
from strongroom.systems.forecasting.services.simulation import simulate, simulate_ends

returns = st.lists(st.floats(-0.3, 0.3), min_size=2, max_size=60).map(lambda found: Returns(tuple(found)))


@settings(max_examples=40, deadline=None)
@given(returns, st.floats(1, 1e9), st.integers(1, 24), st.integers(0, 2**53 - 1))
def test_a_simulation_has_its_shape_and_agrees_with_numpy(
    log_returns: Returns, start: float, horizon: int, seed: int
) -> None:
    simulation = Simulation(paths=500, horizon=horizon, seed=seed)
    document, losses = simulate(start, log_returns, simulation)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["method"] == "monte_carlo"
    assert (document["paths"], document["horizon_periods"], document["seed"]) == (500, horizon, seed)
    ends = np.array(simulate_ends(start, fit_process(log_returns), simulation))
    percentiles = list(document["percentiles"].values())
    assert list(document["percentiles"]) == ["p5", "p25", "p50", "p75", "p95"]
    assert percentiles == sorted(percentiles)
    assert percentiles == pytest.approx(np.percentile(ends, [5, 25, 50, 75, 95]).tolist())
    assert document["mean"] == pytest.approx(ends.mean())
    assert document["std"] == pytest.approx(ends.std(ddof=1), abs=start * 1e-9)
    assert document["probability_of_loss"] == np.mean(ends / start - 1 < 0)
    assert losses.var_95 == pytest.approx(-np.quantile(ends / start - 1, 0.05), abs=1e-9)
    assert losses.cvar_99 >= losses.var_99 >= losses.var_95
    assert document["var_95"] == losses.var_95


def test_the_same_seed_gives_the_same_ends_and_another_seed_others() -> None:
    process = Process(0.01, 0.05)
    first = simulate_ends(100, process, Simulation(seed=7))
    assert simulate_ends(100, process, Simulation(seed=7)) == first
    assert simulate_ends(100, process, Simulation(seed=8)) != first
    assert first[:3] == pytest.approx([117.378499, 138.299155, 126.647577], abs=1e-6), "as NumPy's raw stream has it"


def test_ends_are_distributed_as_the_process_says() -> None:
    ends = np.array(simulate_ends(100, Process(0.01, 0.05), Simulation(paths=100_000, horizon=12)))
    expected = stats.norm((0.01 - 0.05**2 / 2) * 12, 0.05 * math.sqrt(12))
    assert stats.kstest(np.log(ends / 100), expected.cdf).pvalue > 0.01
    assert ends.mean() == pytest.approx(100 * math.exp(0.12), rel=0.005)


def test_the_process_is_the_one_the_logarithms_are_most_like() -> None:
    log_returns = Returns((0.02, None, -0.01, 0.03))
    found = fit_process(log_returns)
    known = np.array([0.02, -0.01, 0.03])
    assert found.volatility == pytest.approx(known.std(ddof=1))
    assert found.drift == pytest.approx(known.mean() + known.std(ddof=1) ** 2 / 2)
    with pytest.raises(TooFewReturns):
        fit_process(Returns((0.02, None)))


def test_named_scenarios_shock_the_expected_value() -> None:
    base, _, pessimistic, stress = named_scenarios(200, 1.1)
    assert base == {"name": "base", "shock": 0.0, "value": pytest.approx(220), "change_pct": pytest.approx(10)}
    assert pessimistic["value"] == pytest.approx(198)
    assert stress["change_pct"] == pytest.approx(-12)
    assert named_scenarios(200, 1.0, {"flood": -1}) == [{"name": "flood", "shock": -1, "value": 0, "change_pct": -100}]


@pytest.mark.parametrize("shocks", [{"flood": math.nan}, {"flood": -1.1}, {" ": 0.1}])
def test_a_shock_that_means_nothing_is_refused(shocks: dict[str, float]) -> None:
    with pytest.raises(InvalidValue, match="shocks"):
        named_scenarios(200, 1.0, shocks)


@pytest.mark.parametrize("field", [{"paths": 1}, {"paths": 10**7}, {"horizon": 0}, {"seed": -1}, {"seed": 2**60}])
def test_a_simulation_that_nobody_can_run_is_refused(field: dict[str, int]) -> None:
    with pytest.raises(InvalidValue):
        Simulation(**field)


def test_a_value_beyond_all_bounds_is_refused_and_not_stored_as_infinity() -> None:
    with pytest.raises(FigureOutOfRange, match="a simulated value is too large"):
        simulate(100, Returns((700.0, -600.0, 650.0)), Simulation(paths=100))


def test_what_ends_at_nothing_is_not_simulated() -> None:
    with pytest.raises(InvalidValue, match="ends at 0"):
        simulate(0, Returns((0.1, 0.2)), Simulation())
