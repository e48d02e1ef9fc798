"""Arithmetic and decisions of forecasting: no database, no web, no clock."""

from strongroom.systems.forecasting.rules.documents import check_correlation_matrix, check_finite
from strongroom.systems.forecasting.rules.enums import (
    CategoryEnum,
    DataTypeEnum,
    ModelTypeEnum,
    RoleEnum,
    UploadStatusEnum,
)
from strongroom.systems.forecasting.rules.identity import (
    normalise_email,
    normalise_full_name,
    normalise_username,
)
from strongroom.systems.forecasting.rules.periods import GapsEnum, MeasureEnum, PeriodEnum, as_period
from strongroom.systems.forecasting.rules.uploads import check_step

__all__ = [
    "CategoryEnum",
    "DataTypeEnum",
    "GapsEnum",
    "MeasureEnum",
    "ModelTypeEnum",
    "PeriodEnum",
    "RoleEnum",
    "UploadStatusEnum",
    "as_period",
    "check_correlation_matrix",
    "check_finite",
    "check_step",
    "normalise_email",
    "normalise_full_name",
    "normalise_username",
]
