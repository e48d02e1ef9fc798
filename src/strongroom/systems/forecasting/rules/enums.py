"""The words forecasting chooses from; a value is what the database and the API show."""

from __future__ import annotations

from enum import Enum


class RoleEnum(Enum):
    """viewer: reads; analyst: also uploads, trains and reports; admin: also deletes and manages users."""

    ADMIN = "admin"
    ANALYST = "analyst"
    VIEWER = "viewer"


class DataTypeEnum(Enum):
    FINANCIAL_DATA = "financial_data"
    TIME_SERIES = "time_series"
    MARKET_DATA = "market_data"
    CUSTOM = "custom"


class UploadStatusEnum(Enum):
    PROCESSING = "processing"
    VALIDATED = "validated"
    ERROR = "error"


class CategoryEnum(Enum):
    """What a series counts. Expenses are stored as positive amounts, cash flow has a sign."""

    REVENUE = "revenue"
    EXPENSE = "expense"
    CASH_FLOW = "cash_flow"


class ModelTypeEnum(Enum):
    """How a forecast is made. `auto` is none of these: it weighs some of them, and is kept as an ensemble."""

    NAIVE = "naive"
    SEASONAL_NAIVE = "seasonal_naive"
    LINEAR_REGRESSION = "linear_regression"
    RIDGE_REGRESSION = "ridge_regression"
    LASSO_REGRESSION = "lasso_regression"
    ETS = "ets"
    THETA = "theta"
    CES = "ces"
    ARIMA = "arima"
    SARIMA = "sarima"
    ENSEMBLE = "ensemble"
