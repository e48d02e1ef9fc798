"""Training: a series is read, the method is tested on ends that were hidden from it, and what it says is stored.

What computes for minutes runs as a job in a process of its own. A model is known by the checksum of its file: trained
again from the same, it is the same version with the same forecasts, so a job that is run twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, NotFound
from strongroom.kernel.jobs import Backoff, Job, JobContext, defer
from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.errors import SeriesHasGaps, SeriesNotFound, TooFewObservations
from strongroom.systems.forecasting.methods import AUTO, METHODS
from strongroom.systems.forecasting.models import DataUpload, TrainedModel
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.repositories import (
    ForecastRepository,
    ModelRepository,
    UploadRepository,
    UserRepository,
)
from strongroom.systems.forecasting.rules import (
    CategoryEnum,
    GapsEnum,
    MeasureEnum,
    ModelTypeEnum,
    PeriodEnum,
    UploadStatusEnum,
)
from strongroom.systems.forecasting.rules.calendars import find_calendar
from strongroom.systems.forecasting.rules.gaps import fill_gaps
from strongroom.systems.forecasting.services.access import owner_for
from strongroom.systems.forecasting.services.artifacts import (
    Artifact,
    SavedModel,
    describe_artifact,
    library_versions,
    write_artifact,
)
from strongroom.systems.forecasting.services.fitting import HORIZON_MAX, Fitted, fit
from strongroom.systems.forecasting.services.histories import read_history

SEASON_LENGTH_MAX = 10_000
NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What is to be learnt, from what. Raises InvalidValue.

    upload_id: the newest validated one of the user with points of the category, when None. measure: what a period is
    worth; gaps: what stands for one without points. season_length: in periods, that of the series' calendar when None.
    horizon: how many periods to forecast.
    """

    model_name: str
    category: CategoryEnum
    method: str = AUTO
    upload_id: UUID | None = None
    period: PeriodEnum = PeriodEnum.MONTH
    horizon: int = 12
    season_length: int | None = None
    measure: MeasureEnum = MeasureEnum.SUM
    gaps: GapsEnum = GapsEnum.REFUSE

    def __post_init__(self) -> None:
        if not 0 < len(self.model_name.strip()) <= NAME_MAX:
            raise InvalidValue(field="model_name", reason=f"must have 1 to {NAME_MAX} characters")
        if self.method not in METHODS:
            raise InvalidValue(field="method", reason=f"must be one of {', '.join(METHODS)}")
        if not 1 <= self.horizon <= HORIZON_MAX:
            raise InvalidValue(field="horizon", reason=f"must be between 1 and {HORIZON_MAX}")
        if self.season_length is not None and not 1 <= self.season_length <= SEASON_LENGTH_MAX:
            raise InvalidValue(field="season_length", reason=f"must be between 1 and {SEASON_LENGTH_MAX}")


@dataclass(frozen=True, slots=True)
class TrainedVersion:
    """What came of training. is_new: False where the very same model was there already, and is active again."""

    model: TrainedModel
    forecasts: int
    is_new: bool


def request_training(session: Session, request: TrainingRequest, *, user_id: UUID | None = None) -> int:
    """Have a model trained in the background, and return the id of the job. Nothing runs unless this is committed.

    Which upload is meant is settled now. Raises AccessDenied, UploadNotFound, SeriesNotFound.
    """
    owner = owner_for(session, user_id)
    upload_id = _choose_upload(session, request, owner).id
    name = request.model_name.strip()
    return defer(
        session,
        TRAIN,
        lock=f"training {owner} {name}",
        user_id=owner,
        model_name=name,
        category=request.category,
        method=request.method,
        upload_id=upload_id,
        period=request.period,
        horizon=request.horizon,
        season_length=request.season_length,
        measure=request.measure,
        gaps=request.gaps,
    )


def run_training(context: JobContext, *, user_id: str, **arguments: Any) -> dict[str, Any]:
    """The job. Its result: model_id, version, forecasts and is_new."""
    request = TrainingRequest(
        model_name=arguments["model_name"],
        category=CategoryEnum(arguments["category"]),
        method=arguments["method"],
        upload_id=UUID(arguments["upload_id"]),
        period=PeriodEnum(arguments["period"]),
        horizon=arguments["horizon"],
        season_length=arguments["season_length"],
        measure=MeasureEnum(arguments["measure"]),
        gaps=GapsEnum(arguments["gaps"]),
    )

    def on_step(done: int, total: int, message: str) -> None:
        context.check_cancelled()
        context.report(done, total, message)

    options = context.option(ForecastingOptions)
    trained = train(context.database, request, UUID(user_id), options=options, on_step=on_step)
    return {
        "model_id": str(trained.model.id),
        "version": trained.model.version,
        "forecasts": trained.forecasts,
        "is_new": trained.is_new,
    }


TRAIN = Job(
    name="forecasting.train",
    run=run_training,
    attempts=3,
    backoff=Backoff(first_s=10, longest_s=600),
    gives_up_on=(TooFewObservations, SeriesHasGaps, InvalidValue, NotFound),
    place="process",
)


def train(
    database: Database,
    request: TrainingRequest,
    user_id: UUID,
    *,
    options: ForecastingOptions = DEFAULTS,
    on_step: Callable[[int, int, str], None] = lambda *_: None,
) -> TrainedVersion:
    """Train here and now: no transaction is open while it computes.

    on_step: told what is done of how much, and what comes next; what it raises ends the training with nothing stored.
    Raises TooFewObservations, SeriesHasGaps, SeriesNotFound, UploadNotFound.
    """
    saved = database.read(read_series, request, user_id)
    fitted = fit(saved, windows=options.backtest_windows, on_step=on_step)
    on_step(fitted.steps, fitted.steps, "storing")
    return database.write(_keep, request, user_id, saved, fitted, options.models_folder)


def _keep(
    session: Session, request: TrainingRequest, user_id: UUID, saved: SavedModel, fitted: Fitted, folder: Path
) -> TrainedVersion:
    """Write the file and store what refers to it, while nobody may remove either."""
    ModelRepository(session).hold_file(describe_artifact(saved).path)
    return store_training(session, request, user_id, saved, fitted, write_artifact(folder, saved))


def read_series(session: Session, request: TrainingRequest, user_id: UUID) -> SavedModel:
    """What the model will be made from. Raises UploadNotFound, SeriesNotFound, SeriesHasGaps, MixedCurrencies.

    Of a daily series that rests on some weekdays, the rare values of those are left out, and counted.
    """
    upload = _choose_upload(session, request, user_id)
    history = read_history(session, upload, request.period, request.measure)
    every = {start: value for start, value in history.of(request.category).items() if value is not None}
    calendar = find_calendar(every, request.period)
    known = {start: value for start, value in every.items() if calendar.holds(start)}
    rest = {"weekdays": calendar.names, "values_left_out": len(every) - len(known)} if calendar.rests else {}
    return SavedModel(
        method=request.method,
        horizon=request.horizon,
        season_length=request.season_length or calendar.season_length,
        period=request.period,
        first=min(known),
        values=tuple(fill_gaps(known, calendar, request.gaps)),
        settings={
            "upload_id": str(upload.id),
            "category": request.category.value,
            "measure": request.measure.value,
            "gaps": request.gaps.value,
            **rest,
        },
        libraries=library_versions(),
    )


def store_training(
    session: Session, request: TrainingRequest, user_id: UUID, saved: SavedModel, fitted: Fitted, artifact: Artifact
) -> TrainedVersion:
    """Register the version and its forecasts, in one transaction; or find the same one, and make it active again."""
    owner = owner_for(session, user_id)
    UserRepository(session).lock([owner])  # of two who train the same at once, the second finds the first's
    models, name = ModelRepository(session), request.model_name.strip()
    same = [model for model in models.versions(owner, name) if _sha256_of(model) == artifact.sha256]
    if same:
        model = models.activate(same[0].id)
    else:
        model = models.register_version(
            owner,
            name,
            model_type=ModelTypeEnum.ENSEMBLE if saved.method == AUTO else ModelTypeEnum(saved.method),
            forecast_type=request.category,
            model_path=artifact.path,
            training_data_count=len(saved.values),
            hyperparameters=_hyperparameters(saved, fitted, artifact),
            mae=fitted.mae,
            rmse=fitted.rmse,
            r2_score=fitted.r2_score,
            mape=fitted.mape,
        )
    count = ForecastRepository(session).put(model.id, fitted.predictions)
    return TrainedVersion(model, count, is_new=not same)


def _hyperparameters(saved: SavedModel, fitted: Fitted, artifact: Artifact) -> dict[str, Any]:
    return {
        "method": saved.method,
        "horizon": saved.horizon,
        "season_length": saved.season_length,
        "period": saved.period.value,
        **saved.settings,
        **({"weights": fitted.weights} if fitted.weights else {}),
        "backtest": fitted.backtest,
        "artifact": artifact.to_dict(),
    }


def _choose_upload(session: Session, request: TrainingRequest, user_id: UUID) -> DataUpload:
    uploads = UploadRepository(session)
    if request.upload_id is None:
        found = uploads.latest_validated(user_id, request.category)
    else:
        found = uploads.get(request.upload_id)
    if found is None or found.status is not UploadStatusEnum.VALIDATED:
        raise SeriesNotFound(category=request.category.value)
    return found


def _sha256_of(model: TrainedModel) -> Any:
    return model.hyperparameters.get("artifact", {}).get("sha256")
