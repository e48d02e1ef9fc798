"""Monte Carlo: many possible ends of a series, the same ones whenever the seed is the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.rules.returns import Returns
from strongroom.systems.forecasting.rules.risk import Losses
from strongroom.systems.forecasting.rules.scenarios import (
    SHOCKS,
    Process,
    Simulation,
    fit_process,
    named_scenarios,
    summarise_ends,
)


def simulate(
    start: float, log_returns: Returns, simulation: Simulation, shocks: Mapping[str, float] = SHOCKS
) -> tuple[dict[str, Any], Losses]:
    """The document of a simulation, and the losses over its horizon as fractions of the start.

    start: the last value of the series. The document holds all it was made from, so that anybody can make it again.
    Raises InvalidValue for a start of 0, TooFewReturns, FigureOutOfRange.
    """
    if start == 0:
        raise InvalidValue(field="series", reason="ends at 0; there is nothing to grow or to lose")
    process = fit_process(log_returns)
    summary, losses = summarise_ends(start, simulate_ends(start, process, simulation))
    document = {
        "method": "monte_carlo",
        "paths": simulation.paths,
        "horizon_periods": simulation.horizon,
        "seed": simulation.seed,
        "start": start,
        "mu": process.drift,
        "sigma": process.volatility,
        **summary,
        "var_95": losses.var_95,
        "cvar_95": losses.cvar_95,
        "var_99": losses.var_99,
        "cvar_99": losses.cvar_99,
        "scenarios": named_scenarios(start, process.expected_ratio(simulation.horizon), shocks),
    }
    return document, losses


def simulate_ends(start: float, process: Process, simulation: Simulation) -> list[float]:
    """The value at the end of each path, Infinity where it grows beyond all bounds.

    The end of a geometric Brownian motion needs one normal number, not a step a period. It is made from the raw
    numbers of the generator, which NumPy promises to keep from version to version; its own normal numbers may change.
    """
    import numpy as np
    from scipy.special import ndtri

    raw = np.random.PCG64(simulation.seed).random_raw(simulation.paths)
    normal = ndtri(((raw >> np.uint64(11)) + 0.5) * 2.0**-53)
    drift = process.exponent(simulation.horizon, 0)
    with np.errstate(over="ignore"):
        ratio = np.exp(drift + process.volatility * math.sqrt(simulation.horizon) * normal)
        ends: list[float] = (start * ratio).tolist()
    return ends
