"""Every SELECT of forecasting, each with a name; repositories flush and never commit."""

from strongroom.systems.forecasting.repositories.forecasts import ForecastRepository, Prediction
from strongroom.systems.forecasting.repositories.kpis import KpiRepository
from strongroom.systems.forecasting.repositories.listings import LIMIT_MAX, Listing, check_bounds, read_listing
from strongroom.systems.forecasting.repositories.maintenance import count_rows
from strongroom.systems.forecasting.repositories.models import ModelRepository, versions_of
from strongroom.systems.forecasting.repositories.risk import MEASURES, RiskRepository
from strongroom.systems.forecasting.repositories.series import Bucket, Duplicate, SeriesRepository
from strongroom.systems.forecasting.repositories.uploads import Point, UploadRepository
from strongroom.systems.forecasting.repositories.users import (
    SignInRepository,
    UserRepository,
    user_by_email,
    user_by_login,
    user_by_username,
)

__all__ = [
    "LIMIT_MAX",
    "MEASURES",
    "Bucket",
    "Duplicate",
    "ForecastRepository",
    "KpiRepository",
    "Listing",
    "ModelRepository",
    "Point",
    "Prediction",
    "RiskRepository",
    "SeriesRepository",
    "SignInRepository",
    "UploadRepository",
    "UserRepository",
    "check_bounds",
    "count_rows",
    "read_listing",
    "user_by_email",
    "user_by_login",
    "user_by_username",
    "versions_of",
]
