"""The plug of forecasting: all the building needs to know of this room."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.system import System
from strongroom.systems.forecasting.checks import CHECKS
from strongroom.systems.forecasting.commands import commands
from strongroom.systems.forecasting.errors import ActiveVersionExists, EmailTaken, UsernameTaken
from strongroom.systems.forecasting.imports import UPLOAD
from strongroom.systems.forecasting.migrations.objects import OBJECTS
from strongroom.systems.forecasting.models import SCHEMA, Base
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.samples import load_samples
from strongroom.systems.forecasting.services.sweeping import REMOVE_FILE
from strongroom.systems.forecasting.services.training import TRAIN

__all__ = ["ForecastingOptions", "system"]

system = System(
    name=SCHEMA,
    title="Forecasting",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations" / "versions",
    objects=OBJECTS,
    checks=CHECKS,
    errors_by_constraint={
        "uq_users_username": UsernameTaken,
        "uq_users_email_of_forecasting": EmailTaken,
        "uq_trained_models_user_id_model_name": ActiveVersionExists,
    },
    load_samples=load_samples,
    routes="strongroom.systems.forecasting.routes:router",
    jobs=(TRAIN, UPLOAD, REMOVE_FILE),
    commands=commands,
)
