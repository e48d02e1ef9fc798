"""Risk on the wire: how it is to be computed, what it is, and whether it held."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import MomentIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.forecasting.rules import MeasureEnum, PeriodEnum
from strongroom.systems.forecasting.rules.breaches import BreachCount
from strongroom.systems.forecasting.rules.risk import RiskMethodEnum
from strongroom.systems.forecasting.rules.scenarios import SHOCKS, Simulation
from strongroom.systems.forecasting.schemas.bodies import Ratio, Word
from strongroom.systems.forecasting.services.breaches import BreachReport
from strongroom.systems.forecasting.services.risk import RiskChoices

#: a request computes this many while others wait; in Python a simulation may have more
PATHS_MAX = 100_000

RiskMeasure = Literal["volatility", "var_95", "var_99", "cvar_95", "cvar_99", "sharpe_ratio"]


class SimulationIn(RequestBody):
    """The same seed gives the same figures."""

    paths: Annotated[int, Field(ge=100, le=PATHS_MAX)] = 10_000
    horizon: Annotated[int, Field(description="Periods.")] = 12
    seed: int = 42


class RiskIn(RequestBody):
    """What risk is computed from, and how; all of it has a default."""

    method: RiskMethodEnum = RiskMethodEnum.HISTORICAL
    upload_id: Annotated[UUID | None, Field(description="The series; the owner's newest when left out.")] = None
    period: Annotated[PeriodEnum | None, Field(description="As the model was trained when left out.")] = None
    measure: MeasureEnum | None = None
    start: MomentIn | None = None
    end: Annotated[MomentIn | None, Field(description="Not included.")] = None
    horizon: Annotated[int, Field(description="Periods, of parametric losses only.")] = 1
    risk_free: Annotated[Ratio, Field(description="Return of one period, 0.002 for 0.2 %.")] = 0.0
    simulation: SimulationIn = SimulationIn()
    shocks: Annotated[dict[Word, Ratio], Field(max_length=20, description="-0.2 for a fifth less.")] = dict(SHOCKS)

    def risk_choices(self) -> RiskChoices:
        """The same for the service. Raises InvalidValue."""
        return RiskChoices(**{**dict(self), "simulation": Simulation(**dict(self.simulation))})


class RiskOut(ResponseBody):
    """Risk at one moment, by returns of one period. A loss is a positive fraction of the value."""

    id: UUID
    model_id: UUID
    volatility: NumberOut | None
    var_95: NumberOut | None
    var_99: NumberOut | None
    cvar_95: NumberOut | None
    cvar_99: NumberOut | None
    sharpe_ratio: NumberOut | None = Field(description="Of a year.")
    correlation_matrix: dict[str, Any] | None
    scenario_results: dict[str, Any] | None
    calculation_date: datetime


class TrendPointOut(ResponseBody):
    calculation_date: datetime
    value: NumberOut


class TrendOut(ResponseBody):
    """A measure over time, oldest first."""

    measure: RiskMeasure
    points: list[TrendPointOut]


class BreachCountOut(ResponseBody):
    """How often more was lost than the value at risk."""

    observations: int
    breaches: int
    expected: float = Field(description="The share there should be.")
    share: float | None
    p_value: float | None = Field(description="By Kupiec's test; below 0.05 the figures are doubtful.")

    @classmethod
    def of(cls, count: BreachCount) -> Self:
        """The same as it goes out."""
        return cls.model_validate(count)


class JudgedOut(ResponseBody):
    """The return of one period and the values at risk it is held against."""

    start: datetime
    actual: NumberOut
    var_95: NumberOut
    var_99: NumberOut
    is_breach_95: bool
    is_breach_99: bool


class BreachesOut(ResponseBody):
    """Value at risk held against what came. breaches: periods with a loss beyond that at 95 %."""

    model_id: UUID
    period: PeriodEnum
    window: int | None
    known_before: int = Field(description="Returns that came after the figures they are held against.")
    at_95: BreachCountOut
    at_99: BreachCountOut
    breaches: list[JudgedOut]

    @classmethod
    def of(cls, report: BreachReport) -> Self:
        """The same as it goes out."""
        return cls.model_validate(report)
