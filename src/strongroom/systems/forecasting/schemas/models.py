"""Models and their forecasts: what is to be trained, what was, what it says and what came."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import MomentIn, NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.forecasting.methods import AUTO, METHODS
from strongroom.systems.forecasting.repositories import Prediction
from strongroom.systems.forecasting.rules import CategoryEnum, GapsEnum, MeasureEnum, ModelTypeEnum, PeriodEnum
from strongroom.systems.forecasting.schemas.bodies import Name, Word
from strongroom.systems.forecasting.services.training import TrainingRequest

#: what every reader of JSON keeps exactly
WholeNumber = Annotated[int, Field(ge=-(2**53), le=2**53)]

_METHOD = f"One of {', '.join(METHODS)}."
_SEASON = "Periods a season: 7 days (5 when the weekend is free), 52 weeks, 12 months, 4 quarters when left out."
_UPLOAD = "The series; your newest validated one of the category when left out."


class TrainingIn(RequestBody):
    """What is to be learnt, from what."""

    model_name: Name
    category: CategoryEnum
    method: Annotated[str, Field(max_length=50, description=_METHOD)] = AUTO
    upload_id: Annotated[UUID | None, Field(description=_UPLOAD)] = None
    period: PeriodEnum = PeriodEnum.MONTH
    horizon: Annotated[int, Field(description="Periods to forecast.")] = 12
    season_length: Annotated[int | None, Field(description=_SEASON)] = None
    measure: Annotated[MeasureEnum, Field(description="What a period is worth: sum or mean.")] = MeasureEnum.SUM
    gaps: Annotated[GapsEnum, Field(description="What stands for a period without points.")] = GapsEnum.REFUSE

    def request(self) -> TrainingRequest:
        """The same for the service. Raises InvalidValue."""
        return TrainingRequest(**dict(self))


class TrainingOut(ResponseBody):
    """Training that will be done. Follow `GET /api/forecasting/jobs/{job_id}`; its result names the model."""

    job_id: int


class MethodOut(ResponseBody):
    """One way to forecast. seasonal: whether the season length means anything to it."""

    name: str
    label: str
    seasonal: bool


class ScoresIn(RequestBody):
    """What a version scored, all of it: what is left out is not known. mape is in percent points."""

    mae: NumberIn | None = None
    rmse: NumberIn | None = None
    r2_score: NumberIn | None = None
    mape: NumberIn | None = None


class ModelOut(ResponseBody):
    """One version of a model. Its scores are on windows that were held out, never on training data."""

    id: UUID
    user_id: UUID
    model_name: str
    model_type: ModelTypeEnum
    forecast_type: CategoryEnum
    version: int
    model_path: str
    mae: NumberOut | None
    rmse: NumberOut | None
    r2_score: NumberOut | None
    mape: NumberOut | None
    training_data_count: int | None
    hyperparameters: dict[str, Any]
    is_active: bool
    created_at: datetime
    updated_at: datetime


class VersionsOut(ResponseBody):
    """Every version of one model with its scores, newest first."""

    versions: list[ModelOut]


class PredictionIn(RequestBody):
    """One period; both bounds of the 95 % interval or neither."""

    forecast_date: MomentIn
    predicted_value: NumberIn
    lower_confidence_interval: NumberIn | None = None
    upper_confidence_interval: NumberIn | None = None
    metadata: Annotated[dict[Word, Word | bool | WholeNumber | None], Field(max_length=20)] = {}

    def prediction(self) -> Prediction:
        """The same for the service."""
        bounds = (self.lower_confidence_interval, self.upper_confidence_interval)
        return Prediction(self.forecast_date, self.predicted_value, *bounds, self.metadata)


class PredictionsIn(RequestBody):
    forecasts: Annotated[list[PredictionIn], Field(min_length=1, max_length=5_000)]


class HorizonIn(RequestBody):
    horizon: Annotated[int | None, Field(description="Periods; as trained when left out.")] = None


class ActualIn(RequestBody):
    forecast_date: MomentIn
    value: NumberIn


class ActualsIn(RequestBody):
    actuals: Annotated[list[ActualIn], Field(min_length=1, max_length=5_000)]


class CountOut(ResponseBody):
    """How many forecasts were written."""

    forecasts: int


class ForecastOut(ResponseBody):
    """One period of a model; the interval is two-sided, 95 %."""

    id: UUID
    model_id: UUID
    forecast_date: datetime
    predicted_value: NumberOut
    lower_confidence_interval: NumberOut | None
    upper_confidence_interval: NumberOut | None
    actual_value: NumberOut | None
    extra: Annotated[dict[str, Any], Field(serialization_alias="metadata")]
    created_at: datetime


class ForecastsOut(ResponseBody):
    """Some forecasts."""

    items: list[ForecastOut]

    @classmethod
    def of(cls, items: object) -> Self:
        """The same as it goes out."""
        return cls.model_validate({"items": items})


class AccuracyOut(ResponseBody):
    """Forecasts held against what came; null where there is nothing to divide by."""

    n: int = Field(description="Forecasts whose actual value is known.")
    mae: NumberOut | None
    rmse: NumberOut | None
    mape: NumberOut | None = Field(description="Percent points, over actual values that are not 0.")
    skipped: int = Field(description="Actual values that are 0.")
    bias: NumberOut | None = Field(description="Mean of predicted less actual.")
    coverage: NumberOut | None = Field(description="Share inside the 95 % interval, 0 to 1.")
