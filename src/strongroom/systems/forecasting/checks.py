"""What must be true of series, models and forecasts, as SELECTs for what is not."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from strongroom.kernel.integrity import Check, Violations
from strongroom.systems.forecasting.models import (
    DataUpload,
    Forecast,
    KPIReport,
    RiskMetrics,
    TimeSeriesData,
    TrainedModel,
)
from strongroom.systems.forecasting.rules import UploadStatusEnum


def uploads_off_their_points() -> Violations:
    points = select(func.count()).where(TimeSeriesData.data_upload_id == DataUpload.id).correlate(DataUpload)
    return select(DataUpload.id).where(
        DataUpload.status == UploadStatusEnum.VALIDATED, DataUpload.row_count != points.scalar_subquery()
    )


def points_of_failed_uploads() -> Violations:
    return (
        select(DataUpload.id)
        .where(DataUpload.status == UploadStatusEnum.ERROR)
        .where(select(TimeSeriesData.id).where(TimeSeriesData.data_upload_id == DataUpload.id).exists())
    )


def names_with_two_active_versions() -> Violations:
    return (
        select(TrainedModel.user_id, TrainedModel.model_name)
        .where(TrainedModel.is_active)
        .group_by(TrainedModel.user_id, TrainedModel.model_name)
        .having(func.count() > 1)
    )


def errors_that_contradict() -> Violations:
    return select(TrainedModel.id).where(
        or_(TrainedModel.rmse < TrainedModel.mae, TrainedModel.mae < 0, TrainedModel.mape < 0)
    )


def intervals_off_their_forecast() -> Violations:
    lower, upper = Forecast.lower_confidence_interval, Forecast.upper_confidence_interval
    return select(Forecast.id).where(
        or_(lower > Forecast.predicted_value, upper < Forecast.predicted_value, lower.is_(None) != upper.is_(None))
    )


def risks_that_contradict() -> Violations:
    return select(RiskMetrics.id).where(
        or_(
            RiskMetrics.var_99 < RiskMetrics.var_95,
            RiskMetrics.cvar_95 < RiskMetrics.var_95,
            RiskMetrics.cvar_99 < RiskMetrics.var_99,
            RiskMetrics.cvar_99 < RiskMetrics.cvar_95,
        )
    )


def reports_of_no_time() -> Violations:
    return select(KPIReport.id).where(KPIReport.report_period_end <= KPIReport.report_period_start)


CHECKS = (
    Check("uploads_count_their_points", "a validated upload has as many points as it says", uploads_off_their_points),
    Check("failed_uploads_left_nothing", "an upload that failed has no points", points_of_failed_uploads),
    Check("one_version_is_active", "at most one version of a model is active", names_with_two_active_versions),
    Check("errors_agree", "no mean error is negative, and none is above its root of squares", errors_that_contradict),
    Check("intervals_hold_forecasts", "a forecast lies in its interval", intervals_off_their_forecast),
    Check("risks_agree", "a rarer loss is no smaller, and what lies beyond it neither", risks_that_contradict),
    Check("reports_have_a_period", "the period of a report ends after it begins", reports_of_no_time),
)
