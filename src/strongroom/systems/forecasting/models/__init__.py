"""The tables of forecasting."""

from strongroom.systems.forecasting.models.forecasts import Forecast
from strongroom.systems.forecasting.models.kpis import KPIReport
from strongroom.systems.forecasting.models.risk import RiskMetrics
from strongroom.systems.forecasting.models.row import SCHEMA, Base
from strongroom.systems.forecasting.models.trained import TrainedModel
from strongroom.systems.forecasting.models.uploads import DataUpload, TimeSeriesData
from strongroom.systems.forecasting.models.users import SignIn, User

__all__ = [
    "SCHEMA",
    "Base",
    "DataUpload",
    "Forecast",
    "KPIReport",
    "RiskMetrics",
    "SignIn",
    "TimeSeriesData",
    "TrainedModel",
    "User",
]
