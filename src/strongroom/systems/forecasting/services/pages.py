"""Lists over HTTP: keyset pages, each in an order that tells any two rows apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part, Repository, page_of
from strongroom.systems.forecasting.models import (
    DataUpload,
    Forecast,
    KPIReport,
    RiskMetrics,
    TimeSeriesData,
    TrainedModel,
    User,
)
from strongroom.systems.forecasting.repositories import (
    ForecastRepository,
    KpiRepository,
    ModelRepository,
    RiskRepository,
    SeriesRepository,
    UploadRepository,
    UserRepository,
)
from strongroom.systems.forecasting.rules import (
    CategoryEnum,
    DataTypeEnum,
    ModelTypeEnum,
    RoleEnum,
    UploadStatusEnum,
)
from strongroom.systems.forecasting.services.access import check_is_administrator, check_may_read

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Span:
    """From start to end, both included; None: from the beginning, to the end."""

    start: datetime | None = None
    end: datetime | None = None

    def conditions(self, column: Any) -> list[ColumnElement[bool]]:
        """That the column lies in it."""
        bounds = ((self.start, column.__ge__), (self.end, column.__le__))
        return [compare(bound) for bound, compare in bounds if bound is not None]


def page_users(
    session: Session, part: Part, *, role: RoleEnum | None = None, is_active: bool | None = None
) -> Page[User]:
    """By name. Raises AccessDenied for everybody but administrators."""
    check_is_administrator(session)
    wanted = {"role": role, "is_active": is_active}
    return _page(UserRepository(session), _where(User, wanted), [User.username, User.id], part, "users", wanted)


def page_uploads(
    session: Session,
    part: Part,
    *,
    user_id: UUID | None = None,
    status: UploadStatusEnum | None = None,
    data_type: DataTypeEnum | None = None,
) -> Page[DataUpload]:
    """Newest first."""
    check_may_read(session)
    wanted = {"user_id": user_id, "status": status, "data_type": data_type}
    order = [DataUpload.created_at.desc(), DataUpload.id.desc()]
    return _page(UploadRepository(session), _where(DataUpload, wanted), order, part, "uploads", wanted)


def page_points(
    session: Session,
    part: Part,
    span: Span,
    *,
    category: CategoryEnum | None = None,
    upload_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Page[TimeSeriesData]:
    """Oldest first. Points of uploads that are not validated are left out, unless that upload is named."""
    check_may_read(session)
    point = TimeSeriesData
    wanted = {"category": category, "data_upload_id": upload_id}
    query = _where(point, wanted).where(*span.conditions(point.timestamp))
    if upload_id is None or user_id is not None:
        usable = select(DataUpload.id)
        if upload_id is None:
            usable = usable.where(DataUpload.status == UploadStatusEnum.VALIDATED)
        if user_id is not None:
            usable = usable.where(DataUpload.user_id == user_id)
        query = query.where(point.data_upload_id.in_(usable))
    scope = {**wanted, "user_id": user_id, "span": span}
    return _page(SeriesRepository(session), query, [point.timestamp, point.id], part, "points", scope)


def page_models(
    session: Session,
    part: Part,
    *,
    user_id: UUID | None = None,
    model_name: str | None = None,
    model_type: ModelTypeEnum | None = None,
    forecast_type: CategoryEnum | None = None,
    is_active: bool | None = None,
) -> Page[TrainedModel]:
    """Newest first."""
    check_may_read(session)
    wanted = {
        "user_id": user_id,
        "model_name": model_name,
        "model_type": model_type,
        "forecast_type": forecast_type,
        "is_active": is_active,
    }
    order = [TrainedModel.created_at.desc(), TrainedModel.id.desc()]
    return _page(ModelRepository(session), _where(TrainedModel, wanted), order, part, "models", wanted)


def page_forecasts(session: Session, part: Part, model_id: UUID, span: Span) -> Page[Forecast]:
    """Of a model, oldest period first. Raises ModelNotFound."""
    return _page_of_model(ForecastRepository(session), Forecast.forecast_date, part, model_id, span)


def page_risk(session: Session, part: Part, model_id: UUID, span: Span) -> Page[RiskMetrics]:
    """Of a model, oldest first. Raises ModelNotFound."""
    return _page_of_model(RiskRepository(session), RiskMetrics.calculation_date, part, model_id, span)


def page_reports(session: Session, part: Part, model_id: UUID, span: Span) -> Page[KPIReport]:
    """Of a model, oldest first. Raises ModelNotFound."""
    return _page_of_model(KpiRepository(session), KPIReport.report_date, part, model_id, span)


def _page_of_model(
    repository: Repository[Session, RowT], moment: Any, part: Part, model_id: UUID, span: Span
) -> Page[RowT]:
    check_may_read(repository.session)
    row: Any = repository.row
    wanted = {"model_id": ModelRepository(repository.session).get(model_id).id}
    query = _where(row, wanted).where(*span.conditions(moment))
    return _page(repository, query, [moment, row.id], part, row.__tablename__, {**wanted, "span": span})


def _where(row: type[RowT], wanted: Mapping[str, object]) -> Select[RowT]:
    """The rows whose attributes have these values; None stands for any."""
    return select(row).where(*(getattr(row, name) == value for name, value in wanted.items() if value is not None))


def _page(
    repository: Repository[Session, RowT],
    query: Select[RowT],
    order: Sequence[Any],
    part: Part,
    name: str,
    scope: Mapping[str, object],
) -> Page[RowT]:
    return page_of(repository, query, order, part, name, *scope.items())
