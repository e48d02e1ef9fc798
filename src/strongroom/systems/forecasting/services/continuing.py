"""Going on with a model that was trained before: its file is verified, and says again what it said."""

from __future__ import annotations

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.models import TrainedModel
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.repositories import Prediction
from strongroom.systems.forecasting.services.artifacts import SavedModel, check_libraries, read_artifact
from strongroom.systems.forecasting.services.fitting import HORIZON_MAX, predict


def continue_model(
    model: TrainedModel, horizon: int | None = None, *, options: ForecastingOptions = DEFAULTS
) -> tuple[Prediction, ...]:
    """The periods after the series, as many as the model was trained for by default: the same as when it was trained.

    Reads a file and computes for seconds: call it outside of a transaction, in a thread from asynchronous code, and
    hand the answer to `store_forecasts`. Raises ModelFileRefused, InvalidValue.
    """
    if horizon is not None and not 1 <= horizon <= HORIZON_MAX:
        raise InvalidValue(field="horizon", reason=f"must be between 1 and {HORIZON_MAX}")
    return predict(open_model(model, options=options), horizon)


def open_model(model: TrainedModel, *, options: ForecastingOptions = DEFAULTS) -> SavedModel:
    """What is in the file of a model, once it is the very file that was written, and this is what wrote it.

    Raises ModelFileRefused.
    """
    recorded = model.hyperparameters.get("artifact")
    saved = read_artifact(
        options.models_folder,
        model.model_path,
        recorded if isinstance(recorded, dict) else None,
        bytes_max=options.model_bytes_max,
    )
    check_libraries(saved)
    return saved
