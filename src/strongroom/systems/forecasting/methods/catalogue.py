"""Which methods there are, by name, and what each is."""

from __future__ import annotations

from dataclasses import dataclass

from strongroom.systems.forecasting.rules import ModelTypeEnum

#: the method that picks: not a model of its own
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Method:
    """One way to continue a series. seasonal: whether the season length means anything to it."""

    name: str
    label: str
    seasonal: bool = False


SINGLE: dict[str, Method] = {
    method.name: method
    for method in (
        Method("naive", "The last value, again and again"),
        Method("seasonal_naive", "The value of a season ago", seasonal=True),
        Method("linear_regression", "Least squares on time and the place in the season", seasonal=True),
        Method("ridge_regression", "The same, coefficients held small", seasonal=True),
        Method("lasso_regression", "The same, with few coefficients", seasonal=True),
        Method("ets", "Exponential smoothing in state space form, its kind chosen by AICc", seasonal=True),
        Method("theta", "The dynamic optimised Theta method", seasonal=True),
        Method("ces", "Complex exponential smoothing, its kind chosen by AICc", seasonal=True),
        Method("arima", "ARIMA, orders chosen by AICc"),
        Method("sarima", "Seasonal ARIMA, orders chosen by AICc", seasonal=True),
    )
}

#: what the ensemble is the mean of
MEMBERS = ("ets", "theta", "sarima")

METHODS: dict[str, Method] = {
    **SINGLE,
    "ensemble": Method("ensemble", "The mean of ETS, Theta and SARIMA", seasonal=True),
    AUTO: Method(AUTO, "The methods weighed by how they did in a rolling-origin backtest", seasonal=True),
}

#: what a comparison shows unless told otherwise: the others are variants of these
COMPARED = tuple(name for name in METHODS if name not in ("ridge_regression", "lasso_regression", "ces"))

assert METHODS.keys() - {AUTO} == {kind.value for kind in ModelTypeEnum}
